"""All rows of a PostgreSQL database, kept and put back. SQLite's are a file among the others."""

from psycopg import Connection, connect
from psycopg.sql import SQL, Identifier
from sqlmodel import SQLModel

_TABLES = [Identifier(table.name) for table in SQLModel.metadata.sorted_tables]
_SEQUENCES = "SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public'"


class Rows:
    """Those of one database, in which nobody else writes meanwhile."""

    def __init__(self, url: str) -> None:
        self._connection: Connection | None = None
        if url.startswith("postgresql"):
            self._connection = connect(url.replace("+psycopg", ""), autocommit=True)
        self._kept: list[tuple[Identifier, bytes]] = []
        self._last: list[tuple[str, int | None]] = []

    def keep(self) -> None:
        """Keeps what is there now."""
        if self._connection is None:
            return
        with self._connection.cursor() as cursor:
            self._kept = []
            for table in _TABLES:
                with cursor.copy(SQL("COPY {} TO STDOUT").format(table)) as out:
                    self._kept.append((table, b"".join(bytes(piece) for piece in out)))
            self._last = cursor.execute(_SEQUENCES).fetchall()

    def put_back(self) -> None:
        """What was kept is there again, and no other row."""
        if self._connection is None:
            return
        with self._connection.transaction(), self._connection.cursor() as cursor:
            every = SQL("TRUNCATE {} RESTART IDENTITY").format(SQL(", ").join(_TABLES))
            cursor.execute(every)
            for table, rows in self._kept:
                if rows:
                    with cursor.copy(SQL("COPY {} FROM STDIN").format(table)) as into:
                        into.write(rows)
            for name, last in self._last:
                if last is not None:
                    cursor.execute("SELECT setval(%s, %s)", (f'"{name}"', last))

    def close(self) -> None:
        """Gives the connection back."""
        if self._connection is not None:
            self._connection.close()
