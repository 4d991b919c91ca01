"""What a decision asks the shell to do. All actions of one decision are committed together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from maild.model.event import AlarmKind
from maild.model.mail import Address
from maild.model.ticket import Direction, Match, Ticket


class Outcome(StrEnum):
    """The end state of a mail in the ledger (M2); each mail has exactly one."""

    DONE = "done"
    INERT = "inert"
    QUARANTINED = "quarantined"
    PARKED = "parked"
    OVERSIZE = "oversize"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Copied:
    """A requester's mail as it is passed on: his own words, with secrets masked already."""

    sender: Address
    to: Address
    at: datetime
    subject: str
    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that maild itself has made, to go along with a letter."""

    name: str
    type: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendLetter:
    """A letter to one recipient: the template's name and the words that it may use.

    `serial` numbers the ticket's letters and so names the letter for good.
    `automatic` is true unless a person decided it: such letters are capped (RFC 3834) and are
    never resent after an uncertain delivery. `reply_to_ids` is the conversation (RFC 5322,
    3.6.4), oldest first. `enclose` lists mails whose attachments go along, but for the `withheld`
    (mail, name); `forward` is a mail attached as message/rfc822. `not_before` holds the letter
    back (cooling time). `confirms` is the held mail that a reply to this letter may confirm.
    `about` are tickets that a letter lists: each gets an address of its own to answer to.
    `files` go along as they are.
    """

    template: str
    ticket: Ticket | None
    serial: int
    party: str
    person: int
    to: Address
    words: Mapping[str, Any]
    automatic: bool
    reply_to_ids: tuple[str, ...] = ()
    enclose: tuple[int, ...] = ()
    withheld: tuple[tuple[int, str], ...] = ()
    forward: Copied | None = None
    not_before: datetime | None = None
    confirms: int | None = None
    about: tuple[Ticket, ...] = ()
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Takes back letters, by name, that no courier has begun with; all of them or nothing."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeUp:
    """Lets a held mail be decided again; `voucher` vouches for it. Works once."""

    mail_id: int
    voucher: str


@dataclass(frozen=True, slots=True)
class AwaitQuestion:
    """A mail of the Sent folder answers one (by Message-ID) that has not been decided yet."""

    message_id: str
    mail_id: int


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """Lets such an answer be decided again now that its ticket is there, if it had none."""

    mail_id: int


@dataclass(frozen=True, slots=True)
class NoteAbsence:
    """A person (by directory number) is away since an instant, or is back (None)."""

    person: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class AddMessage:
    """Adds a message to the ticket's conversation."""

    ticket: int
    direction: Direction
    party: str
    author: Address
    text: str
    at: datetime
    subject: str = ""
    message_id: str = ""
    mail_id: int | None = None


@dataclass(frozen=True, slots=True)
class SetAlarm:
    """Sets an alarm; one of each kind at most is set for a ticket."""

    ticket: int
    kind: AlarmKind
    at: datetime
    row: str


@dataclass(frozen=True, slots=True)
class ClearAlarms:
    """Takes back all alarms of a ticket."""

    ticket: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage through a SOP row, for `maild sop report`: entered, left, and by which exit."""

    ticket: int
    row: str
    entered_at: datetime
    left_at: datetime
    exit: str


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the journal: what was done, by whom, in which row, and why."""

    ticket: int
    at: datetime
    actor: str
    row: str
    text: str
    reasons: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Amend:
    """Changes a further ticket, whose version has grown by one: a correction of the recap."""

    ticket: Ticket


Action = (
    SendLetter
    | Amend
    | Withdraw
    | TakeUp
    | AwaitQuestion
    | PlaceAnswer
    | NoteAbsence
    | AddMessage
    | SetAlarm
    | ClearAlarms
    | Passage
    | Record
)


@dataclass(frozen=True, slots=True)
class Decision:
    """The ticket afterwards, the actions in order, the reasons.

    `outcome` and `note` are the end state of the mail that caused it (None for other events).
    """

    ticket: Ticket | None
    actions: tuple[Action, ...]
    reasons: tuple[Match, ...] = field(default=())
    outcome: Outcome | None = None
    note: str = ""

    def about(self, letter: SendLetter) -> Ticket | None:
        """The ticket of one of its letters, as the decision leaves it; None for a letter about
        no ticket."""
        if letter.ticket is None or self.ticket is None or letter.ticket.id == self.ticket.id:
            return self.ticket if letter.ticket else None
        changed = (a.ticket for a in reversed(self.actions) if isinstance(a, Amend))
        return next((t for t in changed if t.id == letter.ticket.id), self.ticket)
