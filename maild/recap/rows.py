"""The recap of the SOP as rows: "Rekap Penanganan Permasalahan Melalui E-mail", eight columns.

Owns what stands in each column. How a row looks on paper or in a file is the writers' business.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from maild.model.office import Office
from maild.model.ticket import Kind, State, Ticket
from maild.recap.cell import clean, one_line
from maild.recap.solution import without_courtesies

HEADING: Final = "Rekap Penanganan Permasalahan Melalui E-mail"
COLUMNS: Final = (
    "No",
    "Nama",
    "E-mail",
    "Permasalahan",
    "Solusi",
    "Tgl diterima",
    "Tgl Selesai",
    "Keterangan",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One problem; the fields are the columns in their order.

    Texts are clean (see `cell`); only `solution` may hold line breaks.
    """

    no: int
    name: str
    email: str
    problem: str
    solution: str
    received_on: date
    finished_on: date | None
    remarks: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What surrounds the table on paper: the office, the days of the recap (both included), and
    the day on which it is signed (None: a line to fill in by pen)."""

    office: Office
    first: date
    last: date
    signed_on: date | None = None


def rows(tickets: Iterable[Ticket], zone: ZoneInfo) -> Iterator[Row]:
    """One row per ticket in the order given, numbered from 1; dates are the office's own.

    Mail that was no problem (`Kind.NO_PROBLEM`) has no row.
    """
    problems = (t for t in tickets if t.assessment.kind is not Kind.NO_PROBLEM)
    for no, ticket in enumerate(problems, 1):
        yield Row(
            no=no,
            name=one_line(ticket.requester.name) or "-",
            email=one_line(ticket.requester.address),
            problem=_problem(ticket),
            solution=clean(without_courtesies(ticket.solution)),
            received_on=ticket.received_at.astimezone(zone).date(),
            finished_on=_finished_on(ticket, zone),
            remarks=_remarks(ticket, zone),
        )


def _problem(ticket: Ticket) -> str:
    """Column 4 is headed Permasalahan but explained as the kind of it: both are said."""
    summary = one_line(ticket.summary) or one_line(ticket.subject) or "(tanpa uraian)"
    return f"{ticket.assessment.kind.value.capitalize()}: {summary}"


def _finished_on(ticket: Ticket, zone: ZoneInfo) -> date | None:
    """The day of the answer, even if the ticket closed later; none while somebody owes one."""
    finished_at = ticket.answered_at or ticket.closed_at
    if ticket.state.is_open or finished_at is None:
        return None
    return finished_at.astimezone(zone).date()


def _remarks(ticket: Ticket, zone: ZoneInfo) -> str:
    priority = ticket.assessment.priority
    parts = [ticket.number, ticket.state.value, f"prioritas {priority.level} ({priority.value})"]
    if ticket.escalated_at:
        day = ticket.escalated_at.astimezone(zone).date()
        parts.append(f"dieskalasi ke LKPP tanggal {day:%d-%m-%Y}")
    if ticket.outside_number:
        parts.append(f"nomor tiket LKPP {ticket.outside_number}")
    if ticket.state is State.CLOSED and not ticket.solution:
        parts.append("ditutup tanpa jawaban")
    if ticket.linked:
        parts.append(f"terkait {ticket.linked}")
    return one_line(", ".join(parts))
