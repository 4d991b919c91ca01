"""What may happen. Time enters the program here and nowhere deeper."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from maild.model.board import Column
from maild.model.mail import ParsedMail
from maild.model.ticket import Assessment

BEFORE_START: Final = "surel dari sebelum tanggal mulai"


@dataclass(frozen=True, slots=True)
class MailArrived:
    """A mail was received at `at` (the server's INTERNALDATE) and decided upon at `now`.

    `old` is true for mail from before the cut-over: it is recorded and never answered.
    `assessment` is that of a first mail, where it has been made ahead in another process;
    without it `decide` makes the same one itself. `vouched` names who vouches for a mail that
    was held: the id of the person who confirmed it from his own address, or "operator". `sent`
    tells that it did not come in but stands in the mailbox's own Sent folder.
    """

    at: datetime
    now: datetime
    mail_id: int
    mail: ParsedMail
    old: bool = False
    assessment: Assessment | None = None
    vouched: str = ""
    sent: bool = False


class AlarmKind(StrEnum):
    """The alarms that a waiting ticket may have set.

    INFORM: the requester is told that another office still has his problem. ANSWERED: the answer
    to another ticket of the same case is an answer to this one.
    """

    DUE = "jatuh tempo"
    REMIND = "ingatkan"
    INFORM = "kabari"
    ANSWERED = "kasus dijawab"


@dataclass(frozen=True, slots=True)
class AlarmRang:
    """An alarm of a ticket rang; `row` is the row for which it was set."""

    now: datetime
    ticket: int
    kind: AlarmKind
    row: str


@dataclass(frozen=True, slots=True)
class OperatorSpoke:
    """A command word given on the command line, with the same meaning as in an agent's mail."""

    now: datetime
    ticket: int
    word: str
    argument: str
    operator: str


@dataclass(frozen=True, slots=True)
class SendFailed:
    """A letter could not be delivered for good, or a bounce came for it.

    `template` and `recipient` name the letter; `reason` is the other server's answer. `late`
    says that it is still being tried, but has been for hours (F044).
    """

    now: datetime
    ticket: int
    template: str
    party: str
    recipient: str
    reason: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class MailMoved:
    """Somebody has moved a ticket's newest mail into a column of the board."""

    now: datetime
    ticket: int
    mail_id: int
    column: Column


@dataclass(frozen=True, slots=True)
class DayBegan:
    """The hour of the daily digest has come."""

    now: datetime


@dataclass(frozen=True, slots=True)
class MailsSetAside:
    """Mails have come that cannot be read or are too large (`Known.aside`)."""

    now: datetime


Event = MailArrived | AlarmRang | OperatorSpoke | SendFailed | MailMoved | DayBegan | MailsSetAside
