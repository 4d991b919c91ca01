"""A letter did not reach its reader: refused by the relay, come back, or late (B107, B110)."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import BUDI, MONDAY, PARTNER, SARI, SITI, book
from maild.desk.decide import decide
from maild.model.event import SendFailed
from maild.model.known import SentLetter
from maild.model.mail import Bounce, FailedRecipient, Nature
from maild.model.people import HELPDESK, LKPP, USER, Directory


def refused(party, recipient, template="jawaban", facts=None, with_book=None, **how):
    event = SendFailed(
        MONDAY, a.TICKET_ID, template, party, recipient.address, "550 unknown user", **how
    )
    known = a.known(a.ticket("9a", officer="sari"), **(facts or {}))
    return decide(event, known, with_book or book())


def came_back(party, recipient, template="jawaban", permanent=True):
    ticket = a.ticket("9a")
    letter = SentLetter(ticket.id, "x.2", template, party, recipient.address, False, MONDAY)
    failed = FailedRecipient(recipient.address, "5.1.1", permanent, "mailbox unavailable")
    mail = a.mail("", sender=None, nature=Nature.BOUNCE, bounce=Bounce((failed,), "<x>"))
    return decide(a.arrived(mail), a.known(ticket, letter=letter), book())


def told(decision):
    return [(letter.template, letter.to.address) for letter in a.sent_letters(decision)]


def test_a_letter_to_the_requester_that_came_back_is_told_to_the_agents():
    decision = came_back(USER, SITI)
    assert told(decision) == [("surat_gagal", who.address) for who in (SARI, BUDI)]
    text = a.words_of(a.sent_letters(decision)[0])
    assert f"Surat kepada {SITI.address} tidak terkirim" in text
    assert "Sebab: siti@majujaya.example 5.1.1 mailbox unavailable" in text
    assert "dihubungi dengan cara lain" in text
    assert "Isi surat" not in text, "the server's answer is not the letter's text"


@pytest.mark.parametrize(("party", "recipient"), [(USER, SITI), (LKPP, PARTNER)])
@pytest.mark.parametrize("late", [False, True])
def test_a_letter_to_somebody_outside_that_is_refused_or_late_is_told_to_the_officer(
    party, recipient, late
):
    decision = refused(party, recipient, late=late)
    assert told(decision) == [("surat_gagal", SARI.address)]
    assert "550 unknown user" in a.journal(decision)
    shown = a.words_of(a.sent_letters(decision)[0])
    assert "Sebab: 550 unknown user" in shown
    assert "Surat: jawaban" in shown
    assert ("diulang sampai lima hari" in shown) is late


@pytest.mark.parametrize("failed", [refused, came_back], ids=["refused", "came back"])
def test_a_letter_that_an_officer_does_not_get_is_told_to_the_others_on_duty(failed):
    decision = failed(HELPDESK, SARI, "tugas_baru")
    assert told(decision) == [("surat_gagal", BUDI.address)]
    shown = a.words_of(a.sent_letters(decision)[0])
    assert f"Surat kepada {SARI.address} tidak terkirim" in shown
    assert "mungkin belum ada yang mengetahui tiket ini" in shown
    assert decision.ticket.row == "9a"


@pytest.mark.parametrize("template", ["tugas_baru", "surat_gagal"])
def test_two_dead_mailboxes_do_not_tell_each_other_for_ever(template):
    told_to = refused(HELPDESK, SARI, template)
    assert len(told(told_to)) == (template == "tugas_baru")
    assert told(refused(HELPDESK, BUDI, "surat_gagal")) == []


def test_when_all_others_are_away_they_are_told_all_the_same():
    decision = refused(HELPDESK, SARI, "tugas_baru", {"absent": frozenset({BUDI.number})})
    assert ("surat_gagal", BUDI.address) in told(decision)


def test_an_officer_who_is_alone_is_not_told_of_his_own_mailbox():
    alone = replace(book(), directory=Directory((SARI, PARTNER), frozenset()))
    assert told(refused(HELPDESK, SARI, "tugas_baru", with_book=alone)) == []


def test_a_late_letter_to_an_officer_is_only_journalled():
    decision = refused(HELPDESK, SARI, "tugas_baru", late=True)
    assert told(decision) == []
    assert "surat tugas_baru kepada sari@contoh.go.id tertunda" in a.journal(decision)


def test_a_report_of_a_delay_is_only_journalled():
    decision = came_back(USER, SITI, permanent=False)
    assert told(decision) == []
    assert "jawaban kepada" in a.journal(decision)
    assert decision.ticket.row == "9a"
