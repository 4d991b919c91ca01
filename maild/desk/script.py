"""The language of `.percakapan` files: a mail conversation as the office would write it.

    # Tidak dapat diselesaikan di LPSE
    pukul 2026-03-02 09:00
    pengguna mengirim
      | Perihal: Gagal unggah dokumen
      | Kode tender 12345678, tangkapan layar terlampir.
    maild mengirim tanda_terima kepada pengguna
    tiket di langkah 7, jatuh tempo 2026-03-03 09:00
    pukul 2026-03-02 10:00
    helpdesk membalas
      | #eskalasi
    maild mengirim eskalasi kepada lkpp
    maild diam

Every letter must be mentioned, in any order within a turn. This file reads; `rehearsal` plays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with its words: `form` names it, `line` is its number in the file."""

    line: int
    text: str
    form: str
    words: dict[str, str]
    body: tuple[str, ...] = field(default=())


_FORMS = {
    "pukul": r"pukul (?P<waktu>\d{4}-\d\d-\d\d \d\d:\d\d)",
    "mail": r"(?P<pihak>\w+) (?P<cara>(?:mengirim|membalas)(?: otomatis)?)",
    "surat": r"maild mengirim (?P<surat>\w+) kepada (?P<pihak>\w+)",
    "diam": r"maild diam",
    "langkah": r"tiket di langkah (?P<no>\w+)(, jatuh tempo (?P<waktu>[-\d]{10} [:\d]{5}))?",
    "status": r"tiket berstatus (?P<status>.+)",
    "prioritas": r"tiket berprioritas (?P<tingkat>[1-4])",
    "memuat": r"surat memuat (?P<teks>.+)",
    "tiket": r"ada (?P<jumlah>\d+) tiket",
}
_COMPILED = {form: re.compile(pattern) for form, pattern in _FORMS.items()}


def read(text: str) -> tuple[list[Sentence], list[str]]:
    """The sentences of a script, and complaints (in Indonesian) about lines nobody understands."""
    sentences: list[Sentence] = []
    complaints: list[str] = []
    for number, line, body in _lines(text):
        if body is not None:
            if sentences and sentences[-1].form == "mail":
                last = sentences.pop()
                sentences.append(
                    Sentence(last.line, last.text, last.form, last.words, (*last.body, body))
                )
            else:
                complaints.append(f"baris {number}: isi surel tanpa 'mengirim' di atasnya")
            continue
        for form, pattern in _COMPILED.items():
            if found := pattern.fullmatch(line):
                words = {k: v for k, v in found.groupdict().items() if v is not None}
                sentences.append(Sentence(number, line, form, words))
                break
        else:
            complaints.append(f"baris {number}: kalimat tidak dikenal: {line}")
    return sentences, complaints


def _lines(text: str) -> Iterator[tuple[int, str, str | None]]:
    """Each line that says something: number, sentence, or the text behind `|` of a mail."""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("|"):
            yield number, "", line[1:].removeprefix(" ")
        elif line and not line.startswith("#"):
            yield number, line, None


def instant(text: str, zone: ZoneInfo) -> datetime:
    """`2026-03-02 09:00` in the office's zone."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
