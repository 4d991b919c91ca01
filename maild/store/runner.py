"""Runs the hot statements: Core writes them once, the driver runs them many times.

SQLAlchemy's own execution costs more than SQLite's: some ten statements a mail took 70 % of the
deciding time (bench/store.py). Here a statement is compiled at its first use and afterwards goes
to the driver's cursor with its values; types are converted by the same processors as always.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Self

from sqlalchemy import ClauseElement, Connection, Dialect, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import UTCDateTime

Values = Mapping[str, Any]
Line = tuple[Any, ...]

NOTHING: Final[Values] = {}


class Prepared:
    """A statement in the driver's own words, and how its values go in and come out."""

    def __init__(
        self, statement: ClauseElement, dialect: Dialect, keys: Sequence[str] | None = None
    ) -> None:
        self.statement = statement  # kept alive: the cache knows it by its identity
        compiled: Any = statement.compile(
            dialect=dialect, column_keys=None if keys is None else list(keys)
        )
        self.sql = str(compiled)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self._positional = compiled.positiontup is not None
        names = compiled.positiontup if self._positional else tuple(binds)
        self._fixed = {n: binds[n].value for n in names if not binds[n].required}
        self._ways_in = tuple((name, _way_in(binds[name].type, dialect)) for name in names)
        columns = statement.selected_columns if isinstance(statement, Select) else ()
        ways_out = ((n, _way_out(c.type, dialect)) for n, c in enumerate(columns))
        self._ways_out = tuple((n, way) for n, way in ways_out if way is not None)

    def taken_in(self, values: Values) -> Any:
        """The values as the driver wants them; KeyError when one is missing."""
        if self._fixed:
            values = {**self._fixed, **values}
        if self._positional:
            return [values[n] if way is None else way(values[n]) for n, way in self._ways_in]
        return {n: values[n] if way is None else way(values[n]) for n, way in self._ways_in}

    def given_out(self, line: Line) -> Line:
        """A line from the driver with its values as Python has them."""
        if not self._ways_out:
            return line
        cells = list(line)
        for n, way in self._ways_out:
            cells[n] = way(cells[n])
        return tuple(cells)


# By dialect; two threads that prepare the same statement at once do no harm.
_PREPARED: Final[dict[str, dict[Hashable, Prepared]]] = {}


class Runner:
    """A transaction's cursor."""

    def __init__(self, connection: Connection) -> None:
        self._begin(connection.dialect, connection.connection.cursor())

    @classmethod
    def on(cls, cursor: DBAPICursor, dialect: Dialect) -> Self:
        """On a cursor of the driver that no transaction of SQLAlchemy's is about."""
        run = cls.__new__(cls)
        run._begin(dialect, cursor)
        return run

    def _begin(self, dialect: Dialect, cursor: DBAPICursor) -> None:
        self._dialect = dialect
        self.dialect = dialect.name
        self._cursor = cursor
        self._prepared = _PREPARED.setdefault(dialect.name, {})

    def all(self, statement: ClauseElement, values: Values = NOTHING) -> list[Line]:
        """Every line that a statement gives."""
        known = self._known(statement)
        self._cursor.execute(known.sql, known.taken_in(values))
        return [known.given_out(line) for line in self._cursor.fetchall()]

    def first(self, statement: ClauseElement, values: Values = NOTHING) -> Line | None:
        """The first line, or None."""
        known = self._known(statement)
        self._cursor.execute(known.sql, known.taken_in(values))
        line = self._cursor.fetchone()
        return None if line is None else known.given_out(line)

    def change(self, statement: ClauseElement, values: Values) -> int:
        """Runs an UPDATE or DELETE; gives how many rows it met."""
        known = self._known(statement)
        self._cursor.execute(known.sql, known.taken_in(values))
        return self._cursor.rowcount

    def many(self, statement: ClauseElement, rows: Sequence[Values]) -> None:
        """Runs an UPDATE or DELETE once for each of these values."""
        known = self._known(statement)
        self._cursor.executemany(known.sql, [known.taken_in(row) for row in rows])

    def insert(self, table: Table, rows: Sequence[Values], *, ignore: bool = False) -> int:
        """Inserts rows that all have the same keys; gives how many.

        With `ignore` a row whose unique key is there already is passed over.
        """
        keys = (table.name, ignore, *rows[0])
        known = self._prepared.get(keys)
        if known is None:
            words = postgresql.insert if self._dialect.name == "postgresql" else sqlite.insert
            statement = words(table).on_conflict_do_nothing() if ignore else table.insert()
            known = self._prepared[keys] = Prepared(statement, self._dialect, tuple(rows[0]))
        if len(rows) == 1:
            self._cursor.execute(known.sql, known.taken_in(rows[0]))
        else:
            self._cursor.executemany(known.sql, [known.taken_in(row) for row in rows])
        return self._cursor.rowcount

    def _known(self, statement: ClauseElement) -> Prepared:
        known = self._prepared.get(id(statement))
        if known is None:
            known = self._prepared[id(statement)] = Prepared(statement, self._dialect)
        return known


def _way_in(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, UTCDateTime) and dialect.name == "sqlite":
        return _utc_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _way_out(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(kind, UTCDateTime) and dialect.name == "sqlite":
        return _utc_of
    return kind.dialect_impl(dialect).result_processor(dialect, None)


# The same texts as SQLAlchemy's own way, which goes through four functions an instant. A decision
# writes the same instant many times.
@lru_cache(maxsize=64)
def _utc_text(at: datetime | None) -> str | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at.astimezone(UTC).isoformat(" ", "microseconds")[:-6]


def _utc_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")
