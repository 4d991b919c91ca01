"""What is known when something happens: read from the store, handed to `decide` as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from maild.model.action import Passage
from maild.model.ticket import Message, Ticket
from maild.model.token import Mark

FLOOD_ALARM: Final = "banjir"  # the letter that takes the place of many notices (B094)


class Evidence(StrEnum):
    """On what grounds a mail is said to belong to a ticket, best first."""

    TOKEN = "token"  # noqa: S105 (a word, not a secret)
    MESSAGE_ID = "message_id"
    REFERENCE = "references"
    OUTSIDE_NUMBER = "outside_number"
    SUBJECT_TAG = "subject"
    BODY_TAG = "body"


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail names a ticket. Whether it is believed is `decide`'s business.

    `value` is the text that was found: the address, the Message-ID, the number. `ticket` is the
    ticket's id where the value itself says it, or once the store has looked it up. `mark` is
    there for TOKEN, `letter` (its name) for MESSAGE_ID; both have been verified.
    """

    evidence: Evidence
    value: str
    ticket: int | None = None
    mark: Mark | None = None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter of ours as the store remembers it."""

    ticket: int | None
    name: str
    template: str
    party: str
    recipient: str
    automatic: bool
    at: datetime


ALIKE_SHOWN: Final = 10  # in a notice; an outage has hundreds of mails


@dataclass(frozen=True, slots=True)
class Alike:
    """What the notice of a new ticket tells of other open ones that bear the same mark of an
    outage: how many they are, how many other people wrote them, and the newest: number, summary,
    when it was received."""

    tickets: int = 0
    people: int = 0
    newest: tuple[tuple[str, str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """All that `decide` may know.

    `claims` are those of the mail, with tickets looked up; `tickets` holds every ticket they
    name, or the one ticket of an alarm. `conversation` is the best claimed ticket's, oldest
    first. `duplicate` tells that the same mail (Message-ID and content hash, or raw bytes) has
    been decided before. `lately` are the automatic letters to this sender in the last 24 hours,
    `automatic_last_hour` counts those to everybody outside. `noticed` and `noticed_of_sender` are
    the most automatic letters that one officer got in the last hour, about anything and about this
    requester's tickets; `alarmed` and `alarmed_of_sender` tell that the alarm of a flood was among
    them; `opened` counts the tickets that this sender opened in the hour before his mail (0 when
    they are few). `letter` is the letter of ours that the mail
    answers, or that a bounce is about.
    `earlier` are other tickets of the requester, newest first. `cooling` are letters of the
    ticket that wait for the end of their cooling time, `absent` the numbers of people who are
    away, `passages` the ticket's way through its SOP so far (of a mail that claims none: that of
    the requester's open ones), `same_case` other tickets that have
    its number of the other office. Only for what is told of the whole office are `open`, all
    tickets that are not closed, and `aside`, how many mails have come to wait for a person, by end
    state.
    `ours` tells that a mail is itself a letter of our outbox; `answered` are the mails of the Sent
    folder that answer it (by ledger number).
    `followers` tell of each ticket that follows this one: the ticket alone, its conversation,
    passages and cooling letters; `outage` likewise of those with the same mark (for `#gabung
    semua` only).
    `told_of_held` counts the notices of the last 24 hours about held mail of other offices.
    `next_id` and `next_number` are what a new ticket will be called.
    """

    claims: tuple[Claim, ...] = ()
    tickets: Mapping[int, Ticket] = field(default_factory=dict)
    conversation: tuple[Message, ...] = ()
    duplicate: bool = False
    lately: tuple[SentLetter, ...] = ()
    automatic_last_hour: int = 0
    noticed: int = 0
    noticed_of_sender: int = 0
    alarmed: bool = False
    alarmed_of_sender: bool = False
    opened: int = 0
    letter: SentLetter | None = None
    earlier: tuple[Ticket, ...] = ()
    cooling: tuple[SentLetter, ...] = ()
    absent: frozenset[int] = frozenset()
    passages: tuple[Passage, ...] = ()
    same_case: tuple[Ticket, ...] = ()
    open: tuple[Ticket, ...] = ()
    aside: Mapping[str, int] = field(default_factory=dict)
    followers: tuple["Known", ...] = ()
    outage: tuple["Known", ...] = ()
    ours: bool = False
    answered: tuple[int, ...] = ()
    told_of_held: int = 0
    next_id: int = 0
    next_number: str = ""
