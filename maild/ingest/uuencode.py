"""Files in uuencoded form inside a text (POSIX uuencode): found, decoded, taken out.

Tolerates a missing end line, blanks in names and lines of odd length; linear time, never raises.
"""

import binascii
import re
from typing import NamedTuple

_BEGIN = re.compile(rb"(?:^|(?<=[\r\n]))begin[ \t]+[0-7]{3,4}[ \t]+([^\r\n]{1,255})(?:\r?\n|\r)")
_LINE = re.compile(rb"([^\r\n]*)(?:\r?\n|\r|\Z)")
MAX_FILES = 20
_MAX_TRIES = 500


class File(NamedTuple):
    """A file found in a text: its name, its octets, and where in the text it stood."""

    name: bytes
    octets: bytes
    start: int
    end: int


def files(text: bytes) -> list[File]:
    """All files in a text; something that only looks like one is left alone."""
    found: list[File] = []
    at = 0
    for _ in range(_MAX_TRIES):
        begin = _BEGIN.search(text, at)
        if begin is None or len(found) == MAX_FILES:
            break
        octets, end = _decode(text, begin.end())
        if octets:
            found.append(File(begin[1].strip(), octets, begin.start(), end))
        at = max(end, begin.end())
    return found


def without(text: bytes, found: list[File]) -> bytes:
    """The text with the files cut out."""
    kept, at = [], 0
    for file in found:
        kept.append(text[at : file.start])
        at = file.end
    return b"".join([*kept, text[at:]])


def _decode(text: bytes, at: int) -> tuple[bytes, int]:
    out: list[bytes] = []
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None:
            break
        body = line[1]
        if body.strip() == b"end":
            return b"".join(out), line.end()
        octets = _line(body)
        if octets is None:
            break
        out.append(octets)
        at = line.end()
    return b"".join(out), at


def _line(body: bytes) -> bytes | None:
    """One line; None when it is no line of such a file."""
    if not body.strip():
        return b"" if body.startswith(b" ") or not body else None
    length = (body[0] - 32) & 63
    if not 32 <= body[0] <= 96 or len(body) > 90 or len(body) - 1 < length:
        return None
    try:
        return binascii.a2b_uu(body)
    except binascii.Error:
        try:
            return binascii.a2b_uu(body[: (length * 4 + 5) // 3])
        except binascii.Error:
            return None
