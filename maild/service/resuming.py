"""The end of a restore: what the mailbox proves sent is not sent again (R7a), the rest may go.

Letters are looked for by Message-ID, which is the same whenever the same letter is decided anew:
in the Sent folder, and in the folder of the service's own copies.
"""

from dataclasses import dataclass
from datetime import datetime

from maild.ingest.mailbox import Mailbox
from maild.service.backup import BackupError
from maild.service.settings import Settings
from maild.store.store import Store


@dataclass(frozen=True, slots=True)
class Resumed:
    """How many waiting letters were proved sent, are held for a person, and may leave now."""

    proved_sent: int
    held: int
    leaving: int
    uncertain: int


def resume(
    settings: Settings,
    store: Store,
    mailbox: Mailbox | None,
    now: datetime,
    *,
    dry_run: bool = False,
) -> Resumed:
    """Ends the mode; with `dry_run` it only looks. BackupError when there is nothing to end or
    the mailbox has not been asked; MailboxError when it does not answer."""
    restored = store.restored()
    if restored is None:
        raise BackupError("Nothing was restored; letters leave as always.")
    if mailbox is not None and not restored.caught_up:
        raise BackupError(
            "The mailbox has not been asked what came after the backup. "
            "Run first: maild rebuild --from-mailbox"
        )
    waiting = store.waiting_letters()
    found: set[str] = set()
    if mailbox is not None:
        with mailbox:
            found = _found(settings, mailbox, waiting)
    if dry_run:
        return Resumed(len(found), 0, len(waiting) - len(found), 0)
    proved = store.prove_waiting(found, now, "stands in the mailbox") if found else 0
    mine = settings.mailbox
    held, leaving = store.end_restoring((mine.processed, mine.quarantine), now)
    return Resumed(proved, held, leaving, len(store.waiting_letters()) - leaving)


def _found(settings: Settings, mailbox: Mailbox, waiting: dict[str, str]) -> set[str]:
    """Those of the letters of which a folder has a copy."""
    found: set[str] = set()
    named = {settings.mailbox.copies, settings.mailbox.sent}
    for folder in mailbox.folders():
        if folder.special == "Sent" or folder.name in named:
            mailbox.select(folder.name)
            found |= mailbox.holds(waiting.keys() - found)
    return found
