"""What stands in the Sent folder has left already: recorded, never sent again, never obeyed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kit import builders as a
from kit.office import BUDI, MAILBOX, MONDAY, PARTNER, SARI, SITI, TONO, book
from maild.desk.decide import decide
from maild.desk.sent import SHARED
from maild.model.action import AwaitQuestion, Outcome, Passage, PlaceAnswer
from maild.model.known import Claim, Evidence
from maild.model.mail import Address, Nature, Trust, TrustLevel
from maild.model.ticket import Direction, State

HELPDESK = Address("Helpdesk LPSE", MAILBOX)
ASKED = "<awal@majujaya.example>"
ANSWER = "Yth. Ibu Siti,\nMohon memperkecil berkas menjadi di bawah 2 MB."


def claim(of, evidence=Evidence.REFERENCE, value=ASKED):
    return Claim(evidence, value, of.id)


def mail(text=ANSWER, sender=HELPDESK, to=(SITI,), parent=ASKED, **fields):
    written = a.mail(text, sender=sender, subject="Re: Gagal unggah", to=to)
    fields = {"message_id": "<jawab@lpse.example>", "authors": (sender,), **fields}
    return replace(written, in_reply_to=(parent,), nature=Nature.OWN, **fields)


def sent(text=ANSWER, of=None, claims=None, at=MONDAY, known=None, **how):
    of = of or a.ticket("7")
    facts = a.known(of, claims=(claim(of),) if claims is None else claims, **(known or {}))
    written = text if not isinstance(text, str) else mail(text, **how)
    event = replace(a.arrived(written), at=at, sent=True)
    return decide(event, facts, book())


def test_an_answer_from_the_mailbox_is_recorded_as_the_answer_and_nothing_is_sent():
    decision = sent(at=MONDAY - timedelta(minutes=30))
    ticket = decision.ticket
    assert decision.outcome is Outcome.DONE
    assert a.posted(decision) == []
    assert (ticket.state, ticket.row) == (State.ANSWERED, "9a")
    assert ticket.answered_at == MONDAY - timedelta(minutes=30)
    assert ticket.solution == "Mohon memperkecil berkas menjadi di bawah 2 MB."
    assert ticket.officer == SHARED
    [message] = a.messages(decision)
    assert (message.direction, message.message_id) == (Direction.OUT, "<jawab@lpse.example>")
    rows = [p.row for p in decision.actions if isinstance(p, Passage)]
    assert rows == ["7", "8", "9"]
    assert "dijawab langsung dari kotak surat" in a.journal(decision)


@pytest.mark.parametrize(
    "how",
    [
        {"sender": Address(SARI.name, SARI.address)},
        {"sender": Address("Sari Wulandari | Helpdesk", MAILBOX)},
        {"submitter": SARI.address},
        {"signature": "Salam,\nSari Wulandari\nHelpdesk LPSE"},
    ],
    ids=["by From", "by the name in From", "by Sender", "by the signature"],
)
def test_the_person_is_named_where_the_client_tells(how):
    decision = sent(**how)
    assert decision.ticket.officer == SARI.id
    assert a.messages(decision)[0].author == Address(SARI.name, MAILBOX)


def test_a_name_that_fits_two_people_names_nobody():
    both = Address(f"{SARI.name} / {BUDI.name}", MAILBOX)
    assert sent(sender=both).ticket.officer == SHARED


@pytest.mark.parametrize(
    ("evidence", "to", "found"),
    [
        (Evidence.MESSAGE_ID, SITI, True),
        (Evidence.REFERENCE, SITI, True),
        (Evidence.SUBJECT_TAG, SITI, True),
        (Evidence.SUBJECT_TAG, TONO, False),
        (Evidence.BODY_TAG, SITI, False),
    ],
)
def test_the_thread_joins_it_to_its_ticket_and_a_number_only_towards_its_requester(
    evidence, to, found
):
    ticket = a.ticket("7")
    decision = sent(claims=(claim(ticket, evidence),), to=(to,))
    assert (decision.ticket is not None) == found


@pytest.mark.parametrize(
    "how",
    [
        {"delivered_to": (MAILBOX,)},
        {"trust": Trust(TrustLevel.FORGED, ("dmarc=fail",))},
        {"sender": TONO},
        {"sender": SITI},
        {"sent_nature": Nature.OWN},
        {"sent_nature": Nature.RECEIPT},
        {"sent_nature": Nature.AUTO_REPLY},
    ],
    ids=["delivered", "forged", "a stranger", "redirected", "our letter", "receipt", "vacation"],
)
def test_what_nobody_wrote_in_this_mailbox_is_no_answer(how):
    decision = sent("#selesai\nSudah beres.", **how)
    assert (decision.ticket, decision.actions, decision.outcome) == (None, (), Outcome.INERT)


def test_our_own_letter_is_known_by_the_outbox_too():
    assert sent(known={"ours": True}).outcome is Outcome.INERT


def test_command_words_in_it_are_not_run_and_not_part_of_the_answer():
    decision = sent("#selesai\n#prioritas 1\nMohon dicoba lagi dengan berkas kecil.")
    assert decision.ticket.state is State.ANSWERED
    assert decision.ticket.assessment.priority is a.ticket("7").assessment.priority
    assert "#" not in decision.ticket.solution
    assert "tidak dijalankan" in a.journal(decision)


def test_a_word_in_between_is_no_answer():
    decision = sent("Mohon ditunggu, permasalahan sedang kami proses.")
    assert (decision.ticket.state, decision.ticket.answered_at) == (State.IN_PROGRESS, None)
    assert decision.ticket.officer == SHARED
    assert [m.direction for m in a.messages(decision)] == [Direction.OUT]


@pytest.mark.parametrize("row", ["9a", "9c"])
def test_what_follows_an_answer_does_not_replace_it(row):
    before = a.ticket(row, solution="Perkecil berkas.", answered_at=MONDAY)
    decision = sent("Sama-sama, Ibu.", of=before)
    assert (decision.ticket.row, decision.ticket.solution) == (row, "Perkecil berkas.")
    assert len(a.messages(decision)) == 1


def test_a_copy_that_comes_again_changes_nothing():
    ticket = a.ticket("9a")
    said = a.message("helpdesk", HELPDESK, ANSWER, "<jawab@lpse.example>", Direction.OUT)
    decision = sent(of=ticket, known={"conversation": (said,)})
    assert (decision.ticket, decision.outcome) == (None, Outcome.INERT)


def test_a_mail_forwarded_to_lkpp_by_hand_is_the_escalation_and_the_user_is_told():
    partner = Address(PARTNER.name, PARTNER.address)
    decision = sent("Mohon bantuannya.", to=(partner,))
    assert decision.ticket.state is State.ESCALATED
    assert a.posted(decision) == ["pemberitahuan_eskalasi -> pengguna"]
    assert a.messages(decision)[0].party == "lkpp"


def test_a_mail_to_a_colleague_is_a_note():
    decision = sent("Tolong dicek.", to=(Address("", "tik@contoh.go.id"),))
    assert decision.ticket.state is State.IN_PROGRESS
    assert a.messages(decision)[0].direction is Direction.NOTE


def test_an_answer_to_a_mail_that_is_not_known_yet_waits_for_it():
    decision = sent(claims=(Claim(Evidence.REFERENCE, "<baru@x>"),), parent="<baru@x>")
    assert decision.outcome is Outcome.INERT
    assert decision.actions == (AwaitQuestion("<baru@x>", 7),)


def test_a_problem_that_was_answered_before_it_was_read_gets_no_letter_at_all():
    facts = a.known(answered=(3,))
    decision = decide(a.arrived(a.INCOMPLETE), facts, book())
    assert decision.ticket.number == "LPSE-2026-000099"
    assert a.posted(decision) == []
    assert decision.ticket.asked == 0
    assert PlaceAnswer(3) in decision.actions


def test_a_further_mail_that_was_answered_already_is_no_objection():
    ticket = a.ticket("9a", solution="Perkecil berkas.", answered_at=MONDAY)
    facts = a.known(ticket, claims=(claim(ticket),), answered=(3,))
    decision = decide(a.arrived("Masih gagal, mohon bantuan"), facts, book())
    assert (decision.ticket.state, a.posted(decision)) == (State.ANSWERED, [])


def test_who_writes_as_the_helpdesk_from_outside_is_never_believed():
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(claim(ticket),))
    decision = decide(a.arrived(mail("#selesai\nSudah.")), facts, book())
    assert decision.outcome is Outcome.INERT
    assert decision.ticket is None or decision.ticket.state is State.IN_PROGRESS
    assert a.posted(decision) == []
