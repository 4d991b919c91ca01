"""An alarm rang, or a letter could not be delivered: what time and the world do to a ticket."""

from datetime import timedelta

from maild.desk import outside
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.action import Decision
from maild.model.event import AlarmKind, AlarmRang
from maild.model.known import Known
from maild.model.people import HELPDESK, USER
from maild.model.ticket import Match
from maild.rules import advance

_WAITING = "kabar_menunggu"


def decide(event: AlarmRang, known: Known, book: Book) -> Decision:
    """A reminder, or the arrow `lewat`. An alarm of a row that has been left does nothing."""
    ticket = known.tickets[event.ticket]
    if ticket.row != event.row or ticket.closed_at:
        return Decision(None, (), (Match("alarm", "langkahnya sudah ditinggalkan"),))
    draft = Draft(event.now, book, known, ticket)
    row = draft.row
    parent = known.tickets.get(ticket.parent)
    if parent and parent.state.is_open and row.actor == HELPDESK:
        draft.wait_on(f"menunggu jawaban atas tiket {parent.number}")
        return draft.done(outcome=None)
    if event.kind is AlarmKind.INFORM:
        # Told at most once a day, whatever the order in which alarms ring.
        if not any(letter.template == _WAITING for letter in known.lately):
            draft.letter(_WAITING, USER)
        draft.inform(event.now + timedelta(seconds=1))
    elif event.kind is AlarmKind.ANSWERED:
        outside.of_the_same_case(draft)
    elif event.kind is AlarmKind.REMIND:
        sent = [party for party, name in row.reminders.items() if draft.letter(name, party)]
        if sent:
            draft.record("maild", f"pengingat dikirim kepada {', '.join(sent)}")
        draft.remind(row)
    else:
        if _is_idle(draft):
            draft.record("maild", f"{ticket.officer} belum bertindak; tiket kembali ke piket")
            draft.change(officer="")
        draft.walk(advance.late(draft.procedure, draft.ticket.row, draft.ask), "maild")
    return draft.done(outcome=None)


def _is_idle(draft: Draft) -> bool:
    """Whether the ticket's officer has done nothing with it since its row was entered."""
    ticket, book = draft.ticket, draft.book
    if not (book.assignment.return_idle and ticket.officer and draft.row.actor == HELPDESK):
        return False
    own = {p.address for p in book.directory.people if p.id == ticket.officer}
    since = (m for m in draft.conversation if m.at >= ticket.entered_at)
    return not any(m.author.address in own for m in since)
