"""A month in figures, and the same month as the register of the Standar LPSE."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kit import builders as a
from kit.office import book
from maild.model.action import Passage
from maild.model.ticket import Kind, Priority, Role, State, Ticket
from maild.model.worktime import Allowance, Unit
from maild.report import register, words
from maild.report.figures import Figures, Month, Spread, figures, window

JANUARY = date(2026, 1, 1), date(2026, 1, 31)
MORNING = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # Monday, 08.00 WIB
LATER = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MAPPED = register.Mapped({1: "Tinggi", 2: "Tinggi", 3: "Menengah", 4: "Rendah"}, {}, {})


def ticket(n: int, at: datetime = MORNING, **fields: object) -> Ticket:
    made = a.ticket("9b", State.CLOSED, id=2026000000 + n, number=f"LPSE-2026-{n:06d}")
    answered = {"received_at": at, "answered_at": at + 2 * HOUR, "sop": book().current}
    return replace(made, **{**answered, **fields})


def of(*tickets: Ticket, passages: tuple[Passage, ...] = (), now: datetime = LATER) -> Figures:
    ours = book()
    half_day = Allowance(4, Unit.HOUR)
    return figures(
        JANUARY, tickets, passages, ours.procedures, ours.current, ours.worktime,
        lambda _: half_day, now,
    )  # fmt: skip


def test_thirteen_months_are_shown_and_the_last_is_the_reports_own() -> None:
    found = of()
    assert len(found.months) == 13
    assert found.now == Month(date(2026, 1, 1), 0, 0, 0)
    assert found.before.first == date(2025, 12, 1)
    assert window(JANUARY) == (date(2025, 1, 1), date(2026, 1, 31))


def test_received_solved_and_open_are_counted_by_their_own_days() -> None:
    found = of(
        ticket(1),
        ticket(2, answered_at=MORNING + 40 * DAY),
        ticket(3, state=State.IN_PROGRESS, answered_at=None),
        ticket(4, at=MORNING - 20 * DAY, answered_at=MORNING),
    )
    assert (found.now.received, found.now.solved, found.now.open) == (3, 2, 2)
    assert (found.before.received, found.before.solved, found.before.open) == (1, 0, 1)


def test_midnight_at_the_edge_of_the_month_is_the_offices_own() -> None:
    edge = datetime(2026, 1, 31, 16, 59, tzinfo=UTC)  # 23.59 WIB
    assert of(ticket(1, at=edge)).now.received == 1
    assert of(ticket(1, at=edge + timedelta(minutes=1))).now.received == 0


def test_what_has_no_row_in_the_recap_is_not_counted() -> None:
    nothing = a.assessment(kind=Kind.NO_PROBLEM)
    found = of(ticket(1), ticket(2, merged=2026000001), ticket(3, assessment=nothing))
    assert found.now.received == 1


def test_the_most_frequent_come_first_with_the_month_before_beside_them() -> None:
    vendor, ppk = (a.assessment(requester_role=role) for role in (Role.VENDOR, Role.PPK))
    found = of(
        ticket(1, assessment=ppk),
        ticket(2, assessment=vendor),
        ticket(3, assessment=vendor),
        ticket(4, at=MORNING - 20 * DAY, assessment=ppk),
    )
    assert [(s.name, s.count, s.before) for s in found.roles] == [
        ("penyedia", 2, 0),
        ("ppk", 1, 1),
    ]


def test_solved_here_and_after_escalation_are_told_apart() -> None:
    found = of(
        ticket(1),
        ticket(2, escalated_at=MORNING),
        ticket(3, answered_at=None, closed_at=MORNING + DAY),
    )
    assert (found.here, found.outside, found.unanswered) == (1, 1, 1)


def test_times_are_working_minutes_with_median_and_ninety_percent() -> None:
    found = of(*(ticket(n, answered_at=MORNING + timedelta(minutes=10 * n)) for n in range(1, 11)))
    assert found.solution == Spread(10, 50, 90)


def test_the_first_answer_counts_even_if_another_followed() -> None:
    first = Passage(2026000001, "8", MORNING, MORNING + HOUR, "jawab")
    found = of(ticket(1, answered_at=MORNING + 3 * HOUR), passages=(first,))
    assert (found.first_answer.median, found.solution.median) == (60, 180)


def test_each_row_stands_beside_its_standard_time() -> None:
    found = of(
        ticket(1),
        ticket(2),
        passages=(
            Passage(2026000001, "2", MORNING, MORNING + timedelta(minutes=4), "lanjut"),
            Passage(2026000002, "2", MORNING, MORNING + timedelta(minutes=9), "lanjut"),
            Passage(2026000001, "7", MORNING, MORNING + 3 * HOUR, "lanjut"),
        ),
    )
    second, seventh = found.rows
    assert (second.no, second.standard, second.within) == ("2", "5 menit kerja", 1)
    assert second.spread == Spread(2, 4, 9)
    assert seventh.no == "7"
    assert "mempelajari dan menentukan prioritas" in second.activity


def test_an_objection_after_the_answer_is_a_reopening_and_silence_is_none() -> None:
    back = Passage(2026000001, "9a", MORNING, MORNING + HOUR, "lanjut")
    silence = Passage(2026000002, "9a", MORNING, MORNING + HOUR, "lewat")
    assert of(ticket(1), ticket(2), passages=(back, silence)).reopened == 1


def test_the_time_lies_with_whoever_had_the_ball_and_ends_with_the_month() -> None:
    waiting = ticket(1, state=State.WAITING_DATA, answered_at=None, row="5")
    way = (Passage(2026000001, "7", MORNING, MORNING + HOUR, "data"),)
    found = of(waiting, passages=way)
    assert found.with_party["helpdesk"] == 60
    worked = book().worktime.minutes_between(MORNING + HOUR, datetime(2026, 1, 31, 17, tzinfo=UTC))
    assert found.with_party["pengguna"] == worked


def test_each_rating_counts_once() -> None:
    found = of(ticket(1, rating=4), ticket(2, rating=4), ticket(3, rating=1), ticket(4))
    assert dict(found.ratings) == {4: 2, 1: 1}


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0 menit"),
        (45, "45 menit"),
        (61, "1 jam 1 menit"),
        (450, "1 hari"),
        (590, "1 hari 2 jam"),
    ],
)
def test_working_time_is_written_as_people_say_it(minutes: int, said: str) -> None:
    assert words.working(minutes, 450) == said


def test_numbers_are_written_as_indonesians_do() -> None:
    assert words.number(1234567) == "1.234.567"
    assert (words.percent(1, 3), words.percent(0, 0)) == ("33 %", "–")
    assert (words.change(5, 2), words.change(2, 5), words.change(2, 2)) == ("+3", "−3", "=")


def line(**fields: object) -> dict[str, str]:
    (found,) = register.lines([ticket(1, **fields)], MAPPED, {"sari": "Sari"}, book().office.zone)
    return dict(zip(register.COLUMNS, found, strict=True))


def test_the_real_record_of_gorontalo_comes_out_as_it_was_kept() -> None:
    # A vendor by e-mail, password recovery failing: Mendesak, Sedang -> Menengah.
    assessment = a.assessment(
        kind=Kind.COMPLAINT,
        priority=Priority.MEDIUM,
        base_priority=Priority.MEDIUM,
        urgent_deadline=True,
    )
    row = line(assessment=assessment, officer="sari")
    assert (row["Urgensi"], row["Dampak"], row["Prioritas"]) == ("Mendesak", "Sedang", "Menengah")
    assert (row["Media"], row["Kategori"], row["Petugas"]) == ("E-Mail", "Teknis", "Sari")
    assert row["Status"] == "Penyelesaian"


@pytest.mark.parametrize(
    ("kind", "priority", "impact"),
    [
        (Kind.COMPLAINT, Priority.CRITICAL, "Besar"),
        (Kind.COMPLAINT, Priority.LOW, "Sedang"),
        (Kind.QUESTION, Priority.HIGH, "Kecil"),
    ],
)
def test_the_impact_follows_kind_and_priority(kind: Kind, priority: Priority, impact: str) -> None:
    assert line(assessment=a.assessment(kind=kind, priority=priority))["Dampak"] == impact


def test_hidden_marks_do_not_reach_the_register() -> None:  # B125
    row = line(summary="a\u202eb\x07c", solution="x\u200by")
    assert (row["Deskripsi"], row["Solusi"]) == ("abc", "xy")
