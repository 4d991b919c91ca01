"""A copy of the database while the service works on it, and what such a copy holds.

SQLite by its own online backup inside one read transaction: writers go on, and the copy is the
database of one moment (F020). PostgreSQL by its own pg_dump, and back by its pg_restore; a
password goes to them by the environment, never as an argument (S16).
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from maild.store.database import Database
from maild.store.errors import StoreError
from maild.store.tables import MAIL

PAGES: Final = 2_000  # of 4 KiB, between two words on how far it has come
_LONGEST: Final = 6 * 3600  # seconds that a tool of PostgreSQL may take
_COUNTED: Final = ("ticket", "mail", "letter")

Tell = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True, slots=True)
class Held:
    """What a copy holds: its schema, and how many rows."""

    schema: str
    tickets: int
    mails: int
    letters: int


def sqlite_file(url: str) -> Path | None:
    """The file behind the URL of a SQLite database, None for PostgreSQL. StoreError when the URL
    is not understood."""
    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return Path(parsed.database or "")


def copy(url: str, target: Path, tell: Tell = lambda _done, _of: None) -> None:
    """Writes the database of this moment to `target`, which does not exist. StoreError with a
    remedy; OSError when the disk refuses."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    source = sqlite_file(url)
    if source is None:
        _tool("pg_dump", url, ["--format=custom", "--no-owner", "--no-privileges"], target)
    elif not source.is_file():
        raise StoreError(f"There is no database at {source}. Check [database] url.")
    else:
        _copy_sqlite(source, target, tell)


def _copy_sqlite(source: Path, target: Path, tell: Tell) -> None:
    with _translated(), closing(sqlite3.connect(source, timeout=60)) as read:
        read.isolation_level = None
        # One view for all steps: otherwise every commit of the service would begin it anew.
        read.execute("BEGIN")
        read.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(target)) as write:
            read.backup(write, pages=PAGES, progress=lambda _, left, of: tell(of - left, of))
            write.execute("PRAGMA journal_mode=DELETE")


def held(path: Path) -> Held:
    """What a SQLite copy holds, after SQLite has gone through all of it; StoreError when it is
    damaged or of something else."""
    with _translated(), closing(_opened(path)) as copied:
        found = copied.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreError(f"The copy of the database is damaged: {found}")
        schema = copied.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        counts = [copied.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in _COUNTED]  # noqa: S608
    return Held(schema, *counts)


def held_by_dump(path: Path) -> None:
    """Reads the whole of a PostgreSQL dump; StoreError when that does not go."""
    _run(["pg_restore", "--file=/dev/null", str(path)], {})


def raw_mails(path: Path) -> Iterator[str]:
    """The digests of the raw mails that a SQLite copy names."""
    with _translated(), closing(_opened(path)) as copied:
        for (sha256,) in copied.execute("SELECT DISTINCT sha256 FROM mail WHERE sha256 <> ''"):
            yield sha256


def raw_mails_now(url: str) -> list[str]:
    """The digests that a database names at this moment. Asked after a dump, it is all that the
    dump names, and more."""
    database = Database(url)
    try:
        with database.read() as connection:
            statement = select(MAIL.c.sha256).distinct().where(MAIL.c.sha256 != "")
            return list(connection.scalars(statement))
    finally:
        database.close()


def pour(path: Path, url: str) -> None:
    """Fills an empty PostgreSQL database from a dump, whole or not at all."""
    database = Database(url)
    try:
        with database.read() as connection:
            if inspect(connection).get_table_names():
                raise StoreError(
                    "The database is not empty. Make a new one, and name it in [database]."
                )
    finally:
        database.close()
    _tool("pg_restore", url, ["--no-owner", "--exit-on-error", "--single-transaction"], path)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"SQLite refuses: {error}.") from error


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise StoreError("The database URL is not understood. Check [database] url.") from error


def _tool(tool: str, url: str, words: list[str], file: Path) -> None:
    """Runs pg_dump into the file, or pg_restore from it."""
    parsed = _parsed(url)
    environment = {"PGPASSWORD": str(parsed.password)} if parsed.password else {}
    bare = URL.create(
        "postgresql",
        parsed.username,
        None,
        parsed.host,
        parsed.port,
        parsed.database,
        parsed.query,
    )
    address = f"--dbname={bare.render_as_string(hide_password=False)}"
    place = [f"--file={file}"] if tool == "pg_dump" else [str(file)]
    _run([tool, *words, address, *place], environment)


def _run(command: list[str], environment: dict[str, str]) -> None:
    tool = shutil.which(command[0])
    if tool is None:
        raise StoreError(
            f"{command[0]} is not on this machine. Install PostgreSQL's client programs "
            "(apt-get install postgresql-client), of the server's version or newer."
        )
    done = subprocess.run(  # noqa: S603 (our own words, no shell)
        [tool, *command[1:]],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=_LONGEST,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise StoreError(f"{command[0]} has failed: {said}")
