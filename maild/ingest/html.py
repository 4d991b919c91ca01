"""HTML of a mail to text: blocks to lines, quotes to `> ` lines, hidden text dropped.

One pass from left to right in linear time, whatever the markup; nothing is fetched, run or
followed (reliability B087 to B091). Owns the view of HTML mail that the rest of maild reads;
it lays out no page: tables become lines.
"""

import re
from html import unescape
from typing import NamedTuple

MAX_TAGS = 100_000
MAX_TEXT = 1_000_000
_MAX_ATTRIBUTES = 4_000
_VOID_WORDS = (
    "area base br col embed hr img input link meta param source track wbr o:p v:imagedata"
)
_VOID = frozenset(_VOID_WORDS.split())
_BLOCKS_WORDS = (
    "address article aside blockquote body center dd details div dl dt fieldset figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table "
    "tbody tfoot thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_SPACED_WORDS = "p h1 h2 h3 h4 h5 h6 ul ol dl pre table"
_SPACED = frozenset(_SPACED_WORDS.split())
_SKIPPED_WORDS = "script style head title noscript template svg math object"
_SKIPPED = frozenset(_SKIPPED_WORDS.split())
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:_-]{0,40})")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]{2,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_END_OF = {name: re.compile(rf"</{name}\b", re.I) for name in _SKIPPED}
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
    r"|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|%)?\s*(?:;|$|!)|max-height\s*:\s*0"
    r"|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}",
    re.I,
)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255)", re.I
)
_BACKGROUND = re.compile(r"background(?:-color|-image)?\s*:\s*([^;]{1,60})", re.I)
_PALE = re.compile(r"\s*(?:#fff(?:fff)?\b|white\b|transparent\b|none\b|inherit\b|initial\b)", re.I)
# What a writer shifts to the right, programs wrap into a blockquote without a border.
_INDENT = re.compile(r"style\s*=[^>]*?\bborder\s*:\s*(?:none|0(?:px)?\b)", re.I)
_SIGNATURES = re.compile(
    r"(?:class|id)\s*=\s*[\"']?[^\"'>]*(?:gmail_signature|moz-signature|applemailsignature"
    r"|ms-outlook-mobile-signature|yahoo-signature|lineBreakAtBeginningOfSignature"
    r"|(?<=[\"'])signature\b)",
    re.I,
)


class Rendered(NamedTuple):
    """Text, and whether something in it was hidden from the reader's eye."""

    text: str
    hidden: bool
    cut: bool


class _Open(NamedTuple):
    name: str
    hides: bool
    quotes: bool
    coloured: bool
    spaced: bool


def render(source: str) -> Rendered:
    """The visible text of an HTML page."""
    writer = _Writer()
    at, tags = 0, 0
    while at < len(source):
        lt = source.find("<", at)
        if lt < 0:
            writer.text(source[at:])
            break
        if lt > at:
            writer.text(source[at:lt])
        tags += 1
        if tags > MAX_TAGS or writer.size > MAX_TEXT:
            writer.cut = True
            break
        if source.startswith("<!--", lt):
            end = source.find("-->", lt + 4)
            at = end + 3 if end >= 0 else _after(source, lt)
            continue
        if source[lt + 1 : lt + 2] in ("!", "?"):
            at = _after(source, lt)
            continue
        name_match = _NAME.match(source, lt)
        if name_match is None:
            writer.text("<")
            at = lt + 1
            continue
        name = name_match[1].lower()
        end = _tag_end(source, lt)
        at = end + 1
        if source[lt + 1] == "/":
            writer.close(name)
        elif name in _SKIPPED:
            stop = _END_OF[name].search(source, at)
            if source[end - 1 : end] == "/" or (stop is None and name in ("head", "title")):
                continue
            at = _after(source, stop.start()) if stop else len(source)
        else:
            writer.open(name, source[name_match.end() : min(end, lt + _MAX_ATTRIBUTES)])
    return Rendered(writer.finish(), writer.hid, writer.cut)


def _after(source: str, at: int) -> int:
    end = source.find(">", at)
    return end + 1 if end >= 0 else len(source)


def _tag_end(source: str, lt: int) -> int:
    """Where the tag ends: a `>` inside a quoted attribute does not count."""
    end = source.find(">", lt)
    if end < 0:
        return len(source)
    if end - lt < _MAX_ATTRIBUTES and source.count('"', lt, end) % 2:
        quote = source.find('"', end, end + _MAX_ATTRIBUTES)
        further = source.find(">", quote, quote + _MAX_ATTRIBUTES) if quote >= 0 else -1
        if further >= 0 and "<" not in source[end:quote]:
            return further
    return end


class _Writer:
    """Collects lines; knows which elements are open, how deep the quote is, what is hidden."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []
        self.stack: list[_Open] = []
        self.opened: dict[str, int] = {}
        self.hiding = 0
        self.depth = 0
        self.coloured = 0
        self.preformatted = 0
        self.hid = False
        self.cut = False
        self.size = 0

    def text(self, raw: str) -> None:
        if self.hiding:
            self.hid = self.hid or (
                bool(raw.strip(" \t\r\n\xa0\u200c\u200b\u034f")) and (not _only_entities(raw))
            )
            return
        value = unescape(raw) if "&" in raw else raw
        self.size += len(value)
        if self.preformatted:
            first, *rest = value.split("\n")
            self.words.append(first)
            for line in rest:
                self.line()
                self.words.append(line)
            return
        self.words.append(value)

    def line(self) -> None:
        """End the line that is being written."""
        joined = "".join(self.words)
        self.words.clear()
        content = joined.rstrip() if self.preformatted else " ".join(joined.split())
        self.lines.append(f"{'> ' * self.depth}{content}".rstrip())

    def block(self, *, spaced: bool) -> None:
        """A block starts or ends: end the line if it holds something."""
        if any(word and not word.isspace() for word in self.words):
            self.line()
        else:
            self.words.clear()
        if spaced and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * self.depth).rstrip())

    def open(self, name: str, attributes: str) -> None:
        if name == "br":
            self.line()
            return
        spaced = name in _SPACED and "MsoNormal" not in attributes
        if name in ("td", "th"):
            self.words.append(" ")
        if name in _BLOCKS:
            self.block(spaced=spaced)
        if name == "li":
            self.words.append("- ")
        if name in _VOID or attributes.endswith("/"):
            return
        hides = coloured = False
        if attributes:
            hides, coloured = self._look(attributes)
            if _SIGNATURES.search(attributes) and not self.hiding:
                self._signature()
        quotes = name == "blockquote" and not _INDENT.search(attributes)
        self.stack.append(_Open(name, hides, quotes, coloured, spaced))
        self.opened[name] = self.opened.get(name, 0) + 1
        self.hiding += hides
        self.depth += quotes and self.depth < 30
        self.coloured += coloured
        self.preformatted += name == "pre"

    def close(self, name: str) -> None:
        if name in _BLOCKS:
            self.block(spaced=False)
        if not self.opened.get(name):
            if name == "p":
                self.line()
            return
        while True:
            top = self.stack.pop()
            self.opened[top.name] -= 1
            self.hiding -= top.hides
            self.coloured -= top.coloured
            self.preformatted -= top.name == "pre"
            if top.spaced:
                self.block(spaced=True)
            self.depth -= top.quotes and self.depth > 0
            if top.name == name:
                return

    def finish(self) -> str:
        self.block(spaced=False)
        out: list[str] = []
        blank = 0
        for line in self.lines:
            blank = 0 if line.strip("> ") else blank + 1
            if blank < 3:
                out.append(line)
        return "\n".join(out).strip("\n")

    def _look(self, attributes: str) -> tuple[bool, bool]:
        """Does an element hide its text; does it have a background of its own."""
        hides = coloured = False
        for match in _ATTRIBUTE.finditer(attributes):
            key, value = match[1].lower(), match[2] or match[3] or match[4] or ""
            if key == "style":
                background = _BACKGROUND.search(value)
                coloured = coloured or bool(background and not _PALE.match(background[1]))
                hides = hides or bool(_HIDING.search(value))
                hides = hides or bool(_WHITE.search(value) and not coloured and not self.coloured)
            elif key in ("bgcolor", "background"):
                coloured = coloured or not _PALE.match(value)
        return hides or bool(re.search(r"\shidden(?:\s|$|=\"(?:hidden)?\")", attributes)), coloured

    def _signature(self) -> None:
        self.block(spaced=False)
        last = next((line for line in reversed(self.lines) if line.strip()), "")
        if last.strip("> ") != "--":
            self.lines.append(f"{'> ' * self.depth}-- ")


def _only_entities(raw: str) -> bool:
    """Preheader padding such as `&zwnj;&nbsp;` is no text."""
    return not re.sub(r"&[#\w]{1,12};|\s", "", raw)
