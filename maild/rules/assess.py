"""SOP 2 and SOP 3 for one mail: how urgent, of what kind, what is missing, and why.

Owns the order of the judgement; what words mean stands in the table, what counts as a deadline or
a field in its own file. Says "unsure" rather than guess: see `Assessment.confidence`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp

from maild.model.mail import Address, Attachment
from maild.model.ticket import Assessment, Kind, Match, Priority, Role
from maild.model.worktime import WorkTime
from maild.rules import fields, numbers
from maild.rules.adjust import Facts, adjusted
from maild.rules.complete import Source, extract, filled_block
from maild.rules.deadline import Deadline, find_deadlines
from maild.rules.evidence import Signs, signs
from maild.rules.kind import kind_of
from maild.rules.own import own_words, unquoted
from maild.rules.priorities import Category, Cue, PriorityTable
from maild.rules.role import role_of
from maild.rules.said import features
from maild.rules.times import Mention, mentions

_LONGEST_TEXT = 64 * 1024
_MARKS = re.compile(r"(?i)^(?:\s*(?:re|fwd?|bls|trs)\s?:)+\s*|^\s*\[[^\]]{1,40}\]\s*")
_REPLIED = re.compile(r"(?i)\s*(?:re|aw|bls|balas|jawab)\s?:")
_LEAST_WORDS = 6
_VAGUE_WORDS = 10  # where no category is clear
_RIVAL = 0.6
_IN_DOUBT = 0.3
_LIKELY_NOTHING = 0.3  # nobody looks at what is called no problem: in doubt an officer does
_BY_LEARNING_ALONE = 0.25  # where no phrase says anything: of less likely ones most were wrong
_SURELY_NOTHING = 0.8  # a mail that nobody answered, say its words, is hardly an advertisement
_PERSUASION = 1.5  # points of phrases that make a category e times as likely


@dataclass(frozen=True, slots=True)
class Problem:
    """A mail, or an answer to `minta_data`, to be judged.

    `text` is what the sender wrote (a forwarded mail below it included). Quoted lines are read for
    a filled-in block only; `quoted`, the quotation below his words, where he reminds us of it.
    """

    subject: str
    text: str
    sender: Address
    attachments: tuple[Attachment, ...]
    received_at: datetime
    quoted: str = ""


def assess(problem: Problem, table: PriorityTable, worktime: WorkTime) -> Assessment:
    """The assessment with its reasons (rule and the words found). Never raises; text beyond 64 kB
    is not read; time grows linearly with the text."""
    read = _recalled(_read(problem, table, worktime), table)
    threatened = any(not d.passed for d in read.deadlines)
    scores = _scores(read.seen, table)
    said = features(read.seen, scores) if table.learnt and not read.general else ()
    category, confidence, why_category, also = _category(read, scores, said, table, threatened)
    chosen = table.categories[category]
    own = chosen.service and _names_an_account(read.own)
    package = bool(numbers.package_codes(read.named))
    taught = table.learnt.likely_kinds(said) if table.learnt else {}
    vague = category == table.fallback and read.vague
    if vague:
        kind, why_kind = Kind.COMPLAINT, Match("jenis.pengaduan", "belum jelas apa masalahnya")
    else:
        nothing = category == table.nothing
        kind, why_kind = kind_of(
            read.seen,
            chosen,
            nothing,
            own,
            package,
            taught,
            lambda name: _alike(name, said, table),
        )
    role, why_role = role_of(problem.sender, read.named, read.seen, chosen)
    if kind is Kind.NO_PROBLEM and role is Role.UNKNOWN:
        role, why_role = Role.PUBLIC, Match("peran.umum", "tidak menyangkut pengguna SPSE")
    required, why_required = _required(read, category, kind, taught, table)
    given, _ = _fields(read, chosen, role, table, vague)
    facts = _facts(read, kind, chosen.priority, chosen, given)
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
        missing=tuple(name for name in required if not given.get(name)),
        fields=given,
        escalate=_escalate(read.seen, chosen.escalation, kind),
        confidence=confidence,
        reasons=(why_category, why_kind, *why_priority, why_role, *why_required),
        also=also,
    )


def with_more(
    before: Assessment, further: Problem, table: PriorityTable, worktime: WorkTime
) -> Assessment:
    """The assessment with what a further mail tells (SOP 6); `further` is that mail alone.

    Kind and category stay: an officer changes them. The priority may only rise. A filled-in line
    replaces what was known; what the running text names only fills gaps.
    """
    read = _read(further, table, worktime)
    chosen = table.categories.get(before.category, table.categories[table.fallback])
    role = before.requester_role
    if role is Role.UNKNOWN:
        role, _ = role_of(further.sender, read.named, read.seen, chosen)
    found, filled = _fields(read, chosen, role, table)
    given = {**found, **before.fields, **{name: found[name] for name in filled if name in found}}
    facts = _facts(read, before.kind, before.base_priority, chosen, given)
    priority, _ = adjusted(facts, table, worktime)
    nothing = before.kind is Kind.NO_PROBLEM
    return replace(
        before,
        requester_role=role,
        fields=given,
        missing=tuple(name for name in before.missing if not given.get(name)),
        priority=min(before.priority, priority, key=lambda p: p.level),
        deadline=before.deadline if nothing or not facts.ahead else facts.ahead.at,
        urgent_deadline=before.urgent_deadline
        or (facts.urgent(worktime) is not None and not nothing),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A problem as far as it can be read without knowing what it is about."""

    problem: Problem
    subject: str
    own: str
    times: tuple[Mention, ...]
    deadlines: tuple[Deadline, ...]
    seen: Signs
    received: datetime
    telling: int

    @property
    def general(self) -> bool:
        """Whether too little is told to be learnt from or to count as a description."""
        return self.telling < _LEAST_WORDS

    @property
    def vague(self) -> bool:
        """Whether, where no category is clear, the mail leaves open what the matter is: a question
        of a few words more is one all the same."""
        return self.general or (self.telling < _VAGUE_WORDS and not self.seen.reading.asked)

    @property
    def named(self) -> str:
        return f"{self.problem.sender.name}\n{self.subject}\n{self.own}"


def _read(problem: Problem, table: PriorityTable, worktime: WorkTime) -> _Read:
    own = own_words(problem.text[:_LONGEST_TEXT])
    subject = _MARKS.sub("", problem.subject[:1000])
    received = problem.received_at.astimezone(worktime.zone)
    whole = f"{subject}\n\n{own}"
    times = mentions(whole.lower(), received)
    deadlines = find_deadlines(whole, times, received, worktime)
    reading = table.normaliser.read(subject, own)
    spans = [(d.start, d.end) for d in deadlines]
    replied = bool(_REPLIED.match(problem.subject)) and reading.sentences.count(0) < len(
        reading.sentences
    )
    seen = signs(reading, table.matcher.find(reading), spans, replied)
    return _Read(problem, subject, own, times, deadlines, seen, received, _telling_words(seen))


def _recalled(read: _Read, table: PriorityTable) -> _Read:
    """With what it quotes, where a mail says that nobody has answered but hardly what. Deadlines
    in the quotation were those of another day and are not read."""
    if not read.problem.quoted or not read.seen.has(Cue.REMINDER):
        return read
    _, confidence, *_ = _by_phrases(read.seen, _scores(read.seen, table), table, threatened=False)
    quoted = unquoted(read.problem.quoted[:_LONGEST_TEXT])
    if confidence >= table.sure or not quoted:
        return read
    own = f"{read.own}\n\n{quoted}"
    reading = table.normaliser.read(read.subject, own)
    spans = [(d.start, d.end) for d in read.deadlines]
    seen = signs(reading, table.matcher.find(reading), spans)
    times = mentions(f"{read.subject}\n\n{own}".lower(), read.received)
    return replace(read, own=own, times=times, seen=seen, telling=_telling_words(seen))


def _deadlines(read: _Read, chosen: Category) -> tuple[Deadline, ...]:
    """The deadlines at their places in the text alone; of the topic's kind where none is told."""
    before = len(read.subject) + 2
    return tuple(
        replace(d, kind=d.kind or chosen.deadline_kind, start=d.start - before, end=d.end - before)
        for d in read.deadlines
    )


def _times(read: _Read) -> tuple[Mention, ...]:
    """The times at their places in the text alone."""
    before = len(read.subject) + 2
    return tuple(
        replace(m, start=m.start - before, end=m.end - before)
        for m in read.times
        if m.start >= before
    )


def _fields(
    read: _Read, chosen: Category, role: Role, table: PriorityTable, vague: bool = False
) -> tuple[dict[str, str], Iterable[str]]:
    """The fields that the mail gives, and the names of those that stand in a filled-in block."""
    problem = read.problem
    source = Source(
        read.subject,
        read.own,
        problem.sender,
        tuple(file for file in problem.attachments if not file.decoration),
        read.received,
        _times(read),
        _deadlines(read, chosen),
        role,
        read.general or vague,
    )
    filled = filled_block(problem.text[:_LONGEST_TEXT], table.labels)
    return extract(source, filled, table, chosen.required), filled


def _facts(
    read: _Read, kind: Kind, base: Priority, chosen: Category, given: Mapping[str, str]
) -> Facts:
    running = _running(read.seen, given)
    return Facts(kind, base, _deadlines(read, chosen), read.received, running, read.seen)


def telling(problem: Problem, table: PriorityTable, worktime: WorkTime) -> tuple[str, ...]:
    """What of a mail is learnt from, see `said.features`."""
    seen = _read(problem, table, worktime).seen
    return features(seen, _scores(seen, table))


def _required(
    read: _Read, category: str, kind: Kind, taught: Mapping[Kind, float], table: PriorityTable
) -> tuple[tuple[str, ...], tuple[Match, ...]]:
    """The fields that must be known. Where the kind is in doubt, those that each kind in question
    requires: a letter that asks for what nobody owes is worse than a second one."""
    status = read.seen.has(Cue.STATUS)
    required = table.required(category, kind, status)
    if kind is Kind.NO_PROBLEM or not required:
        return required, ()
    doubted = [k for k, likely in taught.items() if k is not kind and likely >= _IN_DOUBT]
    both = set(required).intersection(*(table.required(category, k, status) for k in doubted))
    if len(both) == len(required):
        return required, ()
    words = f"{kind} atau {', '.join(doubted)}: diminta yang wajib untuk semuanya saja"
    return tuple(f for f in required if f in both), (Match("wajib", words),)


_Judged = tuple[str, float, Match, tuple[str, ...]]


def _category(
    read: _Read,
    scores: Mapping[str, float],
    said: Sequence[str],
    table: PriorityTable,
    threatened: bool,
) -> _Judged:
    """The best category by its phrases; where they leave doubt, weighed with what earlier mails
    taught; where doubt remains, the fallback and what an officer is to choose from."""
    seen = read.seen
    category, confidence, why, also = _by_phrases(seen, scores, table, threatened)
    if not read.telling and not seen.at_length(f"kategori.{category}"):
        nothing = Match(f"kategori.{table.fallback}", "hanya kata-kata umum")
        doubted = () if category == table.fallback else (category,)
        return table.fallback, min(confidence, 0.2), nothing, (*doubted, *also)
    taught: Mapping[str, float] = {}
    if confidence < table.sure and table.learnt is not None:
        taught = table.learnt.likely_categories(said)
    if taught:
        likely = _weighed(scores, taught)
        least = _SURELY_NOTHING if seen.has(Cue.REMINDER) else _LIKELY_NOTHING
        if likely.get(table.nothing, 0.0) < least:
            likely = {id_: share for id_, share in likely.items() if id_ != table.nothing}
        best = max(likely, key=likely.__getitem__, default=category)
        alone = category == table.fallback
        believed = max(table.believed, _BY_LEARNING_ALONE) if alone else table.believed
        if best == category:
            confidence = max(confidence, round(likely.get(best, 0.0), 2))
        elif likely.get(best, 0.0) >= believed:
            words = (
                f"mirip surat terdahulu ({likely[best]:.0%}{_alike(best, said, table)}); "
                f"menurut frasa: {table.categories[category].name}"
            )
            also = tuple(c for c in (category, *also) if c not in (best, table.fallback))
            category, confidence = best, round(likely[best], 2)
            why = Match(f"belajar.{best}", words)
    if confidence >= table.doubtful or category == table.fallback:
        return category, confidence, why, also
    names = "; ".join(table.categories[c].name for c in (category, *also))
    doubt = Match(f"kategori.{table.fallback}", f"kurang yakin ({confidence:.0%}): {names}")
    return table.fallback, confidence, doubt, (category, *also)


def _alike(name: str, said: Iterable[str], table: PriorityTable) -> str:
    """The words by which a category or kind is known from earlier mails, ready to be told."""
    known = table.learnt is not None and name in (*table.learnt.categories, *table.learnt.kinds)
    words = table.learnt.words_for(name, said) if table.learnt and known else ""
    return f": {words}" if words else ""


def _weighed(scores: Mapping[str, float], taught: Mapping[str, float]) -> Mapping[str, float]:
    """How likely each category is: as was taught, which knows the phrases too; one that was never
    met (the office's own, say) has the share that its phrases give it."""
    if scores.keys() <= taught.keys():
        return taught
    shares = {id_: exp(max(score, 0.0) / _PERSUASION) for id_, score in scores.items()}
    total = sum(shares.values())
    new = {id_: share / total for id_, share in shares.items() if id_ not in taught}
    left = 1.0 - sum(new.values())
    return {**{id_: likely * left for id_, likely in taught.items()}, **new}


def _scores(seen: Signs, table: PriorityTable) -> Mapping[str, float]:
    """What the phrases weigh for each category that they name."""
    return {
        id_: seen.score(owner) * category.bonus
        for id_, category in table.categories.items()
        if (owner := f"kategori.{id_}") in seen.hits
    }


def _by_phrases(
    seen: Signs, scores: Mapping[str, float], table: PriorityTable, threatened: bool
) -> _Judged:
    """Of two problems before a deadline the one that blocks a stage."""
    named = (item for item in scores.items() if item[0] != table.fallback)
    ranked = sorted(named, key=lambda item: -item[1])
    if not ranked or ranked[0][1] < table.threshold:
        nothing = Match(f"kategori.{table.fallback}", "tidak ada kata yang cukup jelas")
        return table.fallback, 0.2, nothing, tuple(id_ for id_, score in ranked[:2] if score > 0)
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
    also = (ranked[1][0],) if second > _RIVAL * score else ()
    if also:
        words += f" (juga: {table.categories[also[0]].name})"
    return best, confidence, Match(f"kategori.{best}", words), also


def _telling_words(seen: Signs) -> int:
    """How many words are left when those that everybody writes are taken away."""
    said: set[int] = set()
    for hit in seen.cue(Cue.TOO_GENERAL):
        said.update(range(hit.first, hit.last))
    bases = enumerate(seen.reading.bases)
    return len({b for i, b in bases if i not in said and len(b) > 2 and b[0] != "<"})


def _names_an_account(text: str) -> bool:
    return bool(fields.user_ids(text) or numbers.npwps(text) or numbers.nips(text))


def _running(seen: Signs, given: Mapping[str, str]) -> bool:
    """Who asks how far something has come asks about something that is on its way."""
    return seen.has(Cue.RUNNING) or seen.has(Cue.STATUS) or bool(given.get("kode_paket"))


def _escalate(seen: Signs, usual: str, kind: Kind) -> str:
    if kind in (Kind.QUESTION, Kind.NO_PROBLEM):
        return "lpse"
    asked = seen.has(Cue.ASK_ESCALATION) or seen.has(Cue.SERVER_FAULT)
    return "lkpp" if asked else usual
