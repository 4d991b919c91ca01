"""The office's own files: SOPs, the priority table and the letters become one `Book`.

Everything is read and checked together; one fault anywhere and there is no book, so that a
running service keeps the one it has (design, section 4).
"""

import hashlib
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from maild.desk.book import Book
from maild.model.party import Route
from maild.model.people import MAILD, USER
from maild.replies.letter import Letters
from maild.rules import procedure, soundness
from maild.rules.learnt import read_learnt
from maild.rules.procedure import Procedure
from maild.rules.questions import QUESTIONS
from maild.rules.table import PriorityTable, read_table
from maild.service.fault import Fault
from maild.service.settings import Settings

TABLE = "prioritas.toml"
LEARNT = "kategori-belajar.json"


@dataclass(frozen=True, slots=True)
class OfficeFiles:
    """The book, the letters, and the text of the SOP by digest (kept for open tickets)."""

    book: Book
    letters: Letters
    sop_text: str


def shipped() -> Path:
    """Where the office's files as shipped stand: a checkout's root, or the installed data."""
    root = Path(__file__).parents[2]
    return root if (root / "config.toml").is_file() else Path(sys.prefix) / "share" / "maild"


def read_office(settings: Settings) -> tuple[OfficeFiles | None, list[Fault]]:
    """Reads the SOP, the priority table and the letters that config.toml names; all faults at
    once."""
    faults: list[Fault] = []
    letters = read_letters(settings.templates_dir, settings.office.zone, faults)
    table = read_priorities(settings.priority_file, faults)
    acting = {p.party for p in settings.directory.people if p.active}
    acting |= {p.id for p in settings.parties.values() if p.way is Route.PORTAL}
    parties = frozenset({USER, MAILD, *acting})
    text, data = _toml(settings.sop_file, faults)
    sop = read_sop(data, settings.sop_file.name, letters, parties, faults) if data else None
    if faults or table is None or sop is None:
        return None, faults
    digest = digest_of(text)
    book = Book(
        office=settings.office,
        limits=settings.limits,
        assignment=settings.assignment,
        letters=letters,
        directory=settings.directory,
        parties=settings.parties,
        worktime=settings.worktime,
        table=table,
        procedures={digest: sop},
        current=digest,
    )
    return OfficeFiles(book, letters, text), faults


def digest_of(text: str) -> str:
    """The name of one version of a SOP."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_letters(folder: Path, zone: ZoneInfo, faults: list[Fault]) -> Letters:
    """All letters of a folder, with their faults; times are written in this zone."""
    texts = {path.stem: _text(path, faults) for path in sorted(folder.glob("*.txt"))}
    if not texts:
        remedy = "salin folder templates dari bawaan: maild init"
        faults.append(Fault(str(folder), "", "tidak ada satu pun surat", remedy))
    letters = Letters({name: text for name, text in texts.items() if text is not None}, zone)
    faults += (_split(text) for text in letters.faults())
    return letters


def read_sop(
    data: Mapping[str, Any],
    file: str,
    letters: Letters,
    parties: frozenset[str],
    faults: list[Fault],
) -> Procedure:
    """A procedure from its parsed file, with its faults."""
    sop, complaints = procedure.read(data, file)
    if not complaints:
        names = frozenset(letters.names)
        complaints = soundness.faults(sop, file, names, frozenset(QUESTIONS), parties)
    faults += (_split(text) for text in complaints)
    return sop


def read_priorities(path: Path, faults: list[Fault], taught: bool = True) -> PriorityTable | None:
    """The priority table, with what earlier mails have taught where that file is beside it
    (`taught` False: without it)."""
    _, data = _toml(path, faults)
    if not data:
        return None
    table, complaints = read_table(data, path.name)
    beside = path.with_name(LEARNT)
    if taught and beside.is_file() and (text := _text(beside, faults)) is not None:
        learnt, further = read_learnt(text, LEARNT, table.categories)
        table = replace(table, learnt=learnt)
        complaints += further
    faults += (_split(text) for text in complaints)
    return table


def _toml(path: Path, faults: list[Fault]) -> tuple[str, Mapping[str, Any]]:
    text = _text(path, faults)
    if text is None:
        return "", {}
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = f"bukan TOML yang benar: {error}"
        faults.append(Fault(path.name, "", problem, "perbaiki baris itu"))
        return "", {}


def _text(path: Path, faults: list[Fault]) -> str | None:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        problem = f"tidak dapat dibaca: {error.strerror}"
        remedy = "periksa nama dan izin berkas, atau salin dari bawaan: maild init"
    except UnicodeDecodeError:
        problem, remedy = "bukan teks UTF-8", "simpan kembali sebagai UTF-8"
    faults.append(Fault(path.name, "", problem, remedy))
    return None


def _split(complaint: str) -> Fault:
    """`file: place: problem; remedy` of the pure checkers, as a Fault.

    The place may be missing, and a problem may have a semicolon of its own: the remedy is last.
    """
    said, semicolon, remedy = complaint.rpartition("; ")
    file, _, rest = (said if semicolon else complaint).partition(": ")
    place, colon, problem = rest.partition(": ")
    if not colon:
        place, problem = "", rest
    return Fault(file, place, problem, remedy if semicolon else "")
