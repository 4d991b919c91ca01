"""What goes in and out at this door, besides the values of `maild.model`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from maild.model.event import AlarmKind


class MailState(StrEnum):
    """States of a mail in the ledger before it is decided; afterwards it has an Outcome."""

    FETCHED = "fetched"
    DECIDING = "deciding"


class LetterState(StrEnum):
    """States of a letter in the outbox (R4); all but the first five are final or need a person."""

    READY = "ready"
    RETRY = "retry"
    CLAIMED = "claimed"
    BODY_STARTED = "body_started"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class FolderState:
    """How far a folder has been read. Mail that arrived before `cut_over_at` is old."""

    uidvalidity: int
    next_uid: int
    cut_over_at: datetime


@dataclass(frozen=True, slots=True)
class OldMail:
    """A mail from before the cut-over: what names it (see `ingest.identity`), and no text."""

    uid: int
    size: int
    internal_at: datetime
    message_id: str | None
    head_hash: str


@dataclass(frozen=True, slots=True)
class FilingHint:
    """A decided mail that may be flagged or moved on the server; `outcome` says whereto. `old`
    mail, from before the cut-over, is left where it is."""

    id: int
    folder: str
    uidvalidity: int
    uid: int
    outcome: str
    old: bool = False


@dataclass(frozen=True, slots=True)
class AuditRow:
    """What the audit must know of a mail; `state` is a MailState or an Outcome."""

    id: int
    folder: str
    uidvalidity: int
    uid: int
    sha256: str
    state: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Undecided:
    """A mail to be decided. `attempts` counts this attempt too; the rest as in MailArrived."""

    id: int
    sha256: str
    path: Path
    attempts: int
    internal_at: datetime
    size: int
    old: bool
    vouched: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class LedgerMail:
    """A row of the ledger, for lists; `state` is a MailState or an Outcome."""

    id: int
    account: str
    folder: str
    uidvalidity: int
    uid: int
    size: int
    internal_at: datetime
    sha256: str
    state: str
    note: str
    attempts: int
    message_id: str
    ticket: int | None
    fetched_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter as it will be sent: name (`2026000042.3`), Message-ID, envelope, bytes (R6)."""

    name: str
    message_id: str
    sender: str
    recipient: str
    octets: bytes
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimedLetter:
    """A letter that is `owner`'s to send until the lease ends; `claim` is its fencing number."""

    id: int
    claim: int
    owner: str
    name: str
    ticket: int | None
    template: str
    party: str
    person: int
    recipient: str
    sender: str
    message_id: str
    octets: bytes
    automatic: bool
    attempts: int
    created_at: datetime
    first_try_at: datetime


@dataclass(frozen=True, slots=True)
class LetterResult:
    """How an attempt ended: the new state, the server's answer, and for RETRY the next time."""

    letter: ClaimedLetter
    state: LetterState
    answer: str
    at: datetime
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutboxLetter:
    """A letter of the outbox, for lists and for `SendFailed`; without its bytes."""

    id: int
    name: str
    ticket: int | None
    template: str
    party: str
    person: int
    recipient: str
    message_id: str
    automatic: bool
    state: LetterState
    state_at: datetime
    attempts: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class DueAlarm:
    """An alarm whose time has come."""

    ticket: int
    kind: AlarmKind
    at: datetime
    row: str


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets to list; None and empty mean any. `text` is looked for in subject and summary.

    Newest first, at most `limit`.
    """

    states: tuple[str, ...] = ()
    requester: str = ""
    category: str = ""
    priority: str = ""
    row: str = ""
    officer: str = ""
    text: str = ""
    received_from: datetime | None = None
    received_before: datetime | None = None
    due_before: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows in each state, and how long the oldest has been waiting (P4)."""

    mails: Mapping[str, int]
    tickets: Mapping[str, int]
    letters: Mapping[str, int]
    oldest_undecided_at: datetime | None
    oldest_unsent_at: datetime | None
    next_alarm_at: datetime | None
