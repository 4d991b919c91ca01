"""Tickets of one outage: those that follow another, and those with the same mark."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, select, text

from maild.model.known import ALIKE_SHOWN, Alike, Known
from maild.model.ticket import State, Ticket
from maild.store import look
from maild.store.rows import storable, ticket_of
from maild.store.runner import Runner
from maild.store.tables import TICKET

_MOST: Final = 200
_OPEN: Final = ", ".join(f"'{state.value}'" for state in State if state.is_open)
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


_ALIKE = (
    TICKET.c.outage == bindparam("mark"),
    text("outage <> ''"),
    TICKET.c.received_at.between(bindparam("since"), bindparam("until")),
    TICKET.c.id != bindparam("ticket"),
    text(f"state IN ({_OPEN})"),
    TICKET.c.merged == 0,
)
_COUNTED = select(
    func.count(),
    func.count(func.nullif(TICKET.c.requester_address, bindparam("own")).distinct()),
).where(*_ALIKE)
_NEWEST = (
    select(TICKET.c.number, TICKET.c.summary, TICKET.c.received_at)
    .where(*_ALIKE)
    .order_by(TICKET.c.received_at.desc(), TICKET.c.id.desc())
    .limit(ALIKE_SHOWN)
)


def alike(run: Runner, ticket: Ticket, window: timedelta) -> Alike:
    """How many other open tickets bear the mark of this one, of how many other people, and the
    newest of them; received within the window of it."""
    if not ticket.outage:
        return Alike()
    values = {
        "mark": storable(ticket.outage),
        "since": ticket.received_at - window,
        "until": ticket.received_at + window,
        "ticket": ticket.id,
    }
    counted = run.first(_COUNTED, values | {"own": storable(ticket.requester.address)})
    if counted is None or not counted[0]:
        return Alike()
    newest = run.all(_NEWEST, values)
    return Alike(
        counted[0], counted[1], tuple((number, summary, at) for number, summary, at in newest)
    )


def _same(run: Runner, ticket: Ticket) -> tuple[Ticket, ...]:
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
    found = _same(run, ticket) if gathers else ()
    return _each(run, following, unwritten, now), _each(run, found, unwritten, now)


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
