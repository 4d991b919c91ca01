"""A mail was moved on the board: which column a ticket belongs into, and what the move orders.

Moving a mail needs a login to the mailbox, which is the proof (decision 0016). Nobody's name is
in a move: the officer is "kotak bersama".
"""

from maild.desk import attributes, orders, sent
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.model.action import Decision
from maild.model.board import Column
from maild.model.event import MailMoved
from maild.model.known import Known
from maild.model.people import HELPDESK, USER
from maild.model.ticket import Direction, Match, State, Ticket
from maild.rules import advance
from maild.rules.procedure import Procedure

CLOSING = "Permasalahan ini telah selesai kami tangani."
_WORDS = {Column.OUTSIDE: "eskalasi", Column.NO_PROBLEM: "bukan"}
_HERE = (Column.NEW, Column.URGENT, Column.WORKING)
_COLUMNS = {
    State.WAITING_DATA: Column.WAITING,
    State.ESCALATED: Column.OUTSIDE,
    State.ANSWERED: Column.DONE,
    State.CLOSED: Column.DONE,
}


def column_of(ticket: Ticket, procedure: Procedure) -> Column | None:
    """Where the newest mail of a ticket stands; None for one that is part of another."""
    if ticket.merged:
        return None
    refused = {row.choices.get("bukan") for row in procedure.rows.values()}
    if ticket.state is State.CLOSED and ticket.row in refused:
        return Column.NO_PROBLEM
    if column := _COLUMNS.get(ticket.state):
        return column
    if ticket.officer:
        return Column.WORKING
    return Column.URGENT if ticket.assessment.priority.level == 1 else Column.NEW


def decide(event: MailMoved, known: Known, book: Book) -> Decision:
    """Carries out the order. What cannot be done is told to the officers, and the mail goes back
    to where its ticket stands."""
    ticket = known.tickets[event.ticket]
    draft = Draft(event.now, book, known, ticket)
    if column_of(ticket, draft.procedure) is event.column:
        return Decision(None, (), (Match("papan", "tiketnya sudah di sana"),))
    draft.record(sent.SHARED, f"surel dipindahkan ke {event.column.value}")
    report = Report()
    if event.column in _HERE:
        _take(draft, event.column, report)
    elif event.column is Column.DONE:
        orders.move(draft, sent.SHARED, "selesai", CLOSING, report)
    elif event.column is Column.WAITING:
        _ask(draft, report)
    else:
        orders.move(draft, sent.SHARED, _WORDS[event.column], "", report)
    if report.failures:
        draft.letter("resi", HELPDESK, extra=report.words())
    return draft.done(outcome=None)


def _take(draft: Draft, column: Column, report: Report) -> None:
    """Somebody takes the ticket, gives it back, or opens it again."""
    ticket = draft.ticket
    if not ticket.state.is_open:
        walk = advance.reopen(draft.procedure, ticket.row, draft.ask)
        draft.walk(walk, sent.SHARED, extra={"asal": "keberatan"})
    elif column_of(ticket, draft.procedure) not in _HERE:
        why = f"tiket ini {ticket.state.value}; pindahannya tidak berlaku"
        report.failed(f"pindah ke {column.value}", why)
        return
    draft.change(officer=(ticket.officer or sent.SHARED) if column is Column.WORKING else "")
    if column is Column.URGENT and ticket.assessment.priority.level != 1:
        attributes.put(draft, None, "prioritas", "1", report)


def _ask(draft: Draft, report: Report) -> None:
    """Asks for the data that are missing, unless the last word to the requester, sent from the
    mailbox by hand, has asked already: then only the ticket moves."""
    last = next(
        (m for m in reversed(draft.conversation) if m.direction is not Direction.NOTE), None
    )
    by_hand = last is not None and last.direction is Direction.OUT and last.mail_id is not None
    if not by_hand:
        orders.move(draft, sent.SHARED, "data", "", report)
        return
    walk = advance.act(draft.procedure, draft.ticket.row, HELPDESK, "data", draft.ask)
    sent.walk_by_hand(draft, walk, draft.ticket.officer or sent.SHARED, USER)
    draft.change(solution="", answered_version=draft.ticket.version + 1)
