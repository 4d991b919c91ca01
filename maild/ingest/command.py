"""Command lines of an agent's mail: `#word argument` on the leading lines (design section 5).

Owns the words and their English aliases. Reads what it is given, which must already be the plain
text above the first quote (reliability B012, B070); who may command is not asked here.
"""

import re
from collections.abc import Mapping
from typing import Final

from rapidfuzz import process

from maild.model.mail import Command

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "selesai": ("done", "close", "closed", "resolve", "resolved", "solved", "tutup", "jawab"),
    "data": ("need", "needdata", "ask", "mintadata", "minta"),
    "eskalasi": ("escalate", "escalation", "teruskan", "lkpp"),
    "catatan": ("note", "internal", "comment", "catat"),
    "ambil": ("take", "mine", "assign"),
    "prioritas": ("priority", "prio"),
    "kategori": ("category",),
    "telepon": ("phone", "call", "telp", "telpon"),
    "solusi": ("solution",),
    "gabung": ("merge", "join"),
    "pisah": ("split", "separate"),
    "bukan": ("notaproblem", "noproblem", "spam", "ignore"),
    "templat": ("template", "letter", "surat"),
    "batal": ("cancel", "undo"),
    "status": (),
    "bantuan": ("help", "tolong"),
    "kirim": ("send", "release"),
    "tunggu": ("wait", "menunggu"),
    "nomor": ("number", "no"),
    "baru": ("new", "open", "create"),
    "untuk": ("for", "assignto"),
    "ya": ("yes", "ok", "confirm", "setuju"),
}
_CANONICAL = {alias: word for word, aliases in WORDS.items() for alias in (word, *aliases)}
_LINE = re.compile(r"#([^\W\d_][\w-]{0,30})(?:[ \t]*[:=]?[ \t]*(.*))?")
_MAX_COMMANDS = 20


def read(text: str) -> tuple[tuple[Command, ...], str]:
    """The commands on the leading lines, blank lines between them allowed, and the text below.

    A word that nobody defined is a command with `known` False and perhaps a suggestion: it is
    answered, not sent to the requester as text. A number sign before a digit (`#1 gagal`) and a
    second one (`##`) are text.
    """
    commands: list[Command] = []
    lines = text.split("\n")
    below = 0
    for number, line in enumerate(lines):
        stripped = line.strip().lstrip("\ufeff\u200b")
        if not stripped:
            continue
        match = _LINE.fullmatch(stripped)
        if match is None or len(commands) == _MAX_COMMANDS:
            break
        commands.append(_command(match, stripped))
        below = number + 1
    return tuple(commands), "\n".join(lines[below:]).strip()


def _command(match: re.Match[str], line: str) -> Command:
    word, argument = match[1].lower(), (match[2] or "").strip()[:2_000]
    canonical = _CANONICAL.get(word.replace("-", "").replace("_", ""))
    if canonical:
        return Command(canonical, argument, line[:2_000], known=True)
    near = process.extractOne(word, _CANONICAL.keys(), score_cutoff=70)
    return Command(word, argument, line[:2_000], False, _CANONICAL[near[0]] if near else "")
