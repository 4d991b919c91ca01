"""Which folder of the mailbox holds what was sent from it (RFC 6154, or named in config.toml)."""

import logging
from typing import Final

from maild.ingest.mailbox import Mailbox
from maild.store.store import Store

log = logging.getLogger(__name__)

AUTO: Final = "auto"
_KEPT: Final = "sent folders"


class Sent:
    """Finds the folder once a connection; `wanted` is its name, AUTO, or "" for none."""

    def __init__(self, store: Store, wanted: str) -> None:
        self._store = store
        self._wanted = wanted
        self._found: str | None = None

    def look_again(self) -> None:
        """A new connection: the folder may have been renamed."""
        self._found = None

    def folder(self, mailbox: Mailbox) -> str:
        """The folder's name, or "" when it is not to be read or not there."""
        if self._found is None:
            found = sent_folder(mailbox, self._wanted)
            if found:
                self._remember(found)
            elif self._wanted not in ("", AUTO):
                log.error(
                    "there is no folder %s; answers sent from the mailbox are not seen",
                    self._wanted,
                )
            self._found = found
        return self._found

    def _remember(self, name: str) -> None:
        """All names that the folder ever had: mails of the ledger keep the one they came under."""
        known = sent_folders(self._store)
        if name not in known:
            self._store.keep_setting(_KEPT, "\n".join(sorted({*known, name})))


def sent_folder(mailbox: Mailbox, wanted: str) -> str:
    """The name of the Sent folder on the server; "" without one."""
    if not wanted:
        return ""
    folders = mailbox.folders()
    if wanted == AUTO:
        return next((f.name for f in folders if f.special == "Sent"), "")
    return next((f.name for f in folders if f.name == wanted), "")


def sent_folders(store: Store) -> frozenset[str]:
    """The folders that were ever read as the Sent folder."""
    return frozenset((store.setting(_KEPT) or "").split("\n")) - {""}
