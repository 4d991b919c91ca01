"""One question in the closing letter: how satisfied the requester is, answered by a click.

The link writes a mail to the letter's own signed address, with the answer in its subject. It is
counted once a ticket, changes nothing else and is answered by nobody.
"""

import re

from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.action import Decision, Outcome
from maild.model.event import MailArrived
from maild.model.known import Evidence, Known
from maild.model.ticket import Ticket

_SUBJECT = re.compile(r"^(?:(?:re|bls)\s*:\s*)*penilaian\b[^:]{0,60}:\s*([1-4])\b", re.IGNORECASE)


def given(event: MailArrived, known: Known, ticket: Ticket) -> int:
    """The rating, 1 to 4, in a mail to the ticket's own signed address; 0 when it is none."""
    found = _SUBJECT.match(event.mail.subject.strip())
    marked = any(
        c.evidence is Evidence.TOKEN and c.mark and c.mark.party == "u" and c.ticket == ticket.id
        for c in known.claims
    )
    return int(found[1]) if found and marked else 0


def decide(event: MailArrived, known: Known, book: Book, ticket: Ticket, rating: int) -> Decision:
    """Keeps the first rating of a ticket; a later one is noted and not counted."""
    draft = Draft(event.now, book, known, ticket)
    if ticket.rating:
        draft.record(
            "pengguna", f"penilaian {rating} tidak dihitung: sudah menilai {ticket.rating}"
        )
    else:
        draft.change(rating=rating)
        draft.record("pengguna", f"penilaian {rating} dari 4")
    return draft.done(Outcome.DONE, "penilaian")
