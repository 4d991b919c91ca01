"""The days of a recap: a month, a year, from one day to another; and what its files are called."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Days = tuple[date, date]


def month_of(day: date) -> Days:
    """First and last day of a day's month."""
    begins = day.replace(day=1)
    return begins, (begins + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_before(day: date) -> Days:
    """First and last day of the month before a day's own."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def year_of(day: date) -> Days:
    """First and last day of a day's year."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def instants(days: Days, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From midnight to midnight in the office's zone, as instants in UTC; the end is excluded."""
    first, last = days
    begins, ends = (
        datetime.combine(day, time(0), zone).astimezone(UTC)
        for day in (first, last + timedelta(days=1))
    )
    return begins, ends


def file_name(days: Days) -> str:
    """`2026-01`, `2026` or `2026-01-05_2026-01-20`."""
    first, last = days
    if days == month_of(first):
        return f"{first:%Y-%m}"
    return f"{first:%Y}" if days == year_of(first) else f"{first}_{last}"
