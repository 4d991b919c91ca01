"""Text that is safe in a cell: nothing invisible, nothing that breaks the row (B124, B125).

Names, subjects and answers come from strangers' mails and are hostile output everywhere.
"""

import re
import unicodedata
from typing import Final

LONGEST: Final = 32_000  # spreadsheets end a cell at 32,767 characters, some without a word
CUT_MARK: Final = " … [dipotong]"

# Control characters, direction marks, zero-width characters, lone surrogates and non-characters:
# they hide or turn text round, or make a spreadsheet refuse the file.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_BREAK = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d.,]*", re.ASCII)
_FORMULA_SIGNS = frozenset("=+-@|%")


def is_plain(line: str) -> bool:
    """Whether a line may stand in a cell as it is: nothing invisible, no two blanks, not long."""
    return line.isprintable() and "  " not in line and len(line) <= LONGEST // 2


def clean(text: str) -> str:
    """Readable text with \\n as its only break, cut with a mark at 32,000 characters."""
    if is_plain(text if "\n" not in text else text.replace("\n", "")):
        return text.strip()
    # Nobody reads past the limit, and a hostile text may be megabytes long.
    shown = _BREAK.sub("\n", text[: 4 * LONGEST])
    shown = _BLANKS.sub(" ", _INVISIBLE.sub("", shown)).strip()
    # Spreadsheets count in UTF-16, where an emoji is two characters.
    units = shown.encode("utf-16-le") if len(shown) > LONGEST // 2 else b""
    if len(units) <= 2 * LONGEST and len(text) <= 4 * LONGEST:
        return shown
    room = 2 * (LONGEST - len(CUT_MARK))
    return shown.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT_MARK


def one_line(text: str) -> str:
    """The same on a single line."""
    return clean(" ".join(text.split()))


def lines_of(text: str, room: int) -> int:
    """On how many lines a text is wrapped where a line has room for so many characters."""
    if text.isupper():
        room = room * 3 // 4  # capitals are wide
    if "\n" not in text:
        return -(-len(text) // room)
    return sum(max(1, -(-len(line) // room)) for line in text.split("\n"))


def guarded(text: str) -> str:
    """Text that a spreadsheet reading CSV does not take for a formula (B123).

    An apostrophe goes before = + - @ and their full-width twins; plain numbers stay.
    """
    first = text[:1]
    if first.isalnum() and first.isascii():
        return text
    start = unicodedata.normalize("NFKC", text[:8]).lstrip()[:1]
    if start in _FORMULA_SIGNS and start and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text
