"""Mail whose From names nobody for sure: a ticket opens, and nothing is done on its word."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import MAILBOX, SARI, SITI, book
from maild.desk.decide import decide
from maild.desk.draft import Draft
from maild.desk.words import as_message
from maild.ingest import parse
from maild.model.action import Decision, Outcome
from maild.model.event import MailArrived
from maild.model.known import Known
from maild.model.mail import Address

AT_TWO = "From: Siti <siti@majujaya.example>, Budi <budi@lain.example>"
TWICE = "From: Siti <siti@majujaya.example>\nFrom: Sari <sari@contoh.go.id>"
DIFFERS = "From: siti@majujaya.example<budi@lain.example>"
FORMS = pytest.mark.parametrize("head", [AT_TWO, TWICE, DIFFERS])


def decided(head: str, text: str = a.COMPLETE, known: Known | None = None) -> Decision:
    mail = parse.read(f"{head}\nSubject: Gagal unggah\nMessage-ID: <1@x>\n\n{text}".encode())
    assert mail.sender is None
    event = MailArrived(a.MONDAY, a.MONDAY, 7, mail)
    return decide(event, known or a.known(), book())


@FORMS
@pytest.mark.parametrize("text", [a.COMPLETE, a.INCOMPLETE])
def test_b027_b047_an_unclear_senders_problem_is_taken_up_and_nobody_outside_is_written_to(
    head: str, text: str
) -> None:
    decision = decided(head, text)
    assert decision.outcome is Outcome.DONE
    assert decision.ticket is not None
    assert {letter.party for letter in a.sent_letters(decision)} == {"helpdesk"}
    assert "pengirim tidak jelas" in a.journal(decision)


@FORMS
def test_b047_the_officers_notice_says_so(head: str) -> None:
    (notice,) = {a.words_of(x) for x in a.sent_letters(decided(head)) if x.person == SARI.number}
    assert "PENGIRIM TIDAK JELAS" in notice
    assert "Tidak ada surat otomatis" in notice


def test_b027_both_authors_are_told() -> None:
    notice = a.words_of(a.sent_letters(decided(AT_TWO))[0])
    assert "siti@majujaya.example, budi@lain.example" in notice


def test_b047_nothing_is_ever_sent_to_him_by_itself_later_either() -> None:
    decision = decided(AT_TWO)
    assert decision.ticket is not None
    said = tuple(as_message(m) for m in a.messages(decision))
    known = replace(a.known(decision.ticket), conversation=said)
    draft = Draft(a.MONDAY, book(), known, decision.ticket)
    assert not draft.letter("tutup_tanpa_data", "pengguna")
    assert draft.letter("jawaban", "pengguna", automatic=False, extra={"teks": "Sudah."})


def test_b027_no_command_of_an_unclear_sender_is_run_and_no_ticket_is_joined() -> None:
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.mark(ticket, SARI),))
    decision = decided(TWICE, "#selesai\nSudah.", facts)
    assert decision.ticket is not None
    assert decision.ticket.id != ticket.id
    assert decision.ticket.linked == ticket.number


@pytest.mark.parametrize("head", ["Subject: x", "From: <>", f"From: {MAILBOX}, {SARI.address}"])
def test_b026_a_mail_that_shows_no_stranger_as_its_author_opens_no_ticket(head: str) -> None:
    decision = decided(head)
    assert (decision.ticket, decision.actions) == (None, ())
    assert decision.outcome is not Outcome.DONE


def test_a_clear_sender_is_in_no_doubt() -> None:
    decision = decide(a.arrived(a.COMPLETE, sender=Address("", SITI.address)), a.known(), book())
    assert "tanda_terima -> pengguna" in a.posted(decision)
    assert "PENGIRIM" not in "".join(a.words_of(x) for x in a.sent_letters(decision))
