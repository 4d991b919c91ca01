"""Holidays as decreed, and what is said aloud about years that are not decreed yet."""

from datetime import date

from maild.service.calendar import national_holidays

# SKB tiga menteri 1497/2/5 of 2025, as research/domain.md section 5 has it.
DECREED_2026 = """
01-01 01-16 02-16 02-17 03-18 03-19 03-20 03-21 03-22 03-23 03-24 04-03 04-05 05-01 05-14 05-15
05-27 05-28 05-31 06-01 06-16 08-17 08-25 12-24 12-25
"""


def test_2026_is_as_the_three_ministers_decreed_it() -> None:
    holidays, _ = national_holidays(date(2026, 6, 1))
    decreed = {date.fromisoformat(f"2026-{day}") for day in DECREED_2026.split()}
    assert {day for day in holidays if day.year == 2026} == decreed


def test_the_past_years_are_there_for_old_tickets() -> None:
    holidays, _ = national_holidays(date(2026, 6, 1))
    assert {day.year for day in holidays} >= {2023, 2024, 2025, 2026, 2027, 2028}


def test_a_decreed_year_raises_no_doubt() -> None:
    assert national_holidays(date(2026, 6, 1))[1] == []


def test_the_next_year_is_looked_at_once_its_decree_is_due() -> None:
    assert national_holidays(date(2026, 9, 30))[1] == []
    assert "10-03-2027" in national_holidays(date(2026, 10, 1))[1][0]


def test_a_year_without_joint_leave_is_told() -> None:
    doubts = national_holidays(date(2040, 1, 2))[1]
    assert "cuti bersama tahun 2040 belum tersedia" in doubts


def test_estimated_days_that_are_over_or_settled_raise_no_doubt() -> None:
    settled = {date(2027, 3, 10), date(2027, 3, 11)}
    assert "17-05-2027" in national_holidays(date(2027, 4, 1))[1][0]
    assert national_holidays(date(2027, 6, 1))[1] == []
    assert "10-03-2027" not in national_holidays(date(2027, 1, 4), settled)[1][0]
