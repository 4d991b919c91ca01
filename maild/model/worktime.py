"""The office calendar: working hours, holidays, and sums of working time.

Minutes and hours run only inside service hours; what comes outside them counts from the next
opening (research: domain, "hari kerja"). The zone is the office's own (WIB, WITA or WIT). Sums
are made in UTC, so a change of the zone's offset neither gains nor loses time (F046).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """Units in which a SOP measures; all of them are working time."""

    MINUTE = "menit"
    HOUR = "jam"
    DAY = "hari"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A span of working time that a SOP row or the priority table grants."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value} kerja"


_UNITS = {"m": Unit.MINUTE, "h": Unit.HOUR, "d": Unit.DAY} | {unit.value: unit for unit in Unit}
_ALLOWANCE = re.compile(r"(\d{1,6})\s*([a-z]+)(?:\s+kerja)?", re.IGNORECASE | re.ASCII)
# The bound of every sum here; more than 1,000 working days is a slip of the pen.
_LONGEST = {Unit.MINUTE: 450_000, Unit.HOUR: 7_500, Unit.DAY: 1_000}


def read_allowance(text: str) -> Allowance:
    """`5 menit`, `4 jam kerja`, `1 hari kerja`, `15m`, `4h` or `1d` give an allowance.

    ValueError, in Indonesian: anything else, zero, or more than 1,000 working days.
    """
    found = _ALLOWANCE.fullmatch(text.strip())
    unit = _UNITS.get(found[2].lower()) if found else None
    if found is None or unit is None:
        raise ValueError(
            f'\'{text}\' bukan lamanya waktu; tulis misalnya "5 menit", "4 jam kerja"'
            ' atau "1 hari kerja"'
        )
    amount = int(found[1])
    if not 1 <= amount <= _LONGEST[unit]:
        raise ValueError(
            f"'{text}' di luar batas; tulis antara 1 dan {_LONGEST[unit]} {unit.value}"
        )
    return Allowance(amount, unit)


Span = tuple[time, time]

_MIDNIGHT = time(0)
_KNOWN_DAYS = 2_000
_LONGEST_CLOSURE = 400  # days; an office that is closed longer never opens


@dataclass(frozen=True, slots=True)
class WorkTime:
    """When the office works.

    `hours` gives the spans of each weekday (0 = Monday), in order, in local time; a span that
    ends at 00:00 ends with the day. `special` holds those of single dates or whole periods such
    as Ramadan (an empty tuple closes the office) and precedes `holidays`. `minutes_per_day` is
    the length of "1 hari kerja"; None means "until the same hour of the next working day".

    ValueError, in Indonesian: no weekday has hours, spans that end before they begin or overlap.
    """

    zone: ZoneInfo
    hours: Mapping[int, tuple[Span, ...]]
    holidays: frozenset[date]
    special: Mapping[date, tuple[Span, ...]]
    minutes_per_day: int | None = None
    # Spans already reckoned: the same few weeks are asked for with every ticket.
    _known: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not any(self.hours.values()):
            raise ValueError("kantor tidak pernah buka; isi jam kerja sedikitnya satu hari")
        for spans in (*self.hours.values(), *self.special.values()):
            if complaint := spans_complaint(spans):
                raise ValueError(complaint)
        if self.minutes_per_day is not None and self.minutes_per_day < 1:
            raise ValueError("menit per hari kerja harus lebih dari nol")

    def spans_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open spans of a date in the office's zone, as instants in UTC, in order."""
        found = self._known.get(day)
        if found is None:
            if len(self._known) >= _KNOWN_DAYS:
                self._known.clear()
            found = self._known[day] = self._reckoned(day)
        return found

    def is_open(self, at: datetime) -> bool:
        """Whether the office works at this instant; at the closing minute it no longer does."""
        return any(opens <= at < closes for opens, closes in self.spans_on(self._day(at)))

    def is_workday(self, day: date) -> bool:
        """Whether the office opens at all on this date."""
        return bool(self.spans_on(day))

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after a date; 0 gives the date itself or the next one."""
        days = self._workdays(day if count == 0 else day + timedelta(days=1))
        return next(found for nth, found in enumerate(days, 1) if nth >= count)

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself inside service hours, else the next instant when the office opens (UTC)."""
        return next(begins for begins, _ in self._open_after(at))

    def add(self, start_at: datetime, allowance: Allowance) -> datetime:
        """The instant (UTC) when an allowance that started at `start_at` is used up.

        It lies inside service hours, or at a closing minute. A later start never ends earlier.
        """
        if allowance.unit is Unit.MINUTE:
            return self._add_minutes(start_at, allowance.amount)
        if allowance.unit is Unit.HOUR:
            return self._add_minutes(start_at, allowance.amount * 60)
        if self.minutes_per_day is not None:
            return self._add_minutes(start_at, allowance.amount * self.minutes_per_day)
        return self._same_hour_later(start_at, allowance.amount)

    def minutes_between(self, from_at: datetime, to_at: datetime) -> int:
        """Whole working minutes from one instant to another; negative when `to_at` is earlier."""
        from_at, to_at = from_at.astimezone(UTC), to_at.astimezone(UTC)
        if to_at < from_at:
            return -self.minutes_between(to_at, from_at)
        worked = timedelta()
        for offset in range((self._day(to_at) - self._day(from_at)).days + 1):
            for opens, closes in self.spans_on(self._day(from_at) + timedelta(days=offset)):
                worked += max(min(closes, to_at) - max(opens, from_at), timedelta())
        return worked // timedelta(minutes=1)

    def _add_minutes(self, start_at: datetime, minutes: int) -> datetime:
        rest = timedelta(minutes=minutes)
        for begins, closes in self._open_after(start_at):
            if rest <= closes - begins:
                return begins + rest
            rest -= closes - begins
        raise AssertionError("unreachable: the calendar opens again or raises")

    def _same_hour_later(self, start_at: datetime, days: int) -> datetime:
        local = self.next_opening(start_at).astimezone(self.zone)
        day = self.add_workdays(local.date(), days)
        wanted = self._instant(day, local.time())
        spans = self.spans_on(day)
        for opens, closes in spans:
            if wanted <= closes:
                return max(wanted, opens)
        return spans[-1][1]

    def _reckoned(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        if day in self.special:
            spans = self.special[day]
        elif day in self.holidays:
            spans = ()
        else:
            spans = self.hours.get(day.weekday(), ())
        return tuple(
            (
                self._instant(day, opens),
                self._instant(day + timedelta(days=closes == _MIDNIGHT), closes),
            )
            for opens, closes in spans
        )

    def _open_after(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of the open span at `at`, then every later span."""
        for day in self._workdays(self._day(at)):
            for opens, closes in self.spans_on(day):
                if at < closes:
                    yield max(opens, at.astimezone(UTC)), closes

    def _workdays(self, day: date) -> Iterator[date]:
        """Every working day from a date on; ValueError instead of a search without end."""
        closed = 0
        while closed < _LONGEST_CLOSURE:
            if self.is_workday(day):
                closed = 0
                yield day
            closed += 1
            day += timedelta(days=1)
        raise ValueError(f"kantor tutup lebih dari {_LONGEST_CLOSURE} hari sebelum {day}")

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


def spans_complaint(spans: tuple[Span, ...]) -> str:
    """Why these are not the hours of a day, in Indonesian; empty when they are."""
    last = _MIDNIGHT
    for nth, (opens, closes) in enumerate(spans):
        written = f"{opens:%H:%M}-{closes:%H:%M}"
        if nth and (last == _MIDNIGHT or opens < last):
            return f"jam {written} bertumpang tindih dengan jam sebelumnya"
        if opens >= closes and closes != _MIDNIGHT:
            return f"jam {written} berakhir sebelum dimulai"
        last = closes
    return ""
