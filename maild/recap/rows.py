"""The recap of the SOP as rows: "Rekap Penanganan Permasalahan Melalui E-mail", eight columns.

Owns what stands in each column. How a row looks on paper or in a file is the writers' business.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Final, NamedTuple

from maild.model.dates import written_date, written_short
from maild.model.entry import Entry
from maild.model.office import Office
from maild.model.ticket import Kind, Priority, State
from maild.recap.cell import clean, is_plain, one_line

HEADING: Final = "Rekap Penanganan Permasalahan Melalui E-mail"
NO_ROWS: Final = "Tidak ada permasalahan dalam periode ini."
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


class Row(NamedTuple):
    """One problem; the fields are the columns in their order.

    Texts are clean (see `cell`); only `problem` and `solution` may hold line breaks.
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


class Tally:
    """Counts rows as they go by; as a text it is the line that binds the signature to them."""

    def __init__(self) -> None:
        self.rows = self.finished = 0

    def of(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows, counted."""
        for row in rows:
            self.rows += 1
            self.finished += row.finished_on is not None
            yield row

    def __str__(self) -> str:
        if not self.rows:
            return NO_ROWS
        still = self.rows - self.finished
        return f"Jumlah: {self.rows} permasalahan, {self.finished} selesai, {still} masih terbuka."


def signature(cover: Cover) -> tuple[str, ...]:
    """The lines of the signature block; lines of dots are filled in by pen."""
    office = cover.office
    day = written_date(cover.signed_on) if cover.signed_on else "." * 30
    return (
        f"{office.city}, {day}",
        office.head_title or "Kepala LPSE",
        *("", "", ""),
        office.head_name or "." * 40,
        f"NIP {office.head_nip}".rstrip(),
    )


_UNTOLD: Final = "(tanpa uraian)"
_NO_PROBLEM: Final = Kind.NO_PROBLEM.value
_KINDS: Final = {kind.value: f"{kind.value.capitalize()}: " for kind in Kind}
_PRIORITIES: Final = {p.value: f"prioritas {p.level} ({p.value})" for p in Priority}
_OPEN: Final = frozenset(state.value for state in State if state.is_open)


def rows(
    entries: Iterable[Entry],
    on: date,
    *,
    full: bool = False,
    laying: Callable[[str], str] | None = None,
) -> Iterator[Row]:
    """One row per problem in the order given, numbered from 1; `on` is the day to which the
    waiting days of open tickets are counted. With `full` the problem may have many lines.
    `laying` tells of an escalated ticket's way how many days each party had it.

    What was no problem and what was merged into another ticket has no row.
    """
    made = partial(tuple.__new__, Row)  # what Row._make does, without its detour
    no = 0
    # fmt: off
    for (number, name, email, problem, solution, kind, priority, state, outside_number, linked,
         merged, remarks, received_on, finished_on, escalated_on, way) in entries:
        # fmt: on
        if merged or kind == _NO_PROBLEM:
            continue
        no += 1
        # Most texts need no cleaning; one look at all of them together tells. The solution alone
        # has lines as a rule.
        flat = solution.replace("\n", "") if "\n" in solution else solution or "-"
        if not is_plain(f" {name} {email} {problem} {flat} "):
            name, email = one_line(name) or "-", one_line(email)
            problem = (clean(problem) if full else one_line(problem)) or _UNTOLD
            solution = clean(solution)
        elif flat is not solution:
            solution = solution.strip()
        if state in _OPEN:
            finished_on = None
        days = ((finished_on or on) - received_on).days
        said = number + _standing(state, days, priority, on)
        if finished_on and not solution:
            said += ", ditutup tanpa jawaban"
        if escalated_on:
            said += f", dieskalasi ke LKPP tanggal {written_short(escalated_on)}"
            if way and laying and (lay := laying(way)):
                said += f" ({lay})"
        if outside_number or linked or remarks:
            said += _more(outside_number, linked, remarks)
        problem = _KINDS[kind] + problem
        yield made((no, name, email, problem, solution, received_on, finished_on, said))


def _more(outside_number: str, linked: str, remarks: str) -> str:
    said = f", nomor tiket LKPP {one_line(outside_number)}" if outside_number else ""
    if linked:
        said += f", terkait {one_line(linked)}"
    return f"{said}; {one_line(remarks)}" if remarks else said


def is_open(entry: Entry) -> bool:
    """Whether somebody still owes something."""
    return entry.state in _OPEN


@lru_cache(maxsize=4096)
def _standing(state: str, days: int, priority: str, on: date) -> str:
    """The state, how many calendar days it took or has taken up to `on`, and the priority."""
    if state in _OPEN:
        length = f", menunggu {max(0, days)} hari per {written_short(on)}"
    else:
        length = f" dalam {days} hari" if days else " pada hari yang sama"
    return f", {state}{length}, {_PRIORITIES[priority]}"
