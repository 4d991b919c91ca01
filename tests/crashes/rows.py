"""All rows of a PostgreSQL database, kept and put back. SQLite's are a file among the others."""

from itertools import starmap

from psycopg import Connection, connect
from psycopg.sql import SQL, Composed, Identifier, Literal

Mark = tuple[int, int | None]

_NAMES = """SELECT relname::text, relkind = 'S' FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"""
# Whatever is written into a table has a younger transaction, and whatever is only deleted is less.
_OF_A_TABLE = "SELECT {}, count(*), max(xmin::text::bigint) FROM {}"
_OF_A_SEQUENCE = "SELECT {}, last_value, is_called::integer FROM {}"


class Rows:
    """Those of one database, in which nobody else writes meanwhile."""

    def __init__(self, url: str) -> None:
        self._connection: Connection | None = None
        self._marks: dict[str, Mark] = {}
        self._kept: dict[str, bytes] = {}
        if url.startswith("postgresql"):
            self._connection = connect(url.replace("+psycopg", ""), autocommit=True)
            # All is put back as it was: no key needs to be looked up once more.
            self._connection.execute("SET session_replication_role = replica")
            names = self._connection.execute(_NAMES).fetchall()
            self._sequences = {name for name, is_sequence in names if is_sequence}
            self._marking = SQL(" UNION ALL ").join(starmap(_mark, names))

    def keep(self) -> None:
        """Keeps what is there now."""
        if self._connection is None:
            return
        for name in self._changed(self._connection) - self._sequences:
            with self._connection.cursor() as cursor, cursor.copy(_copy(name, "TO STDOUT")) as out:
                self._kept[name] = b"".join(out)
        self._marks = self._marked(self._connection)

    def put_back(self) -> None:
        """What was kept is there again, and no other row. Only what has changed is written, and
        nothing truncated: that would make new files for each table and index."""
        if self._connection is None:
            return
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for name in self._changed(self._connection):
                if name in self._sequences:
                    last, called = self._marks[name]
                    cursor.execute("SELECT setval(%s, %s, %s)", (name, last, bool(called)))
                    continue
                cursor.execute(SQL("DELETE FROM {}").format(Identifier(name)))
                if self._kept[name]:
                    with cursor.copy(_copy(name, "FROM STDIN")) as into:
                        into.write(self._kept[name])
            self._marks = self._marked(self._connection)

    def close(self) -> None:
        """Gives the connection back."""
        if self._connection is not None:
            self._connection.close()

    def _changed(self, connection: Connection) -> set[str]:
        """The tables and sequences that are not as they were kept."""
        now = self._marked(connection)
        return {name for name, mark in now.items() if mark != self._marks.get(name)}

    def _marked(self, connection: Connection) -> dict[str, Mark]:
        marks = connection.execute(self._marking, prepare=True)
        return {name: (number, newest) for name, number, newest in marks}


def _mark(name: str, is_sequence: bool) -> Composed:
    kind = _OF_A_SEQUENCE if is_sequence else _OF_A_TABLE
    return SQL(kind).format(Literal(name), Identifier(name))


def _copy(name: str, whereto: str) -> Composed:
    return SQL("COPY {} {}").format(Identifier(name), SQL(whereto))
