"""The register of the Standar LPSE: "Pencatatan Gangguan/Masalah dan Permintaan Layanan".

The other list that auditors ask for, from the same tickets (research: domain, section 1, as LPSE
Prov. Gorontalo keeps it). Three priorities there, four here: the priority table maps them. Urgency
and impact follow the same section: urgent is a cut-off today or on the next working day, or many
users hit; the impact is large for many users or a stage that would be lost, medium where one user
cannot work, small where work goes on.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from maild.model.dates import written_period, written_short
from maild.model.office import Office
from maild.model.ticket import Kind, Priority, State, Ticket
from maild.recap.cell import clean, one_line
from maild.recap.period import Days
from maild.report.blocks import Block, Report
from maild.report.words import ROLES

TITLE: Final = "Register Pencatatan Gangguan/Masalah dan Permintaan Layanan"
COLUMNS: Final = (
    *("No. Tiket", "Pelapor", "Kontak", "Media", "Tanggal", "Deskripsi", "Tipe", "Kategori"),
    *("User", "Jenis", "Urgensi", "Dampak", "Prioritas", "Petugas", "Status", "Solusi"),
    *("Tgl Selesai", "Konfirmasi"),
)
_WIDTHS: Final = (
    *(1.85, 1.3, 1.65, 0.75, 1.15, 2.4, 1.25, 0.95),
    *(1.05, 1.05, 1.1, 0.9, 1.1, 1.15, 1.4, 2.9),
    *(1.15, 1.35),
)
_NOT_TECHNICAL: Final = frozenset({"konsultasi_regulasi", "permintaan_informasi"})
_RECORDED, _WORKED_ON, _SOLVED = "Tercatat", "Penanganan", "Penyelesaian"
STYLE: Final = """
main { max-width: none } table { table-layout: fixed } th, td { overflow-wrap: break-word }
@media screen and (min-width: 38.01rem) {
  table { font-size: .74rem; min-width: 122rem }
  th, td { border: 1px solid var(--line); padding: .3rem }
}
@media print {
  @page { size: A4 landscape; margin: 9mm }
  body { font: 6.5pt/1.35 Arial, "Liberation Sans", sans-serif }
  table { font-size: 6.3pt }
  th, td { padding: .12rem .15rem; border: 1px solid #999 }
  thead { display: table-header-group }
  tr { break-inside: avoid }
  section { break-inside: auto; border: 0; padding: 0 }
}
"""


@dataclass(frozen=True, slots=True)
class Mapped:
    """How the office's table maps its words onto the register's (`[pemetaan_standar_lpse]`)."""

    priorities: Mapping[int, str]
    types: Mapping[str, str]
    users: Mapping[str, str]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Mapped":
        """From the table's own section; what it leaves out keeps our word."""
        given = table.get("pemetaan_standar_lpse", {})
        return cls(
            {int(level): str(name) for level, name in given.get("prioritas", {}).items()},
            given.get("tipe", {}),
            given.get("user", {}),
        )


def urgency(ticket: Ticket) -> str:
    """Mendesak or Tidak Mendesak."""
    assessment = ticket.assessment
    many = assessment.base_priority is Priority.CRITICAL
    return "Mendesak" if assessment.urgent_deadline or many else "Tidak Mendesak"


def impact(ticket: Ticket) -> str:
    """Besar, Sedang or Kecil."""
    assessment = ticket.assessment
    if assessment.priority is Priority.CRITICAL:
        return "Besar"
    return "Sedang" if assessment.kind is Kind.COMPLAINT else "Kecil"


def lines(
    tickets: Iterable[Ticket], mapped: Mapped, officers: Mapping[str, str], zone: ZoneInfo
) -> Iterator[tuple[str, ...]]:
    """A line a ticket, in the order given; `officers` names each agent's id."""
    for ticket in tickets:
        assessment = ticket.assessment
        if ticket.merged or assessment.kind is Kind.NO_PROBLEM:
            continue
        finished = None if ticket.state.is_open else ticket.answered_at or ticket.closed_at
        technical = assessment.category not in _NOT_TECHNICAL
        role = assessment.requester_role.value
        level = assessment.priority.level
        yield (
            ticket.number,
            one_line(ticket.requester.name) or "-",
            one_line(ticket.requester.address),
            "E-Mail",
            written_short(ticket.received_at.astimezone(zone).date()),
            one_line(ticket.summary or ticket.subject),
            mapped.types.get(assessment.kind.value, assessment.kind.value.capitalize()),
            "Teknis" if technical else "Non Teknis",
            mapped.users.get(role, ROLES.get(role, role)),
            "Software" if technical else "Prosedur",
            urgency(ticket),
            impact(ticket),
            mapped.priorities.get(level, assessment.priority.value.capitalize()),
            officers.get(ticket.officer, ticket.officer),
            _status(ticket),
            clean(ticket.solution),
            written_short(finished.astimezone(zone).date()) if finished else "",
            "Dikonfirmasi" if ticket.state is State.CLOSED and ticket.answered_at else "",
        )


def _status(ticket: Ticket) -> str:
    if not ticket.state.is_open:
        return _SOLVED
    return _RECORDED if ticket.state is State.NEW else _WORKED_ON


def report(office: Office, days: Days, found: Iterable[tuple[str, ...]]) -> Report:
    """The register, ready to be laid out; to be printed on A4 landscape."""
    block = Block("", COLUMNS, tuple(found), stacks=True, widths=_WIDTHS)
    return Report(office, TITLE, written_period(*days), (), (block,), landscape=True)
