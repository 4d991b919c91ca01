"""The audit: mailbox, ledger, raw bytes, outbox and alarms against each other (P1).

Every mail in a folder that maild reads must be in the ledger; every row of the ledger must have
its bytes and an end state; letters and alarms must not be overdue. What a stage has had no time
for yet is on the way; what is on the way for an hour is a difference, for something stands still.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from maild.ingest.mailbox import Mailbox
from maild.model.action import Outcome
from maild.service.settings import Settings
from maild.store.store import Store

PATIENCE: Final = timedelta(hours=1)
_ENDED = {outcome.value for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Audit:
    """Every difference as a line (none is the promise), and how many mails are on the way."""

    differences: tuple[str, ...]
    on_the_way: int


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A mail that has no end state: where it is, since when, and what is missing."""

    where: str
    since: datetime
    what: str


def audit(settings: Settings, store: Store, mailbox: Mailbox, now: datetime) -> Audit:
    """Compares everything; changes nothing. MailboxError when the server does not answer.

    Takes as long as reading all raw mails does; afterwards the mailbox is closed.
    """
    with mailbox:
        outside = list(_on_the_server(settings, store, mailbox))
        outside += _on_the_board(settings, store, mailbox)
    inside = list(_in_the_ledger(settings.office.mailbox.address, store))
    waiting = [found for found in (*outside, *inside) if isinstance(found, _Waiting)]
    late = [found for found in waiting if now - found.since >= PATIENCE]
    differences = (
        *(found for found in (*outside, *inside) if isinstance(found, str)),
        *(f"{found.where}: {found.what} since {found.since:%Y-%m-%d %H:%M} UTC" for found in late),
        *_overdue(settings, store, now),
        *store.contradictions(now),
    )
    return Audit(differences, len(waiting) - len(late))


def _on_the_server(settings: Settings, store: Store, mailbox: Mailbox) -> Iterator[str | _Waiting]:
    """What the folders hold and the ledger does not have. How far a folder has been read is
    looked up before it is listed: what comes in meanwhile is on the way, never lost."""
    account = settings.office.mailbox.address
    read = store.folders(account)
    there = {folder.name for folder in mailbox.folders()}
    for name in sorted({settings.mailbox.inbox, *(read.keys() & there)}):
        state = read.get(name)
        status = mailbox.select(name)
        uids = mailbox.uids_from(1)
        if not uids:
            continue
        known = store.known_uids(account, name, status.uidvalidity, uids[0], uids[-1])
        for mail in mailbox.sizes([uid for uid in uids if uid not in known]):
            where = f"{name} uid {mail.uid}"
            passed = state is not None and state.uidvalidity == status.uidvalidity
            if passed and state is not None and mail.uid < state.next_uid:
                yield f"{where}: on the server, not in the ledger"
            else:
                yield _Waiting(where, mail.internal_at, "on the server, not taken in")


def _on_the_board(settings: Settings, store: Store, mailbox: Mailbox) -> Iterator[_Waiting]:
    """Mails in the board's folders that maild has not looked at yet."""
    names = store.column_names() if settings.mailbox.papan else {}
    for name in sorted({folder.name for folder in mailbox.folders()} & set(names.values())):
        validity = mailbox.select(name).uidvalidity
        known = store.places(name)
        fresh = [uid for uid in mailbox.uids_from(1) if (validity, uid) not in known]
        for mail in mailbox.sizes(fresh) if fresh else ():
            where = f"{name} uid {mail.uid}"
            yield _Waiting(where, mail.internal_at, "on the board, not looked at")


def _in_the_ledger(account: str, store: Store) -> Iterator[str | _Waiting]:
    """Rows without their bytes, and rows without an end state."""
    for row in store.audit_rows(account):
        where = f"{row.folder} uid {row.uid}"
        if row.state not in _ENDED:
            yield _Waiting(where, row.fetched_at, f"undecided ({row.state})")
        if row.sha256 and (why := damage(store, row.sha256)):
            yield f"{where}: its bytes {row.sha256[:12]} are {why}"


def damage(store: Store, sha256: str) -> str:
    """What is wrong with the bytes of a mail, or an empty string."""
    path = store.blobs.path(sha256)
    if not path.is_file():
        return "missing"
    return "" if hashlib.sha256(path.read_bytes()).hexdigest() == sha256 else "damaged"


def _overdue(settings: Settings, store: Store, now: datetime) -> Iterator[str]:
    letter, alarm = store.next_letter_due(), store.next_alarm_at()
    if settings.courier.deliver and letter and now - letter >= PATIENCE:
        yield f"outbox: a letter has been due since {letter:%Y-%m-%d %H:%M} UTC"
    if alarm and now - alarm >= PATIENCE:
        yield f"alarms: one has been due since {alarm:%Y-%m-%d %H:%M} UTC"
