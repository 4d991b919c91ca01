"""Reading for the recap: many tickets, few columns, in memory that does not grow with them.

A door of its own within the door: it needs neither the ORM nor the desk, which would be half of
all the memory that a recap takes. A day of the office is reckoned once for every hour that occurs:
to turn each instant of a million rows into a day would cost more than all the rest of reading it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from functools import cache, partial
from typing import Any, Final, Self

from sqlalchemy import (
    Connection,
    DateTime,
    Integer,
    Select,
    String,
    bindparam,
    case,
    column,
    func,
    literal,
    select,
    table,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from maild.model.entry import WAY_BREAK, Entry
from maild.model.ticket import Direction
from maild.store.database import Database
from maild.store.errors import StoreUnavailable

_PIECE: Final = 10_000
# Kilobytes of a SQLite connection's own cache: a page of the table is read once and never again.
_CACHE: Final = 1024

_KNOWN_HOURS: Final = 5_000  # more than a ticket's year of service hours
_HOUR: Final = len("2026-01-05 02")
_INSTANT: Final = DateTime(timezone=True)
# What is read of the table; a test holds these names against the table's own.
TICKET: Final = table(
    "ticket",
    column("id", Integer),
    *(
        column(name, String)
        for name in (
            *("number", "requester_name", "requester_address", "subject", "summary", "solution"),
            *("kind", "priority", "state", "outside_number", "linked", "remarks"),
        )
    ),
    column("sop", String),
    column("row", String),
    column("merged", Integer),
    *(
        column(name, _INSTANT)
        for name in ("received_at", "answered_at", "closed_at", "escalated_at")
    ),
)
MESSAGE: Final = table(
    "message",
    column("id", Integer),
    column("ticket", Integer),
    column("direction", String),
    column("text", String),
)
PASSAGE: Final = table(
    "passage",
    column("ticket", Integer),
    column("row", String),
    column("entered_at", _INSTANT),
    column("left_at", _INSTANT),
)
PROCEDURE: Final = table("procedure", column("digest", String), column("text", String))


class _Written(FunctionElement[str]):
    """An instant as text that is `2026-01-05 02:13:44.000000` in UTC; NULL stays NULL."""

    type = String()
    inherit_cache = True


@compiles(_Written, "sqlite")
def _written_in_sqlite(element: _Written, compiler: SQLCompiler, **words: Any) -> str:
    # It is kept as such a text.
    return compiler.process(element.clauses, **words)


@compiles(_Written, "postgresql")
def _written_in_postgresql(element: _Written, compiler: SQLCompiler, **words: Any) -> str:
    instant = compiler.process(element.clauses, **words)
    return f"to_char({instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


_IN_A_LINE: Final = case((TICKET.c.summary != "", TICKET.c.summary), else_=TICKET.c.subject)
_FIRST_MAIL: Final = (
    select(MESSAGE.c.text)
    .where(MESSAGE.c.ticket == TICKET.c.id, MESSAGE.c.direction == Direction.IN.value)
    .order_by(MESSAGE.c.id)
    .limit(1)
    .scalar_subquery()
)
# Passages in which no time went by say nothing of it. No order: `laying` sorts them by instant.
_PASSED: Final = (
    select(func.aggregate_strings(_Written(PASSAGE.c.left_at) + " " + PASSAGE.c.row, WAY_BREAK))
    .where(PASSAGE.c.ticket == TICKET.c.id, PASSAGE.c.left_at > PASSAGE.c.entered_at)
    .scalar_subquery()
)
_HERE: Final = TICKET.c.sop + WAY_BREAK + TICKET.c.row + WAY_BREAK + _Written(TICKET.c.received_at)
_WAY: Final = case(
    (TICKET.c.escalated_at.is_not(None), func.coalesce(_HERE + WAY_BREAK + _PASSED, _HERE)),
    else_="",
)


@cache
def _entries(full: bool, ways: bool) -> Select[Any]:
    """The columns in the order of Entry's fields."""
    problem = func.coalesce(func.nullif(_FIRST_MAIL, ""), _IN_A_LINE) if full else _IN_A_LINE
    return (
        select(
            TICKET.c.number,
            TICKET.c.requester_name,
            TICKET.c.requester_address,
            problem,
            TICKET.c.solution,
            TICKET.c.kind,
            TICKET.c.priority,
            TICKET.c.state,
            TICKET.c.outside_number,
            TICKET.c.linked,
            TICKET.c.merged,
            TICKET.c.remarks,
            _Written(TICKET.c.received_at),
            _Written(func.coalesce(TICKET.c.answered_at, TICKET.c.closed_at)),
            _Written(TICKET.c.escalated_at),
            _WAY if ways else literal(""),
        )
        .where(
            tuple_(TICKET.c.received_at, TICKET.c.id)
            > tuple_(bindparam("at", type_=_INSTANT), bindparam("id", type_=Integer))
        )
        .where(TICKET.c.received_at < bindparam("end"))
        .order_by(TICKET.c.received_at, TICKET.c.id)
        .limit(bindparam("count", type_=Integer))
    )


_PLACE: Final = select(TICKET.c.received_at, TICKET.c.id).where(
    TICKET.c.number == bindparam("last_number")
)


class Register:
    """The tickets of a period. `zone` is the office's: its offset is whole hours (WIB, WITA, WIT).

    StoreUnavailable when the database refuses, or is not yet of this program's schema.
    """

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database = database
        self._zone = zone

    @classmethod
    def open(cls, url: str, zone: tzinfo) -> Self:
        """The register of the database at this address; StoreError when it is no address."""
        return cls(Database(url), zone)

    def is_ready(self) -> bool:
        """Whether the database can be read as it is; if not, opening the store makes it so."""
        try:
            with self._database.read() as connection:
                connection.execute(select(TICKET).limit(0))
        except StoreUnavailable:
            return False
        return True

    def close(self) -> None:
        """Gives the connections back."""
        self._database.close()

    def entries(
        self, start: datetime, end: datetime, *, full: bool = False, ways: bool = False
    ) -> Iterator[Entry]:
        """The tickets received in [start, end), in that order; read in pieces (F019).

        With `full` the problem is the whole text of the ticket's first mail; with `ways` the ways
        of escalated tickets are read along.
        """
        statement = _entries(full, ways)
        days = _Days(self._zone)
        made = partial(tuple.__new__, Entry)  # what Entry._make does, without its detour
        values: dict[str, Any] = {"at": start, "id": -1, "end": end, "count": _PIECE}
        while True:
            count = 0
            last: Any = None
            with self._database.read() as connection, _little_cache(connection):
                # The driver's own tuples: nothing in them needs SQLAlchemy's conversion.
                cursor: Any = connection.execute(statement, values).cursor
                for last in cursor:
                    count += 1
                    # fmt: off
                    (a, b, c, d, e, f, g, h, i, j, k, m, received, finished, escalated, way) = last
                    yield made((a, b, c, d, e, f, g, h, i, j, k, m, days[received[:_HOUR]],
                                days[finished[:_HOUR]] if finished else None,
                                days[escalated[:_HOUR]] if escalated else None, way))
                    # fmt: on
                if count == _PIECE:
                    place = {"last_number": last[0]}
                    at, values["id"] = connection.execute(_PLACE, place).one()
                    values["at"] = _aware(at)
            if count < _PIECE:
                return

    def way(self, number: str) -> str:
        """The way of one ticket, as in `Entry.way`."""
        with self._database.read() as connection:
            found = connection.execute(select(_WAY).where(TICKET.c.number == number)).scalar()
        return found or ""

    def procedure(self, digest: str) -> str | None:
        """The text of a SOP by the name under which tickets keep it."""
        asked = select(PROCEDURE.c.text).where(PROCEDURE.c.digest == digest)
        with self._database.read() as connection:
            return connection.execute(asked).scalar_one_or_none()

    def number_between(self, start: datetime, end: datetime) -> int:
        """How many tickets were received in [start, end); from the index alone."""
        counted = (
            select(func.count())
            .select_from(TICKET)
            .where(TICKET.c.received_at >= start, TICKET.c.received_at < end)
        )
        with self._database.read() as connection, _little_cache(connection):
            return connection.execute(counted).scalar_one()


class _Days(dict[str, date]):
    """The office's day of each hour in UTC, reckoned when it is first asked for."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, hour: str) -> date:
        if len(self) >= _KNOWN_HOURS:
            self.clear()
        day = datetime.fromisoformat(f"{hour}:00+00:00").astimezone(self._zone).date()
        self[hour] = day
        return day


def _aware(at: datetime) -> datetime:
    """SQLite gives instants without their zone, which is UTC."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


@contextmanager
def _little_cache(connection: Connection) -> Iterator[None]:
    """Keeps SQLite from holding the whole table in memory while it goes by."""
    if connection.dialect.name != "sqlite":
        yield
        return
    size = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={size}")
