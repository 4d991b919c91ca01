"""The door of the `holidays` library: Indonesia's public holidays and joint leave (cuti bersama).

Both are decreed year by year (SKB tiga menteri) and sometimes amended, so the office's own dates
win, and a year that the library only estimates is said aloud (research: domain, section 5).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from maild.model.worktime import Span

_YEARS_BACK, _YEARS_AHEAD = 3, 2
_DECREE_MONTH = 10  # next year's joint leave is decreed by about October
_ESTIMATED = "(perkiraan)"


@dataclass(frozen=True, slots=True)
class Period:
    """Days with hours of their own, such as Ramadan; both ends are included."""

    first: date
    last: date
    hours: Mapping[int, tuple[Span, ...]]


def national_holidays(
    today: date, settled: Collection[date] = ()
) -> tuple[frozenset[date], list[str]]:
    """Holidays and joint leave of the years around `today`, and what is doubtful in them.

    `settled` are dates on which the office has decided itself; they are not doubtful.
    """
    import holidays  # late: 0.3 s that only a loaded config should cost

    years = range(today.year - _YEARS_BACK, today.year + _YEARS_AHEAD + 1)
    public = holidays.country_holidays("ID", years=years, language="id")
    leave = holidays.country_holidays("ID", years=years, categories=("government",), language="id")
    doubts: list[str] = []
    soon = [today.year, today.year + 1] if today.month >= _DECREE_MONTH else [today.year]
    for year in soon:
        if not any(day.year == year for day in leave):
            doubts.append(f"cuti bersama tahun {year} belum tersedia")
        guesses = sorted(
            day
            for day, name in public.items()
            if day.year == year and day >= today and _ESTIMATED in name and day not in settled
        )
        if guesses:
            days = ", ".join(f"{day:%d-%m-%Y}" for day in guesses)
            doubts.append(f"hari libur ini masih perkiraan: {days}")
    return frozenset(public) | frozenset(leave), doubts


def special_hours(
    periods: Iterable[Period], holidays: Collection[date]
) -> dict[date, tuple[Span, ...]]:
    """The hours of each day in the periods; holidays stay closed."""
    return {
        day: period.hours.get(day.weekday(), ())
        for period in periods
        for day in _days(period)
        if day not in holidays
    }


def _days(period: Period) -> Iterable[date]:
    count = (period.last - period.first).days + 1
    return (period.first + timedelta(days=offset) for offset in range(count))
