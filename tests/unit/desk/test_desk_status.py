"""A user asks how his ticket stands; others learn nothing."""

import pytest

from kit import builders as a
from kit.office import SARI, SITI, TONO, book
from maild.desk import status
from maild.desk.decide import decide
from maild.model.action import Outcome
from maild.model.mail import Trust, TrustLevel

QUESTION = "status LPSE-2026-000042"

ASKED = [
    (QUESTION, ""),
    ("Status tiket [LPSE-2026-000042]?", "tanya"),
    ("mohon status tiket nomor LPSE-2026-000042", ""),
    ("STATUS", "Re: [LPSE-2026-000042] Tanda terima permasalahan"),
    ("", "Status LPSE-2026-000042"),
]
NOT_ASKED = [
    ("status", "Gagal unggah"),
    ("Status tiket LPSE-2026-000042 kok belum selesai, kami rugi", ""),
    ("Mohon bantuan, status penawaran kami gagal", "[LPSE-2026-000042] x"),
    ("LPSE-2026-000042", ""),
    ("", "Status penawaran"),
]


@pytest.mark.parametrize(("text", "subject"), ASKED)
def test_status_and_a_number_is_a_question(text, subject):
    assert status.asked(a.mail(text, subject=subject))


@pytest.mark.parametrize(("text", "subject"), NOT_ASKED)
def test_anything_more_is_a_problem(text, subject):
    assert not status.asked(a.mail(text, subject=subject))


def test_a_file_makes_it_a_problem():
    assert not status.asked(a.mail(QUESTION, files=("layar.png",)))


def ask(ticket, sender=SITI, **how):
    facts = a.known(ticket, claims=(a.label(ticket),), **how.pop("facts", {}))
    return decide(a.arrived(QUESTION, sender=sender, subject="", **how), facts, book())


@pytest.mark.parametrize("row", ["5", "7", "9a", "9b", "10a"])
def test_its_own_requester_reads_state_row_and_expected_time(row):
    ticket = a.ticket(row)
    decision = ask(ticket)
    [letter] = a.sent_letters(decision)
    assert (letter.template, letter.to, letter.automatic) == ("status_pengguna", SITI, True)
    text = a.words_of(letter)
    assert f"Status: {ticket.state.value}" in text
    assert f"Langkah SOP: {row}" in text
    if row in ("5", "7", "10a"):
        assert "3 Februari 2026" in text
    assert (decision.ticket.row, decision.ticket.state) == (ticket.row, ticket.state)
    assert a.messages(decision) == []


def test_a_stranger_reads_one_sentence_that_is_the_same_for_every_number():
    there = ask(a.ticket("7"), TONO)
    missing = decide(a.arrived(QUESTION, sender=TONO, subject=""), a.known(), book())
    texts = [a.words_of(a.sent_letters(d)[0]) for d in (there, missing)]
    assert texts[0] == texts[1]
    assert a.sent_letters(there)[0].to == TONO
    assert "LPSE-2026-000042" not in texts[0]
    assert (there.ticket, there.outcome) == (None, Outcome.DONE)


def test_who_holds_a_mark_of_somebody_elses_ticket_is_a_stranger_too():
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.mark(ticket),))
    decision = decide(a.arrived(QUESTION, sender=TONO, subject=""), facts, book())
    assert a.posted(decision) == ["status_umum -> pengguna"]


def test_a_forged_requester_gets_nothing_sent():
    decision = ask(a.ticket("7"), trust=Trust(TrustLevel.FORGED))
    assert (a.posted(decision), decision.ticket) == ([], None)


@pytest.mark.parametrize("sender", [SITI, TONO])
def test_questions_without_end_are_not_answered_without_end(sender):
    facts = {"lately": (a.sent("status_umum", sender.address),) * 2}
    assert a.posted(ask(a.ticket("7"), sender, facts=facts)) == []


def test_an_agent_asks_by_his_own_word_only():
    decision = ask(a.ticket("7"), SARI)
    assert a.posted(decision) == ["konfirmasi_perintah -> helpdesk"]
