"""Connections and transactions, for SQLite and PostgreSQL alike.

SQLite: WAL, synchronous=FULL, foreign keys on, every write transaction BEGIN IMMEDIATE (a
deferred one fails at once when it upgrades, R11), one writer at a time in this process.
PostgreSQL: synchronous_commit on; a node that stops in the middle loses its transaction (F011).
Errors of the driver leave here as `StoreError`, without the values that were being written.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any, Final, TypeVar

from sqlalchemy import ClauseElement, Connection, PoolProxiedConnection, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from maild.store import crash, folders
from maild.store.errors import Conflict, StoreError, StoreUnavailable
from maild.store.runner import NOTHING, Line, Runner, Values

T = TypeVar("T")
BUSY_TIMEOUT_MS: Final = 60_000  # F018
PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-65536",
)
# A machine that loses its network holds locks that all others wait for: the server gives it up
# within a minute, and within 20 s in the middle of a transaction (T18). By itself it takes hours.
_OF_THE_SERVER: Final = {
    "synchronous_commit": "on",
    "idle_in_transaction_session_timeout": 20_000,
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_POSTGRES_OPTIONS: Final = {
    "options": " ".join(f"-c {name}={value}" for name, value in _OF_THE_SERVER.items()),
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


class Database:
    """One database. `path` is the file of a SQLite database, None for PostgreSQL."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
            if parsed.drivername == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            self.path = Path(parsed.database) if self.is_sqlite and parsed.database else None
            if self.is_sqlite and self.path is None:
                raise StoreError("The database URL names no file: write sqlite:////path/maild.db.")
            self._engine = create_engine(
                parsed,
                hide_parameters=True,
                connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
                if self.is_sqlite
                else dict(_POSTGRES_OPTIONS),
            )
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise StoreError(
                "The database URL is not understood. Use sqlite:////path/maild.db or "
                "postgresql://user@host/name (needs the extra maild[postgres])."
            ) from error
        self._writing: AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )
        self._writer: Connection | None = None
        self._askers: list[PoolProxiedConnection] = []  # append and pop are safe among threads
        self._driver = self._engine.dialect.loaded_dbapi
        if self.path is not None:
            _make_private(self.path)
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: committed at the end, taken back when anything raises."""
        with (
            self._writing,
            self._translated(),
            self._for_writing() as connection,
            _forgotten_when_broken(connection),
            _begun(connection),
        ):
            yield connection
            crash.commit("before")
        crash.commit("after")

    @contextmanager
    def _for_writing(self) -> Iterator[Connection]:
        """SQLite's one writer keeps its connection: taking one from the pool costs as much as a
        small commit. After any error it is given back."""
        if not self.is_sqlite:
            with self._engine.connect() as connection:
                yield connection
            return
        if self._writer is None:
            self._writer = self._engine.connect().execution_options(maild_begun=True)
        try:
            yield self._writer
        except BaseException:
            broken, self._writer = self._writer, None
            broken.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one unchanging view of the database."""
        with (
            self._translated(),
            self._engine.connect() as connection,
            _forgotten_when_broken(connection),
            connection.begin(),
        ):
            yield connection

    def all(self, statement: ClauseElement, values: Values = NOTHING) -> list[Line]:
        """Every line that a statement written once gives now, in a transaction of its own."""
        return self._asked(lambda run: run.all(statement, values))

    def first(self, statement: ClauseElement, values: Values = NOTHING) -> Line | None:
        """The first line of such a statement, or None."""
        return self._asked(lambda run: run.first(statement, values))

    def _asked(self, ask: Callable[[Runner], T]) -> T:
        """For one SELECT, which needs no transaction about it: what a round asks while nothing
        happens costs more in SQLAlchemy's connection and transaction than in the database. On
        SQLite the connection is kept, as the writer's is. To PostgreSQL a transaction would be two
        more words, and after its rollback psycopg forgets what the server has prepared."""
        with self._translated():
            try:
                asker = self._askers.pop()
            except IndexError:
                asker = self._engine.raw_connection()
            driver: Any = asker.driver_connection
            try:
                if not self.is_sqlite:
                    driver.autocommit = True
                cursor = asker.cursor()
                found = ask(Runner.on(cursor, self._engine.dialect))
                cursor.close()
                if not self.is_sqlite:
                    driver.autocommit = False
            except BaseException:
                asker.invalidate()  # with whatever is still open in it
                raise
            if self.is_sqlite:
                self._askers.append(asker)
            else:
                asker.close()
            return found

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A connection outside any transaction, for session locks of PostgreSQL."""
        with self._translated(), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, self._driver.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if isinstance(cause, self._driver.IntegrityError):
                raise Conflict("The database has it already, or lacks what it names.") from error
            reason = str(cause).strip().partition("\n")[0]
            raise StoreUnavailable(f"The database refuses: {reason}") from error

    def close(self) -> None:
        """Closes every connection."""
        if self._writer is not None:
            self._writer.close()
        while self._askers:
            self._askers.pop().close()
        self._engine.dispose()


def serialise(connection: Connection, purpose: int) -> None:
    """Waits until no other transaction on any machine holds this purpose.

    SQLite has one writer anyway. Deciding is serial: duplicates, caps and ticket numbers depend
    on what was decided before, and rows cannot be locked that do not exist yet.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(1835100260, :purpose)"), {"purpose": purpose}
        )


def _make_private(path: Path) -> None:
    folders.make(path.parent)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get("maild_begun", False):
        connection.connection.cursor().execute("BEGIN")


@contextmanager
def _begun(connection: Connection) -> Iterator[None]:
    """A transaction: committed at the end, taken back when anything raises.

    On SQLite the driver begins it: through SQLAlchemy it costs more than a small commit. Of a
    statement that SQLAlchemy runs itself it thinks that this began one.
    """
    if connection.dialect.name != "sqlite":
        with connection.begin():
            yield
        return
    driver = connection.connection
    driver.cursor().execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        (connection if connection.in_transaction() else driver).rollback()
        raise
    (connection if connection.in_transaction() else driver).commit()


@contextmanager
def _forgotten_when_broken(connection: Connection) -> Iterator[None]:
    """Drops a connection after an error that SQLAlchemy has not seen (see `Runner`)."""
    try:
        yield
    except connection.dialect.loaded_dbapi.Error:
        connection.invalidate()
        raise
