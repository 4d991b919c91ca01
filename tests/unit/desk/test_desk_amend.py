"""The recap is corrected by answering the letter that brought it."""

import pytest

from kit import builders as a
from kit.office import MONDAY, SARI, SITI
from maild.desk.decide import decide
from maild.model.action import Amend, Decision, Outcome, Record
from maild.model.known import Claim, Evidence, Known, SentLetter
from maild.model.mail import Trust
from maild.model.people import Person
from maild.model.ticket import Ticket

OTHER = a.ticket(id=2026000043, number="LPSE-2026-000043")
LETTER = SentLetter(None, "0.20260201", "rekap", "helpdesk", SARI.address, True, MONDAY)
SIGNED = Claim(Evidence.MESSAGE_ID, "<x@lpse.example>", None, letter=LETTER.name)


def facts(*tickets: Ticket, letter: SentLetter = LETTER, signed: Claim = SIGNED) -> Known:
    named = tuple(a.label(ticket, Evidence.BODY_TAG) for ticket in tickets)
    return a.known(*tickets, claims=(signed, *named), letter=letter)


def answered(text: str, known: Known, sender: Person = SARI, **fields: Trust) -> Decision:
    return decide(a.arrived(text, sender=sender, **fields), known, a.book())


def amended(decision: Decision) -> dict[str, Ticket]:
    return {x.ticket.number: x.ticket for x in decision.actions if isinstance(x, Amend)}


def test_both_columns_of_several_tickets_are_corrected_in_one_mail() -> None:
    text = (
        "Mohon diperbaiki:\n"
        f"{a.NUMBER} solusi: Akun diaktifkan.\nPassword direset.\n"
        f"[{a.NUMBER}] Keterangan: disertai surat nomor 12\n"
        "LPSE-2026-000043 solusi : Unggah ulang.\n"
    )
    of = a.ticket()
    decision = answered(text, facts(of, OTHER))
    after = amended(decision)
    assert after[a.NUMBER].solution == "Akun diaktifkan.\nPassword direset."
    assert after[a.NUMBER].remarks == "disertai surat nomor 12"
    assert after[a.NUMBER].version == of.version + 1
    assert after["LPSE-2026-000043"].solution == "Unggah ulang."
    assert decision.outcome is Outcome.DONE


def test_the_journal_keeps_who_and_when() -> None:
    decision = answered(f"{a.NUMBER} solusi: Selesai.", facts(a.ticket()))
    (line,) = (x for x in decision.actions if isinstance(x, Record))
    assert (line.ticket, line.actor, line.at) == (a.TICKET_ID, SARI.id, MONDAY)
    assert "solusi" in line.text


def test_the_receipt_shows_the_row_as_it_is_now() -> None:
    decision = answered(f"{a.NUMBER} solusi: Akun diaktifkan.", facts(a.ticket()))
    text = a.receipt(decision)
    assert a.NUMBER in text
    assert "Solusi: Akun diaktifkan." in text
    assert "Keterangan: " in text


def test_a_correction_sends_nothing_to_the_requester() -> None:
    decision = answered(f"{a.NUMBER} solusi: Akun diaktifkan.", facts(a.ticket()))
    assert a.posted(decision) == ["resi -> helpdesk"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LPSE-2026-000099 solusi: x", "tiket ini tidak ada"),
        (f"{a.NUMBER} solusi:", "teksnya kosong"),
        ("Terima kasih, sudah kami terima.", "tulis misalnya"),
    ],
)
def test_what_is_not_understood_is_said_and_changes_nothing(text: str, said: str) -> None:
    decision = answered(text, facts(a.ticket()))
    assert not amended(decision)
    assert said in a.receipt(decision)


def test_remarks_may_be_taken_back() -> None:
    of = a.ticket(remarks="lama")
    decision = answered(f"{a.NUMBER} keterangan:", facts(of))
    assert amended(decision)[a.NUMBER].remarks == ""


def test_a_forged_sender_corrects_nothing() -> None:
    decision = answered(f"{a.NUMBER} solusi: x", facts(a.ticket()), trust=a.FORGED)
    assert not amended(decision)
    assert decision.outcome is Outcome.QUARANTINED


def test_a_recap_of_somebody_else_is_no_proof() -> None:
    letter = SentLetter(None, LETTER.name, "rekap", "helpdesk", "lain@lpse.example", True, MONDAY)
    assert not amended(answered(f"{a.NUMBER} solusi: x", facts(a.ticket(), letter=letter)))


def test_a_message_id_that_we_did_not_sign_is_no_proof() -> None:
    named = Claim(Evidence.REFERENCE, "<x@lpse.example>", None)
    assert not amended(answered(f"{a.NUMBER} solusi: x", facts(a.ticket(), signed=named)))


def test_a_requester_corrects_nothing() -> None:
    decision = decide(a.arrived(f"{a.NUMBER} solusi: x", sender=SITI), facts(a.ticket()), a.book())
    assert not amended(decision)
