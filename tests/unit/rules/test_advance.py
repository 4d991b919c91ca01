"""The engine: entering, waiting, leaving by a word, by the clock, out of turn."""

import pytest

from kit.office import book
from maild.model.ticket import Match
from maild.rules import advance


def sop():
    return book().procedures[book().current]


def yes(question: str):
    return True, Match(question, "ya")


def no(question: str):
    return False, Match(question, "tidak")


def path(walk) -> list[str]:
    return [step.entered.no for step in walk.steps]


def exits(walk) -> list[str]:
    return [step.exit for step in walk.steps]


@pytest.mark.parametrize(
    ("ask", "rows", "ways"),
    [
        (no, ["2", "3", "7"], ["lanjut", "lanjut", "tidak"]),
        (yes, ["2", "3", "4", "5"], ["lanjut", "lanjut", "ya", "lanjut"]),
    ],
    ids=["complete", "incomplete"],
)
def test_the_first_mail_walks_to_the_first_person(ask, rows, ways):
    walk = advance.begin(sop(), ask)
    assert (path(walk), exits(walk)) == (rows, ways)
    assert [m.rule for m in walk.reasons] == ["butuh_data_tambahan"]


ACTS = [
    ("7", "helpdesk", "jawab", ["8", "9", "9a"]),
    ("7", "helpdesk", "selesai", ["8", "9c"]),
    ("7", "helpdesk", "eskalasi", ["8", "10", "10a"]),
    ("7", "helpdesk", "data", ["8", "4", "5"]),
    ("7a", "helpdesk", "bukan", ["8", "8a"]),
    ("8", "helpdesk", "selesai", ["9c"]),
    ("10a", "lkpp", "", ["10c"]),
    ("10a", "helpdesk", "kirim", ["8", "9", "9a"]),
    ("9b", "helpdesk", "selesai", ["8", "9c"]),
    ("9a", "pengguna", "", ["7b"]),
    ("5", "pengguna", "", ["6", "3", "7"]),
    ("7", "pengguna", "", []),
    ("7", "lkpp", "", []),
    ("5a", "pengguna", "", []),
    ("7", "helpdesk", "menyanyi", ["8"]),
    ("10a", "helpdesk", "", []),
]


@pytest.mark.parametrize(("at", "party", "word", "rows"), ACTS)
def test_a_party_speaks(at, party, word, rows):
    assert path(advance.act(sop(), at, party, word, no)) == rows


def test_a_word_out_of_turn_is_called_so_in_the_passages():
    assert exits(advance.act(sop(), "10a", "helpdesk", "kirim", no))[0] == "di luar giliran"


@pytest.mark.parametrize(("at", "to"), [("5", "5a"), ("7", "7a"), ("9a", "9b"), ("10b", "10b")])
def test_the_clock_takes_its_arrow(at, to):
    walk = advance.late(sop(), at, no)
    assert (path(walk), exits(walk)) == ([to], ["lewat"])


def test_the_clock_does_nothing_where_it_has_no_arrow():
    assert advance.late(sop(), "5a", no).stands_in is None


def test_a_reopened_ticket_stands_where_the_sop_says():
    walk = advance.reopen(sop(), "9b", no)
    assert (path(walk), exits(walk)) == ([sop().reopen], ["dibuka kembali"])


def test_each_step_names_the_row_that_was_left():
    walk = advance.act(sop(), "5", "pengguna", "", no)
    assert [step.left for step in walk.steps] == ["5", "6", "3"]
