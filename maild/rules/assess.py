"""SOP 2 and SOP 3 for one mail: how urgent, of what kind, what is missing, and why.

Owns the order of the judgement; what words mean stands in the table, what counts as a deadline or
a field in its own file. Says "unsure" rather than guess: see `Assessment.confidence`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from maild.model.mail import Address, Attachment
from maild.model.ticket import Assessment, Kind, Match
from maild.model.worktime import WorkTime
from maild.rules.adjust import Facts, adjusted
from maild.rules.complete import Source, extract, filled_block
from maild.rules.deadline import Deadline, find_deadlines
from maild.rules.evidence import Signs, signs
from maild.rules.kind import kind_of
from maild.rules.priorities import Cue, PriorityTable
from maild.rules.role import role_of

_LONGEST_TEXT = 64 * 1024
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")
_SMALL_PRINT = re.compile(
    r"(?im)^(?:--[ \t]*\n)?\s{0,3}(?:disclaimer|confidentiality|pesan ini dan "
    r"lampirannya|this e-?mail)\b"
)
_FORWARD_HEADER = re.compile(
    r"(?im)^[ \t]{0,4}(?:dari|from|tanggal|date|sent|dikirim|kepada|to|cc|tembusan|"
    r"subjek|subject|perihal)[ \t]?:.*$"
)
_FORWARD = re.compile(
    r"(?im)^[-_ ]{2,40}(?:.{0,30}\b)?(?:pesan (?:terusan|diteruskan|asli)|forwarded|"
    r"original message).{0,30}$|^(?:dari|from)\s?:.{3,}\n(?:tanggal|date|sent|dikirim)"
    r"\s?:"
)
_LEAST_WORDS = 6
_RIVAL = 0.6


@dataclass(frozen=True, slots=True)
class Problem:
    """A mail, or an answer to `minta_data`, to be judged.

    `text` is what the sender wrote (a forwarded mail below it included); quoted lines are read
    only for a filled-in block. `known_fields` are those that earlier mails of the ticket gave.
    """

    subject: str
    text: str
    sender: Address
    attachments: tuple[Attachment, ...]
    received_at: datetime
    known_fields: Mapping[str, str] = field(default_factory=dict)


def assess(problem: Problem, table: PriorityTable, worktime: WorkTime) -> Assessment:
    """The assessment with its reasons (rule and the words found). Never raises; text beyond 64 kB
    is not read; time grows linearly with the text."""
    subject, text = problem.subject[:1000], problem.text[:_LONGEST_TEXT]
    own = _own_words(text)
    subject_base = re.sub(
        r"(?i)^(?:\s*(?:re|fwd?|bls|trs)\s?:)+\s*|^\s*\[[^\]]{1,40}\]\s*", "", subject
    )
    deadlines = find_deadlines(f"{subject_base}\n\n{own}", problem.received_at, worktime)
    reading = table.normaliser.read(subject_base, own)
    spans = [(d.start, d.end) for d in deadlines]
    seen = signs(reading, table.matcher.find(reading), spans)
    threatened = any(not d.passed for d in deadlines)
    category, confidence, why_category = _category(seen, table, threatened)
    chosen = table.categories[category]
    kind, why_kind = kind_of(seen, chosen, category == table.nothing)
    named = f"{problem.sender.name}\n{subject_base}\n{own}"
    role, why_role = role_of(problem.sender, named, seen, chosen)
    own_deadlines = tuple(
        Deadline(d.at, d.clock, d.kind or chosen.deadline_kind, d.passed, d.evidence,
                 d.start - len(subject_base) - 2, d.end - len(subject_base) - 2)
        for d in deadlines
    )  # fmt: skip
    source = Source(
        subject_base, own, problem.sender, problem.attachments,
        problem.received_at.astimezone(worktime.zone), own_deadlines, role, _too_general(seen),
    )  # fmt: skip
    found = extract(source, filled_block(text, table.labels), table)
    fields = {**problem.known_fields, **found}
    status = seen.has(Cue.STATUS)
    required = table.required(category, kind, status)
    missing = tuple(name for name in required if not fields.get(name))
    facts = Facts(
        kind, chosen.priority, own_deadlines, source.received, _running(seen, fields), seen
    )
    priority, why_priority = adjusted(facts, table, worktime)
    ahead = facts.ahead
    return Assessment(
        kind=kind,
        category=category,
        priority=priority,
        base_priority=chosen.priority,
        urgent_deadline=facts.urgent(worktime) is not None and kind is not Kind.NO_PROBLEM,
        deadline=ahead.at if ahead and kind is not Kind.NO_PROBLEM else None,
        requester_role=role,
        missing=missing,
        fields=fields,
        escalate=_escalate(seen, chosen.escalation, kind),
        confidence=confidence,
        reasons=(why_category, why_kind, *why_priority, why_role),
    )


def _own_words(text: str) -> str:
    """Without quoted lines, the small print, and the header lines of a forwarded mail."""
    if ">" in text:
        text = _QUOTED.sub("", text)
    if small := _SMALL_PRINT.search(text):
        text = text[: small.start()]
    if _FORWARD.search(text):
        text = _FORWARD_HEADER.sub("", _FORWARD.sub("", text))
    return text


def _category(seen: Signs, table: PriorityTable, threatened: bool) -> tuple[str, float, Match]:
    """The best category; of two problems before a deadline the one that blocks a stage."""
    scores = {
        id_: seen.score(f"kategori.{id_}") * category.bonus
        for id_, category in table.categories.items()
        if id_ != table.fallback and f"kategori.{id_}" in seen.hits
    }
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    if not ranked or ranked[0][1] < table.threshold:
        return (
            table.fallback,
            0.2,
            Match(f"kategori.{table.fallback}", "tidak ada kata yang cukup jelas"),
        )
    if threatened and len(ranked) > 1 and ranked[1][1] >= _RIVAL * ranked[0][1]:
        places = [seen.sentences(f"kategori.{id_}") for id_, _ in ranked[:2]]
        if places[1] - places[0]:
            ranked[:2] = sorted(
                ranked[:2], key=lambda item: table.categories[item[0]].priority.level
            )
    best, score = ranked[0]
    second = max(ranked[1][1], 0.0) if len(ranked) > 1 else 0.0
    confidence = round(min(1.0, score / 6) * (score - 0.6 * second) / score, 2)
    words = seen.words(f"kategori.{best}")
    if second > _RIVAL * score:
        words += f" (juga: {table.categories[ranked[1][0]].name})"
    return best, confidence, Match(f"kategori.{best}", words)


def _too_general(seen: Signs) -> bool:
    """Whether nothing is left when the words that everybody writes are taken away."""
    said: set[int] = set()
    for hit in seen.cue(Cue.TOO_GENERAL):
        said.update(range(hit.first, hit.last))
    rest = {b for i, b in enumerate(seen.reading.bases) if i not in said and len(b) > 2}
    return len(rest) < _LEAST_WORDS


def _running(seen: Signs, fields: Mapping[str, str]) -> bool:
    return seen.has(Cue.RUNNING) or bool(fields.get("kode_paket"))


def _escalate(seen: Signs, usual: str, kind: Kind) -> str:
    if kind in (Kind.QUESTION, Kind.NO_PROBLEM):
        return "lpse"
    asked = seen.has(Cue.ASK_ESCALATION) or seen.has(Cue.SERVER_FAULT)
    return "lkpp" if asked else usual
