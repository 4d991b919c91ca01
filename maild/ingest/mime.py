"""The parts of a message (RFC 2045, 2046), found in its octets without copying bodies.

Owns the MIME tree and its limits (reliability B003 to B008): at most 200 parts, 30 multiparts
deep, the rest opaque. Works with LF, CRLF and CR, does not recurse on what the sender writes,
and takes time linear in the size. Decides nothing about what a part is for. Never raises.
"""

import binascii
import re
from dataclasses import dataclass, field

from maild.ingest import header, uuencode
from maild.ingest.header import Field, Typed

MAX_PARTS = 200
MAX_DEPTH = 30
MAX_NESTED_MESSAGES = 5
MAX_TEXT = 1_000_000
_MAX_STRANGERS = 20_000
MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news"})
_BLANK_LINES = (b"\n\n", b"\r\r", b"\n\r\n", b"\r\n\n", b"\r\n\r\n")
_LINE_END = re.compile(rb"\r?\n|\r|\Z")
_FIELD_START = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_LEADING = re.compile(rb"(?:[ \t]*(?:\r?\n|\r))*(?:>?From [^\r\n]*(?:\r?\n|\r))?")
_GUESSED = re.compile(rb"(?:^|[\r\n])--([^\s-][^\r\n]{1,200})(?:\r?\n|\r)content-", re.I)
_PLAIN = Typed("text/plain", {})
_NO_DISPOSITION = Typed("", {})


@dataclass(slots=True)
class Part:
    """One part: `octets[start:end]` is its body as sent. `path` is its place, "2.1"; the root's
    is "1" when it is a leaf, else "" so that its children are "1", "2"."""

    path: str
    octets: bytes
    start: int
    end: int
    fields: dict[str, bytes]
    typed: Typed
    disposition: Typed
    children: list["Part"] = field(default_factory=list)

    @property
    def type(self) -> str:
        """Media type in lower case, such as "text/plain"."""
        return self.typed.value

    @property
    def encoding(self) -> str:
        """Content-Transfer-Encoding in lower case."""
        raw = self.fields.get("content-transfer-encoding", b"")
        return raw.partition(b";")[0].strip().strip(b"\"'").decode("latin-1").lower()

    @property
    def filename(self) -> str:
        """The name that the sender gave, as he wrote it, or an empty string."""
        return self.disposition.parameters.get("filename") or self.typed.parameters.get("name", "")

    def payload(self) -> bytes:
        """The body after its transfer encoding is undone; what decodes is kept (B022)."""
        raw = self.octets[self.start : self.end]
        match self.encoding:
            case "base64":
                return header.base64_octets(raw) or b""
            case "quoted-printable":
                if b"\n" not in raw:  # soft line breaks of CR alone are unknown to binascii
                    raw = raw.replace(b"\r", b"\n")
                return binascii.a2b_qp(raw)
            case "uuencode" | "x-uuencode" | "uue" | "x-uue":
                found = uuencode.files(raw)
                return found[0].octets if found else raw
            case _:
                return raw


@dataclass(slots=True)
class Message:
    """A message taken apart: header fields in order, the tree, and what was wrong with it."""

    fields: list[Field]
    root: Part
    defects: list[str]
    by_name: dict[str, list[bytes]]

    def values(self, name: str) -> list[bytes]:
        """Raw values of all fields of this name, in order."""
        return self.by_name.get(name, [])

    def text(self, name: str, limit: int = 2_000) -> str:
        """The first field of this name for people to read, or an empty string."""
        values = self.values(name)
        return header.text(values[0], limit) if values else ""

    def leaves(self) -> list[Part]:
        """All parts without children, in order."""
        found, stack = [], [self.root]
        while stack:
            part = stack.pop()
            stack.extend(reversed(part.children))
            if not part.children:
                found.append(part)
        return found


def split(octets: bytes) -> Message:
    """Take a message apart."""
    defects: list[str] = []
    start = _LEADING.match(octets).end()  # type: ignore[union-attr]  # matches the empty string
    block, body = _header(octets, start, len(octets))
    found, wrong = header.fields(block)
    defects += wrong
    if not found:
        body = start
        defects.append("no header")
    root = _part("1", octets, body, len(octets), found, _PLAIN)
    budget = MAX_PARTS
    work = [(root, 0)]
    while work:
        part, depth = work.pop()
        if not part.type.startswith("multipart/"):
            continue
        if depth >= MAX_DEPTH:
            _opaque(part)
            defects.append("multiparts nested more than 30 deep")
            continue
        spans, closed = _spans(part, defects)
        if not spans:
            part.typed = Typed("text/plain", part.typed.parameters)
            continue
        if not closed:
            defects.append("multipart without its end: the mail may be cut")
        default = Typed("message/rfc822", {}) if part.type == "multipart/digest" else _PLAIN
        prefix = f"{part.path}." if part is not root else ""
        for number, (lo, hi) in enumerate(spans, 1):
            if budget == 0:
                rest = _part(f"{prefix}{number}", octets, lo, part.end, [], _PLAIN)
                _opaque(rest)
                part.children.append(rest)
                defects.append("more than 200 parts: the rest is one file")
                break
            budget -= 1
            block, body = _header(octets, lo, hi)
            inner = header.fields(block)[0]
            body = body if inner or not block.strip() else lo
            child = _part(f"{prefix}{number}", octets, body, hi, inner, default)
            part.children.append(child)
        work.extend((child, depth + 1) for child in reversed(part.children))
    by_name: dict[str, list[bytes]] = {}
    for name, value in found:
        by_name.setdefault(name, []).append(value)
    return Message(found, root, defects, by_name)


def nested(part: Part, depth: int = 0) -> Message | None:
    """The message inside a message/rfc822 part, or None beyond five levels (B008)."""
    return split(part.payload()) if depth < MAX_NESTED_MESSAGES else None


def find(message: Message, path: str) -> Part | None:
    """The part at a path, as `Part.path` gives it."""
    return next((part for part in message.leaves() if part.path == path), None)


def _part(
    path: str, octets: bytes, start: int, end: int, found: list[Field], default: Typed
) -> Part:
    first: dict[str, bytes] = {}
    for name, value in found:
        first.setdefault(name, value)
    raw = first.get("content-type")
    kind = header.typed(raw) if raw else default
    if kind.value.count("/") != 1:
        kind = Typed("text/plain", kind.parameters)
    raw = first.get("content-disposition")
    disposition = header.typed(raw) if raw else _NO_DISPOSITION
    return Part(path, octets, start, end, first, kind, disposition)


def _opaque(part: Part) -> None:
    part.typed = Typed("application/octet-stream", {})
    part.disposition = Typed("attachment", {})
    part.fields = {}


def _header(octets: bytes, lo: int, hi: int) -> tuple[bytes, int]:
    """The header block that starts at `lo`, and where its body starts."""
    end = _LINE_END.match(octets, lo, hi)
    if end and end.end() > lo:
        return b"", end.end()
    gap = _blank_line(octets, lo, hi)
    if gap is None and not _FIELD_START.match(octets, lo, hi):
        return octets[lo:lo], lo
    if gap is None:
        return octets[lo:hi], hi
    return octets[lo : gap[0]], gap[1]


def _blank_line(octets: bytes, lo: int, hi: int) -> tuple[int, int] | None:
    """Where the first empty line starts and ends."""
    crlf = octets.find(b"\r\n\r\n", lo, hi)
    if crlf >= 0 and octets.find(b"\n\n", lo, crlf) < 0 and octets.find(b"\r\r", lo, crlf) < 0:
        return crlf, crlf + 4
    start = end = hi
    for form in _BLANK_LINES:  # each only before the one found so far
        at = octets.find(form, lo, min(hi, start + len(form) - 1))
        if at >= 0:
            start, end = at, at + len(form)
    return (start, end) if start < end else None


def _spans(part: Part, defects: list[str]) -> tuple[list[tuple[int, int]], bool]:
    """Where the children of a multipart lie; and whether its end was there."""
    boundary = part.typed.parameters.get("boundary", "").encode("latin-1", "replace").rstrip()
    spans: list[tuple[int, int]] = []
    closed = False
    if boundary:
        spans, closed = _delimited(part, boundary)
    if spans:
        return spans, closed
    guess = _GUESSED.search(part.octets, part.start, min(part.end, part.start + 100_000))
    if guess:
        defects.append("boundary guessed from the body")
        return _delimited(part, guess[1].rstrip())
    defects.append("multipart without parts")
    return [], closed


def _delimited(part: Part, boundary: bytes) -> tuple[list[tuple[int, int]], bool]:
    octets, delimiter = part.octets, b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened = -1
    closed = False
    at = part.start
    strangers = 0
    while (at := octets.find(delimiter, at, part.end)) >= 0:
        line, rest = None, b"inside a line"
        if at == part.start or octets[at - 1] in b"\r\n":  # else its line is not looked at
            line = _LINE_END.search(octets, at, part.end)
            stop = line.start() if line else part.end
            rest = octets[at + len(delimiter) : stop].strip()
        if rest not in (b"", b"--"):
            at += len(delimiter)
            strangers += 1
            if strangers > _MAX_STRANGERS:
                break
            continue
        if opened >= 0:
            spans.append((opened, max(opened, _before_line_end(octets, at))))
            if len(spans) > MAX_PARTS:
                return spans, True
        # Parts after a closing delimiter are kept: some writers close too early.
        closed = rest == b"--"
        at = line.end() if line else part.end
        opened = -1 if closed else at
    if opened >= 0:
        spans.append((opened, part.end))
    return spans, closed


def _before_line_end(octets: bytes, at: int) -> int:
    """The line end before a delimiter belongs to the delimiter (RFC 2046, 5.1.1)."""
    if octets[at - 2 : at] == b"\r\n":
        return at - 2
    return at - 1
