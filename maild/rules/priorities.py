"""The office's priority table: categories, levels, fields, spellings and adjustments as values.

Owns what `sop/prioritas.toml` means once it has been read; `table.py` reads and checks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from maild.model.ticket import Kind, Priority, Role
from maild.model.worktime import Allowance
from maild.rules.deadline import DeadlineKind
from maild.rules.learnt import Learnt
from maild.rules.match import Matcher
from maild.rules.normalise import Normaliser


class Evidence(StrEnum):
    """What makes a field count as given: words, digits, a time, or a real attachment."""

    TEXT = "teks"
    DIGITS = "angka"
    TIME = "waktu"
    TEXT_OR_FILE = "teks atau lampiran"
    FILE = "lampiran"


class Condition(StrEnum):
    """The closed list of conditions that an adjustment (`jika`) may name."""

    WIDE_IMPACT = "dampak_luas"
    STAGE_TODAY = "batas_pemilihan_hari_ini"
    STAGE_NEXT_DAY = "batas_pemilihan_besok"
    ADMINISTRATIVE_TODAY = "batas_administratif_hari_ini"
    ADMINISTRATIVE_NEXT_DAY = "batas_administratif_besok"
    JUST_MISSED = "batas_baru_lewat"
    FAR_AWAY = "batas_masih_jauh"
    REMINDER = "pengingat"
    GENERAL_QUESTION = "pertanyaan_umum"
    RUNNING_QUESTION = "pertanyaan_berjalan"
    URGENT_QUESTION = "pertanyaan_mendesak"
    CASE_CONSULTATION = "konsultasi_kasus"


class Cue(StrEnum):
    """The closed list of signs (`[isyarat]`) whose phrases the office may edit."""

    FAILURE = "kegagalan"
    WIDE_IMPACT = "dampak_luas"
    REMINDER = "pengingat"
    HYPOTHETICAL = "pengandaian"
    BACKGROUND = "latar"
    RUNNING = "paket_berjalan"
    OWN_CASE = "perkara_sendiri"
    STATUS = "tanya_status"
    ADVICE = "minta_pendapat"
    ASK_ESCALATION = "minta_eskalasi"
    SERVER_FAULT = "galat_server"
    WHAT_TO_DO = "minta_langkah"
    TOO_GENERAL = "terlalu_umum"


class Effect(StrEnum):
    """What an adjustment does with the priority."""

    RAISE_TO = "naikkan_ke"
    LOWER_TO = "turunkan_ke"
    SET_TO = "tetapkan"
    RAISE_BY = "naik"


@dataclass(frozen=True, slots=True)
class Level:
    """One row of the table of levels; both spans are working time."""

    priority: Priority
    name: str
    meaning: str
    response: Allowance
    resolution: Allowance


@dataclass(frozen=True, slots=True)
class Column:
    """A field that may be asked for: its label in letters and what counts as an answer."""

    id: str
    label: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Category:
    """A category. `bonus` multiplies its score; `role` is who usually has this problem;
    `deadline_kind` says what a deadline without further words is about here; `service` marks
    requests for which a failure named in passing is no complaint."""

    id: str
    name: str
    description: str
    priority: Priority
    response: Allowance
    resolution: Allowance
    required: tuple[str, ...]
    escalation: str
    role: Role
    deadline_kind: DeadlineKind
    service: bool
    bonus: float


@dataclass(frozen=True, slots=True)
class Requirement:
    """Which of a category's required fields a kind of mail must give.

    `except_` are dropped; `only` (if not None) are the only ones kept; `status` are kept too when
    the writer asks how his own account or package stands.
    """

    except_: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    status: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Adjustment:
    """`condition` holds -> `effect` with `level` (or by `steps`, never above `level`)."""

    id: str
    condition: Condition
    effect: Effect
    level: Priority
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Outages:
    """When mails of several people are about one outage: `people` of them within `minutes`, in one
    of `categories`, with the same error told. In `whole` ones (SPSE is down) the category alone
    tells."""

    categories: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    minutes: int = 120
    people: int = 3


@dataclass(frozen=True)
class PriorityTable:
    """Everything of sop/prioritas.toml, checked and compiled. `fallback` is the category of what
    is too general; `nothing` of what is no problem; `threshold` the least score that convinces.

    Where the phrases are less confident than `sure`, `learnt` (if any) proposes; what it proposes
    with less than `believed` is not believed. What is less confident than `doubtful` after that
    becomes `fallback`, and an officer is asked.
    """

    levels: Mapping[Priority, Level]
    categories: Mapping[str, Category]
    columns: Mapping[str, Column]
    requirements: Mapping[Kind, Requirement]
    adjustments: tuple[Adjustment, ...]
    forbidden: tuple[str, ...]
    morning_until: time
    far_days: int
    missed_days: int
    threshold: float
    sure: float
    believed: float
    doubtful: float
    fallback: str
    nothing: str
    normaliser: Normaliser
    matcher: Matcher
    learnt: Learnt | None = None
    outages: Outages = Outages()

    @property
    def labels(self) -> Mapping[str, str]:
        """Field id -> its label in letters."""
        return {column.id: column.label for column in self.columns.values()}

    def required(self, category: str, kind: Kind, status: bool) -> tuple[str, ...]:
        """The fields that must be known, most important first."""
        rule = self.requirements.get(kind, Requirement())
        fields = self.categories[category].required
        if rule.only is not None:
            wanted = rule.only | (rule.status if status else frozenset())
            return tuple(f for f in fields if f in wanted)
        return tuple(f for f in fields if f not in rule.except_)
