"""Tickets of one outage: those that follow another, and those with the same mark."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, text

from maild.model.known import Known
from maild.model.ticket import Ticket
from maild.store import look
from maild.store.rows import storable, ticket_of
from maild.store.runner import Runner
from maild.store.tables import TICKET

_MOST: Final = 200
_FOLLOWERS = (
    select(TICKET)
    .where(TICKET.c.parent == bindparam("ticket"), text("parent <> 0"))
    .order_by(TICKET.c.id)
)
_SAME = (
    select(TICKET)
    .where(
        TICKET.c.outage == bindparam("mark"),
        text("outage <> ''"),
        TICKET.c.received_at >= bindparam("since"),
        TICKET.c.id != bindparam("ticket"),
    )
    .order_by(TICKET.c.received_at.desc())
    .limit(_MOST)
)


def same(run: Runner, ticket: Ticket) -> tuple[Ticket, ...]:
    """Other open tickets with the same mark, from a day before this one on, newest first."""
    if not ticket.outage:
        return ()
    since = ticket.received_at - timedelta(days=1)
    values = {"mark": storable(ticket.outage), "since": since, "ticket": ticket.id}
    found = (ticket_of(line) for line in run.all(_SAME, values))
    return tuple(t for t in found if t.state.is_open)


def around(
    run: Runner,
    ticket: Ticket | None,
    gathers: bool,
    unwritten: Sequence[Mapping[str, Any]],
    now: datetime,
) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """What is known of the tickets that follow this one and may still be answered with it or be
    taken back; and, if an officer `gathers` them, of those with the same mark."""
    if ticket is None:
        return (), ()
    lines = run.all(_FOLLOWERS, {"ticket": ticket.id})
    following = [t for t in map(ticket_of, lines) if t.state.is_open or t.before]
    alike = same(run, ticket) if gathers else ()
    return _each(run, following, unwritten, now), _each(run, alike, unwritten, now)


def _each(
    run: Runner,
    tickets: Iterable[Ticket],
    unwritten: Sequence[Mapping[str, Any]],
    now: datetime,
) -> tuple[Known, ...]:
    return tuple(
        Known(
            tickets={ticket.id: ticket},
            conversation=look.conversation(run, ticket.id),
            passages=look.passages(run, ticket.id, unwritten),
            cooling=look.cooling(run, ticket.id, now) if ticket.before else (),
        )
        for ticket in tickets
    )
