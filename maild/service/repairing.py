"""`maild audit --repair`: only what is provably safe, as doing it in vain changes nothing.

A mail that was passed over is listed again (its key keeps it from being taken twice); bytes that
are missing or damaged come back from the server if they have the very same digest; files that no
row has named for a day go; claims of a courier that has fallen silent are taken back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from maild.ingest.mailbox import Mailbox
from maild.service.auditing import damage
from maild.service.settings import Settings
from maild.store.store import Store
from maild.store.values import FolderState

_ORPHAN_FOR: Final = timedelta(days=1)


def repair(settings: Settings, store: Store, mailbox: Mailbox, now: datetime) -> Iterator[str]:
    """Does it, and says each thing done. To be called while no service works on the store."""
    account = settings.office.mailbox.address
    with mailbox:
        there = {folder.name for folder in mailbox.folders()}
        for folder, state in store.folders(account).items():
            if folder not in there:
                continue
            status = mailbox.select(folder)
            if status.uidvalidity != state.uidvalidity:
                continue
            yield from _listed_again(store, mailbox, account, folder, state)
            yield from _fetched_again(settings, store, mailbox, folder, status.uidvalidity)
    ready, uncertain = store.expire_leases(now)
    if ready or uncertain:
        yield f"letters: {ready} are ready again, {uncertain} are uncertain"
    known = {row.sha256 for row in store.audit_rows(account)}
    for path in store.blobs.orphans(known, now - _ORPHAN_FOR):
        path.unlink()
        yield f"file {path.name[:12]}: no mail names it; removed"


def _listed_again(
    store: Store, mailbox: Mailbox, account: str, folder: str, state: FolderState
) -> Iterator[str]:
    uids = [uid for uid in mailbox.uids_from(1) if uid < state.next_uid]
    if not uids:
        return
    known = store.known_uids(account, folder, state.uidvalidity, uids[0], uids[-1])
    passed_over = [uid for uid in uids if uid not in known]
    if passed_over:
        store.look_again(account, folder, passed_over[0])
        yield f"{folder}: {len(passed_over)} mails will be taken in, from uid {passed_over[0]} on"


def _fetched_again(
    settings: Settings, store: Store, mailbox: Mailbox, folder: str, uidvalidity: int
) -> Iterator[str]:
    account = settings.office.mailbox.address
    broken = {
        row.uid: row.sha256
        for row in store.audit_rows(account)
        if row.folder == folder
        and row.uidvalidity == uidvalidity
        and row.sha256
        and damage(store, row.sha256)
    }
    if not broken:
        return
    listed = mailbox.sizes(sorted(broken))
    for batch in mailbox.fetch(listed, settings.mailbox.max_mail_bytes):
        for mail in batch:
            if mail.octets is not None and store.blobs.replace(broken[mail.uid], mail.octets):
                yield f"{folder} uid {mail.uid}: its bytes are back from the server"
