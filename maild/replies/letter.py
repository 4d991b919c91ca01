"""The Jinja2 door: the office's letters, compiled once, and their words put in.

A letter is a file of the administrator whose first line is `Perihal: ...`; the text of a mail is
only ever a value in it (S08, B121). The sandbox knows seven filters and no functions. A letter
sees only the words that it is offered (see `vocabulary`). A line that holds nothing but
`{% ... %}` leaves no trace; one paragraph is one line, which `layout` folds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.filters import do_join
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from maild.model.dates import written_date, written_instant
from maild.replies.sample import SAMPLE
from maild.replies.vocabulary import GROUPS, OFFERED, chosen, offered

_HEAD = "Perihal:"
_INLINE_TAG_AT_END = re.compile(r"(?m)^(?![ \t]*(?:\{%(?:(?!%\}).)*%\}[ \t]*)+$)(.*[^+-])%\}$")
_TRAILING_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LONGEST_SUBJECT = 200
_SEE = "lihat daftar kata dalam docs/templates.md"
_SYNTAX = (
    (r"No filter named '(.+)'", "penyaring '{}' tidak dikenal"),
    (r"Encountered unknown tag '(?:else|elif|end\w+)'", "ada penutup tanpa pembuka"),
    (r"Encountered unknown tag '(.+)'", "perintah '{}' tidak dikenal"),
    (r"Unexpected end of template", "ada if atau for yang belum ditutup"),
)


@dataclass(frozen=True, slots=True)
class LetterText:
    """A rendered letter: its subject, and its text with one paragraph a line."""

    subject: str
    text: str


class LetterFault(ValueError):  # noqa: N818
    """A letter cannot be written; the message names the file, the problem and the remedy."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    subject: Template
    body: Template


class Letters:
    """All letters of an office. `sources` maps a letter's name to the text of its file.

    `zone` is the office's, for the times in letters. A file with a fault is no letter; `faults`
    tells about all of them at once.
    """

    def __init__(self, sources: Mapping[str, str], zone: ZoneInfo | None = None) -> None:
        self._zone = zone or ZoneInfo("Asia/Jakarta")
        self._compiled: dict[str, _Compiled] = {}
        self._faults: list[str] = []
        halves: dict[str, str] = {}
        self._environment = self._sandbox(halves)
        for name, source in sorted(sources.items()):
            first, _, rest = source.removeprefix("\ufeff").replace("\r\n", "\n").partition("\n")
            if not first.startswith(_HEAD):
                self._complain(name, 1, f"baris pertama bukan '{_HEAD} ...'", "tulis perihalnya")
                continue
            if rest.partition("\n")[0].strip() or not rest.strip():
                remedy = "beri satu baris kosong di bawah perihal, lalu isi suratnya"
                self._complain(name, 2, "baris kedua tidak kosong atau surat tidak berisi", remedy)
                continue
            halves[f"{name}/perihal"] = first.removeprefix(_HEAD)
            lines = _TRAILING_BLANKS.sub("", rest)
            halves[f"{name}/isi"] = "\n" + _INLINE_TAG_AT_END.sub(r"\1+%}", lines)
            self._compile(name, halves)

    @property
    def names(self) -> frozenset[str]:
        """The letters that can be written."""
        return frozenset(self._compiled)

    def render(self, name: str, words: Mapping[str, Any]) -> LetterText:
        """The letter with its words; words that it is not offered are left out (S05, S19).

        LetterFault, in Indonesian, for an unknown letter or a template that does not fit.
        """
        letter = self._compiled.get(name)
        if letter is None:
            raise LetterFault(f"templates/{name}.txt: surat ini tidak ada; periksa: maild check")
        visible = chosen(name, words)
        try:
            subject = letter.subject.render(visible)
            text = letter.body.render(visible)
        except (TemplateError, ArithmeticError, TypeError, ValueError) as error:
            raise LetterFault(f"templates/{name}.txt: isi surat: {error}; {_SEE}") from error
        return LetterText(
            cut(" ".join(_CONTROL.sub(" ", subject).split()), _LONGEST_SUBJECT),
            _CONTROL.sub(" ", text.replace("\r\n", "\n")).strip("\n") + "\n",
        )

    def faults(self, samples: Sequence[Mapping[str, Any]] = (SAMPLE, {})) -> list[str]:
        """Complaints in Indonesian, `file: place: problem; remedy`: files that are no letters,
        letters that maild needs and are missing, words that a letter is not offered, and
        whatever goes wrong when the samples are written."""
        found = list(self._faults)
        told = {fault.partition(":")[0] for fault in found}
        for name in sorted(OFFERED.keys() - self._compiled.keys()):
            if f"templates/{name}.txt" not in told:
                remedy = "salin dari templates bawaan: maild init"
                found.append(f"templates/{name}.txt: berkas: surat ini tidak ada; {remedy}")
        for name in sorted(self._compiled.keys()):
            for words in samples:
                try:
                    self.render(name, words)
                except LetterFault as fault:
                    found.append(str(fault))
                    break
        return found

    def _sandbox(self, halves: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
        sandbox = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            loader=DictLoader(halves),
        )
        sandbox.globals.clear()
        sandbox.filters.clear()
        sandbox.filters |= {
            "waktu": self._time,
            "tanggal": self._date,
            "kutip": quote,
            "potong": cut,
            "ringkas": brief,
            "join": do_join,
            "length": len,
        }
        return sandbox

    def _compile(self, name: str, halves: Mapping[str, str]) -> None:
        faults = len(self._faults)
        compiled: list[Template] = []
        for half in ("perihal", "isi"):
            try:
                tree = self._environment.parse(halves[f"{name}/{half}"])
                compiled.append(self._environment.get_template(f"{name}/{half}"))
            except TemplateSyntaxError as error:
                self._complain(name, error.lineno, *_explained(error.message or ""))
                continue
            for line, word in _not_offered(tree, offered(name)):
                near = get_close_matches(word, offered(name), 1)
                hint = f"mungkin maksudnya '{near[0]}'" if near else _SEE
                self._complain(name, line, f"kata '{word}' tidak tersedia untuk surat ini", hint)
        if len(self._faults) == faults:
            self._compiled[name] = _Compiled(*compiled)

    def _complain(self, name: str, line: int, problem: str, remedy: str) -> None:
        self._faults.append(f"templates/{name}.txt: baris {line}: {problem}; {remedy}")

    def _time(self, at: datetime | str) -> str:
        return written_instant(at, self._zone) if isinstance(at, datetime) else ""

    def _date(self, at: datetime | str) -> str:
        return written_date(at.astimezone(self._zone)) if isinstance(at, datetime) else ""


def quote(text: str) -> str:
    """Every line behind `> `, as mail programs quote."""
    lines = text.strip().splitlines() or ["(tanpa teks)"]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def cut(text: str, most: int) -> str:
    """At most so many characters, cut between words, with `...` where something is missing."""
    if len(text) <= most:
        return text
    head = text[: most - 3]
    return (head[: head.rfind(" ")] if " " in head[most // 2 :] else head).rstrip() + "..."


def brief(label: str) -> str:
    """A label without the explanation in parentheses that follows it."""
    return label.partition(" (")[0]


def _not_offered(tree: nodes.Template, allowed: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Line and name of each word in a template that the letter may not use."""
    for found in tree.find_all(nodes.Getattr):
        if isinstance(found.node, nodes.Name) and found.node.name in GROUPS:
            word = f"{found.node.name}.{found.attr}"
            if word not in allowed:
                yield found.lineno, word
    simple = allowed | {word.partition(".")[0] for word in allowed}
    unknown = find_undeclared_variables(tree) - simple
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            unknown.discard(name.name)
            yield name.lineno, name.name


def _explained(message: str) -> tuple[str, str]:
    """Problem and remedy for an error message of Jinja2."""
    remedy = f"perbaiki baris itu ({message.rstrip('.')})"
    for pattern, problem in _SYNTAX:
        if found := re.search(pattern, message):
            return problem.format(*found.groups()), remedy
    return "isi tanda kurung kurawal tidak lengkap atau keliru", remedy
