"""Tickets of one outage that follow another one: each as a draft of its own within a decision."""

from collections.abc import Iterator
from dataclasses import replace

from maild.desk.draft import Draft
from maild.model.action import Amend


def of(draft: Draft) -> Iterator[Draft]:
    """A draft for each ticket that follows the draft's own."""
    for known in draft.known.followers:
        for ticket in known.tickets.values():
            yield Draft(draft.now, draft.book, known, ticket)


def take_in(draft: Draft, follower: Draft) -> None:
    """Makes what was decided about a follower part of the decision."""
    changed = replace(follower.ticket, version=follower.ticket.version + 1)
    draft.actions += [*follower.actions, Amend(changed)]
