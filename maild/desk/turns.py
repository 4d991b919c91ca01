"""Whose turn it was: how long the requester, the helpdesk and the other office had a problem.

Everything is reckoned anew from the ticket's way through its SOP; no sum is ever kept (peers,
mechanism 12). A row belongs to whoever acts in it, maild's own rows to the helpdesk, and after
the answer it is nobody's turn, until the requester objects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from maild.model.action import Passage
from maild.model.people import HELPDESK, LKPP, MAILD
from maild.model.ticket import State, Ticket
from maild.model.worktime import Allowance, Unit, WorkTime
from maild.rules.procedure import Procedure, Row

NOBODY: Final = ""
# Who gets a problem back has at least so long to read what came with it.
_LEAST: Final = 30
_NOTHING: Final = timedelta()
_ENDED: Final = (State.ANSWERED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Turn:
    """A party had the problem from one instant to another."""

    party: str
    from_at: datetime
    to_at: datetime


@dataclass(frozen=True, slots=True)
class Spent:
    """What a party's turns add up to: by the calendar, and in whole working minutes."""

    party: str
    time: timedelta
    minutes: int


def turns(
    ticket: Ticket, passages: Sequence[Passage], procedure: Procedure, now: datetime
) -> tuple[Turn, ...]:
    """The turns from the ticket's first mail until now, without a gap; neighbours are one."""
    found: list[Turn] = []
    at = ticket.received_at
    stations = [(p.row, p.left_at) for p in passages] + [(ticket.row, now)]
    for row, left_at in stations:
        party = _whose(procedure.rows.get(row))
        until = max(left_at, at)
        if found and found[-1].party == party:
            found[-1] = Turn(party, found[-1].from_at, until)
        elif until > at:
            found.append(Turn(party, at, until))
        at = until
    return tuple(found)


def spent(found: Sequence[Turn], worktime: WorkTime) -> tuple[Spent, ...]:
    """The sums of the parties, in the order of their first turns."""
    parties = dict.fromkeys(turn.party for turn in found)
    return tuple(
        Spent(
            party,
            sum((t.to_at - t.from_at for t in found if t.party == party), timedelta()),
            sum(worktime.minutes_between(t.from_at, t.to_at) for t in found if t.party == party),
        )
        for party in parties
    )


def had_since(ticket: Ticket, passages: Sequence[Passage], procedure: Procedure) -> datetime:
    """Since when the party whose row the ticket stands in has had it."""
    since = ticket.entered_at
    actor = procedure.rows[ticket.row].actor
    for passage in reversed(passages):
        row = procedure.rows.get(passage.row)
        if row is None or row.actor != actor:
            break
        since = passage.entered_at
    return since


def what_is_left(
    row: Row,
    allowance: Allowance,
    passages: Sequence[Passage],
    procedure: Procedure,
    worktime: WorkTime,
    now: datetime,
) -> Allowance:
    """What is left of a row's time: it stands still while somebody else has the problem.

    It begins anew when the row was late, after an answer, and for the other office with each
    escalation (SOP 10).
    """
    used = 0
    for nth, passage in enumerate(reversed(passages)):
        before = procedure.rows.get(passage.row)
        late = nth == 0 and passage.exit == "lewat"
        if before is None or late or before.state in _ENDED:
            break
        if row.actor == LKPP and before.actor == MAILD:
            break
        same = passage.row == row.no or (before.by_priority and row.by_priority)
        if before.actor == row.actor and same:
            used += worktime.minutes_between(passage.entered_at, passage.left_at)
    if not used:
        return allowance
    whole = worktime.minutes_between(now, worktime.add(now, allowance))
    return Allowance(max(whole - used, min(_LEAST, whole)), Unit.MINUTE)


def lines(
    ticket: Ticket,
    passages: Sequence[Passage],
    procedure: Procedure,
    worktime: WorkTime,
    now: datetime,
) -> Iterator[tuple[str, str]]:
    """(party, how long) for people: `("lkpp", "2 hari 3 jam (15 jam kerja)")`."""
    for each in spent(turns(ticket, passages, procedure, now), worktime):
        if each.party != NOBODY:
            yield each.party, f"{_calendar(each.time)} ({_working(each.minutes)} kerja)"


def owners(procedure: Procedure) -> dict[str, str]:
    """Whose turn it is in each row of a SOP; a row that it does not know is the helpdesk's."""
    return {no: _whose(row) for no, row in procedure.rows.items()}


def days(
    received_at: datetime,
    stations: Iterable[tuple[str, datetime]],
    owner: Mapping[str, str],
    now: datetime,
) -> dict[str, timedelta]:
    """By the calendar, how long each party had a ticket: `stations` are its rows in order, with
    the instant at which it left each; what came after `now` does not count."""
    total: dict[str, timedelta] = {}
    at = received_at
    for row, left_at in stations:
        until = now if left_at > now else left_at
        if until > at:
            party = owner.get(row, HELPDESK)
            if party != NOBODY:
                total[party] = total.get(party, _NOTHING) + (until - at)
            at = until
    return total


def _whose(row: Row | None) -> str:
    if row is None:
        return HELPDESK
    if row.ends or row.state in _ENDED:  # an answered problem waits for nobody but an objection
        return NOBODY
    return HELPDESK if row.actor == MAILD else row.actor


def _calendar(time: timedelta) -> str:
    hours, minutes = divmod(time.seconds // 60, 60)
    parts = ((time.days, "hari"), (hours, "jam"), (0 if time.days else minutes, "menit"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 menit"


def _working(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = ((hours, "jam"), (rest, "menit"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 menit"
