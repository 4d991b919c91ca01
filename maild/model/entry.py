"""What the recap reads of a ticket; few columns, for it may be read a million times over."""

from datetime import date, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from maild.model.ticket import Ticket

WAY_BREAK: Final = "\n"


class Entry(NamedTuple):
    """A ticket as the recap sees it; the days are those of the office's own calendar.

    `problem` is the ticket's summary, or its subject where there is none. `kind`, `priority` and
    `state` are the words of their enums. `merged` is not 0 when the ticket became part of another.
    `finished_on` is the day of the last answer, or of closing without one, whatever the state.
    `way` is "" unless asked for: of an escalated ticket lines of its SOP, its row, the instant of
    receipt, and in no order when it left which row (`2026-01-05 02:13:44.000000 8`), in UTC.
    """

    number: str
    name: str
    address: str
    problem: str
    solution: str
    kind: str
    priority: str
    state: str
    outside_number: str
    linked: str
    merged: int
    remarks: str
    received_on: date
    finished_on: date | None
    escalated_on: date | None
    way: str = ""


def entry_of(ticket: Ticket, zone: ZoneInfo) -> Entry:
    """A ticket as the recap sees it."""

    def day(at: datetime | None) -> date | None:
        return at.astimezone(zone).date() if at else None

    return Entry(
        number=ticket.number,
        name=ticket.requester.name,
        address=ticket.requester.address,
        problem=ticket.summary or ticket.subject,
        solution=ticket.solution,
        kind=ticket.assessment.kind.value,
        priority=ticket.assessment.priority.value,
        state=ticket.state.value,
        outside_number=ticket.outside_number,
        linked=ticket.linked,
        merged=ticket.merged,
        remarks=ticket.remarks,
        received_on=ticket.received_at.astimezone(zone).date(),
        finished_on=day(ticket.answered_at or ticket.closed_at),
        escalated_on=day(ticket.escalated_at),
    )
