"""`#gabung` and `#pisah`: two tickets become one, one becomes two. Participants never change.

Only tickets of the same requester are merged: an answer goes to the requester of its ticket, and
to nobody else. Tickets of one outage follow one another instead (`outage`).
"""

from maild.desk import outage
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.desk.opening import First, open_ticket
from maild.desk.problem import subject_of
from maild.desk.report import Report
from maild.model.action import AddMessage, Record
from maild.model.event import MailArrived
from maild.model.known import Known
from maild.model.mail import Attachment
from maild.model.people import HELPDESK, LKPP, Person
from maild.model.ticket import Direction, Message, State, Ticket
from maild.rules import advance
from maild.rules.assess import Problem


def merge(draft: Draft, person: Person, argument: str, report: Report) -> None:
    """Closes the ticket as part of another one, which gets its conversation and later mails."""
    label = f"#gabung {argument}".strip()
    ticket = draft.ticket
    into = _named(draft.known, argument)
    if into and into.requester.address != ticket.requester.address and outage.share(ticket, into):
        outage.follow(draft, person, into, report)
        return
    why = _why_not(ticket, into)
    if why or into is None:
        report.failed(label, why)
        return
    walk = advance.act(draft.procedure, ticket.row, HELPDESK, "gabung", draft.ask)
    if not walk.steps:
        report.failed(label, f"tidak berlaku pada langkah {ticket.row}")
        return
    for message in draft.known.conversation:
        draft.actions.append(_moved(message, into))
    text = f"tiket {ticket.number} digabungkan ke tiket ini"
    draft.actions.append(Record(into.id, draft.now, person.id, into.row, text))
    draft.change(merged=into.id, linked=into.number)
    draft.walk(walk, person.id, automatic=False)
    report.did(label, f"digabungkan ke {into.number}; surel berikutnya masuk ke tiket itu")


def _named(known: Known, argument: str) -> Ticket | None:
    wanted = argument.strip().strip("[]").upper()
    return next((t for t in known.tickets.values() if t.number == wanted), None)


def _why_not(ticket: Ticket, into: Ticket | None) -> str:
    if into is None:
        return "tulis nomor tiket tujuan yang ada, misalnya #gabung LPSE-2026-000042"
    if into.id == ticket.id:
        return "itu nomor tiket ini sendiri"
    if into.requester.address != ticket.requester.address:
        return "penggunanya berbeda; jawab masing-masing agar tidak ada yang salah alamat"
    if into.merged or into.state is State.CLOSED:
        return f"tiket {into.number} sudah ditutup; gabungkan ke arah sebaliknya"
    return ""


def _moved(message: Message, into: Ticket) -> AddMessage:
    return AddMessage(
        ticket=into.id,
        direction=message.direction,
        party=message.party,
        author=message.author,
        text=message.text,
        at=message.at,
        subject=message.subject,
        message_id=message.message_id,
        mail_id=message.mail_id,
    )


def last_from_outside(known: Known) -> Message | None:
    """The newest message that neither the office nor another office wrote."""
    return next(
        (
            m
            for m in reversed(known.conversation)
            if m.direction is Direction.IN and m.party not in (HELPDESK, LKPP)
        ),
        None,
    )


def split(
    event: MailArrived, known: Known, book: Book, person: Person, ticket: Ticket
) -> tuple[Draft | None, str]:
    """A new ticket from the newest message of the old one, its author being the requester; or
    why not. The old one keeps its message and gets a line in its journal."""
    message = last_from_outside(known)
    first = next((m for m in known.conversation if m.direction is Direction.IN), None)
    if message is None or message is first:
        return None, "tiket ini baru memuat satu pesan; tidak ada yang dapat dipisahkan"
    names = message.attachments
    problem = Problem(
        subject=message.subject or subject_of(event.mail),
        text=message.text,
        sender=message.author,
        attachments=tuple(Attachment(n, 0, "", "", False, "") for n in names),
        received_at=message.at,
    )
    mine = First(problem, message.text, message.message_id, message.mail_id)
    draft = open_ticket(
        event, known, book, mine, linked=ticket.number, by=person.id, words={"lampiran": names}
    )
    text = f"pesan terakhir dipisahkan menjadi tiket {draft.ticket.number}"
    draft.actions.append(Record(ticket.id, event.now, person.id, ticket.row, text))
    return draft, ""
