"""The people of config.toml, changed from the command line: only the lines that must change.

Comments and order stay as the office wrote them. A change is tried on a copy beside the file and
takes its place only when the whole file is still sound.
"""

import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from maild.model.people import Person
from maild.service.fault import Fault
from maild.service.load import load

_BLOCK = re.compile(r"(?m)^\[\[people\]\][ \t]*(?:#.*)?\n(?:(?!\[).*\n?)*")
_ACTIVE = re.compile(r"(?m)^active([ \t]*)=([ \t]*)(?:true|false)")
_ID = re.compile(r'(?m)^id[ \t]*=[ \t]*"([^"]*)"')


def next_number(people: Sequence[Person]) -> int:
    """A number that nobody has: it is signed into letters and never given twice."""
    return max((person.number for person in people), default=0) + 1


def with_person(text: str, person: Person) -> str:
    """The file with one more [[people]] block, behind the last one."""
    lines = [
        "[[people]]",
        f"id      = {_quoted(person.id)}",
        f"number  = {person.number}",
        f"name    = {_quoted(person.name)}",
        f"address = {_quoted(person.address)}",
        f"party   = {_quoted(person.party)}",
    ]
    if person.categories:
        lines.append(f"categories = [{', '.join(map(_quoted, person.categories))}]")
    block = "\n".join(lines) + "\n"
    found = list(_BLOCK.finditer(text))
    if not found:
        return f"{text.rstrip()}\n\n{block}"
    last = found[-1][0]
    kept = last.rstrip("\n")
    # A comment behind the last block belongs to the section that follows it.
    lines_of_last = kept.split("\n")
    while lines_of_last[-1].startswith("#") or not lines_of_last[-1].strip():
        lines_of_last.pop()
    at = found[-1].start() + len("\n".join(lines_of_last))
    return f"{text[:at]}\n\n{block.rstrip()}{text[at:]}"


def without_person(text: str, id_: str) -> str | None:
    """The file in which this person is not active any more; None when it has no such block."""
    for block in _BLOCK.finditer(text):
        named = _ID.search(block[0])
        if named is None or named[1] != id_:
            continue
        changed, count = _ACTIVE.subn(r"active\1=\2false", block[0])
        if not count:
            changed = _ID.sub(lambda found: f"{found[0]}\nactive  = false", block[0], count=1)
        return text[: block.start()] + changed + text[block.end() :]
    return None


def replace(path: Path, text: str) -> list[Fault]:
    """Puts the text in the file's place, with the file's own mode, if it is sound; else faults."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    mode = path.stat().st_mode & 0o777
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        settings, faults = load(draft, secrets=False)
        if settings is not None:
            draft.replace(path)
            return []
        return [fault for fault in faults if not fault.warning]
    finally:
        draft.unlink(missing_ok=True)


def _quoted(value: str) -> str:
    plain = "".join(c for c in value if c.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
