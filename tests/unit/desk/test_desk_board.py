"""The board: which column a ticket stands in, and what moving its mail into another one orders."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import MAILBOX, MONDAY, book
from maild.desk.board import CLOSING, column_of
from maild.desk.decide import decide
from maild.desk.sent import SHARED
from maild.model.board import Column
from maild.model.event import MailMoved
from maild.model.mail import Address
from maild.model.ticket import Direction, Priority, State


def moved(column, of, **known):
    event = MailMoved(MONDAY, of.id, 5, column)
    return decide(event, a.known(of, **known), book())


def column(ticket):
    return column_of(ticket, book().procedures[book().current])


@pytest.mark.parametrize(
    ("ticket", "expected"),
    [
        (a.ticket("7"), Column.NEW),
        (a.ticket("7", assessment=a.assessment(priority=Priority.CRITICAL)), Column.URGENT),
        (a.ticket("7", officer="sari"), Column.WORKING),
        (a.ticket("5"), Column.WAITING),
        (a.ticket("10a"), Column.OUTSIDE),
        (a.ticket("10d", officer="sari"), Column.WORKING),
        (a.ticket("9a"), Column.DONE),
        (a.ticket("9c", state=State.CLOSED), Column.DONE),
        (a.ticket("8a", state=State.CLOSED), Column.NO_PROBLEM),
        (a.ticket("8b", state=State.CLOSED, merged=9), None),
    ],
)
def test_each_ticket_has_its_column(ticket, expected):
    assert column(ticket) is expected


@pytest.mark.parametrize("target", [c for c in Column if c not in (Column.NEW, Column.URGENT)])
def test_after_a_move_that_is_obeyed_the_ticket_stands_where_its_mail_was_put(target):
    ticket = a.ticket("7", assessment=a.assessment(missing=("npwp",)))
    facts = {}
    if target is Column.OUTSIDE:
        critical = a.assessment(priority=Priority.CRITICAL)
        ticket = replace(ticket, assessment=critical)
    decision = moved(target, ticket, **facts)
    assert column(decision.ticket) is target
    assert f"surel dipindahkan ke {target.value}" in a.journal(decision)


@pytest.mark.parametrize(
    ("target", "letters"),
    [
        (Column.DONE, ["selesai -> pengguna"]),
        (Column.NO_PROBLEM, []),
        (Column.WORKING, []),
    ],
)
def test_what_a_move_sends(target, letters):
    decision = moved(target, a.ticket("7"))
    assert a.posted(decision) == letters
    if letters:
        assert CLOSING in a.words_of(a.sent_letters(decision)[0])


def test_what_cannot_be_done_is_told_and_the_mail_goes_back():
    ticket = a.ticket("7")
    decision = moved(Column.WAITING, ticket)  # nothing is missing, and nobody wrote what to ask
    assert a.posted(decision) == ["resi -> helpdesk"] * len(a.posted(decision))
    assert a.posted(decision)
    assert column(decision.ticket) is Column.NEW


def test_a_ticket_of_lkpp_is_not_taken_back_by_a_move():
    decision = moved(Column.WORKING, a.ticket("10a"))
    assert decision.ticket.state is State.ESCALATED
    assert set(a.posted(decision)) == {"resi -> helpdesk"}


def test_a_question_sent_by_hand_and_moved_to_waiting_is_asked_once():
    ours = Address("Helpdesk", MAILBOX)
    asked = a.message("helpdesk", ours, "Mohon NPWP.", "<j@x>", Direction.OUT)
    ticket = a.ticket("9a", solution="Mohon NPWP.", answered_at=MONDAY)
    decision = moved(Column.WAITING, ticket, conversation=(asked,))
    assert (decision.ticket.state, decision.ticket.answered_at) == (State.WAITING_DATA, None)
    assert decision.ticket.solution == ""
    assert "minta_data -> pengguna" not in a.posted(decision)


def test_moving_to_priority_one_and_back_to_new():
    raised = moved(Column.URGENT, a.ticket("7", officer=SHARED)).ticket
    assert (raised.assessment.priority.level, raised.officer) == (1, "")
    assert moved(Column.WORKING, raised).ticket.officer == SHARED


def test_a_done_ticket_moved_back_is_opened_again():
    decision = moved(Column.WORKING, a.ticket("9a", answered_at=MONDAY))
    assert (decision.ticket.state, decision.ticket.row) == (State.IN_PROGRESS, "7b")


def test_a_move_to_where_the_ticket_stands_changes_nothing():
    assert moved(Column.NEW, a.ticket("7")).ticket is None
