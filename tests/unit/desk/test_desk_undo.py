"""An order is taken back for as long as its letters have not begun to leave (#batal)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kit import builders as a
from kit.office import BUDI, MONDAY, SARI, book
from maild.desk.decide import decide
from maild.model.action import SetAlarm, Withdraw
from maild.model.event import AlarmKind
from maild.model.known import SentLetter
from maild.model.ticket import Direction

ORDERS = {
    "a plain answer": "Silakan unggah ulang.",
    "done": "#selesai\nSudah diperbaiki.",
    "data": "#data\nMohon nomor paket.",
    "escalation": "#eskalasi\nSudah dicoba.",
}
HALF_A_MINUTE = timedelta(seconds=30)


def ordered(text: str, ticket=None):
    """The ticket after an order, and its letters as the store gives those that still wait."""
    decision = a.from_agent(text, ticket or a.ticket("7", officer=""), SARI)
    waiting = tuple(
        SentLetter(x.ticket.id, f"42.{x.serial}", x.template, x.party, x.to.address, False, MONDAY)
        for x in a.sent_letters(decision)
        if x.not_before
    )
    return decision.ticket, waiting


def take_back(ticket, waiting, who=SARI):
    facts = a.known(ticket, claims=(a.mark(ticket, who),), cooling=waiting)
    return decide(a.arrived("#batal", sender=who, now=MONDAY + HALF_A_MINUTE), facts, book())


@pytest.mark.parametrize("text", ORDERS.values(), ids=ORDERS.keys())
def test_everything_is_as_it_was_and_no_letter_of_the_order_leaves(text):
    before = a.ticket("7", officer="budi", asked=1, solution="Coba lagi.")
    ticket, waiting = ordered(text, before)
    assert waiting
    decision = take_back(ticket, waiting)
    withdrawn = next(x for x in decision.actions if isinstance(x, Withdraw))
    assert withdrawn.names == tuple(letter.name for letter in waiting)
    after = decision.ticket
    assert replace(after, version=3, letters=2) == before
    assert a.posted(decision) == ["resi -> helpdesk"]
    assert "ditarik kembali; tiket seperti sebelumnya" in a.receipt(decision)
    alarms = {x.kind: x.at for x in decision.actions if isinstance(x, SetAlarm)}
    assert alarms[AlarmKind.DUE] == before.due_at
    assert a.messages(decision)[-1].direction is Direction.NOTE


def test_all_that_leaves_the_office_waits_and_the_receipt_says_until_when():
    decision = a.from_agent(ORDERS["escalation"], a.ticket("7"), SARI)
    letters = {x.party: x.not_before for x in a.sent_letters(decision)}
    assert letters == {
        "lkpp": MONDAY + timedelta(seconds=60),
        "pengguna": MONDAY + timedelta(seconds=60),
        "helpdesk": None,
    }
    assert "Surat dikirim pada" in a.receipt(decision)
    assert "#batal" in a.receipt(decision)


def test_what_has_left_is_told_and_stays():
    ticket, waiting = ordered(ORDERS["escalation"])
    for left in ((), waiting[:1]):
        decision = take_back(ticket, left)
        assert "terlambat: suratnya sudah dikirim" in a.receipt(decision)
        assert not any(isinstance(x, Withdraw) for x in decision.actions)
        assert decision.ticket.row == ticket.row


def test_only_its_author_takes_an_order_back():
    ticket, waiting = ordered(ORDERS["done"])
    decision = take_back(ticket, waiting, BUDI)
    assert "hanya penulisnya" in a.receipt(decision)
    assert decision.ticket.row == ticket.row


def test_once_the_ticket_has_moved_on_nothing_is_taken_back():
    ticket, waiting = ordered(ORDERS["a plain answer"])
    facts = a.known(ticket, claims=(a.mark(ticket),))
    objection = decide(a.arrived("Masih gagal."), facts, book()).ticket
    decision = take_back(objection, waiting)
    assert "tidak ada surat yang masih dapat ditarik" in a.receipt(decision)


def test_where_the_office_wants_no_cooling_time_nothing_waits():
    quick = replace(book(), limits=replace(book().limits, cooling_seconds=0))
    decision = a.from_agent(ORDERS["done"], a.ticket("7"), SARI, with_book=quick)
    assert all(x.not_before is None for x in a.sent_letters(decision))
    assert decision.ticket.before is None
    assert "Surat dikirim pada" not in a.receipt(decision)


def test_a_note_waits_for_nothing():
    decision = a.from_agent("#catatan\nHati-hati.", a.ticket("7"), SARI)
    assert decision.ticket.before is None
