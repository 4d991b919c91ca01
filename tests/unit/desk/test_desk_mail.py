"""Which mail may change anything: copies, machines, bounces, mail without a sender."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import JOKO, MAILBOX, PARTNER, SARI, SITI, book
from maild.desk.decide import decide
from maild.model.action import Outcome
from maild.model.known import Claim, Evidence
from maild.model.mail import Address, Bounce, FailedRecipient, Nature

NOT_ANSWERED = [n for n in Nature if n is not Nature.HUMAN]


@pytest.mark.parametrize("nature", NOT_ANSWERED)
@pytest.mark.parametrize("sender", [SITI, SARI, PARTNER], ids=["requester", "agent", "lkpp"])
def test_mail_that_no_person_wrote_is_never_answered(nature, sender):
    ticket = a.ticket("5")
    who = None if sender is SITI else sender
    facts = a.known(ticket, claims=(a.mark(ticket, who),))
    decision = decide(a.arrived("#selesai\nHalo", sender=sender, nature=nature), facts, book())
    assert a.posted(decision) == []
    assert decision.ticket is None or decision.ticket.row == "5"


@pytest.mark.parametrize(
    ("nature", "outcome"),
    [
        (Nature.AUTO_REPLY, Outcome.INERT),
        (Nature.RECEIPT, Outcome.INERT),
        (Nature.CALENDAR, Outcome.INERT),
        (Nature.OWN, Outcome.INERT),
        (Nature.EMPTY, Outcome.INERT),
        (Nature.BOUNCE, Outcome.INERT),
        (Nature.LIST, Outcome.QUARANTINED),
        (Nature.CHALLENGE, Outcome.QUARANTINED),
        (Nature.COMPLAINT, Outcome.QUARANTINED),
        (Nature.PIECE, Outcome.QUARANTINED),
    ],
)
def test_a_machine_opens_no_ticket(nature, outcome):
    decision = decide(a.arrived(a.COMPLETE, nature=nature), a.known(), book())
    assert (decision.ticket, decision.actions, decision.outcome) == (None, (), outcome)


def test_an_automatic_reply_on_a_ticket_is_remembered_in_the_journal_only():
    ticket = a.ticket("5")
    facts = a.known(ticket, claims=(a.mark(ticket),))
    decision = decide(a.arrived("Saya cuti", nature=Nature.AUTO_REPLY), facts, book())
    assert replace(decision.ticket, version=ticket.version) == ticket
    assert "surel otomatis dicatat" in a.journal(decision)
    assert len(decision.actions) == 1


@pytest.mark.parametrize(("sender", "learned"), [(PARTNER, "INC-204518"), (SITI, "")])
def test_only_the_other_offices_machine_teaches_its_ticket_number(sender, learned):
    ticket = a.ticket("10a", escalated_at=a.MONDAY)
    who = PARTNER if sender is PARTNER else None
    facts = a.known(ticket, claims=(a.mark(ticket, who),))
    text = "Laporan Anda kami terima dengan nomor tiket: INC-204518"
    event = a.arrived(text, sender=sender, nature=Nature.AUTO_REPLY)
    assert decide(event, facts, book()).ticket.outside_number == learned


@pytest.mark.parametrize(
    ("how", "facts", "outcome", "note"),
    [
        ({"old": True}, {}, Outcome.INERT, "sebelum tanggal mulai"),
        ({}, {"duplicate": True}, Outcome.INERT, "salinan"),
        ({"sender": None}, {}, Outcome.QUARANTINED, "pengirim tidak jelas: dua baris From"),
        ({"sender": Address("", MAILBOX)}, {}, Outcome.INERT, "alamat helpdesk sendiri"),
    ],
    ids=["from before the cut-over", "a copy", "without a clear sender", "from our own address"],
)
def test_mail_that_changes_nothing(how, facts, outcome, note):
    ticket = a.ticket("5")
    known = a.known(ticket, claims=(a.mark(ticket),), **facts)
    decision = decide(a.arrived("NPWP 01.234.567.8-912.000", **how), known, book())
    assert (decision.ticket, decision.actions, decision.outcome) == (None, (), outcome)
    assert note in decision.note


def test_a_bounce_about_no_letter_of_ours_is_inert():
    failed = FailedRecipient("x@y.example", "5.1.1", True, "")
    mail = a.mail("", sender=None, nature=Nature.BOUNCE, bounce=Bounce((failed,), "<y>"))
    decision = decide(a.arrived(mail), a.known(), book())
    assert (decision.ticket, decision.actions) == (None, ())


def test_an_agent_who_has_left_orders_nothing_even_with_his_mark():
    decision = a.from_agent("#selesai\nSudah.", a.ticket("7"), JOKO)
    assert (decision.ticket, decision.actions, decision.outcome) == (None, (), Outcome.QUARANTINED)


def test_a_claim_about_a_ticket_that_the_store_does_not_have_is_no_claim():
    claim = Claim(Evidence.SUBJECT_TAG, "LPSE-2026-000777", None)
    decision = decide(a.arrived(a.COMPLETE), a.known(claims=(claim,)), book())
    assert decision.ticket.id == 2026000099
    assert decision.ticket.linked == "LPSE-2026-000777"
