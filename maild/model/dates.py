"""Dates and times as Indonesian offices write them (research: domain, section 8)."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@lru_cache(maxsize=1024)
def written_short(day: date) -> str:
    """`05-01-2026`."""
    return f"{day:%d-%m-%Y}"


def written_date(day: date) -> str:
    """`5 Januari 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@lru_cache(maxsize=1024)
def written_instant(at: datetime, zone: ZoneInfo) -> str:
    """`Senin, 5 Januari 2026, pukul 17.00 WIB`, in the office's zone."""
    local = at.astimezone(zone)
    return f"{_DAYS[local.weekday()]}, {written_date(local)}, pukul {local:%H.%M} {local:%Z}"


def written_period(first: date, last: date) -> str:
    """`Januari 2026`, `Tahun 2026`, `1 s.d. 15 Januari 2026`; both ends are included."""
    following = last + timedelta(days=1)
    if first.day == 1 and following.day == 1 and first.year == last.year:
        if first.month == last.month:
            return f"{_MONTHS[first.month - 1]} {first.year}"
        if (first.month, last.month) == (1, 12):
            return f"Tahun {first.year}"
    if first == last:
        return written_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} s.d. {written_date(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} s.d. {written_date(last)}"
    return f"{written_date(first)} s.d. {written_date(last)}"
