"""What an operator must be told while the service runs: kept in the store, shown by `status`.

A password that is refused three times is not tried again and again, or the provider locks the
account (F031); once an hour the server is asked anew, for it may have been the server's fault.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from maild.store.store import Store

log = logging.getLogger(__name__)

LOGINS: Final = 3
HOLD_SECONDS: Final = 3600.0
_DOORS: Final = ("mailbox", "relay")


class Trouble:
    """The trouble with one door to the world, "mailbox" or "relay"; none at first."""

    def __init__(self, store: Store, door: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._key = f"trouble.{door}"
        self._door = door
        self._now = now
        self._said: str | None = None

    def begins(self, what: str) -> None:
        """A person has to act; said once in the log, and in the store until it is over."""
        if what != self._said:
            log.error("%s: %s Held; one try an hour.", self._door, what)
            at = self._now().isoformat(timespec="minutes")
            self._store.keep_setting(self._key, f"since {at}: {what}")
            self._said = what

    def over(self) -> None:
        """The door is open again; also what an earlier run has left is taken back."""
        if self._said != "":
            if self._store.setting(self._key):
                self._store.keep_setting(self._key, "")
                log.warning("%s: in order again", self._door)
            self._said = ""


def troubles(store: Store) -> dict[str, str]:
    """Door and what is wrong with it, for those in trouble."""
    found = {door: store.setting(f"trouble.{door}") for door in _DOORS}
    return {door: what for door, what in found.items() if what}
