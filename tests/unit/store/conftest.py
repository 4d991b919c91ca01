"""The store's tests run on SQLite here, and again on PostgreSQL in tests/servers."""

import os
import shutil
from pathlib import Path

import pytest
from store_kit import store

from maild.store import database
from maild.store.store import Store

__all__ = ["store"]


@pytest.fixture(scope="session")
def new_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database in which nothing has happened yet."""
    folder = tmp_path_factory.mktemp("office")
    Store.open(f"sqlite:///{folder}/maild.db", folder / "blobs").close()
    return folder / "maild.db"


@pytest.fixture
def database_url(new_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A new office; what is written is not synced, for these tests do not cut the power."""
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(new_office, tmp_path / "data" / "maild.db")
    quick = [pragma.replace("FULL", "OFF") for pragma in database.PRAGMAS]
    monkeypatch.setattr(database, "PRAGMAS", quick)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    return f"sqlite:///{tmp_path}/data/maild.db"


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """A database that does not exist yet; it will be as durable as in an office."""
    return f"sqlite:///{tmp_path}/empty/maild.db"
