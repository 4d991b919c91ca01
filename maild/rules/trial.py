"""The table tried on labelled mails: how often it is right, and what an edit changes.

A file of mails holds a JSON object a line: `id`, `from_name`, `from_email`, `subject`, `body`,
`received_at` (ISO), and any of the labels in `LABELS`. `lampiran` names enclosed files; without
it, a mail that says "terlampir" encloses one.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from maild.model.mail import Address, Attachment
from maild.model.ticket import Assessment
from maild.model.worktime import WorkTime
from maild.rules.assess import Problem, assess
from maild.rules.priorities import PriorityTable

LABELS = (
    *("category", "kind", "priority", "urgent_deadline", "missing", "requester_role"),
    "escalate_expected",
)
_ENCLOSED = re.compile(
    r"(?im)^(?!\s*>).*(?:(?<!belum )(?<!blm )(?<!tidak )(?<!tdk )(?<!tanpa )(?<!nanti )"
    r"\b(?:ter|ta|di)?lampir(?:kan|keun|in|kn)?\b"
    r"|\b(?:di|dalam|pada|sebagai|bersama)\s+lampiran\b(?! (?:tidak|belum|dokumen penawaran))"
    r"|\b(?:ku|saya |kami )(?:attach|sertakan)|\bkirimkan (?:pindaian|scan|foto|salinan)"
    r"|\bkirim(?:kan)? (?:di|lewat|bersama|melalui) (?:e-?mail|surel|pesan|surat) ini)"
    r"|^\s*(?:\d{1,2}[.)]\s*)?lampiran\s*:\s*(?!-|tidak|nihil|0)"
)
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")
_SCREENSHOT = re.compile(r"(?i)screen ?shoo?t|tangkapan|gambar layar")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mail and what a good officer would decide about it; labels may be left out."""

    id: str
    problem: Problem
    labels: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tried:
    """What the table decides about a mail, by the names of the labels."""

    mail: Labelled
    decided: Mapping[str, Any]
    why: str

    def wrong(self) -> tuple[str, ...]:
        """The labels that it misses."""
        return tuple(
            name for name, wanted in self.mail.labels.items() if self.decided[name] != wanted
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """`right` of `total`; for what is searched for, `said` is how often it was said (else 0)."""

    name: str
    right: int
    total: int
    said: int = 0

    @property
    def percent(self) -> float:
        """Share of the right ones; F1 where things are searched for; 100 when nothing is asked."""
        if self.said or not self.total:
            whole = self.said + self.total
            return 200 * self.right / whole if whole else 100.0
        return 100 * self.right / self.total


def read_mails(text: str, file: str) -> tuple[list[Labelled], list[str]]:
    """The labelled mails of a file, and complaints (file, line, problem, remedy)."""
    mails: list[Labelled] = []
    complaints: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            mails.append(_mail(json.loads(line), str(number)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problem = str(error) if isinstance(error, ValueError) else f"salah bentuk ({error})"
            complaints.append(
                f"{file}: baris {number}: {problem}; tulis satu objek JSON dengan subject, body, "
                "received_at, dan labelnya"
            )
    return mails, complaints


def _mail(row: Any, number: str) -> Labelled:
    body, subject = str(row["body"]), str(row["subject"])
    received = datetime.fromisoformat(str(row["received_at"]))
    if received.tzinfo is None:
        raise ValueError("received_at tanpa zona waktu")
    sender = Address(str(row.get("from_name", "")), str(row.get("from_email", "")))
    quoted = "\n".join(_QUOTED.findall(body))
    problem = Problem(subject, body, sender, _files(row, body), received, quoted)
    labels = {name: row[name] for name in LABELS if name in row}
    if "missing" in labels:
        labels["missing"] = frozenset(map(str, labels["missing"]))
    return Labelled(str(row.get("id", number)), problem, labels)


def _files(row: Mapping[str, Any], body: str) -> tuple[Attachment, ...]:
    names = row.get("lampiran")
    if names is None:
        said = _ENCLOSED.search(body)
        picture = said and _SCREENSHOT.search(said.group())
        names = [("tangkapan-layar.png" if picture else "lampiran.pdf")] if said else []
    return tuple(
        Attachment(
            str(name),
            1000,
            "image/png" if str(name).endswith(".png") else "application/pdf",
            "0" * 64,
            inline=False,
            part=str(number),
        )
        for number, name in enumerate(names, 2)
    )


def tried(mails: Iterable[Labelled], table: PriorityTable, worktime: WorkTime) -> list[Tried]:
    """What the table decides about each mail."""
    result: list[Tried] = []
    for mail in mails:
        found = assess(mail.problem, table, worktime)
        why = "; ".join(f"{m.rule}: {m.evidence}" for m in found.reasons)
        result.append(Tried(mail, decided(found), why))
    return result


def decided(found: Assessment) -> dict[str, Any]:
    """An assessment by the names of the labels."""
    return {
        "category": found.category,
        "kind": found.kind.value,
        "priority": found.priority.level,
        "urgent_deadline": found.urgent_deadline,
        "missing": frozenset(found.missing),
        "requester_role": found.requester_role.value,
        "escalate_expected": found.escalate,
    }


def figures(outcomes: Sequence[Tried]) -> list[Figure]:
    """How often each label is met, over the mails that carry it."""
    result: list[Figure] = []
    for name in LABELS:
        rows = [(o.mail.labels[name], o.decided[name]) for o in outcomes if name in o.mail.labels]
        if not rows:
            continue
        if name == "missing":
            hits = sum(len(wanted & got) for wanted, got in rows)
            total, said = sum(len(w) for w, _ in rows), sum(len(g) for _, g in rows)
            result.append(Figure(name, hits, total, said))
        elif name == "urgent_deadline":
            hits = sum(wanted and got for wanted, got in rows)
            total, said = sum(w for w, _ in rows), sum(g for _, g in rows)
            result.append(Figure(name, hits, total, said))
        else:
            result.append(Figure(name, sum(w == g for w, g in rows), len(rows)))
        if name == "priority":
            near = sum(abs(w - g) <= 1 for w, g in rows)
            result.append(Figure("priority, within one", near, len(rows)))
    return result
