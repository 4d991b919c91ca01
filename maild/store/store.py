"""The store: raw mails on disk; ledger, tickets and outbox in one database.

This is the only door to the database. Values of `maild.model` go in and come out; rows, sessions
and driver errors stay inside. It may be used from many threads and, with PostgreSQL, machines.
It never looks at the clock: every instant is handed in, aware, in UTC.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import Final, Self
from zoneinfo import ZoneInfo

from maild.store import lease, schema
from maild.store.audit import Audit
from maild.store.blobs import Blobs
from maild.store.board import Board
from maild.store.copies import Copies
from maild.store.database import Database, serialise
from maild.store.desk import Unit
from maild.store.intake import Intake
from maild.store.ledger import Ledger
from maild.store.letters import Letters
from maild.store.outbox import Outbox
from maild.store.reading import Reading
from maild.store.rebuild import Rebuilding
from maild.store.register import Register
from maild.store.restoring import Restoring
from maild.store.runner import Runner

_DESK: Final = 2


class Store(Board, Intake, Ledger, Outbox, Letters, Audit, Reading, Copies, Restoring, Rebuilding):
    """One office's memory; make it with `open`."""

    def __init__(
        self, database: Database, blobs: Blobs, prefix: str, zone: tzinfo, *, copied: bool = False
    ) -> None:
        self._database = database
        self._copied = copied
        self.blobs = blobs
        self._prefix = prefix
        self._zone = zone
        self._lock = None if database.path is None else lease.FileLock(database.path)
        self._polled: set[str] = set()
        self._polling = threading.Lock()
        self.register = Register(database, zone)

    @classmethod
    def open(
        cls,
        url: str,
        blobs: Path,
        *,
        prefix: str = "LPSE",
        zone: tzinfo | None = None,
        copied: bool = False,
    ) -> Self:
        """Opens `sqlite:////path/maild.db` or `postgresql://...`; makes or migrates the schema.

        Ticket numbers are `prefix-year-serial`, the year being that of `zone` (default WIB).
        With `copied` every decision is written down once more, to be copied into the mailbox.
        SchemaTooNew, StoreUnavailable, or StoreError with a plain remedy.
        """
        database = Database(url)
        if database.path is not None:
            lease.refuse_network(database.path)
        schema.prepare(database)
        zone = zone or ZoneInfo("Asia/Jakarta")
        return cls(database, Blobs(blobs), prefix, zone, copied=copied)

    def close(self) -> None:
        """Gives connections and locks back."""
        self._database.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def work_alone(self) -> None:
        """For the daemon: StoreBusy when another one works on the same SQLite file (F012).

        On PostgreSQL several daemons may work together and this does nothing.
        """
        if self._lock is not None:
            self._lock.take()

    @contextmanager
    def polling(self, mailbox: str) -> Iterator[bool]:
        """Whether this process is to poll the mailbox while the context lasts; one may."""
        if self._database.is_sqlite:
            with self._polling:
                free = mailbox not in self._polled
                self._polled.add(mailbox)
            try:
                yield free
            finally:
                if free:
                    self._polled.discard(mailbox)
            return
        with (
            self._database.alone() as connection,
            lease.advisory_lock(connection, f"mailbox:{mailbox}") as taken,
        ):
            yield taken

    @contextmanager
    def begin(self) -> Iterator[Unit]:
        """A unit of deciding: committed at the end, taken back whole when anything raises."""
        with self._database.write() as connection:
            serialise(connection, _DESK)
            unit = Unit(Runner(connection), self._prefix, self._zone, copied=self._copied)
            yield unit
            unit.flush()
