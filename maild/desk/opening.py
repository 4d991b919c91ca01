"""SOP 1 and 2: a ticket is born, its priority set, and the procedure begins.

Whoever brings the problem: the requester by his own mail, or an agent for somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.event import MailArrived
from maild.model.known import Known
from maild.model.people import HELPDESK, UNCLEAR, USER
from maild.model.ticket import Assessment, Direction, Kind, State, Ticket
from maild.rules import advance
from maild.rules.assess import Problem, assess
from maild.rules.incident import outage_of
from maild.rules.summary import summary_line


@dataclass(frozen=True, slots=True)
class First:
    """The first message of a ticket; `problem.sender` becomes the requester. `doubt` is why it is
    not clear that he wrote it."""

    problem: Problem
    text: str
    message_id: str = ""
    mail_id: int | None = None
    assessment: Assessment | None = None
    doubt: str = ""

    @property
    def at(self) -> datetime:
        """When it was received."""
        return self.problem.received_at


def open_ticket(
    event: MailArrived,
    known: Known,
    book: Book,
    first: First,
    linked: str = "",
    perhaps: str = "",
    silent: str = "",
    by: str = "pengguna",
    words: Mapping[str, Any] | None = None,
) -> Draft:
    """The draft of a decision in which the new ticket has gone its first steps.

    `linked` is a ticket that the mail names, `perhaps` one of the requester's that it may be
    about; `silent` is why the requester must get no automatic mail; `by` opens it; `words` are
    further words for the first letters.
    """
    if by != "pengguna":
        # What was sent lately is known of the mail's sender only, who is not the requester here.
        known = replace(known, lately=())
    problem = first.problem
    assessment = first.assessment or assess(problem, book.table, book.worktime)
    procedure = book.procedures[book.current]
    ticket = Ticket(
        id=known.next_id,
        number=known.next_number,
        requester=problem.sender,
        subject=problem.subject,
        summary=summary_line(problem.subject, first.text),
        state=State.NEW,
        sop=book.current,
        row=procedure.start,
        entered_at=first.at,
        due_at=None,
        received_at=first.at,
        assessment=assessment,
        version=0,
        linked=linked or perhaps,
        outage=outage_of(assessment, book.table),
    )
    if not silent and by == "pengguna" and assessment.kind is Kind.NO_PROBLEM:
        silent = "bukan permasalahan"
    draft = Draft(event.now, book, known, ticket, silent)
    draft.reasons += assessment.reasons
    draft.message(
        Direction.IN,
        USER,
        problem.sender,
        first.text,
        first.at,
        problem.subject,
        first.message_id,
        first.mail_id,
    )
    if first.doubt:
        draft.message(Direction.NOTE, UNCLEAR, problem.sender, first.doubt, first.at)
    draft.record(by, "tiket dibuka", assessment.reasons)
    if linked:
        draft.record("maild", f"menyebut tiket {linked}; dicatat sebagai tautan saja")
    elif perhaps:
        draft.record("maild", f"mungkin tentang hal yang sama dengan tiket {perhaps}")
    extra = {"asal": "baru", **(words or {})}
    draft.walk(advance.begin(procedure, draft.ask), "maild", extra=extra)
    noticed = any(letter.template == "tugas_baru" for letter in draft.letters())
    if linked and by == "pengguna" and not noticed:
        draft.letter("tautan", HELPDESK, extra={"lampiran": []})
    return draft
