"""What the recap reads of a ticket; few columns, for it may be read a million times over."""

from datetime import date
from typing import NamedTuple


class Entry(NamedTuple):
    """A ticket as the recap sees it; the days are those of the office's own calendar.

    `problem` is the ticket's summary, or its subject where there is none. `kind`, `priority` and
    `state` are the words of their enums. `merged` is not 0 when the ticket became part of another.
    `finished_on` is the day of the last answer, or of closing without one, whatever the state.
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
