"""The audit: the server's mailbox against the ledger, and the ledger against its own blobs (P1).

A mail that the server still shows in the inbox must be in the ledger; a row of the ledger must
have its bytes and, once nothing waits, an end state.
"""

import hashlib

from maild.ingest.mailbox import Mailbox
from maild.model.action import Outcome
from maild.service.settings import Settings
from maild.service.wiring import mailbox_access
from maild.store.store import Store

_ENDED = {outcome.value for outcome in Outcome}


def audit(settings: Settings, store: Store) -> list[str]:
    """Every difference as a line; empty is the promise. MailboxError when the server is away."""
    account, inbox = settings.office.mailbox.address, settings.mailbox.inbox
    mailbox = Mailbox(mailbox_access(settings))
    try:
        status = mailbox.select(inbox)
        there = set(mailbox.uids_from(1))
    finally:
        mailbox.close()
    found: list[str] = []
    known: set[int] = set()
    for uid, sha256, state in store.audit_rows(account, inbox, status.uidvalidity):
        known.add(uid)
        if state not in _ENDED:
            found.append(f"{inbox} uid {uid}: undecided ({state})")
        if sha256:
            path = store.blobs.path(sha256)
            if not path.is_file():
                found.append(f"{inbox} uid {uid}: its bytes {sha256[:12]} are missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                found.append(f"{inbox} uid {uid}: its bytes {sha256[:12]} are damaged")
    missing = sorted(there - known)
    found += (f"{inbox} uid {uid}: on the server, not in the ledger" for uid in missing)
    return found
