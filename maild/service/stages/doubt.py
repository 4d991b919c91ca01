"""Letters of which nobody knows whether they left: proof is looked for, then R7 decides.

A reply, a report or a copy of the letter proves it at the desk; here the Sent folder is searched
for the Message-IDs. Only after such a look, and never blindly, a person's letter that has stayed
uncertain is sent once more with the same Message-ID and octets; a notice never is.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from maild.ingest.mailbox import Mailbox
from maild.service.stages.sent import sent_folder
from maild.store.store import Store

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
PATIENCE = timedelta(minutes=15)  # R7c
_LOOK_BACK = timedelta(days=5)


class Doubt:
    """Settles what is uncertain, now and then. `sent` is the Sent folder's name, or AUTO."""

    def __init__(self, store: Store, sent: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._wanted = sent
        self._now = now
        self._last: datetime | None = None

    def due(self) -> bool:
        """Whether there is something to settle and the last look was a while ago."""
        now = self._now()
        if self._last is not None and now - self._last < EVERY:
            return False
        self._last = now
        return bool(self._store.doubts(now - _LOOK_BACK, 1))

    def settle(self, mailbox: Mailbox) -> None:
        """Looks into the Sent folder, if there is one; selects it."""
        now = self._now()
        if sent := sent_folder(mailbox, self._wanted):
            mailbox.select(sent)
            found = mailbox.holds(self._store.doubts(now - _LOOK_BACK))
            self._store.prove_sent(found, now, f"stands in {sent}")
        again = self._store.resend_uncertain(now - PATIENCE, now)
        if again:
            log.warning("%d letters without proof are sent once more", len(again))
