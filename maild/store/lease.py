"""Who may work alone: the daemon on a SQLite file, one poller on a mailbox.

SQLite: a lock file beside the database, locked by the operating system and so free again the
moment its holder dies (F012). PostgreSQL: a session's advisory lock; it is a courtesy, the
ledger's unique key is the guard, for a paused holder may wake up again.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from maild.store.errors import StoreBusy, StoreError

_NETWORK_FILE_SYSTEMS: Final = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs")
_MOUNTS: Final = Path("/proc/mounts")


class FileLock:
    """The lock beside a SQLite database."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Takes the lock; StoreBusy when another process has it."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StoreBusy(
                f"Another maild (process {holder}) works on this database. "
                "Stop it first, or use a database of its own."
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode("ascii"))
        self._descriptor = descriptor

    def release(self) -> None:
        """Gives the lock back; the file stays, for deleting it would race with the next."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def refuse_network(path: Path, mounts: str | None = None) -> None:
    """StoreError when the file lies on a network file system, where WAL corrupts (R11, F012)."""
    if mounts is None:
        mounts = _MOUNTS.read_text("utf-8", "replace") if _MOUNTS.exists() else ""
    kind, longest = "", -1
    whole = path.absolute()
    for line in mounts.splitlines():
        fields = line.split()
        point = Path(fields[1].replace("\\040", " "))
        if whole.is_relative_to(point) and len(point.parts) > longest:
            kind, longest = fields[2], len(point.parts)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise StoreError(
            f"The database would lie on a network file system ({kind}), which SQLite does not "
            "survive. Put it on a local disk, or use PostgreSQL."
        )


@contextmanager
def advisory_lock(connection: Connection, name: str) -> Iterator[bool]:
    """Holds a session lock of PostgreSQL by name; False when another session has it."""
    values = {"name": f"maild:{name}"}
    taken = connection.execute(
        text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), values
    ).scalar_one()
    try:
        yield bool(taken)
    finally:
        if taken:
            connection.execute(
                text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), values
            )
