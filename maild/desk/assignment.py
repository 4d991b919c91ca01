"""Whose ticket it is, and who is told of one that nobody has (config: [assignment]).

Turns go by the ticket's own number: no counter is kept, and every agent gets as many.
"""

from maild.desk.book import Book
from maild.model.office import Way
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Ticket


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


def readers(ticket: Ticket, book: Book, absent: frozenset[int]) -> tuple[Person, ...]:
    """Who is told: the ticket's officer, or those on duty when it has none or he is away."""
    people = book.directory.of_party(HELPDESK)
    owner = tuple(p for p in people if p.id == ticket.officer and p.number not in absent)
    return owner or on_duty(book, absent)
