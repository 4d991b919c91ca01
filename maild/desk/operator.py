"""An operator spoke on the command line: the same words as in an agent's mail."""

from maild.desk import attributes, orders
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.model.action import Decision
from maild.model.event import OperatorSpoke
from maild.model.known import Known
from maild.model.ticket import Match, State
from maild.rules import advance


def decide(event: OperatorSpoke, known: Known, book: Book) -> Decision:
    """Carries out one word; what could not be done stands in the reasons, and nothing changes."""
    ticket = known.tickets[event.ticket]
    draft = Draft(event.now, book, known, ticket)
    report = Report()
    if event.word == "buka":
        if ticket.state is State.CLOSED:
            walk = advance.reopen(draft.procedure, draft.ticket.row, draft.ask)
            draft.walk(walk, event.operator, extra={"asal": "keberatan"})
        else:
            report.failed("buka", f"tiket tidak tertutup: {ticket.state.value}")
    elif event.word in (*orders.FLOW_WORDS, "jawab"):
        orders.move(draft, event.operator, event.word, event.argument, report)
    else:
        attributes.put(draft, None, event.word, event.argument, report)
    if report.failures:
        return Decision(None, (), tuple(Match(order, why) for order, why in report.failures))
    return draft.done(outcome=None)
