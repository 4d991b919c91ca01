"""Many people about one outage; one person about one thing again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from maild.model.mail import Address
from maild.model.ticket import State, Ticket
from maild.rules.assess import Problem
from maild.rules.incident import Agreement, agreement, outage_of
from maild.rules.priorities import PriorityTable
from maild.rules.summary import summary_line
from tests.unit.rules.conftest import Judge

NINE = datetime(2026, 3, 10, 2, tzinfo=UTC)
DOWN = "SPSE tidak bisa dibuka sama sekali, semua rekanan mengeluh, 502 Bad Gateway"


@pytest.fixture
def ticket(judge: Judge):
    def made(number: int, text: str, minutes: int = 0, address: str = "") -> Ticket:
        at = NINE + timedelta(minutes=minutes)
        return Ticket(
            id=number,
            number=f"LPSE-2026-{number:06}",
            requester=Address("", address or f"orang{number}@surel.example"),
            subject="",
            summary=summary_line("", text),
            state=State.IN_PROGRESS,
            sop="x",
            row="4",
            entered_at=at,
            due_at=None,
            received_at=at,
            assessment=judge(text),
        )

    return made


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('menu paket keluar "Error 500"', "buka menu paket error 500 terus", True),
        ('menu paket keluar "Error 500"', 'menu paket keluar "Error 404"', False),
        (
            'upload penawaran keluar "disk penuh 17"',
            'upload penawaran muncul "Disk penuh 23"',
            True,
        ),
        ("upload penawaran gagal", "upload penawaran gagal", False),
        ("lupa password", "lupa password", False),
    ],
)
def test_an_error_of_the_application_is_told_by_its_words(
    judge: Judge, table: PriorityTable, one: str, other: str, same: bool
) -> None:
    marks = [outage_of(judge(text), table) for text in (one, other)]
    assert (bool(marks[0]) and marks[0] == marks[1]) is same


def test_a_question_about_an_outage_is_none(judge: Judge, table: PriorityTable) -> None:
    assert outage_of(judge("kapan jadwal maintenance server?"), table) == ""


ASKED = "CV Maju tender 10096653000: tombol sanggah tidak muncul"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Menindaklanjuti email kami, tombol sanggah belum dibalas", Agreement.SAME),
        ("tender 10096653000 tombol sanggah masih tidak muncul", Agreement.SAME),
        ("tombol sanggah tidak muncul", Agreement.SAME),
        ("sanggah ditolak karena ukuran terlalu besar", Agreement.DOUBTFUL),
        ("tender 10096653999 tombol sanggah tidak muncul", Agreement.OTHER),
        ("CV Maju lupa password, mohon reset", Agreement.OTHER),
        ("sudah normal kembali, terima kasih", Agreement.OTHER),
    ],
)
def test_a_person_who_asks_again(
    judge: Judge, ticket, table: PriorityTable, text: str, expected: Agreement
) -> None:
    problem = Problem("", text, Address("", "a@surel.example"), (), NINE)
    assert agreement(problem, judge(text), ticket(1, ASKED), table) is expected


def test_another_account_is_another_matter(judge: Judge, ticket, table: PriorityTable) -> None:
    text = "lupa password user ID: MAJU07"
    problem = Problem("", text, Address("", "a@surel.example"), (), NINE)
    same = ticket(1, text)
    assert agreement(problem, judge(text), same, table) is Agreement.SAME
    fields = {**same.assessment.fields, "identitas_akun": "LAIN08"}
    other = replace(same, assessment=replace(same.assessment, fields=fields))
    assert agreement(problem, judge(text), other, table) is Agreement.OTHER
