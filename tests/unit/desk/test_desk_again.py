"""The same person asks again in a fresh mail: a reminder, or in doubt a ticket of its own."""

from dataclasses import replace

from kit import builders as a
from kit.office import SITI, book
from maild.desk.decide import decide
from maild.desk.problem import first_problem
from maild.model.mail import ParsedMail
from maild.model.ticket import State, Ticket
from maild.rules.assess import assess
from maild.rules.summary import summary_line

LOCKED = "Kami CV Maju, user ID MAJU07, tidak bisa login SPSE, akun terkunci."


def asked(text: str, number: int = a.TICKET_ID, **fields) -> Ticket:
    problem = first_problem(a.mail(text, subject=""), a.ticket().received_at)
    known = assess(problem, book().table, book().worktime)
    base = a.ticket(id=number, number=f"LPSE-2026-{number % 1000:06}", assessment=known)
    return replace(base, summary=summary_line("", text), **fields)


def again(*earlier: Ticket, mail: ParsedMail | None = None):
    written = mail or a.mail(LOCKED.replace("tidak bisa", "masih tidak bisa"), subject="")
    return decide(a.arrived(written), a.known(earlier=earlier), book())


def test_the_same_said_again_joins_the_open_ticket_and_raises_its_priority():
    before = asked(LOCKED)
    decision = again(before)
    assert decision.ticket.id == before.id
    levels = [t.assessment.priority.level for t in (before, decision.ticket)]
    assert levels == [3, 2]
    assert set(a.posted(decision)) == {
        "pesan_lanjutan -> helpdesk",
        "status_pengguna -> pengguna",
    }


def test_an_answered_or_merged_ticket_is_not_asked_about_again():
    for ended in ({"state": State.ANSWERED}, {"state": State.CLOSED}, {"merged": 5}):
        assert again(asked(LOCKED, **ended)).ticket.id == 2026000099


def test_between_two_alike_tickets_maild_does_not_choose():
    one, two = asked(LOCKED), asked(LOCKED, 2026000043)
    decision = again(two, one)
    assert (decision.ticket.id, decision.ticket.linked) == (2026000099, two.number)


def test_a_forged_sender_joins_nothing():
    forged = a.mail(LOCKED, sender=SITI, subject="", trust=a.FORGED)
    decision = again(asked(LOCKED), mail=forged)
    assert (decision.ticket.id, decision.ticket.linked) == (2026000099, "")
