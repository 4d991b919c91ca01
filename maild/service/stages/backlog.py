"""A folder with more mail than one round takes: how far it has been read, and what came lately.

At the first start it may hold years of mail (T07, B096). Progress stands in the store, where
`maild status` finds it, and now and then in the log.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from maild.ingest.mailbox import FolderStatus, Mailbox
from maild.store.store import Store

log = logging.getLogger(__name__)

PROGRESS: Final = "reading"
# A server takes seconds to open a folder of years: more often would cost more than the reading.
LOOK_EVERY: Final = 10.0  # seconds
_EVERY: Final = timedelta(minutes=1)


class Backlog:
    """How far intake has come with a long folder."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._said_at: datetime | None = None
        self._standing: str | None = None  # what the store says; None before it was asked
        self._looked_at = -LOOK_EVERY
        self._looked_to = (0, 1)  # UIDVALIDITY, and the first UID that was not there at that time

    def due(self) -> bool:
        """Whether it is time to look for what has come meanwhile; the first time it is."""
        now = time.monotonic()
        due = now - self._looked_at >= LOOK_EVERY
        self._looked_at = now if due else self._looked_at
        return due

    def tell(self, folder: str, done: int, of: int) -> None:
        """So many of the messages that were found in a folder are in the ledger."""
        self._standing = said = f"{folder}: {done} of {of}"
        self._store.keep_setting(PROGRESS, said)
        if self._said_at is None or self._now() - self._said_at >= _EVERY:
            self._said_at = self._now()
            log.warning("reading %s; what has come since the cut-over goes first", said)

    def over(self, folder: str) -> None:
        """The folder has been read to its end, also when a run before this one had begun it."""
        if self._standing is None:
            self._standing = self._store.setting(PROGRESS) or ""
        if self._standing.startswith(f"{folder}: "):
            self._standing, self._said_at = "", None
            self._store.keep_setting(PROGRESS, "")
            log.warning("%s has been read to its end", folder)

    def newest(
        self, mailbox: Mailbox, status: FolderStatus, first: int, count: int
    ) -> Iterator[list[int]]:
        """UIDs of the selected folder, from `first` on, that this run has not looked at: the
        newest come first, so many at a time, each time in ascending order."""
        validity, looked_to = self._looked_to
        if validity == status.uidvalidity:
            first = max(first, looked_to)
        self._looked_to = (status.uidvalidity, status.uidnext)
        uids = mailbox.uids_from(first)
        for end in range(len(uids), 0, -count):
            yield uids[max(0, end - count) : end]
