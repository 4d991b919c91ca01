"""Reading for the recap: many tickets, few columns, in memory that does not grow with them.

A door of its own within the door: it needs neither the ORM nor the desk, which would be half of
all the memory that a recap takes. A day of the office is reckoned once for every hour that occurs:
to turn each instant of a million rows into a day would cost more than all the rest of reading it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from functools import partial
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
    select,
    table,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from maild.model.action import Passage
from maild.model.entry import Entry
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


class _Hour(FunctionElement[str]):
    """The hour of an instant as text, `2026-01-05 02`, in UTC; NULL stays NULL."""

    type = String()
    inherit_cache = True


@compiles(_Hour, "sqlite")
def _hour_in_sqlite(element: _Hour, compiler: SQLCompiler, **words: Any) -> str:
    # It is kept as such a text; minutes and seconds are cut off by `_Days`, which is quicker.
    return compiler.process(element.clauses, **words)


@compiles(_Hour, "postgresql")
def _hour_in_postgresql(element: _Hour, compiler: SQLCompiler, **words: Any) -> str:
    instant = compiler.process(element.clauses, **words)
    return f"to_char({instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


_IN_A_LINE: Final = case((TICKET.c.summary != "", TICKET.c.summary), else_=TICKET.c.subject)
_FIRST_MAIL: Final = (
    select(MESSAGE.c.text)
    .where(MESSAGE.c.ticket == TICKET.c.id, MESSAGE.c.direction == Direction.IN.value)
    .order_by(MESSAGE.c.id)
    .limit(1)
    .scalar_subquery()
)
_DAYS_AT: Final = Entry._fields.index("received_on")


def _entries(problem: Any) -> Select[Any]:
    """The columns in the order of Entry's fields."""
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
            _Hour(TICKET.c.received_at),
            _Hour(func.coalesce(TICKET.c.answered_at, TICKET.c.closed_at)),
            _Hour(TICKET.c.escalated_at),
        )
        .where(
            tuple_(TICKET.c.received_at, TICKET.c.id)
            > tuple_(bindparam("at", type_=_INSTANT), bindparam("id", type_=Integer))
        )
        .where(TICKET.c.received_at < bindparam("end"))
        .order_by(TICKET.c.received_at, TICKET.c.id)
        .limit(bindparam("count", type_=Integer))
    )


_ENTRIES: Final = _entries(_IN_A_LINE)
_ENTRIES_IN_FULL: Final = _entries(func.coalesce(func.nullif(_FIRST_MAIL, ""), _IN_A_LINE))
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

    def entries(self, start: datetime, end: datetime, *, full: bool = False) -> Iterator[Entry]:
        """The tickets received in [start, end), in that order; read in pieces (F019).

        With `full` the problem is the whole text of the ticket's first mail.
        """
        statement = _ENTRIES_IN_FULL if full else _ENTRIES
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
                    (a, b, c, d, e, f, g, h, i, j, k, m, received, finished, escalated) = last
                    yield made((a, b, c, d, e, f, g, h, i, j, k, m, days[received[:_HOUR]],
                                days[finished[:_HOUR]] if finished else None,
                                days[escalated[:_HOUR]] if escalated else None))
                    # fmt: on
                if count == _PIECE:
                    place = {"last_number": last[0]}
                    at, values["id"] = connection.execute(_PLACE, place).one()
                    values["at"] = _aware(at)
            if count < _PIECE:
                return

    def way(self, number: str) -> tuple[datetime, str, str, list[Passage]] | None:
        """When a ticket was received, its row, the text of its SOP, and its way so far."""
        from maild.store.tables import PASSAGE, PROCEDURE, TICKET  # whole tables, seldom needed

        ticket = select(TICKET.c.id, TICKET.c.received_at, TICKET.c.row, PROCEDURE.c.text).join(
            PROCEDURE, PROCEDURE.c.digest == TICKET.c.sop
        )
        with self._database.read() as connection:
            found = connection.execute(ticket.where(TICKET.c.number == number)).first()
            if found is None:
                return None
            passed = select(PASSAGE).where(PASSAGE.c.ticket == found.id).order_by(PASSAGE.c.id)
            steps = [
                Passage(p.ticket, p.row, p.entered_at, p.left_at, p.exit)
                for p in connection.execute(passed)
            ]
        return found.received_at, found.row, found.text, steps

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
