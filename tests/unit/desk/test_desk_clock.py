"""Time passes, an operator speaks."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import BUDI, JOKO, MONDAY, PARTNER, SARI, SITI, book
from maild.desk.decide import decide
from maild.model.event import AlarmKind, OperatorSpoke
from maild.model.people import Directory
from maild.model.ticket import State

LATE = {"5": "5a", "7": "7a", "7a": "7a", "9a": "9b", "10a": "10b", "10b": "10b"}


def ring(ticket, kind=AlarmKind.DUE, row=None, facts=None, with_book=None):
    return decide(a.rang(ticket, kind, row), a.known(ticket, **(facts or {})), with_book or book())


@pytest.mark.parametrize(("row", "to"), LATE.items())
def test_the_clock_takes_the_late_arrow(row, to):
    ticket = a.ticket(row, answered_at=MONDAY if row == "9a" else None)
    decision = ring(ticket)
    assert decision.ticket.row == to
    assert decision.outcome is None
    closed = decision.ticket.state is State.CLOSED
    assert (AlarmKind.DUE in a.alarms(decision)) is not closed


def test_a_ticket_that_closes_by_the_clock_keeps_the_date_of_its_answer():
    before = MONDAY.replace(day=1)
    after = ring(a.ticket("9a", answered_at=before)).ticket
    assert (after.answered_at, after.closed_at) == (before, MONDAY)


@pytest.mark.parametrize("kind", AlarmKind)
def test_an_alarm_of_a_row_that_was_left_does_nothing(kind):
    decision = ring(a.ticket("9a"), kind, row="7")
    assert (decision.ticket, decision.actions) == (None, ())


@pytest.mark.parametrize("kind", AlarmKind)
def test_an_alarm_of_a_closed_ticket_does_nothing(kind):
    decision = ring(a.ticket("7", closed_at=MONDAY), kind)
    assert (decision.ticket, decision.actions) == (None, ())


REMINDERS = {
    "5": ["pengingat_data -> pengguna"],
    "7": ["pengingat -> helpdesk"] * 2,
    "10a": ["pengingat -> lkpp"],
}


@pytest.mark.parametrize(("row", "letters"), REMINDERS.items())
def test_a_reminder_goes_to_whom_the_row_names_and_the_next_one_is_set(row, letters):
    due = book().worktime.add(MONDAY, book().limits.reopen)
    ticket = a.ticket(row, due_at=due)
    decision = ring(ticket, AlarmKind.REMIND)
    assert a.posted(decision) == letters
    # The other office is reminded once, at half of its time.
    again = set() if row == "10a" else {AlarmKind.REMIND}
    assert set(a.alarms(decision)) == again, "the due alarm stays as it is"
    assert replace(decision.ticket, version=3, letters=2) == ticket
    assert "pengingat dikirim" in a.journal(decision)


def test_no_reminder_is_set_behind_the_end():
    assert a.alarms(ring(a.ticket("7", due_at=MONDAY), AlarmKind.REMIND)) == {}


def test_a_reminder_that_the_budget_forbids_is_not_called_sent():
    decision = ring(a.ticket("5"), AlarmKind.REMIND, facts={"lately": (a.sent(), a.sent())})
    assert a.posted(decision) == []
    assert "surat pengingat_data tidak dikirim: sudah 2 surat" in a.journal(decision)
    assert "pengingat dikirim" not in a.journal(decision)


def test_a_letter_to_a_party_without_people_is_missed_in_the_journal():
    alone = Directory((SARI,), frozenset())
    decision = ring(a.ticket("10a"), AlarmKind.REMIND, with_book=replace(book(), directory=alone))
    assert a.posted(decision) == []
    assert "tidak ada orang untuk pihak lkpp" in a.journal(decision)


def test_an_agent_who_has_left_gets_no_letters():
    people = Directory((JOKO, SARI, BUDI, PARTNER), frozenset())
    decision = ring(a.ticket("7", officer="joko"), with_book=replace(book(), directory=people))
    assert {x.to.address for x in a.sent_letters(decision)} == {SARI.address, BUDI.address}


@pytest.mark.parametrize(
    ("row", "to"), [("10a", "10b"), ("77", "7a")], ids=["a row it still has", "a row it lacks"]
)
def test_a_ticket_whose_sop_version_is_lost_goes_on_under_the_current_one(row, to):
    ticket = replace(a.ticket("7"), sop="hilang", row=row)
    decision = ring(ticket)
    assert decision.ticket.sop == book().current
    assert decision.ticket.row == to
    assert "dipindahkan ke versi sekarang" in a.journal(decision)


@pytest.mark.parametrize(
    ("sender", "to"), [(SARI, "9a"), (SITI, "7b"), (PARTNER, "7b")], ids=["agent", "user", "lkpp"]
)
def test_a_mail_on_such_a_ticket_is_decided_too(sender, to):
    ticket = replace(a.ticket("7"), sop="hilang", row="77", escalated_at=MONDAY)
    facts = a.known(ticket, claims=(a.mark(ticket, None if sender is SITI else sender),))
    assert decide(a.arrived("Silakan dicoba.", sender=sender), facts, book()).ticket.row == to


# --- the operator ------------------------------------------------------------------------------


def speak(ticket, word: str, argument: str = ""):
    event = OperatorSpoke(MONDAY, ticket.id, word, argument, "operator")
    return decide(event, a.known(ticket), book())


def test_an_operator_closes_with_an_answer():
    decision = speak(a.ticket("7"), "selesai", "Sudah.")
    assert a.posted(decision) == ["selesai -> pengguna"]
    assert decision.ticket.state is State.CLOSED
    assert decision.ticket.solution == "Sudah."


def test_an_operator_escalates():
    assert speak(a.ticket("7"), "eskalasi", "Mohon bantuan.").ticket.state is State.ESCALATED


def test_an_operator_opens_a_closed_ticket_which_then_is_not_answered_any_more():
    ticket = a.ticket("9b", answered_at=MONDAY, closed_at=MONDAY)
    after = speak(ticket, "buka").ticket
    assert (after.row, after.answered_at, after.closed_at) == ("7b", None, None)


REFUSED = [
    ("7", "buka", "", "tiket tidak tertutup"),
    ("7", "selesai", "", "tidak ada teks jawaban"),
    ("7", "prioritas", "9", "tulis angka"),
    ("7", "ambil", "", "tidak dapat dipakai di sini"),
    ("7", "bantuan", "", "tidak dapat dipakai di sini"),
    ("7", "xyzzy", "", "tidak dapat dipakai di sini"),
]


@pytest.mark.parametrize(("row", "word", "argument", "why"), REFUSED)
def test_what_an_operator_cannot_do_changes_nothing_and_says_why(row, word, argument, why):
    decision = speak(a.ticket(row), word, argument)
    assert (decision.ticket, decision.actions) == (None, ())
    assert why in decision.reasons[0].evidence
