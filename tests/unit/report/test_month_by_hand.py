"""A small month reckoned by hand, with pencil and calendar, beside what the report says.

Office hours: Monday to Thursday 07.30-12.00 and 13.00-16.00, Friday 07.30-11.30 and 13.00-16.30;
450 minutes a day. 16 January 2026 is a public holiday (Isra Mikraj).
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kit import builders as a
from kit.office import book
from maild.model.action import Passage
from maild.model.ticket import Kind, Priority, Role, State, Ticket
from maild.model.worktime import Allowance, Unit
from maild.report.blocks import Drawings, Report, monthly
from maild.report.figures import Figures, Month, Share, Spread, figures

JANUARY = date(2026, 1, 1), date(2026, 1, 31)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HALF_DAY = Allowance(4, Unit.HOUR)


def wib(day: int, clock: str, month: int = 1, year: int = 2026) -> datetime:
    hours, minutes = map(int, clock.split("."))
    return datetime(year, month, day, hours, minutes, tzinfo=UTC) - timedelta(hours=7)


def ticket(n: int, received_at: datetime, answered_at: datetime | None, **fields: Any) -> Ticket:
    words = {
        name: fields.pop(name)
        for name in ("kind", "priority", "requester_role", "category")
        if name in fields
    }
    words = {"category": "lupa_password", **words}
    made = a.ticket(
        "9b", State.CLOSED, id=2026000000 + n, number=f"LPSE-2026-{n:06d}", sop=book().current,
        received_at=received_at, answered_at=answered_at, assessment=a.assessment(**words),
    )  # fmt: skip
    return replace(made, **fields)


TICKETS = (
    # Monday 08.00 to 10.30: 150 minutes; a first answer at 09.00: 60. With the helpdesk: 150.
    ticket(1, wib(5, "8.00"), wib(5, "10.30"), priority=Priority.HIGH, rating=4),
    # Tuesday 15.00 to Wednesday 08.30: 60 + 60. With the helpdesk: 120.
    ticket(2, wib(6, "15.00"), wib(7, "8.30"), kind=Kind.QUESTION, requester_role=Role.PPK),
    # Friday 11.00 to Monday 09.00: 30 + 210 + 90 = 330. Helpdesk: 30 + 30. LKPP: 180 + 90.
    ticket(3, wib(9, "11.00"), wib(12, "9.00"), escalated_at=wib(9, "13.30"),
           priority=Priority.CRITICAL, category="server_down"),
    # Wednesday 14th 09.00, waits for the user: 360, then 15th, 19th to 23rd, 26th to 30th.
    ticket(4, wib(14, "9.00"), None, state=State.WAITING_DATA, row="5", kind=Kind.CONSULTATION,
           category="server_down"),
    ticket(5, wib(15, "9.00"), wib(15, "9.30"), kind=Kind.NO_PROBLEM),
    ticket(6, wib(15, "9.00"), None, merged=2026000001),
    # Wednesday 28th 15.30 to Monday 2 February 08.00: 30 + 450 + 450 + 30. In January: 930.
    ticket(7, wib(28, "15.30"), wib(2, "8.00", 2), priority=Priority.HIGH, category="server_down"),
    # Of December, solved in January; and one of a year ago.
    ticket(8, wib(30, "9.00", 12, 2025), wib(5, "7.45")),
    ticket(9, wib(15, "9.00", 1, 2025), wib(15, "10.00", 1, 2025)),
)  # fmt: skip
WAYS = (
    Passage(2026000001, "2", wib(5, "8.00"), wib(5, "8.03"), "lanjut"),
    Passage(2026000001, "7", wib(5, "8.03"), wib(5, "9.00"), "jawab"),
    Passage(2026000001, "7b", wib(5, "9.00"), wib(5, "10.30"), "jawab"),
    Passage(2026000002, "2", wib(6, "15.00"), wib(6, "15.07"), "lanjut"),
    Passage(2026000002, "7", wib(6, "15.07"), wib(7, "8.30"), "jawab"),
    Passage(2026000003, "7", wib(9, "11.00"), wib(9, "13.30"), "eskalasi"),
    Passage(2026000003, "10a", wib(9, "13.30"), wib(12, "9.00"), "lanjut"),
    Passage(2026000007, "7", wib(28, "15.30"), wib(2, "8.00", 2), "jawab"),
)


@pytest.fixture(scope="module")
def found() -> Figures:
    ours = book()
    return figures(
        JANUARY, TICKETS, WAYS, ours.procedures, ours.current, ours.worktime, lambda _: HALF_DAY,
        NOW,
    )  # fmt: skip


@pytest.fixture(scope="module")
def report(found: Figures) -> Report:
    return monthly(book().office, found, Drawings("", "", ""), {"server_down": "SPSE mati"}, 450)


def lines(report: Report, title: str) -> list[tuple[str, ...]]:
    (block,) = (block for block in report.blocks if block.title == title)
    return list(block.lines)


def test_received_solved_and_open_at_the_months_end(found: Figures) -> None:
    assert found.now == Month(date(2026, 1, 1), received=5, solved=4, open=2)
    assert found.before == Month(date(2025, 12, 1), received=1, solved=0, open=1)
    assert found.months[0] == Month(date(2025, 1, 1), received=1, solved=1, open=0)


def test_median_and_ninety_percent_of_the_first_answer_and_of_the_solution(
    found: Figures,
) -> None:
    assert found.first_answer == Spread(4, 120, 960)  # 60, 120, 330, 960
    assert found.solution == Spread(4, 150, 960)  # 120, 150, 330, 960


def test_each_row_of_the_sop_beside_its_standard_time(found: Figures) -> None:
    second, seventh = found.rows
    assert (second.no, second.standard) == ("2", "5 menit kerja")
    assert (second.spread, second.within) == (Spread(2, 3, 7), 1)
    assert (seventh.no, seventh.standard) == ("7", "menurut prioritas")
    assert (seventh.spread, seventh.within) == (Spread(4, 60, 960), 3)  # 57, 60, 113, 960


def test_working_minutes_with_each_party(found: Figures) -> None:
    assert dict(found.with_party) == {
        "pengguna": 360 + 450 + 5 * 450 + 5 * 450,
        "helpdesk": 150 + 120 + 60 + 930,
        "lkpp": 180 + 90,
    }


def test_shares_by_kind_priority_role_and_category(found: Figures) -> None:
    assert found.kinds == (
        Share("pengaduan", 3, 1), Share("konsultasi", 1, 0), Share("pertanyaan", 1, 0),
    )  # fmt: skip
    assert {s.name: s.count for s in found.priorities} == {"tinggi": 2, "kritis": 1, "sedang": 2}
    assert {s.name: s.count for s in found.roles} == {"penyedia": 4, "ppk": 1}
    assert found.categories == (Share("server_down", 3, 0), Share("lupa_password", 2, 1))
    assert (found.here, found.outside, found.unanswered) == (3, 1, 0)
    assert dict(found.ratings) == {4: 1}


def test_what_a_reader_sees_of_it(report: Report) -> None:
    tiles = {tile.label: (tile.value, tile.note) for tile in report.tiles}
    assert tiles["Diterima"] == ("5", "+4 dari bulan lalu (1)")
    assert tiles["Selesai"] == ("4", "+4 dari bulan lalu (0)")
    assert tiles["Terbuka di akhir bulan"] == ("2", "+1 dari bulan lalu (1)")
    assert tiles["Diterima setahun lalu"] == ("1", "+4 sejak itu")
    assert lines(report, "Lama penanganan") == [
        ("Sampai jawaban pertama", "4", "2 jam", "2 hari 1 jam"),
        ("Sampai jawaban terakhir", "4", "2 jam 30 menit", "2 hari 1 jam"),
    ]
    assert lines(report, "Di mana diselesaikan")[:2] == [
        ("Dijawab oleh LPSE sendiri", "3", "75 %"),
        ("Dijawab setelah eskalasi ke LKPP", "1", "25 %"),
    ]
    assert [line[0] for line in lines(report, "Prioritas")] == [
        "1 (kritis)", "2 (tinggi)", "3 (sedang)",
    ]  # fmt: skip
    rows = lines(report, "Waktu sebenarnya di samping waktu baku SOP")
    assert [line[2:] for line in rows] == [
        ("5 menit kerja", "2", "3 menit", "7 menit", "50 %"),
        ("menurut prioritas", "4", "1 jam", "2 hari 1 jam", "75 %"),
    ]
