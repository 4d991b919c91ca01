"""Dates as an Indonesian office writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from maild.model.dates import written_date, written_instant, written_period


def test_a_date_has_an_indonesian_month() -> None:
    assert written_date(date(2026, 8, 5)) == "5 Agustus 2026"


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Asia/Jakarta", "Minggu, 4 Januari 2026, pukul 22.05 WIB"),
        ("Asia/Makassar", "Minggu, 4 Januari 2026, pukul 23.05 WITA"),
        ("Asia/Jayapura", "Senin, 5 Januari 2026, pukul 00.05 WIT"),
    ],
)
def test_an_instant_is_told_by_the_offices_clock(zone: str, written: str) -> None:
    at = datetime(2026, 1, 4, 15, 5, tzinfo=UTC)
    assert written_instant(at, ZoneInfo(zone)) == written


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("2026-01-01", "2026-01-31", "Januari 2026"),
        ("2028-02-01", "2028-02-29", "Februari 2028"),
        ("2026-02-01", "2026-02-27", "1 s.d. 27 Februari 2026"),
        ("2026-01-01", "2026-12-31", "Tahun 2026"),
        ("2026-01-01", "2026-03-31", "1 Januari s.d. 31 Maret 2026"),
        ("2025-12-15", "2026-01-14", "15 Desember 2025 s.d. 14 Januari 2026"),
        ("2025-01-01", "2026-12-31", "1 Januari 2025 s.d. 31 Desember 2026"),
        ("2026-01-05", "2026-01-05", "5 Januari 2026"),
    ],
)
def test_a_period_is_as_short_as_it_can_be(first: str, last: str, written: str) -> None:
    assert written_period(date.fromisoformat(first), date.fromisoformat(last)) == written
