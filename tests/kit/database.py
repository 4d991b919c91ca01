"""The database that tests work on: SQLite, or with MAILD_TEST_DATABASE=postgresql a PostgreSQL
of the run's own. The same tests run on both.
"""

import atexit
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from maild.store import database, similar
from maild.store.store import Store

POSTGRES = os.environ.get("MAILD_TEST_DATABASE") == "postgresql"
_SERVERS = Path(__file__).parents[1] / "servers"


@cache
def _postgres() -> Any:
    """The run's server."""
    sys.path.append(str(_SERVERS))
    from place import ServerMissingError
    from postgres import Postgres

    try:
        server = Postgres()
    except ServerMissingError as missing:
        if os.environ.get("CI") or os.environ.get("MAILD_REQUIRE_SERVERS"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    server.start()
    atexit.register(server.stop)
    return server


def new_postgres_url() -> str:
    """The address of a new and empty database."""
    return str(_postgres().new_database())


@cache
def _emptied() -> tuple[str, Engine]:
    url = new_postgres_url()
    return url, create_engine(url)


def emptied_postgres_url(blobs: Path) -> str:
    """The address of the run's one database with maild's tables, in which nothing is left of the
    test before; a new database costs half a second."""
    url, engine = _emptied()
    Store.open(url, blobs).close()
    tables = ", ".join([*SQLModel.metadata.tables, similar.TABLE])
    try:
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    except ProgrammingError:  # the test before has taken a table away
        _emptied.cache_clear()
        return emptied_postgres_url(blobs)
    return url


def calm_url(folder: Path) -> str:
    """A database for a whole session's comparison, made anew."""
    if POSTGRES:
        return new_postgres_url()
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    return f"sqlite:///{folder}/data/maild.db"


@pytest.fixture(scope="session")
def new_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database in which nothing has happened yet."""
    folder = tmp_path_factory.mktemp("office")
    Store.open(f"sqlite:///{folder}/maild.db", folder / "blobs").close()
    return folder / "maild.db"


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A new office; what is written is not synced, for these tests do not cut the power."""
    (tmp_path / "data").mkdir(mode=0o700)
    monkeypatch.setattr(os, "fsync", lambda _: None)
    if POSTGRES:
        return emptied_postgres_url(tmp_path / "mail")
    shutil.copy(request.getfixturevalue("new_office"), tmp_path / "data" / "maild.db")
    quick = [pragma.replace("FULL", "OFF") for pragma in database.PRAGMAS]
    monkeypatch.setattr(database, "PRAGMAS", quick)
    return f"sqlite:///{tmp_path}/data/maild.db"


@pytest.fixture
def empty_url(tmp_path: Path) -> str:
    """A database that does not exist yet; it will be as durable as in an office."""
    return new_postgres_url() if POSTGRES else f"sqlite:///{tmp_path}/empty/maild.db"
