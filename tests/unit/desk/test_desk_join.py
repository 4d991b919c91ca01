"""#gabung and #pisah; participants never change."""

from dataclasses import replace

from kit import builders as a
from kit.office import MONDAY, SARI, SITI, TONO, book
from maild.desk.decide import decide
from maild.model.action import Record
from maild.model.ticket import State

OTHER = replace(a.ticket("7"), id=2026000017, number="LPSE-2026-000017")


def merge(ticket, *others, into=OTHER.number, text=""):
    talk = (a.message("pengguna", SITI, "Gagal unggah.", "<awal@majujaya.example>"),)
    facts = a.known(ticket, *others, claims=(a.mark(ticket, SARI),), conversation=talk)
    return decide(a.arrived(f"#gabung {into}{text}", sender=SARI), facts, book())


def test_a_ticket_becomes_part_of_another_one():
    decision = merge(a.ticket("7"), OTHER)
    ticket = decision.ticket
    assert (ticket.row, ticket.state, ticket.merged) == ("8b", State.CLOSED, OTHER.id)
    assert ticket.linked == OTHER.number
    [moved] = [m for m in a.messages(decision) if m.ticket == OTHER.id]
    assert (moved.text, moved.author, moved.mail_id) == ("Gagal unggah.", SITI, 5)
    assert any(isinstance(x, Record) and x.ticket == OTHER.id for x in decision.actions)
    assert a.posted(decision) == ["resi -> helpdesk"], "the requester gets nothing"


def test_tickets_of_two_requesters_are_never_merged():
    foreign = replace(OTHER, requester=TONO)
    decision = merge(a.ticket("7"), foreign)
    assert "penggunanya berbeda" in a.receipt(decision)
    assert (decision.ticket.merged, decision.ticket.row) == (0, "7")
    assert all(m.ticket != OTHER.id for m in a.messages(decision))


def test_a_closed_or_merged_ticket_takes_nothing_in():
    for ended in (replace(OTHER, state=State.CLOSED), replace(OTHER, merged=5)):
        assert "sudah ditutup" in a.receipt(merge(a.ticket("7"), ended))


def test_a_later_mail_of_the_requester_lands_where_the_ticket_went():
    merged = a.ticket("8b", merged=OTHER.id, closed_at=MONDAY)
    facts = a.known(merged, OTHER, claims=(a.mark(merged),))
    decision = decide(a.arrived("Ada kabar?"), facts, book())
    assert decision.ticket.id == OTHER.id


def test_an_agents_old_notice_answers_the_ticket_into_which_it_was_merged():
    merged = a.ticket("8b", merged=OTHER.id, closed_at=MONDAY)
    facts = a.known(merged, OTHER, claims=(a.mark(merged, SARI),))
    decision = decide(a.arrived("Silakan dicoba.", sender=SARI), facts, book())
    assert (decision.ticket.id, decision.ticket.row) == (OTHER.id, "9a")


def split(*messages):
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.mark(ticket, SARI),), conversation=messages)
    return decide(a.arrived("#pisah", sender=SARI), facts, book())


FIRST = a.message("pengguna", SITI, "Gagal unggah.", "<awal@majujaya.example>")


def test_the_last_message_becomes_a_ticket_of_its_own_writer():
    second = a.message("pihak ketiga", TONO, a.COMPLETE, "<dua@asing.example>")
    decision = split(FIRST, second)
    ticket = decision.ticket
    assert (ticket.id, ticket.requester, ticket.linked) == (2026000099, TONO, a.NUMBER)
    assert a.messages(decision)[0].text == a.COMPLETE
    to_user = [x for x in a.sent_letters(decision) if x.party == "pengguna"]
    assert {x.to for x in to_user} == {TONO}
    assert a.posted(decision)[-1] == "resi -> helpdesk"
    assert ticket.number in a.receipt(decision)
    assert any(isinstance(x, Record) and x.ticket == a.TICKET_ID for x in decision.actions)


def test_a_ticket_with_one_message_is_not_split():
    assert "baru memuat satu pesan" in a.receipt(split(FIRST))
