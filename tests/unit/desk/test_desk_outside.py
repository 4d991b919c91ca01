"""LKPP answers: believed with our mark from its own domain, and shown to the agents only."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import BUDI, MONDAY, PARTNER, SARI, SITI, TONO, book
from maild.desk.decide import decide
from maild.model.action import Outcome, SetAlarm
from maild.model.event import AlarmKind
from maild.model.known import Claim, Evidence, SentLetter
from maild.model.mail import Address, Nature
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
    assert decision.ticket is None
    assert {(x.template, x.party) for x in a.sent_letters(decision)} <= {
        ("surat_pihak_lain", "helpdesk")
    }
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


# --- who is believed, by what (B119) -----------------------------------------------------------

NO_REPLY = Address("", "no-reply@lkpp.example")
NUMBER = a.label(escalated(outside_number="INC-7"), Evidence.OUTSIDE_NUMBER)
THREAD = a.label(escalated(), Evidence.REFERENCE)


@pytest.mark.parametrize("sender", [COLLEAGUE, NO_REPLY], ids=["a colleague", "no-reply"])
@pytest.mark.parametrize("claim", [NUMBER, THREAD, a.label(TICKET)])
def test_whoever_writes_from_its_proven_domain_is_the_office(claim, sender):
    decision = answer(TICKET, (claim,), sender, trust=a.PROVEN)
    assert decision.ticket.row == "10c"
    assert all(letter.to.address != sender.address for letter in a.sent_letters(decision))


@pytest.mark.parametrize("claim", [NUMBER, THREAD, a.label(TICKET)])
def test_the_domain_alone_without_proof_is_held_b119(claim):
    decision = answer(TICKET, (claim,), NO_REPLY)
    assert (decision.ticket, decision.outcome) == (None, Outcome.QUARANTINED)


def test_the_requester_of_a_ticket_is_no_office_whatever_his_domain():
    ticket = escalated(requester=COLLEAGUE)
    decision = answer(ticket, (a.label(ticket),), COLLEAGUE, "Apakah ada kabar?", trust=a.PROVEN)
    assert a.posted(decision) == ["pesan_lanjutan -> helpdesk"] * 2
    assert [m.party for m in a.messages(decision)] == ["pengguna"]


def test_somebody_of_its_domain_with_a_problem_of_his_own_is_a_requester():
    decision = decide(a.arrived(a.COMPLETE, sender=COLLEAGUE), a.known(), book())
    assert decision.ticket.requester == COLLEAGUE


def test_an_answer_marked_as_automatic_is_an_answer_and_a_receipt_is_none():
    ticket = escalated()
    claims = (a.mark(ticket, PARTNER),)
    said = answer(ticket, claims, nature=Nature.AUTO_REPLY, text="Kunci sudah kami perbaiki.")
    assert said.ticket.row == "10c"
    text = "Laporan Anda telah kami terima dengan nomor tiket INC-9001."
    receipt = answer(ticket, claims, nature=Nature.AUTO_REPLY, text=text)
    assert a.posted(receipt) == []
    assert receipt.outcome is Outcome.INERT
    assert replace(receipt.ticket, version=3, outside_number="") == ticket
    assert receipt.ticket.outside_number == "INC-9001"
    assert a.messages(receipt) == []


def test_the_answer_to_one_ticket_rings_the_clock_of_the_other_of_its_case():
    ticket = escalated(outside_number="INC-7", outside="lkpp")
    other = replace(ticket, id=2026000043, number="LPSE-2026-000043")
    decision = answer(ticket, (a.mark(ticket, PARTNER),), facts={"same_case": (other,)})
    alarm = next(x for x in decision.actions if isinstance(x, SetAlarm) and x.ticket == other.id)
    assert (alarm.kind, alarm.row) == (AlarmKind.ANSWERED, "10a")
    assert "LPSE-2026-000043" in a.words_of(a.sent_letters(decision)[0])
    talk = (a.message("lkpp", COLLEAGUE, "Kunci sudah kami perbaiki."),)
    facts = a.known(other, conversation=talk)
    rung = decide(a.rang(other, AlarmKind.ANSWERED), facts, book())
    assert rung.ticket.row == "10c"
