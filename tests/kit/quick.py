"""What makes many lives after each other cheap. None of it changes what is played."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, create_engine

from kit.database import POSTGRES, emptied_postgres_url
from maild.store import database
from maild.store.store import Store

_ENGINES: dict[URL, Engine] = {}


def _remembered(url: URL, **options: Any) -> Engine:
    """SQLAlchemy keeps compiled statements with the engine; a restart need not compile anew."""
    if url not in _ENGINES:
        _ENGINES[url] = create_engine(url, **options)
    return _ENGINES[url]


def quick(patch: pytest.MonkeyPatch) -> None:
    """As long as the patch lasts. Kills are simulated here, power cuts are not: syncing would only
    cost time."""
    patch.setattr(database, "PRAGMAS", [p.replace("FULL", "OFF") for p in database.PRAGMAS])
    patch.setattr(database, "create_engine", _remembered)
    patch.setattr(os, "fsync", lambda _: None)


class Place:
    """A folder with a database, in which one life after the other begins anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._new = folder / "new.db"
        self._url = f"sqlite:///{folder}/data/maild.db"
        if not POSTGRES:
            Store.open(f"sqlite:///{self._new}", folder / "blobs").close()

    def anew(self) -> str:
        """Throws away what the last one left; gives the address of an empty database."""
        data = self.folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700)
        if POSTGRES:
            return emptied_postgres_url(data / "mail")
        shutil.copy(self._new, data / "maild.db")
        return self._url


@pytest.fixture(scope="session")
def session_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The place itself; see `place`."""
    return Place(tmp_path_factory.mktemp("place"))


@pytest.fixture
def place(session_place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Where a test begins as often as it likes."""
    quick(monkeypatch)
    return session_place
