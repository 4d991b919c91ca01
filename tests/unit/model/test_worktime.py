"""The office calendar: what counts as working time, in three zones, around holidays and breaks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maild.model.worktime import Allowance, Unit, WorkTime, read_allowance

WIB, WITA, WIT = map(ZoneInfo, ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"))
MORNING = (time(7, 30), time(12))
AFTERNOON = (time(13), time(16))
FRIDAY = ((time(7, 30), time(11, 30)), (time(13), time(16, 30)))
RAMADAN = ((time(8), time(12)), (time(12, 30), time(15)))
WEEK = {**dict.fromkeys(range(4), (MORNING, AFTERNOON)), 4: FRIDAY}
# Eid 2026 as decreed: Nyepi and Eid with their joint leave, 18 to 24 March.
EID = frozenset(date(2026, 3, day) for day in range(18, 25))
FASTING = {
    day: RAMADAN
    for day in (date(2026, 2, 19) + timedelta(days=n) for n in range(27))
    if day.weekday() < 4
}


def office(zone: ZoneInfo = WIB, minutes_per_day: int | None = 450) -> WorkTime:
    return WorkTime(zone, WEEK, EID, FASTING, minutes_per_day)


def local(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("text", "allowance"),
    [
        ("5 menit", Allowance(5, Unit.MINUTE)),
        ("4 jam kerja", Allowance(4, Unit.HOUR)),
        ("1 hari kerja", Allowance(1, Unit.DAY)),
        ("1 hari", Allowance(1, Unit.DAY)),
        ("15m", Allowance(15, Unit.MINUTE)),
        ("4h", Allowance(4, Unit.HOUR)),
        ("1d", Allowance(1, Unit.DAY)),
        (" 3  HARI  Kerja ", Allowance(3, Unit.DAY)),
    ],
)
def test_the_office_may_write_an_allowance_so(text: str, allowance: Allowance) -> None:
    assert read_allowance(text) == allowance


@pytest.mark.parametrize(
    "text",
    ["", "N/A", "hari", "-1 hari", "0 menit", "1,5 jam", "5 minggu", "5 hari libur", "٣ hari"],
)
def test_what_is_no_allowance_is_refused_in_indonesian(text: str) -> None:
    with pytest.raises(ValueError, match=r"tulis (misalnya|antara)"):
        read_allowance(text)


@pytest.mark.parametrize("text", ["450001 menit", "7501 jam", "1001 hari", "999999d"])
def test_an_allowance_of_years_is_a_slip_of_the_pen(text: str) -> None:
    with pytest.raises(ValueError, match="di luar batas"):
        read_allowance(text)


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        # Mondays to Thursdays 07.30-12.00 and 13.00-16.00
        ("2026-01-05 09:00", "5 menit", "2026-01-05 09:05"),
        ("2026-01-05 09:00:30", "5 menit", "2026-01-05 09:05:30"),
        ("2026-01-05 11:58", "5 menit", "2026-01-05 13:03"),
        ("2026-01-05 11:55", "5 menit", "2026-01-05 12:00"),
        ("2026-01-05 12:30", "5 menit", "2026-01-05 13:05"),
        ("2026-01-05 15:55", "5 menit", "2026-01-05 16:00"),
        ("2026-01-05 15:58", "5 menit", "2026-01-06 07:33"),
        # outside hours: from the next opening
        ("2026-01-05 16:00", "5 menit", "2026-01-06 07:35"),
        ("2026-01-05 23:59:59", "5 menit", "2026-01-06 07:35"),
        ("2026-01-06 00:00", "5 menit", "2026-01-06 07:35"),
        ("2026-01-06 07:29:59", "5 menit", "2026-01-06 07:35"),
        # Fridays have a longer break and end later
        ("2026-01-09 11:28", "10 menit", "2026-01-09 13:08"),
        ("2026-01-09 12:30", "2 jam", "2026-01-09 15:00"),
        # weekends
        ("2026-01-09 16:20", "30 menit", "2026-01-12 07:50"),
        ("2026-01-10 10:00", "5 menit", "2026-01-12 07:35"),
        ("2026-01-11 23:59", "1 jam", "2026-01-12 08:30"),
        # 450 minutes a day
        ("2026-01-05 09:00", "1 hari kerja", "2026-01-06 09:00"),
        ("2026-01-08 15:00", "1 hari kerja", "2026-01-09 15:30"),
        ("2026-01-09 15:00", "1 hari kerja", "2026-01-12 14:30"),
        ("2026-01-10 10:00", "1 hari kerja", "2026-01-12 16:00"),
        # holidays and joint leave: from Tuesday 17 March (Ramadan, till 15.00) to Wednesday 25
        ("2026-03-17 14:30", "1 jam", "2026-03-25 08:00"),
        ("2026-03-20 10:00", "5 menit", "2026-03-25 07:35"),
        ("2026-03-23 10:00", "3 hari kerja", "2026-03-27 16:30"),
        # Ramadan: 08.00-12.00 and 12.30-15.00
        ("2026-02-23 07:40", "5 menit", "2026-02-23 08:05"),
        ("2026-02-23 14:58", "5 menit", "2026-02-24 08:03"),
        ("2026-02-23 12:10", "5 menit", "2026-02-23 12:35"),
    ],
)
def test_working_time_runs_inside_service_hours_only(start: str, span: str, due: str) -> None:
    assert office().add(local(start), read_allowance(span)) == local(due)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-01-05 09:10", 1, "2026-01-06 09:10"),
        ("2026-01-08 09:10", 2, "2026-01-12 09:10"),
        ("2026-01-05 20:00", 1, "2026-01-07 07:30"),  # counts from Tuesday's opening
        ("2026-01-08 11:45", 1, "2026-01-09 13:00"),  # falls into Friday's break
        ("2026-01-09 16:20", 1, "2026-01-12 16:00"),  # Monday closes earlier
        ("2026-03-17 10:00", 1, "2026-03-25 10:00"),
    ],
)
def test_a_working_day_may_mean_the_same_hour_of_the_next_one(
    start: str, days: int, due: str
) -> None:
    calendar = office(minutes_per_day=None)
    assert calendar.add(local(start), Allowance(days, Unit.DAY)) == local(due)


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        (WIB, "2026-01-05T01:35+00:00"),
        (WITA, "2026-01-05T01:35+00:00"),
        (WIT, "2026-01-05T01:35+00:00"),
    ],
)
def test_an_open_office_counts_the_same_minutes_in_every_zone(zone: ZoneInfo, due: str) -> None:
    at = datetime(2026, 1, 5, 1, 30, tzinfo=UTC)  # 08.30 WIB, 09.30 WITA, 10.30 WIT
    assert office(zone).add(at, Allowance(5, Unit.MINUTE)) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("zone", "opening"),
    [
        (WIB, "2026-01-05T00:30+00:00"),
        (WITA, "2026-01-04T23:30+00:00"),
        (WIT, "2026-01-04T22:30+00:00"),
    ],
)
def test_an_office_opens_by_its_own_clock(zone: ZoneInfo, opening: str) -> None:
    sunday = datetime(2026, 1, 4, 12, tzinfo=UTC)
    assert office(zone).next_opening(sunday) == datetime.fromisoformat(opening)


def test_the_day_is_the_offices_own_not_that_of_utc() -> None:
    sunday_in_utc = datetime(2026, 1, 4, 23, 0, tzinfo=UTC)  # Monday 08.00 in Jayapura
    assert office(WIT).is_open(sunday_in_utc)
    assert not office(WIB).is_open(sunday_in_utc)


def test_every_sum_is_given_in_utc() -> None:
    due = office().add(local("2026-01-05 09:00"), Allowance(5, Unit.MINUTE))
    assert due.tzinfo is UTC
    assert office().next_opening(local("2026-01-05 09:00")).tzinfo is UTC


def test_the_office_is_open_at_its_opening_minute_and_not_at_its_closing_minute() -> None:
    assert office().is_open(local("2026-01-05 07:30"))
    assert not office().is_open(local("2026-01-05 12:00"))


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        (date(2026, 1, 9), 0, date(2026, 1, 9)),
        (date(2026, 1, 10), 0, date(2026, 1, 12)),
        (date(2026, 1, 9), 1, date(2026, 1, 12)),
        (date(2026, 1, 10), 1, date(2026, 1, 12)),
        (date(2026, 3, 17), 2, date(2026, 3, 26)),
    ],
)
def test_working_days_are_counted_after_the_date(day: date, count: int, result: date) -> None:
    assert office().add_workdays(day, count) == result


def test_a_special_day_precedes_a_holiday() -> None:
    day = date(2026, 8, 17)
    calendar = WorkTime(WIB, WEEK, frozenset({day}), {day: (MORNING,)}, None)
    assert calendar.is_workday(day)
    assert not WorkTime(WIB, WEEK, frozenset({day}), {}, None).is_workday(day)
    assert not WorkTime(WIB, WEEK, frozenset(), {day: ()}, None).is_workday(day)


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        ("2026-01-05 09:00", "2026-01-05 09:05", 5),
        ("2026-01-05 09:00", "2026-01-05 09:05:59", 5),
        ("2026-01-05 11:00", "2026-01-05 14:00", 120),
        ("2026-01-09 16:00", "2026-01-12 08:00", 60),
        ("2026-01-10 00:00", "2026-01-12 00:00", 0),
        ("2026-03-17 14:00", "2026-03-25 08:30", 120),
        ("2026-01-05 09:05", "2026-01-05 09:00", -5),
    ],
)
def test_minutes_between_two_instants(begin: str, end: str, minutes: int) -> None:
    assert office().minutes_between(local(begin), local(end)) == minutes


def test_a_span_may_end_with_the_day() -> None:
    always = WorkTime(WIB, dict.fromkeys(range(7), ((time(0), time(0)),)), frozenset(), {}, None)
    start = local("2026-01-10 23:58")
    assert always.add(start, Allowance(5, Unit.MINUTE)) == local("2026-01-11 00:03")
    assert always.minutes_between(start, local("2026-01-12 23:58")) == 2 * 24 * 60


def test_a_change_of_the_clocks_neither_gains_nor_loses_time() -> None:
    # Not Indonesia's own; a zone file may change any day (F046). Here 02.00 becomes 03.00.
    berlin = ZoneInfo("Europe/Berlin")
    night = WorkTime(berlin, dict.fromkeys(range(7), ((time(0), time(8)),)), frozenset(), {}, None)
    start = datetime(2026, 3, 29, 1, 30, tzinfo=berlin)
    due = night.add(start, Allowance(60, Unit.MINUTE))
    assert due == datetime(2026, 3, 29, 3, 30, tzinfo=berlin)
    assert night.minutes_between(start, due) == 60


def test_the_twenty_ninth_of_february_is_a_day() -> None:
    assert office().add_workdays(date(2028, 2, 28), 1) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("hours", "complaint"),
    [
        ({}, "tidak pernah buka"),
        ({0: ()}, "tidak pernah buka"),
        ({0: ((time(16), time(8)),)}, "berakhir sebelum dimulai"),
        ({0: ((time(8), time(8)),)}, "berakhir sebelum dimulai"),
        ({0: (MORNING, (time(11), time(16)))}, "bertumpang tindih"),
        ({0: ((time(8), time(0)), AFTERNOON)}, "bertumpang tindih"),
    ],
)
def test_impossible_hours_are_refused_when_they_are_read(
    hours: dict[int, tuple[tuple[time, time], ...]], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        WorkTime(WIB, hours, frozenset(), {}, None)


def test_a_day_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="lebih dari nol"):
        WorkTime(WIB, WEEK, frozenset(), {}, 0)


def test_an_office_closed_for_years_is_an_error_and_not_a_search_without_end() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=n): () for n in range(900)}
    calendar = WorkTime(WIB, WEEK, frozenset(), closed, None)
    with pytest.raises(ValueError, match="tutup lebih dari"):
        calendar.add(local("2026-01-05 09:00"), Allowance(1, Unit.MINUTE))


INSTANTS = st.integers(0, 365 * 24 * 60 * 60).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
CALENDARS = st.builds(
    office,
    zone=st.sampled_from([WIB, WITA, WIT]),
    minutes_per_day=st.sampled_from([None, 450, 90]),
)
ALLOWANCES = st.one_of(
    st.builds(Allowance, st.integers(1, 3000), st.just(Unit.MINUTE)),
    st.builds(Allowance, st.integers(1, 60), st.just(Unit.HOUR)),
    st.builds(Allowance, st.integers(1, 12), st.just(Unit.DAY)),
)


@given(CALENDARS, INSTANTS, INSTANTS, ALLOWANCES)
def test_who_starts_later_never_ends_earlier(
    calendar: WorkTime, one: datetime, other: datetime, allowance: Allowance
) -> None:
    first, second = sorted((one, other))
    assert calendar.add(first, allowance) <= calendar.add(second, allowance)


@given(CALENDARS, INSTANTS, ALLOWANCES)
def test_a_due_instant_lies_inside_service_hours_and_after_the_start(
    calendar: WorkTime, start: datetime, allowance: Allowance
) -> None:
    due = calendar.add(start, allowance)
    spans = calendar.spans_on(due.astimezone(calendar.zone).date())
    assert any(opens <= due <= closes for opens, closes in spans)
    assert due > start


@given(CALENDARS, INSTANTS, st.integers(1, 3000))
def test_minutes_added_are_minutes_counted(
    calendar: WorkTime, start: datetime, minutes: int
) -> None:
    due = calendar.add(start, Allowance(minutes, Unit.MINUTE))
    assert calendar.minutes_between(start, due) == minutes
