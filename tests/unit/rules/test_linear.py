"""The work on a mail grows with its length alone: counted in calls, never in seconds."""

import sys
from types import FrameType

import pytest

from maild.rules.priorities import PriorityTable
from tests.unit.rules.conftest import Judge

PIECES = (
    *("tidak bisa ", "jam 10 tutup ", "CV Maju ", "kode paket 10096653 ", "1 2 3 ", '"gagal" '),
    *("a@b.example ", "dari 1 Maret ke 2 Maret ", "kalau gagal, ", "mohon\n", "?! ", "pesan: x\n"),
    *("tulisannya ini itu ", "> kutip\n", "user id ", "NPWP 01.234.567.8-912.000 "),
)
LENGTH = 2_000


def _calls(judge: Judge, text: str) -> int:
    """How many functions, Python's and C's, are called while a mail is judged."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    judge(text)  # what is remembered between mails is remembered now
    sys.setprofile(counted)
    try:
        judge(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", PIECES)
def test_four_times_the_text_is_at_most_about_four_times_the_work(
    judge: Judge, piece: str
) -> None:
    short = piece * (LENGTH // len(piece))
    assert _calls(judge, short * 4) <= 5 * _calls(judge, short) + 2_000


def test_more_phrases_cost_a_mail_without_their_words_nothing(table: PriorityTable) -> None:
    """A phrase is tried only where all that it needs stands somewhere."""
    reading = table.normaliser.read("", "kucing tetangga melompat pagar bambu")
    assert table.matcher.possible(reading) == []
