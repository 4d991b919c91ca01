"""The digest: once a day each agent is told of all that waits for him, in one letter."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from maild.desk import aside, assignment, words
from maild.desk.book import Book
from maild.model.action import Decision, SendLetter
from maild.model.event import DayBegan
from maild.model.known import Known
from maild.model.mail import Address
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Match, State, Ticket

_MOST_LINES = 50
_FIRST_DAY = date(2000, 1, 1)
_WAITS = (State.WAITING_DATA, State.ESCALATED, State.ANSWERED)


def decide(event: DayBegan, known: Known, book: Book) -> Decision:
    """A letter to every agent who is there and for whom something waits. Mails that are no ticket
    wait for whoever is on duty: nobody else would hear of them."""
    letters = [
        letter
        for person in assignment.present(book, known.absent)
        if (letter := _letter(event.now, person, known, book))
    ]
    return Decision(None, tuple(letters), (Match("ringkasan", f"{len(letters)} surat"),))


def _letter(now: datetime, person: Person, known: Known, book: Book) -> SendLetter | None:
    duty = person in assignment.on_duty(book, known.absent)
    there = {p.id for p in assignment.present(book, known.absent)}
    mine = [t for t in known.open if t.officer == person.id]
    nobodys = [t for t in known.open if t.officer not in there and duty]
    late = [t for t in (*mine, *nobodys) if _works(t) and t.due_at and t.due_at <= now]
    groups = {
        "terlambat": late,
        "milik": [t for t in mine if _works(t) and t not in late],
        "menunggu": [t for t in mine if not _works(t)],
        "piket": [t for t in nobodys if _works(t) and t not in late],
    }
    shown = {name: _first(tickets) for name, tickets in groups.items()}
    about = tuple(ticket for tickets in shown.values() for ticket in tickets)
    set_aside = aside.lines(known) if duty else []
    if not (about or set_aside):
        return None
    return SendLetter(
        template="ringkasan",
        ticket=None,
        serial=_serial(now.astimezone(book.office.zone).date(), person),
        party=HELPDESK,
        person=person.number,
        to=Address(person.name, person.address),
        words={
            "petugas": person.name,
            "kapan": now,
            "kantor": words.office(book),
            **{name: [_line(ticket) for ticket in tickets] for name, tickets in shown.items()},
            "tersisih": set_aside,
        },
        automatic=True,
        about=about,
    )


def _works(ticket: Ticket) -> bool:
    """Whether the office itself has the ball."""
    return ticket.state not in _WAITS


def _first(tickets: Iterable[Ticket]) -> list[Ticket]:
    """The most urgent ones, as many as a letter should list."""
    in_order = sorted(
        tickets, key=lambda t: (t.assessment.priority.level, t.due_at or t.received_at, t.id)
    )
    return in_order[:_MOST_LINES]


def _line(ticket: Ticket) -> tuple[Any, ...]:
    """Number, level, state, summary, due time, and room for the address to answer to."""
    level, summary = ticket.assessment.priority.level, ticket.summary or ticket.subject
    return ticket.number, level, ticket.state.value, summary, ticket.due_at, ""


def _serial(day: date, person: Person) -> int:
    """Differs by day and person, and fits into 31 bits until 2089; the ledger's numbers, which
    other letters without a ticket have, stay far below it."""
    return (day - _FIRST_DAY).days * 65_536 + person.number
