"""LKPP answers: believed with our mark from its own domain, and shown to the agents only."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import BUDI, MONDAY, PARTNER, SARI, SITI, TONO, book
from maild.desk.decide import decide
from maild.model.action import Outcome
from maild.model.known import Claim, Evidence, SentLetter
from maild.model.mail import Address
from maild.model.people import Directory

TEXT = "Kunci sudah kami perbaiki. Nomor tiket: INC-204518"
COLLEAGUE = Address("Rina", "rina@lkpp.example")


def escalated(row: str = "10a", **fields):
    return a.ticket(row, escalated_at=MONDAY, **fields)


def answer(ticket, claims, sender=PARTNER, text: str = TEXT, facts=None, **how):
    known = a.known(ticket, claims=claims, **(facts or {}))
    return decide(a.arrived(text, sender=sender, **how), known, book())


@pytest.mark.parametrize("sender", [PARTNER, COLLEAGUE], ids=["its address", "its domain"])
def test_an_answer_with_our_mark_goes_to_the_agents_and_not_to_the_requester(sender):
    ticket = escalated()
    decision = answer(ticket, (a.mark(ticket, PARTNER),), sender)
    assert decision.ticket.row == "10c"
    assert a.posted(decision) == ["jawaban_lkpp -> helpdesk"] * 2
    assert "Jawaban Helpdesk LKPP" in a.words_of(a.sent_letters(decision)[0])
    assert "Kunci sudah kami perbaiki." in a.words_of(a.sent_letters(decision)[0])
    assert decision.ticket.outside_number == "INC-204518"
    assert [m.party for m in a.messages(decision)] == ["lkpp"]


def test_the_mark_of_lkpp_from_a_foreign_domain_is_a_third_party():
    ticket = escalated()
    decision = answer(ticket, (a.mark(ticket, PARTNER),), TONO)
    assert decision.note == "pihak ketiga"
    assert (decision.ticket.row, decision.ticket.outside_number) == ("10a", "")


TICKET = escalated()
UNPROVEN = {
    "nothing": ((), {}),
    "only the number": ((a.label(TICKET),), {}),
    "only LKPP's number": ((a.label(TICKET, Evidence.OUTSIDE_NUMBER),), {}),
    "the requester's mark": ((a.mark(TICKET),), {}),
    "a good mark, a forged sender": ((a.mark(TICKET, PARTNER),), {"trust": a.FORGED}),
}


@pytest.mark.parametrize(("claims", "how"), UNPROVEN.values(), ids=UNPROVEN.keys())
def test_an_answer_without_proof_waits_for_a_person(claims, how):
    decision = answer(TICKET, claims, **how)
    assert (decision.ticket, decision.actions) == (None, ())
    assert decision.outcome is Outcome.QUARANTINED
    assert "mengaku Helpdesk LKPP" in decision.note


@pytest.mark.parametrize("sender", [PARTNER, COLLEAGUE], ids=["its address", "its domain"])
def test_an_office_that_is_no_longer_active_is_not_believed_b120(sender):
    former = replace(PARTNER, active=False)
    directory = Directory((SARI, BUDI, former), frozenset())
    known = a.known(TICKET, claims=(a.mark(TICKET, PARTNER),))
    mail = a.arrived(TEXT, sender=sender)
    decision = decide(mail, known, replace(book(), directory=directory))
    assert (decision.ticket, decision.outcome) == (None, Outcome.QUARANTINED)
    assert "tidak aktif lagi" in decision.note


def test_a_mark_does_not_count_on_a_ticket_that_was_never_escalated():
    ticket = a.ticket("7")
    assert answer(ticket, (a.mark(ticket, PARTNER),)).outcome is Outcome.QUARANTINED


@pytest.mark.parametrize("evidence", [Evidence.OUTSIDE_NUMBER, Evidence.SUBJECT_TAG])
def test_a_number_is_enough_when_the_server_vouches_for_the_domain(evidence):
    decision = answer(TICKET, (a.label(TICKET, evidence),), trust=a.PROVEN)
    assert decision.ticket.row == "10c"


def test_a_reply_to_our_letter_by_its_message_id_is_proof():
    letter = SentLetter(TICKET.id, "42.4", "eskalasi", "lkpp", PARTNER.address, False, MONDAY)
    claim = Claim(Evidence.MESSAGE_ID, "<42.4>", TICKET.id, letter="42.4")
    assert answer(TICKET, (claim,), facts={"letter": letter}).ticket.row == "10c"


def test_an_answer_out_of_turn_is_shown_and_moves_nothing():
    ticket = escalated("9a", answered_at=MONDAY)
    decision = answer(ticket, (a.mark(ticket, PARTNER),))
    assert a.posted(decision) == ["pesan_lanjutan -> helpdesk"] * 2
    assert (decision.ticket.row, decision.ticket.answered_at) == ("9a", MONDAY)
    assert "Helpdesk LKPP menulis lagi" in a.words_of(a.sent_letters(decision)[0])


def test_a_number_that_is_known_is_not_learned_again():
    ticket = escalated(outside_number="INC-1")
    assert answer(ticket, (a.mark(ticket, PARTNER),)).ticket.outside_number == "INC-1"


def test_our_own_number_is_not_taken_for_theirs():
    ticket = escalated()
    text = "Mengenai nomor tiket LPSE-2026-000042 sudah selesai."
    assert answer(ticket, (a.mark(ticket, PARTNER),), text=text).ticket.outside_number == ""


def test_the_officer_who_escalated_gets_the_answer():
    ticket = escalated(officer="budi")
    letters = a.sent_letters(answer(ticket, (a.mark(ticket, PARTNER),)))
    assert [x.to.address for x in letters] == [BUDI.address]


def test_commands_of_another_office_are_only_text():
    ticket = escalated()
    decision = answer(ticket, (a.mark(ticket, PARTNER),), text="#selesai\nSudah.")
    assert decision.ticket.row == "10c"
    assert all(x.to != SITI for x in a.sent_letters(decision))
