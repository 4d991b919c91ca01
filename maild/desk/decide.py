"""The sentence that governs the program: what happened, what is known, what the office wrote;
out come the ticket afterwards, the actions in order, and the reasons.

No clock, no database, no socket, no random. Each kind of event has its own file beside this one.
"""

from maild.desk import aside, board, clock, digest, mail, operator, undelivered
from maild.desk.book import Book
from maild.model.action import Decision
from maild.model.event import (
    AlarmRang,
    DayBegan,
    Event,
    MailArrived,
    MailMoved,
    MailsSetAside,
    OperatorSpoke,
    SendFailed,
)
from maild.model.known import Known


def decide(event: Event, known: Known, book: Book) -> Decision:
    """Decides about one event. Never raises on what a mail says; a ticket that an alarm or an
    operator names must be in `known.tickets`."""
    match event:
        case MailArrived():
            return mail.decide(event, known, book)
        case AlarmRang():
            return clock.decide(event, known, book)
        case OperatorSpoke():
            return operator.decide(event, known, book)
        case SendFailed():
            return undelivered.decide(event, known, book)
        case MailMoved():
            return board.decide(event, known, book)
        case DayBegan():
            return digest.decide(event, known, book)
        case MailsSetAside():
            return aside.decide(event, known, book)
