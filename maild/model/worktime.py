"""The office calendar: working hours, holidays, and sums of working time.

Minutes and hours run only inside service hours; what comes outside them counts from the next
opening (research: domain, "hari kerja"). The zone is the office's own (WIB, WITA or WIT).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
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


Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class WorkTime:
    """When the office works.

    `hours` gives the spans of each weekday (0 = Monday); `special` those of single dates or whole
    periods such as Ramadan (an empty tuple closes the office). `minutes_per_day` is the length of
    "1 hari kerja"; None means "until the same hour of the next working day".
    """

    zone: ZoneInfo
    hours: Mapping[int, tuple[Span, ...]]
    holidays: frozenset[date]
    special: Mapping[date, tuple[Span, ...]]
    minutes_per_day: int | None = None

    def spans_on(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The open spans of a date, as aware instants, in order."""
        if day in self.special:
            spans = self.special[day]
        elif day in self.holidays:
            spans = ()
        else:
            spans = self.hours.get(day.weekday(), ())
        return tuple(
            (datetime.combine(day, a, self.zone), datetime.combine(day, b, self.zone))
            for a, b in spans
        )

    def is_open(self, at: datetime) -> bool:
        """Whether the office works at this instant."""
        local = at.astimezone(self.zone)
        return any(a <= local < b for a, b in self.spans_on(local.date()))
