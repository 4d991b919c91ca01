"""Letters from templates: the Jinja2 door.

A letter is a file of the administrator whose first line is `Perihal: ...`. Templates run in a
sandbox with few names; what a stranger wrote is only ever a value (S08, B121).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

_HEAD = "Perihal:"
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September"),
    *("Oktober", "November", "Desember"),
)
_ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class LetterText:
    """A rendered letter: its subject, and its text with lines of any length."""

    subject: str
    text: str


class Letters:
    """All letters of an office, compiled once. `sources` maps a letter's name to its template.

    A template with a syntax error is kept as a fault, so that all faults are told at once.
    """

    def __init__(self, sources: Mapping[str, str], zone: ZoneInfo | None = None) -> None:
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
        )
        self._zone = zone or ZoneInfo("Asia/Jakarta")
        environment.filters["waktu"] = self._time
        environment.filters["tanggal"] = self._date
        environment.filters["kutip"] = quote
        environment.filters["potong"] = cut
        self._compiled: dict[str, Template] = {}
        self._faults: list[str] = []
        for name, source in sources.items():
            try:
                self._compiled[name] = environment.from_string(source)
            except TemplateSyntaxError as error:
                self._complain(name, f"baris {error.lineno} tidak benar ({error.message})")
            if not source.startswith(_HEAD):
                self._complain(name, f"baris pertama harus '{_HEAD} ...'")

    @property
    def names(self) -> frozenset[str]:
        """The letters that exist."""
        return frozenset(self._compiled)

    def render(self, name: str, words: Mapping[str, Any]) -> LetterText:
        """The letter with its words. KeyError for an unknown letter; TemplateError when a
        template uses a word that is not offered."""
        written = self._compiled[name].render(words)
        head, _, text = written.partition("\n")
        subject = " ".join(head.removeprefix(_HEAD).split())
        return LetterText(subject, _BLANK_LINES.sub("\n\n", text).strip() + "\n")

    def faults(self, samples: Sequence[Mapping[str, Any]] = ()) -> list[str]:
        """Complaints in Indonesian: syntax, a missing subject line, words that no letter has."""
        found = list(self._faults)
        for name in sorted(self._compiled):
            for words in samples:
                try:
                    self.render(name, words)
                except TemplateError as error:
                    found.append(
                        f"templates/{name}.txt: isi surat: {error.message}; "
                        "pakai hanya kata yang ada dalam docs/templates.md"
                    )
                    break
        return found

    def _complain(self, name: str, problem: str) -> None:
        self._faults.append(f"templates/{name}.txt: isi surat: {problem}; perbaiki baris itu")

    def _time(self, at: datetime | None) -> str:
        """`Senin, 9 Februari 2026 pukul 10.00 WIB`."""
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        zone = _ZONES.get(self._zone.key, local.strftime("%Z"))
        return f"{_DAYS[local.weekday()]}, {self._date(at)} pukul {local:%H.%M} {zone}"

    def _date(self, at: datetime | None) -> str:
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def quote(text: str) -> str:
    """Every line behind `> `, as mail programs quote."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def cut(text: str, most: int) -> str:
    """The text in one line, at most so many characters, with a mark where it was cut."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
