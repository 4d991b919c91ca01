"""Whose ticket it is, and who is told of one that nobody has (config: [assignment]).

Turns go by the ticket's own number: no counter is kept, and every agent gets as many.
"""

from datetime import datetime

from maild.desk.book import Book
from maild.model.office import Way
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Priority, Ticket


def present(book: Book, absent: frozenset[int]) -> tuple[Person, ...]:
    """The active agents who are not away; all of them when everybody is."""
    agents = book.directory.of_party(HELPDESK)
    return tuple(p for p in agents if p.number not in absent) or agents


def on_duty(book: Book, absent: frozenset[int]) -> tuple[Person, ...]:
    """Who gets what nobody else has: the duty list, or every agent."""
    people = present(book, absent)
    return tuple(p for p in people if p.id in book.assignment.duty) or people


def officer(ticket: Ticket, book: Book, absent: frozenset[int]) -> Person | None:
    """The agent whose turn it is; None when the office assigns nobody."""
    way = book.assignment.way
    if way is Way.ALL:
        return None
    people = present(book, absent)
    if way is Way.BY_CATEGORY:
        category = ticket.assessment.category
        named = tuple(p for p in people if category in p.categories)
        people = named or tuple(p for p in people if not p.categories)
    people = people or on_duty(book, absent)
    return people[ticket.id % len(people)] if people else None


def readers(
    ticket: Ticket, book: Book, absent: frozenset[int], now: datetime
) -> tuple[Person, ...]:
    """Who is told: the ticket's officer, or those on duty when it has none or he is away.

    Priority 1 outside service hours wakes those on duty too: its officer may be asleep.
    """
    people = book.directory.of_party(HELPDESK)
    owner = tuple(p for p in people if p.id == ticket.officer and p.number not in absent)
    duty = on_duty(book, absent)
    critical = ticket.assessment.priority is Priority.CRITICAL
    if owner and critical and not book.worktime.is_open(now):
        return (*owner, *(p for p in duty if p not in owner))
    return owner or duty
