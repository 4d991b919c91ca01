"""A month in figures: what came, what was solved, how long it took and with whom it lay.

Counts follow the recap (docs/recap.md): what was no problem, and what was merged into another
ticket, is not counted. Times are working minutes of the office's own calendar.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from maild.desk.turns import NOBODY, spent, turns
from maild.model.action import Passage
from maild.model.ticket import Kind, State, Ticket
from maild.model.worktime import Allowance, WorkTime
from maild.recap.period import Days, instants, month_before, month_of
from maild.rules.procedure import Procedure

MONTHS_BACK: Final = 12
_ANSWERS: Final = frozenset({"jawab", "kirim", "selesai"})
_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Spread:
    """How many, and the middle and the slow end of their working minutes (nearest rank)."""

    count: int
    median: int
    ninety: int


@dataclass(frozen=True, slots=True)
class Month:
    """What a month brought; `open` at its end."""

    first: date
    received: int
    solved: int
    open: int


@dataclass(frozen=True, slots=True)
class Share:
    """A word (category, kind, priority, role) and how often it came, now and the month before."""

    name: str
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class RowTime:
    """A row of the SOP: its standard time as written, and what it took in truth.

    `within` counts the passages that kept to the standard.
    """

    no: str
    activity: str
    party: str
    standard: str
    spread: Spread
    within: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report shows. `months` are thirteen, the last one being the report's own.

    `with_party` are working minutes a party; `ratings` how many gave each of 1 to 4.
    """

    days: Days
    months: tuple[Month, ...]
    here: int
    outside: int
    reopened: int
    unanswered: int
    categories: tuple[Share, ...]
    kinds: tuple[Share, ...]
    priorities: tuple[Share, ...]
    roles: tuple[Share, ...]
    first_answer: Spread
    solution: Spread
    rows: tuple[RowTime, ...]
    with_party: Mapping[str, int]
    ratings: Mapping[int, int]

    @property
    def now(self) -> Month:
        """The month itself."""
        return self.months[-1]

    @property
    def before(self) -> Month:
        """The month before it."""
        return self.months[-2]


def window(days: Days) -> Days:
    """The days of which tickets are needed: the month and the twelve before it."""
    first = days
    for _ in range(MONTHS_BACK):
        first = month_before(first[0])
    return first[0], days[1]


def figures(
    days: Days,
    tickets: Iterable[Ticket],
    passages: Iterable[Passage],
    procedures: Mapping[str, Procedure],
    current: str,
    worktime: WorkTime,
    granted: Callable[[Ticket], Allowance],
    now: datetime,
) -> Figures:
    """The figures of a month (`days`), reckoned at `now`.

    `tickets` are those received in `window(days)` and older ones that are still open; `passages`
    those of the month's tickets and of rows entered in it. `procedures` are the SOP by version;
    `granted` is what the priority table grants a ticket. Turns end with the month, or with `now`.
    """
    zone = worktime.zone
    problems = [t for t in tickets if not t.merged and t.assessment.kind is not Kind.NO_PROBLEM]

    def received_in(of: Days) -> list[Ticket]:
        return [t for t in problems if of[0] <= t.received_at.astimezone(zone).date() <= of[1]]

    mine, last = received_in(days), received_in(month_before(days[0]))
    ways: dict[int, list[Passage]] = {t.id: [] for t in problems}
    for passage in passages:
        ways.setdefault(passage.ticket, []).append(passage)
    by_id = {t.id: t for t in problems}
    entered = [
        (by_id[p.ticket], p)
        for way in ways.values()
        for p in way
        if p.ticket in by_id and days[0] <= p.entered_at.astimezone(zone).date() <= days[1]
    ]
    answered = [t for t in mine if t.answered_at and not t.state.is_open]

    def minutes(from_at: datetime, to_at: datetime) -> int:
        return worktime.minutes_between(from_at, to_at)

    return Figures(
        days=days,
        months=tuple(_months(days, problems, worktime)),
        here=sum(t.escalated_at is None for t in answered),
        outside=sum(t.escalated_at is not None for t in answered),
        reopened=sum(_reopened(t, ways[t.id], procedures) for t in mine),
        unanswered=sum(t.state is State.CLOSED and not t.answered_at for t in mine),
        categories=_shares(mine, last, lambda t: t.assessment.category)[:_MOST],
        kinds=_shares(mine, last, lambda t: t.assessment.kind.value),
        priorities=_shares(mine, last, lambda t: t.assessment.priority.value),
        roles=_shares(mine, last, lambda t: t.assessment.requester_role.value),
        first_answer=_spread(
            minutes(t.received_at, at) for t in mine if (at := _first_answer(t, ways[t.id]))
        ),
        solution=_spread(minutes(t.received_at, t.answered_at) for t in answered if t.answered_at),
        rows=tuple(_row_times(entered, procedures[current], worktime, granted)),
        with_party=_with_party(
            mine, ways, procedures, worktime, min(now, instants(days, zone)[1])
        ),
        ratings=Counter(t.rating for t in mine if t.rating),
    )


def _months(days: Days, tickets: Sequence[Ticket], worktime: WorkTime) -> Iterable[Month]:
    begun, ended = [], []
    for ticket in tickets:
        finished = None if ticket.state.is_open else ticket.answered_at or ticket.closed_at
        begun.append(ticket.received_at.astimezone(worktime.zone).date())
        ended.append(finished.astimezone(worktime.zone).date() if finished else date.max)
    first = window(days)[0]
    while first <= days[0]:
        _, last = month = month_of(first)
        yield Month(
            first,
            received=sum(month[0] <= day <= last for day in begun),
            solved=sum(month[0] <= day <= last for day in ended),
            open=sum(b <= last < e for b, e in zip(begun, ended, strict=True)),
        )
        first = month_of(date.fromordinal(last.toordinal() + 1))[0]


def _shares(
    now: Sequence[Ticket], before: Sequence[Ticket], word: Callable[[Ticket], str]
) -> tuple[Share, ...]:
    """Most frequent first; words that came the month before only stand at the end."""
    new, old = Counter(map(word, now)), Counter(map(word, before))
    names = sorted({*new, *old}, key=lambda name: (-new[name], -old[name], name))
    return tuple(Share(name, new[name], old[name]) for name in names)


def _spread(minutes: Iterable[int]) -> Spread:
    found = sorted(minutes)
    if not found:
        return Spread(0, 0, 0)
    return Spread(
        len(found), found[(len(found) - 1) // 2], found[max(0, -(-len(found) * 9 // 10) - 1)]
    )


def _first_answer(ticket: Ticket, way: Sequence[Passage]) -> datetime | None:
    given = [p.left_at for p in way if p.exit in _ANSWERS]
    return min(given, default=ticket.answered_at)


def _reopened(ticket: Ticket, way: Sequence[Passage], procedures: Mapping[str, Procedure]) -> bool:
    """Whether the ticket came back after an answer or after its end."""
    procedure = procedures.get(ticket.sop)
    rows = procedure.rows if procedure else {}
    return any(
        p.exit != "lewat" and (rows[p.row].ends or rows[p.row].state is State.ANSWERED)
        for p in way
        if p.row in rows
    )


def _row_times(
    entered: Iterable[tuple[Ticket, Passage]],
    procedure: Procedure,
    worktime: WorkTime,
    granted: Callable[[Ticket], Allowance],
) -> Iterable[RowTime]:
    """The document's own rows that have a standard time, theirs or the table's, in its order."""
    by_row: dict[str, list[tuple[Ticket, Passage]]] = {}
    for ticket, passage in entered:
        by_row.setdefault(passage.row, []).append((ticket, passage))
    for no, row in procedure.rows.items():
        if no not in by_row or row.extra or not (row.allowance or row.by_priority):
            continue
        taken = [worktime.minutes_between(p.entered_at, p.left_at) for _, p in by_row[no]]
        within = sum(
            p.left_at <= worktime.add(p.entered_at, row.allowance or granted(t))
            for t, p in by_row[no]
        )
        yield RowTime(
            no=no,
            activity=row.document.get("aktivitas", ""),
            party=row.actor,
            standard=str(row.allowance or "menurut prioritas"),
            spread=_spread(taken),
            within=within,
        )


def _with_party(
    tickets: Iterable[Ticket],
    ways: Mapping[int, Sequence[Passage]],
    procedures: Mapping[str, Procedure],
    worktime: WorkTime,
    until: datetime,
) -> dict[str, int]:
    """Working minutes that the tickets lay with each party, up to the end of the month."""
    total: Counter[str] = Counter()
    for ticket in tickets:
        if procedure := procedures.get(ticket.sop):
            way = sorted(
                (
                    replace(p, left_at=min(p.left_at, until))
                    for p in ways[ticket.id]
                    if p.entered_at < until
                ),
                key=lambda p: (p.entered_at, p.left_at),
            )
            for each in spent(turns(ticket, way, procedure, until), worktime):
                total[each.party] += each.minutes
    total.pop(NOBODY, None)
    return dict(total.most_common())
