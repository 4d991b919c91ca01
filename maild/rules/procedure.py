"""A SOP as data: its rows, read from a parsed TOML file.

The file format is closed (design, section 4): no expressions, no loops, no code. `read` collects
every complaint in one pass, in Indonesian, by file and row. Whether the rows make sense together
is the business of `soundness`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from maild.model.people import HELPDESK, LKPP, MAILD, USER
from maild.model.ticket import State
from maild.model.worktime import Allowance, read_allowance

BY_PRIORITY = "menurut prioritas"
AT_HALF = "separuh waktu"

_ROW_KEYS = frozenset(
    {"no", "pelaksana", "aktivitas", "kelengkapan", "output", "keterangan", "waktu_sop"}
    | {"tambahan", "surat", "waktu", "ingatkan", "pengingat", "tanya", "ya", "tidak", "pilihan"}
    | {"lanjut", "lewat", "selesai", "status"}
)
_HEAD_KEYS = frozenset(["nama", "judul", "mulai", "buka_kembali", "kolom", "judul_kolom"])
_STATE_WHILE = {
    USER: State.WAITING_DATA,
    LKPP: State.ESCALATED,
    HELPDESK: State.IN_PROGRESS,
    MAILD: State.NEW,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `actor` is a party or maild itself; arrows are numbers of other rows.

    `allowance` and `remind_every` are working time, or None with `by_priority` /
    `remind_by_priority` when the priority table decides (for another office: what config.toml
    grants it); `remind_at_half` reminds once, at half of the row's time. `document` keeps the
    printed columns.
    """

    no: str
    actor: str
    document: Mapping[str, str]
    extra: bool
    letters: Mapping[str, str]
    reminders: Mapping[str, str]
    allowance: Allowance | None
    by_priority: bool
    remind_every: Allowance | None
    remind_by_priority: bool
    remind_at_half: bool
    question: str
    yes: str
    no_: str
    choices: Mapping[str, str]
    next: str
    late: str
    ends: bool
    state: State

    @property
    def waits(self) -> bool:
        """Whether the row waits for a person (maild itself goes on at once)."""
        return self.actor != MAILD and not self.ends

    def arrows(self) -> Iterator[tuple[str, str]]:
        """Every way out: (key in the file, number of the row it leads to)."""
        named = (
            ("ya", self.yes),
            ("tidak", self.no_),
            ("lanjut", self.next),
            ("lewat", self.late),
        )
        yield from ((key, no) for key, no in named if no)
        yield from ((f"pilihan.{word}", no) for word, no in self.choices.items())


@dataclass(frozen=True, slots=True)
class Procedure:
    """A whole SOP. `start` is the row of the first mail, `reopen` the row of a reopened ticket."""

    name: str
    title: str
    start: str
    reopen: str
    columns: Mapping[str, str]
    headings: Mapping[str, str]
    rows: Mapping[str, Row]

    def row_of_choice(self, party: str, word: str) -> Row | None:
        """The row in which this party may say this word."""
        return next(
            (r for r in self.rows.values() if r.actor == party and word in r.choices), None
        )


def read(data: Mapping[str, Any], file: str) -> tuple[Procedure, list[str]]:
    """A parsed TOML document gives the procedure and all complaints about its wording."""
    complaints: list[str] = []
    head = data.get("sop", {})
    if not isinstance(head, Mapping):
        complaints.append(f"{file}: [sop] harus berupa bagian; salin dari SOP bawaan")
        head = {}
    _unknown_keys(set(head) - _HEAD_KEYS, f"{file}: [sop]", complaints)
    listed = data.get("langkah", [])
    if not isinstance(listed, list) or not all(isinstance(raw, Mapping) for raw in listed):
        complaints.append(f"{file}: setiap langkah harus diawali [[langkah]]")
        listed = []
    rows: dict[str, Row] = {}
    for position, raw in enumerate(listed, 1):
        row = _read_row(raw, f"{file}: langkah {raw.get('no', f'ke-{position}')}", complaints)
        if row.no in rows:
            complaints.append(f"{file}: langkah {row.no} ada dua kali; beri nomor lain")
        rows[row.no] = row
    if not rows:
        complaints.append(f"{file}: tidak ada satu pun [[langkah]]; salin dari SOP bawaan")
    first = next(iter(rows), "")
    procedure = Procedure(
        name=str(head.get("nama", "")),
        title=str(head.get("judul", "")),
        start=str(head.get("mulai", first)),
        reopen=str(head.get("buka_kembali", first)),
        columns=_words(head, "kolom", f"{file}: [sop]", complaints),
        headings=_words(head, "judul_kolom", f"{file}: [sop]", complaints),
        rows=rows,
    )
    if not procedure.name:
        complaints.append(f"{file}: [sop] nama kosong; isi misalnya penanganan-email")
    return procedure, complaints


def _read_row(raw: Mapping[str, Any], where: str, complaints: list[str]) -> Row:
    _unknown_keys(set(raw) - _ROW_KEYS, where, complaints)
    actor = str(raw.get("pelaksana", ""))
    if not raw.get("no") or not actor:
        complaints.append(f"{where}: 'no' dan 'pelaksana' wajib diisi")
    allowance, by_priority = _span(raw, "waktu", where, complaints)
    at_half = raw.get("ingatkan") == AT_HALF
    remind_every, remind_by_priority = (
        (None, False) if at_half else _span(raw, "ingatkan", where, complaints)
    )
    state = _STATE_WHILE.get(actor, State.IN_PROGRESS)
    if raw.get("selesai"):
        state = State.CLOSED
    elif "status" in raw:
        try:
            state = State(str(raw["status"]))
        except ValueError:
            allowed = ", ".join(State)
            complaints.append(f"{where}: status '{raw['status']}' tidak dikenal; pilih: {allowed}")
    documents = ("aktivitas", "kelengkapan", "output", "keterangan", "waktu_sop", "waktu")
    return Row(
        no=str(raw.get("no", "")),
        actor=actor,
        document={key: str(raw[key]) for key in documents if key in raw},
        extra=bool(raw.get("tambahan", False)),
        letters=_words(raw, "surat", where, complaints),
        reminders=_words(raw, "pengingat", where, complaints),
        allowance=allowance,
        by_priority=by_priority,
        remind_every=remind_every,
        remind_by_priority=remind_by_priority,
        remind_at_half=at_half,
        question=str(raw.get("tanya", "")),
        yes=str(raw.get("ya", "")),
        no_=str(raw.get("tidak", "")),
        choices=_words(raw, "pilihan", where, complaints),
        next=str(raw.get("lanjut", "")),
        late=str(raw.get("lewat", "")),
        ends=bool(raw.get("selesai", False)),
        state=state,
    )


def _words(
    raw: Mapping[str, Any], key: str, where: str, complaints: list[str]
) -> Mapping[str, str]:
    value = raw.get(key, {})
    if not isinstance(value, Mapping):
        complaints.append(f'{where}: {key} harus berbentuk {key}.<pihak> = "nama"')
        return {}
    return {str(k): str(v) for k, v in value.items()}


def _span(
    raw: Mapping[str, Any], key: str, where: str, complaints: list[str]
) -> tuple[Allowance | None, bool]:
    text = str(raw.get(key, ""))
    if not text or text == BY_PRIORITY:
        return None, bool(text)
    try:
        return read_allowance(text), False
    except ValueError as error:
        complaints.append(f"{where}: {key}: {error}")
        return None, False


def _unknown_keys(keys: set[str], where: str, complaints: list[str]) -> None:
    complaints += (f"{where}: kunci '{k}' tidak dikenal; hapus saja" for k in sorted(keys))
