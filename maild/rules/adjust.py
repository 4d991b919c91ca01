"""Priority = base of the category + the adjustments of the table, in order.

Owns the closed list of conditions that an adjustment may name. A clock time of a tender stage
makes urgency; words like "segera", capitals and anger do not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from maild.model.ticket import Assessment, Kind, Match, Priority
from maild.model.worktime import WorkTime
from maild.rules.deadline import Deadline, DeadlineKind
from maild.rules.evidence import Signs
from maild.rules.priorities import Adjustment, Condition, Cue, Effect, PriorityTable

_Answer = str | None  # the words that make the condition hold, or None


@dataclass(frozen=True, slots=True)
class Facts:
    """What conditions look at. `received` is local office time; `running` tells that the mail is
    about a package or account of the writer's own."""

    kind: Kind
    base: Priority
    deadlines: tuple[Deadline, ...]
    received: datetime
    running: bool
    signs: Signs

    @property
    def ahead(self) -> Deadline | None:
        """The earliest deadline still to come."""
        return next((d for d in self.deadlines if not d.passed), None)

    def urgent(self, worktime: WorkTime) -> Deadline | None:
        """The earliest deadline today or until the end of the next working day."""
        until = worktime.add_workdays(self.received.date(), 1)
        return self.ahead if self.ahead and self.ahead.at.date() <= until else None


def adjusted(
    facts: Facts, table: PriorityTable, worktime: WorkTime
) -> tuple[Priority, tuple[Match, ...]]:
    """The final priority and which adjustments led to it."""
    priority = facts.base
    reasons: list[Match] = []
    for rule in table.adjustments:
        answer = _CONDITIONS[rule.condition](facts, table, worktime)
        if answer is None:
            continue
        changed = _apply(rule, priority)
        if changed is not priority:
            reasons.append(Match(f"penyesuaian.{rule.id}", answer))
        priority = changed
    return priority, tuple(reasons)


def reminded(before: Assessment, table: PriorityTable) -> tuple[Priority, tuple[Match, ...]]:
    """The priority of a problem about which its requester asks again, however he says it."""
    priority = before.priority
    if before.kind not in (Kind.QUESTION, Kind.NO_PROBLEM):
        for rule in table.adjustments:
            if rule.condition is Condition.REMINDER:
                priority = _apply(rule, priority)
    changed = priority is not before.priority
    why = Match("penyesuaian.pengingat", "surel baru tentang hal yang sama")
    return priority, (why,) if changed else ()


def _apply(rule: Adjustment, priority: Priority) -> Priority:
    level, wanted = priority.level, rule.level.level
    match rule.effect:
        case Effect.RAISE_TO:
            level = min(level, wanted)
        case Effect.LOWER_TO:
            level = max(level, wanted)
        case Effect.SET_TO:
            level = wanted
        case Effect.RAISE_BY:
            level = min(level, max(level - rule.steps, wanted))
    return Priority.of_level(level)


def _cue(cue: Cue) -> Callable[[Facts, PriorityTable, WorkTime], _Answer]:
    def holds(facts: Facts, _table: PriorityTable, _worktime: WorkTime) -> _Answer:
        if facts.kind in (Kind.QUESTION, Kind.NO_PROBLEM) or not facts.signs.has(cue):
            return None
        return facts.signs.words(f"isyarat.{cue}")

    return holds


def _wide(facts: Facts, table: PriorityTable, worktime: WorkTime) -> _Answer:
    """Who asks or wants something done does not tell that many are stopped."""
    complaint = facts.kind is Kind.COMPLAINT
    return _cue(Cue.WIDE_IMPACT)(facts, table, worktime) if complaint else None


def _threatened(facts: Facts, kind: DeadlineKind, worktime: WorkTime) -> Deadline | None:
    if facts.kind in (Kind.QUESTION, Kind.NO_PROBLEM):
        return None
    urgent = facts.urgent(worktime)
    if urgent is None:
        return None
    return (
        urgent
        if (urgent.kind is DeadlineKind.ADMINISTRATIVE) == (kind is DeadlineKind.ADMINISTRATIVE)
        else None
    )


def _now(deadline: Deadline, facts: Facts, table: PriorityTable, worktime: WorkTime) -> bool:
    """Today, or before the next working day's morning is over."""
    if deadline.at.date() == facts.received.date():
        return True
    first = worktime.add_workdays(facts.received.date(), 1)
    early = deadline.clock and deadline.at.time() <= table.morning_until
    return deadline.at.date() < first or (deadline.at.date() == first and early)


def _stage_today(facts: Facts, table: PriorityTable, worktime: WorkTime) -> _Answer:
    found = _threatened(facts, DeadlineKind.STAGE, worktime)
    return found.evidence if found and _now(found, facts, table, worktime) else None


def _stage_next_day(facts: Facts, _table: PriorityTable, worktime: WorkTime) -> _Answer:
    found = _threatened(facts, DeadlineKind.STAGE, worktime)
    return found.evidence if found else None


def _administrative(today: bool) -> Callable[[Facts, PriorityTable, WorkTime], _Answer]:
    def holds(facts: Facts, _table: PriorityTable, worktime: WorkTime) -> _Answer:
        found = _threatened(facts, DeadlineKind.ADMINISTRATIVE, worktime)
        if found is None or (found.at.date() == facts.received.date()) is not today:
            return None
        return found.evidence

    return holds


def _just_missed(facts: Facts, table: PriorityTable, worktime: WorkTime) -> _Answer:
    if facts.kind in (Kind.QUESTION, Kind.NO_PROBLEM) or facts.ahead:
        return None
    for deadline in facts.deadlines:
        stage = deadline.kind is not DeadlineKind.ADMINISTRATIVE
        if (
            stage
            and _days_since(deadline.at.date(), facts.received.date(), worktime)
            <= table.missed_days
        ):
            return deadline.evidence
    return None


def _far_away(facts: Facts, table: PriorityTable, worktime: WorkTime) -> _Answer:
    ahead = facts.ahead
    if ahead is None or ahead.at.date() < worktime.add_workdays(
        facts.received.date(), table.far_days
    ):
        return None
    return ahead.evidence


def _question(facts: Facts, _table: PriorityTable, _worktime: WorkTime) -> _Answer:
    return "pertanyaan umum" if facts.kind is Kind.QUESTION and not facts.running else None


def _running_question(facts: Facts, _table: PriorityTable, _worktime: WorkTime) -> _Answer:
    if facts.kind is Kind.QUESTION and facts.running:
        return facts.signs.words(f"isyarat.{Cue.RUNNING}") or "kode paket disebut"
    return None


def _urgent_question(facts: Facts, _table: PriorityTable, worktime: WorkTime) -> _Answer:
    urgent = facts.urgent(worktime)
    return urgent.evidence if facts.kind is Kind.QUESTION and urgent else None


def _case(facts: Facts, _table: PriorityTable, _worktime: WorkTime) -> _Answer:
    if facts.kind is Kind.CONSULTATION and facts.running and facts.signs.has(Cue.ADVICE):
        return facts.signs.words(f"isyarat.{Cue.ADVICE}")
    return None


def _days_since(day: date, today: date, worktime: WorkTime) -> int:
    """Working days from a past date to today; 99 when far back."""
    for count in range(10):
        step = day if count == 0 else worktime.add_workdays(day, count)
        if step >= today:
            return count
    return 99


_CONDITIONS: Mapping[Condition, Callable[[Facts, PriorityTable, WorkTime], _Answer]] = {
    Condition.WIDE_IMPACT: _wide,
    Condition.STAGE_TODAY: _stage_today,
    Condition.STAGE_NEXT_DAY: _stage_next_day,
    Condition.ADMINISTRATIVE_TODAY: _administrative(today=True),
    Condition.ADMINISTRATIVE_NEXT_DAY: _administrative(today=False),
    Condition.JUST_MISSED: _just_missed,
    Condition.FAR_AWAY: _far_away,
    Condition.REMINDER: _cue(Cue.REMINDER),
    Condition.GENERAL_QUESTION: _question,
    Condition.RUNNING_QUESTION: _running_question,
    Condition.URGENT_QUESTION: _urgent_question,
    Condition.CASE_CONSULTATION: _case,
}
