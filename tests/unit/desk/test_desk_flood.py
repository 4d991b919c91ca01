"""B094, B095: what the desk does when one sender, or many, write more than anybody can read."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import MONDAY, book
from maild.desk.decide import decide
from maild.model.action import Outcome
from maild.model.event import AlarmKind
from maild.model.ticket import Priority, State

ALARMS = ["banjir -> helpdesk"] * 2
FULL = book().limits.notices_per_hour
CRITICAL = (
    "Gagal unggah penawaran tender 12345678, batas unggah hari ini pukul 09.30 WIB, mohon dibantu."
)
OF_ONE = book().limits.notices_per_sender_hour


def opened(**facts):
    return decide(a.arrived(a.COMPLETE, files=("layar.png",)), a.known(**facts), book())


def test_one_alarm_takes_the_place_of_the_notices():
    decision = opened(noticed=FULL)
    assert a.posted(decision) == ["tanda_terima -> pengguna", *ALARMS]
    assert decision.ticket.row == "7"
    assert AlarmKind.DUE in a.alarms(decision), "its time runs, and it will be spoken of"
    assert "surat tugas_baru tidak dikirim" in a.journal(decision)


def test_the_alarm_is_not_repeated_within_the_hour():
    assert a.posted(opened(noticed=FULL, alarmed=True)) == ["tanda_terima -> pengguna"]
    silent = opened(noticed_of_sender=OF_ONE, alarmed_of_sender=True)
    assert a.posted(silent) == ["tanda_terima -> pengguna"]


def test_a_critical_problem_is_told_whatever_others_write():
    facts = {"noticed": 9 * FULL, "alarmed": True}
    decision = decide(a.arrived(CRITICAL), a.known(**facts), book())
    assert decision.ticket.assessment.priority is Priority.CRITICAL
    assert "tugas_baru -> helpdesk" in a.posted(decision)


def test_a_sender_who_calls_everything_critical_is_still_one_alarm():
    facts = {"noticed_of_sender": OF_ONE, "noticed": OF_ONE}
    assert a.posted(decide(a.arrived(CRITICAL), a.known(**facts), book()))[1:] == ALARMS


def test_one_senders_flood_leaves_the_notices_of_others_alone():
    """His alarm was given; that of the office is still to come."""
    assert a.posted(opened(alarmed=True, noticed=OF_ONE + 5))[1:] == ["tugas_baru -> helpdesk"] * 2


@pytest.mark.parametrize("state", [State.IN_PROGRESS, State.WAITING_DATA])
def test_what_a_sender_writes_above_his_limit_is_kept_in_his_last_open_ticket(state):
    last = a.ticket("7" if state is State.IN_PROGRESS else "5")
    decision = opened(opened=OF_ONE, earlier=(last,))
    assert decision.ticket.id == last.id
    assert decision.outcome is Outcome.DONE
    assert (decision.ticket.row, decision.ticket.state) == (last.row, last.state)
    assert a.posted(decision) == ALARMS
    assert any(action.mail_id == 7 for action in a.messages(decision))


def test_without_an_open_ticket_he_gets_a_new_one():
    last = replace(a.ticket("7"), state=State.CLOSED, closed_at=MONDAY)
    assert opened(opened=OF_ONE, earlier=(last,)).ticket.id != last.id


def test_what_an_officer_asks_for_is_never_held_back():
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.mark(ticket, a_person()),), noticed=10 * FULL, alarmed=True)
    decision = decide(a.arrived("#status", sender=a_person()), facts, book())
    assert "status -> helpdesk" in a.posted(decision)


def a_person():
    from kit.office import SARI

    return SARI
