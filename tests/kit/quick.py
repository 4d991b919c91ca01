"""What makes many lives after each other cheap. None of it changes what is played."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pytest
from sqlalchemy import URL, Engine, create_engine

from kit.database import POSTGRES, emptied_postgres_url
from maild.service import wiring
from maild.service.stages import desk
from maild.store import database
from maild.store.store import Store

P = ParamSpec("P")
T = TypeVar("T")
_ENGINES: dict[URL, Engine] = {}


class _AtOnce(Executor):
    """In place of the desk's reading thread: between two threads of one process a mail is handed
    over slower than it is read."""

    def __init__(self, *_: object, **__: object) -> None:
        """Takes what a pool of threads takes."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 (raised where the result is asked for)
            done.set_exception(error)
        return done


def _remembered(url: URL, **options: Any) -> Engine:
    """SQLAlchemy keeps compiled statements with the engine; a restart need not compile anew."""
    if url not in _ENGINES:
        _ENGINES[url] = create_engine(url, **options)
    return _ENGINES[url]


def disconnect() -> None:
    """Closes the connections that are kept over a restart; none survives a fork."""
    for engine in _ENGINES.values():
        engine.dispose()


def quick(patch: pytest.MonkeyPatch) -> None:
    """As long as the patch lasts. Kills are simulated here, power cuts are not: syncing would only
    cost time."""
    patch.setattr(database, "PRAGMAS", [p.replace("FULL", "OFF") for p in database.PRAGMAS])
    patch.setattr(database, "create_engine", _remembered)
    if POSTGRES:  # nor connect anew: a process of the server and all that it has to read first
        patch.setattr(database.Database, "close", lambda _: None)
    patch.setattr(os, "fsync", lambda _: None)
    patch.setattr(desk, "ThreadPoolExecutor", _AtOnce)
    # The office's files do not change in these lives; a start looks at each of them.
    patch.setattr(wiring.OfficeHolder, "_fingerprint", lambda _: ())


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
