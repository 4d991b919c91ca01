"""One door to regular expressions over a whole mail: RE2 looks first, `re` reads.

RE2 scans a mail ten times faster than `re` but knows no lookaround. So each pattern has a sieve:
the same pattern without lookarounds, which lets through all that the pattern itself would find
and a little more. Most patterns find nothing in most mails, and then `re` is never asked.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import re2

# RE2's classes are ASCII; here any other character may be a letter, a digit or a blank. Its `\b`
# may stay: our patterns have an ASCII letter or digit at one side of it.
_BEYOND = r"\x{80}-\x{10ffff}"
_WIDER = {"w": rf"\w{_BEYOND}", "d": rf"\d{_BEYOND}", "s": rf"\s\x0b\x1c-\x1f{_BEYOND}"}
_PIECE = re.compile(r"\\.|\(\?<?[=!]|\(\?P<\w+>|\(\??|\)|\[\^?\]?|\]|.", re.DOTALL)


class Pattern:
    """A compiled pattern. ValueError when its sieve is not understood by RE2."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._read = re.compile(source)
        self._sieve = _compiled(sieve(source))

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All matches, as `re` gives them."""
        start = self._first(text)
        return self._read.finditer(text, start) if start >= 0 else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        start = self._first(text)
        return self._read.search(text, start) if start >= 0 else None

    def _first(self, text: str) -> int:
        """Where a match may begin at the earliest; -1 when there is none."""
        octets = text.encode("utf-8", "replace")
        found = self._sieve.search(octets)
        if found is None:
            return -1
        return found.start() if len(octets) == len(text) else 0


def sieve(source: str) -> str:
    """The pattern without lookarounds and without groups to be told of (RE2 would look over every
    match once more for them), its classes as wide as those of `re`."""
    pieces: list[str] = []
    in_class = negated = False
    skipping = 0  # brackets still open within a lookaround
    for piece in _PIECE.findall(source):
        if skipping:
            if not in_class:
                skipping += piece.startswith("(") - (piece == ")")
            in_class = _in_class(piece, in_class)
            continue
        if not in_class and piece in ("(?=", "(?!", "(?<=", "(?<!"):
            skipping = 1
            continue
        if not in_class and (piece == "(" or piece.startswith("(?P<")):
            piece = "(?:"
        # What a class leaves out must stay narrow: RE2's own ASCII is just that.
        negated = (negated if in_class else piece.startswith("[^")) and piece != "]"
        in_class = _in_class(piece, in_class)
        wider = _WIDER.get(piece[1:]) if piece[0] == "\\" and not negated else None
        if wider:
            piece = wider if in_class else f"[{wider}]"
        elif piece == "$" and not in_class:
            piece = ""  # `re` also sees the end before a last newline
        pieces.append(piece)
    return "".join(pieces)


def _in_class(piece: str, before: bool) -> bool:
    if before:
        return piece != "]"
    return piece.startswith("[")


@lru_cache(maxsize=512)
def _compiled(source: str) -> "re2._Regexp[bytes]":
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(source, options)
    except re2.error as error:
        raise ValueError(f"RE2 does not understand {source!r}: {error}") from None
