"""How rows are read: here, where the test's guard against network holds, or, when they are large,
in the service's own reading process under its own limits (10 s of processor, 640 MB)."""

import atexit
import os
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from kit.world import NearReader
from maild.ingest.worker import Read, Reader, Unreadable, Weigher

LARGE = 100_000  # octets


@cache
def _far(zone: str, authserv_id: str, own_addresses: frozenset[str]) -> Reader:
    """A process that lives in this time zone of the machine."""
    assert os.environ.get("TZ", "") == zone
    reader = Reader(authserv_id, own_addresses)
    atexit.register(reader.close)
    return reader


class TwoReaders:
    """`Reader` for the rows; the process is one for all of them."""

    def __init__(self, authserv_id: str, own_addresses: frozenset[str]) -> None:
        self._near = NearReader(authserv_id, own_addresses)
        self._who = (authserv_id, own_addresses)

    def weigh_by(self, weigher: Weigher) -> None:
        """Nothing is weighed ahead here."""

    def read_many(
        self, paths: Sequence[Path], received_at: Sequence[datetime | None] = ()
    ) -> list[Read | Unreadable]:
        """One answer for each path."""
        return [self._reader(path).read_many([path])[0] for path in paths]

    def _reader(self, path: Path) -> NearReader | Reader:
        return (
            _far(os.environ.get("TZ", ""), *self._who)
            if path.stat().st_size > LARGE
            else self._near
        )

    def close(self) -> None:
        """The process goes on to the next row."""
