"""One problem from its first mail to its row in the recap."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from maild.model.mail import Address


class Priority(StrEnum):
    """The levels of the Tabel Prioritas; how long each may take is the office's own table."""

    CRITICAL = "kritis"
    HIGH = "tinggi"
    MEDIUM = "sedang"
    LOW = "rendah"

    @property
    def level(self) -> int:
        """1 (most urgent) to 4, as people write it."""
        return list(Priority).index(self) + 1

    @classmethod
    def of_level(cls, level: int) -> "Priority":
        """The priority that people call 1, 2, 3 or 4."""
        return list(cls)[level - 1]


class Kind(StrEnum):
    """Column 4 of the recap."""

    COMPLAINT = "pengaduan"
    QUESTION = "pertanyaan"
    CONSULTATION = "konsultasi"
    NO_PROBLEM = "bukan_permasalahan"


class Role(StrEnum):
    """What the requester is in SPSE."""

    VENDOR = "penyedia"
    PPK = "ppk"
    POKJA = "pokja"
    PROCUREMENT_OFFICER = "pejabat_pengadaan"
    BUDGET_USER = "pa_kpa"
    AGENCY_ADMIN = "admin_agency"
    AUDITOR = "auditor"
    PUBLIC = "umum"
    UNKNOWN = "tidak_diketahui"


class State(StrEnum):
    """Where a ticket stands for people; the SOP row says it exactly."""

    NEW = "baru"
    WAITING_DATA = "menunggu data"
    IN_PROGRESS = "diproses"
    ESCALATED = "dieskalasi"
    ASKED = "diminta melengkapi"
    ANSWERED = "dijawab"
    CLOSED = "selesai"

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self not in (State.ANSWERED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Match:
    """Why: the rule that fired and the words or facts that made it fire."""

    rule: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """SOP 2 and SOP 3: how urgent, of what kind, and what is missing.

    `category` and the names in `missing` and `fields` are identifiers of the priority table.
    `deadline` is the clock time of a tender stage that the problem threatens, if one was found.
    `escalate` is the party that usually solves this category: "lpse" or "lkpp".
    `confidence` runs from 0 to 1. `also` are further categories that the mail may be about,
    likeliest first: a second problem, or what the category could be where none is sure.
    """

    kind: Kind
    category: str
    priority: Priority
    base_priority: Priority
    urgent_deadline: bool
    deadline: datetime | None
    requester_role: Role
    missing: tuple[str, ...]
    fields: Mapping[str, str]
    escalate: str
    confidence: float
    reasons: tuple[Match, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stood before an officer's order, for as long as `#batal` may take it back.

    `letters` counts the letters of that order that wait for the end of the cooling time.
    """

    state: State
    row: str
    entered_at: datetime
    due_at: datetime | None
    asked: int
    officer: str
    solution: str
    answered_at: datetime | None
    answered_version: int
    closed_at: datetime | None
    escalated_at: datetime | None
    letters: int
    outside: str = ""
    outside_number: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket at one moment; changes are made with `dataclasses.replace`.

    `id` is year * 1,000,000 + serial, from which `number` ("LPSE-2026-000042") is written.
    `sop` names the version of the procedure it runs under, `row` its row there, `entered_at` and
    `due_at` when the row was entered and must be left. Instants are aware, in UTC.
    `version` grows by one with every decision that changes the ticket.
    `answered_version` is the version in which the last answer was given (collisions).
    `asked` counts requests for data; `outside_number` is the number the other office gave it.
    `summary` is the problem in one line; `solution` the text last sent as the answer.
    `merged` is the id of the ticket into which this one was merged (0: none); mails about this
    one are about that one. Agents' marks of `revoked_version` and before prove nothing any more
    (a stranger has shown one). `before` is there while the last order may be taken back.
    `remarks` are an officer's own words for the recap's last column. `rating` is the requester's,
    1 to 4 as in the public survey (PermenPANRB 14/2017); 0 without one.
    `parent` is the id of the ticket whose answer this one shares (one outage; 0: none), `outage`
    the mark by which tickets of one outage are known.
    `outside` is the other office (its id) that has or last had the problem; empty: LKPP, if any.
    """

    id: int
    number: str
    requester: Address
    subject: str
    summary: str
    state: State
    sop: str
    row: str
    entered_at: datetime
    due_at: datetime | None
    received_at: datetime
    assessment: Assessment
    version: int = 1
    asked: int = 0
    officer: str = ""
    solution: str = ""
    answered_at: datetime | None = None
    answered_version: int = 0
    closed_at: datetime | None = None
    escalated_at: datetime | None = None
    outside_number: str = ""
    linked: str = ""
    telephoned: str = ""
    letters: int = 0
    merged: int = 0
    revoked_version: int = 0
    before: Standing | None = None
    remarks: str = ""
    rating: int = 0
    outside: str = ""
    parent: int = 0
    outage: str = ""


# The four answers of the public survey (PermenPANRB 14/2017), best first.
RATINGS: Final[Mapping[int, str]] = {
    4: "Sangat puas",
    3: "Puas",
    2: "Kurang puas",
    1: "Tidak puas",
}


class Direction(StrEnum):
    """Which way a message of a ticket went."""

    IN = "masuk"
    OUT = "keluar"
    NOTE = "catatan"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a ticket's conversation, as the store gives it back.

    `party` and `author` say who wrote it; `text` is what he wrote himself. `mail_id` is the
    ledger row it came from (None for letters and notes), by which attachments are read again.
    """

    ticket: int
    direction: Direction
    party: str
    author: Address
    text: str
    at: datetime
    subject: str = ""
    message_id: str = ""
    mail_id: int | None = None
    attachments: tuple[str, ...] = field(default=())
