"""Whose turn it was, and what is left of a row's time while others have the problem."""

from datetime import timedelta

import pytest

from kit import builders as a
from kit.office import MONDAY, book
from maild.desk import turns
from maild.model.action import Passage
from maild.model.worktime import Allowance, Unit

PROCEDURE = book().procedures[book().current]
HOUR = timedelta(hours=1)
MINUTES = Unit.MINUTE


def way(*steps: tuple[str, float, str]) -> list[Passage]:
    """Rows with the hours spent in them, one after the other from Monday 09.00, and the exits."""
    at, found = MONDAY, []
    for row, hours, exit_ in steps:
        left_at = at + hours * HOUR
        found.append(Passage(a.TICKET_ID, row, at, left_at, exit_))
        at = left_at
    return found


ESCALATED = (("7", 1, "lanjut"), ("8", 0, "eskalasi"), ("10", 0, "lanjut"), ("10a", 2, "lanjut"))


def test_turns_follow_each_other_without_a_gap_and_neighbours_are_one():
    ticket = a.ticket("10c", received_at=MONDAY, entered_at=MONDAY + 3 * HOUR)
    found = turns.turns(ticket, way(*ESCALATED), PROCEDURE, MONDAY + 4 * HOUR)
    assert [(t.party, t.from_at, t.to_at) for t in found] == [
        ("helpdesk", MONDAY, MONDAY + HOUR),
        ("lkpp", MONDAY + HOUR, MONDAY + 3 * HOUR),
        ("helpdesk", MONDAY + 3 * HOUR, MONDAY + 4 * HOUR),
    ]
    helpdesk, lkpp = turns.spent(found, book().worktime)
    assert (helpdesk.time, helpdesk.minutes) == (2 * HOUR, 60), "12.00 to 13.00 is no working time"
    assert (lkpp.time, lkpp.minutes) == (2 * HOUR, 120)


def test_after_the_end_it_is_nobodys_turn():
    ticket = a.ticket("9b", received_at=MONDAY, closed_at=MONDAY + HOUR)
    found = turns.turns(
        ticket, way(("7", 1, "lanjut"), ("9", 0, "lanjut")), PROCEDURE, MONDAY + 5 * HOUR
    )
    assert [t.party for t in found] == ["helpdesk", turns.NOBODY]
    listed = dict(turns.lines(ticket, [], PROCEDURE, book().worktime, MONDAY + HOUR))
    assert listed == {}


def left(row: str, *steps: tuple[str, float, str], hours: int = 4) -> Allowance:
    passages = way(*steps)
    now = passages[-1].left_at if passages else MONDAY
    whole = Allowance(hours, Unit.HOUR)
    rows = PROCEDURE.rows
    return turns.what_is_left(rows[row], whole, passages, PROCEDURE, book().worktime, now)


WHOLE = Allowance(4, Unit.HOUR)


@pytest.mark.parametrize(
    ("row", "steps", "rest"),
    [
        ("7", (), WHOLE),
        # An hour was used before LKPP had it; its two hours do not count.
        ("10c", ESCALATED, Allowance(180, MINUTES)),
        ("7", (("7", 2, "data"), ("4", 0, "lanjut"), ("5", 1, "lanjut")), Allowance(120, MINUTES)),
        # Whoever gets it back has time to read what came with it.
        ("7", (("7", 3, "data"), ("5", 20, "lanjut"), ("7", 3, "data")), Allowance(30, MINUTES)),
        # It begins anew when it was late, after an answer, and for LKPP with each escalation.
        ("7a", (("7", 5, "lewat"),), WHOLE),
        ("7b", (("7", 1, "jawab"), ("9a", 1, "lanjut")), WHOLE),
        ("10a", (*ESCALATED, ("10c", 1, "lanjut"), ("10", 0, "lanjut")), WHOLE),
        # #tunggu: LKPP owed the answer all along.
        ("10a", (*ESCALATED, ("10c", 0, "tunggu")), Allowance(120, MINUTES)),
    ],
)
def test_a_clock_stands_still_while_others_have_the_problem(row, steps, rest):
    assert left(row, *steps) == rest


def test_the_user_is_told_at_steps_from_when_lkpp_got_it():
    ticket = a.ticket("10b", entered_at=MONDAY + 3 * HOUR)
    assert turns.had_since(ticket, way(*ESCALATED), PROCEDURE) == MONDAY + HOUR
