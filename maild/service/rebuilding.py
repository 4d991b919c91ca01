"""`maild rebuild --from-mailbox`: tickets, letters and recap from the mail server alone.

The folder of copies says what was decided, signed with the office's key; the folders of mails
hold what people wrote. What no copy names is decided again, and nothing leaves (F021).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from maild.ingest.mailbox import Mailbox
from maild.model.mail import RawMail
from maild.model.token import KeyRing
from maild.replies import copies
from maild.service.backup import BackupError, Tell, quiet
from maild.service.settings import Settings
from maild.service.stages.sent import sent_folder
from maild.store import rebuild as rebuilds
from maild.store.rebuild import Told
from maild.store.rebuilt import CopiedLetter, FoundMail, Rebuilt
from maild.store.store import Store
from maild.store.values import FolderState, LetterState

# The server's clock and ours, and mails that wait on their way, may differ by so much.
_MARGIN = timedelta(days=2)
_COPY_LIMIT = 200 << 20


@dataclass(frozen=True, slots=True)
class Report:
    """What came of it; `refused` names copies that this office has not signed."""

    copies: int
    refused: tuple[str, ...]
    rebuilt: Rebuilt


@dataclass(frozen=True, slots=True)
class _Copy:
    """A mail in the folder of copies, as far as it is needed at first."""

    text: str
    letter: str


def rebuild(
    settings: Settings,
    store: Store,
    mailbox: Mailbox,
    ring: KeyRing,
    now: datetime,
    tell: Tell = quiet,
) -> Report:
    """Writes into an empty or a restored database what the mailbox knows. BackupError when there
    is nothing to begin with; MailboxError when the server does not answer. Begun again after it
    was cut off, it goes on; a second time after its end it is refused."""
    restored = store.restored()
    if restored is None and not store.is_empty():
        raise BackupError(
            "The database holds tickets. A rebuild needs an empty one, or one that was restored "
            "(maild restore)."
        )
    if restored is not None and restored.caught_up:
        raise BackupError("The mailbox has been read already. Go on with: maild resume")
    if not settings.mailbox.copies:
        raise BackupError("[mailbox] copies is empty: no folder holds copies to rebuild from.")
    with mailbox:
        found, refused = _copies(settings, mailbox, ring, tell)
        memos = _memos(found)
        begun = min((_at(memo) for memo in memos if "at" in memo), default=now)
        since = restored.since if restored else now
        account, mine = settings.office.mailbox.address, settings.mailbox
        inboxes = [mine.inbox]
        if sent := sent_folder(mailbox, mine.sent):
            inboxes.append(sent)
        first = restored.since if restored else None
        mails = _mails(settings, store, mailbox, inboxes, first, tell)
        cut_over = max(mine.cut_over_at or begun, begun)
        read = {
            folder: store.folder(account, folder)
            or FolderState(mailbox.select(folder).uidvalidity, 1, cut_over)
            for folder in inboxes
        }
        rebuilt = store.rebuild(
            memos,
            mails,
            _letters(settings, mailbox, ring, tell),
            account,
            read,
            since,
            now,
        )
    return Report(len(found), tuple(refused), rebuilt)


def _copies(
    settings: Settings, mailbox: Mailbox, ring: KeyRing, tell: Tell
) -> tuple[list[_Copy], list[str]]:
    """All copies, without the letters' octets, and what is no copy of ours."""
    found: list[_Copy] = []
    refused: list[str] = []
    for mail in _fetched(settings, mailbox, settings.mailbox.copies, tell):
        opened = copies.opened(mail.octets or b"", ring)
        if opened is None:
            refused.append(f"{mail.folder} uid {mail.uid}: not signed by this office")
            continue
        _, state, _ = opened
        memo, _, ended = state.rpartition("\n")
        found.append(_Copy(memo, json.loads(ended)["letter"]))
    if refused and not found:
        raise BackupError(
            f"None of the {len(refused)} copies is signed with the key in {settings.key_file}. "
            "Put back the key file of this office; every backup holds it."
        )
    return found, refused


def _memos(found: list[_Copy]) -> list[Told]:
    """Each decision once, in their order: by time, within a ticket by version."""
    memos = [rebuilds.read(text) for text in dict.fromkeys(copy.text for copy in found)]

    def order(memo: Told) -> tuple[str, int, int]:
        ticket = memo.get("ticket") or {}
        return memo.get("at", ""), ticket.get("id", 0), ticket.get("version", 0)

    return sorted(memos, key=order)


def _at(memo: Told) -> datetime:
    return datetime.fromisoformat(memo["at"])


def _letters(
    settings: Settings, mailbox: Mailbox, ring: KeyRing, tell: Tell
) -> Iterator[CopiedLetter]:
    """The letters themselves; the folder is read once more, so that they need no memory."""
    for mail in _fetched(settings, mailbox, settings.mailbox.copies, tell):
        opened = copies.opened(mail.octets or b"", ring)
        if opened is None:
            continue
        _, state, octets = opened
        told = json.loads(state.rpartition("\n")[2])
        if told["letter"]:
            at = datetime.fromisoformat(told["at"])
            state = LetterState(told["state"]).value
            yield CopiedLetter(told["letter"], octets, state, at, told["answer"] or "")


def _mails(
    settings: Settings,
    store: Store,
    mailbox: Mailbox,
    inboxes: list[str],
    since: datetime | None,
    tell: Tell,
) -> list[FoundMail]:
    """The mails that the ledger does not have, with their bytes on the disk; after a restore only
    those that came about that time or later."""
    mine = settings.mailbox
    known = store.known_digests()
    first = None if since is None else since - _MARGIN
    found: list[FoundMail] = []
    for folder in (mine.processed, mine.quarantine, *inboxes):
        for mail in _fetched(settings, mailbox, folder, tell, first):
            octets = mail.head if mail.octets is None else mail.octets
            sha256 = hashlib.sha256(octets).hexdigest()
            if sha256 in known:
                continue
            store.blobs.put(octets)
            found.append(
                FoundMail(
                    folder,
                    mail.uidvalidity,
                    mail.uid,
                    mail.size,
                    mail.internal_at,
                    sha256,
                    mail.octets is not None,
                )
            )
    return found


def _fetched(
    settings: Settings,
    mailbox: Mailbox,
    folder: str,
    tell: Tell,
    first: datetime | None = None,
) -> Iterator[RawMail]:
    """The mails of a folder, in batches of the server's; nothing when there is no such folder."""
    if all(there.name != folder for there in mailbox.folders()):
        return
    mailbox.select(folder)
    listed = mailbox.sizes(mailbox.uids_from(1))
    wanted = [mail for mail in listed if first is None or mail.internal_at >= first]
    limit = _COPY_LIMIT if folder == settings.mailbox.copies else settings.mailbox.max_mail_bytes
    done = 0
    for batch in mailbox.fetch(wanted, limit):
        yield from batch
        done += len(batch)
        tell(folder, done, len(wanted))
