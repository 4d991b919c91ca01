"""What the parts of a message are for: body text, files, reports, calendar.

Owns the choice of the body (RFC 2046, 5.1.4: one of the alternatives; several texts around
images joined in order, B013) and what counts as an attached file. A forwarded message that is
attached stays whole, as a file.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

from maild.ingest import charset, flowed, html, mime, tnef, uuencode
from maild.ingest.mime import Message, Part

MAX_FILES = 100
_REPORTS = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
        "message/external-body",
        "text/rfc822-headers",
        "message/global-headers",
    }
)
# What a mail claims about itself and maild does not do (B014, B076, B077).
_NOTES = {
    "multipart/signed": "signature not checked",
    "multipart/encrypted": "encrypted: cannot be read",
    "application/pkcs7-mime": "signed or encrypted: not opened",
    "application/x-pkcs7-mime": "signed or encrypted: not opened",
    "message/partial": "message/partial: not assembled",
    "message/external-body": "external body: not fetched",
}
_WORD = re.compile(r"\w{4,}")
_TAG = re.compile(r"<[^<>]{0,2000}>")


@dataclass(slots=True)
class File:
    """An attached file before it is named; `octets` decodes it."""

    name: str
    type: str
    inline: bool
    path: str
    octets: Callable[[], bytes]
    content_id: str = ""
    decoration: bool = False


class Piece:
    """A stretch of body text. HTML is rendered when its text is asked for: mostly the plain
    alternative is chosen and it never is."""

    def __init__(self, source: str, *, is_html: bool) -> None:
        self.source = source
        self.is_html = is_html

    @cached_property
    def page(self) -> html.Rendered:
        """The source, rendered where it is HTML, within the limit on text."""
        page = html.Rendered(self.source, False, False)
        if self.is_html:  # entities may stand for what is never let in as a character
            page = html.render(self.source)
            page = page._replace(text=charset.clean(page.text))
        if len(page.text) > mime.MAX_TEXT:
            return page._replace(text=page.text[: mime.MAX_TEXT], cut=True)
        return page

    @property
    def text(self) -> str:
        """The text that a reader sees; quoted HTML has become `> ` lines."""
        return self.page.text


@dataclass
class Body:
    """All that was found, in order. `plain` is the text of plain parts only."""

    pieces: list[Piece] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    returned: list[Part] = field(default_factory=list)
    calendars: list[Part] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """The whole body."""
        return _joined(self.pieces)

    @cached_property
    def plain(self) -> str:
        """The body without what was derived from HTML (B012, B070)."""
        if not any(piece.is_html for piece in self.pieces):
            return self.text
        return _joined([piece for piece in self.pieces if not piece.is_html])


def read(message: Message) -> Body:
    """Sort the parts of a message."""
    body = Body()
    _visit(message.root, body, in_report=False, depth=0)
    body.defects += [note for kind, note in _NOTES.items() if _has(message.root, kind)]
    if len(body.files) > MAX_FILES:
        body.defects.append(f"{len(body.files)} files: only the first {MAX_FILES} are listed")
        del body.files[MAX_FILES:]
    for piece in body.pieces:
        if piece.page.hidden:
            body.defects.append("hidden text in HTML")
        if piece.page.cut:
            body.defects.append("text cut")
    return body


def _has(part: Part, kind: str) -> bool:
    """Is a part of this type at the top of the tree, where it speaks for the whole mail?"""
    return part.type == kind or any(child.type == kind for child in part.children)


def _joined(pieces: Sequence[Piece]) -> str:
    texts = (piece.text.strip("\n") for piece in pieces)
    return "\n\n".join(text for text in texts if text and not text.isspace())


def _visit(part: Part, body: Body, *, in_report: bool, depth: int) -> None:
    if part.children:
        if part.type == "multipart/alternative":
            _alternative(part, body, in_report, depth)
            return
        report = in_report or part.type == "multipart/report"
        for child in part.children:
            _visit(child, body, in_report=report, depth=depth + 1)
        return
    if part.type in mime.MESSAGE_TYPES:
        body.files.append(_file(part))
        if in_report:
            body.returned.append(part)
        else:
            _enclosed(part, body)
    elif part.type in _REPORTS:
        body.reports.append(part)
    elif part.type == "text/calendar":
        body.calendars.append(part)
        if _is_file(part):
            body.files.append(_file(part))
    elif part.type in ("text/plain", "text/html", "text/enriched", "text") and not _is_file(part):
        _text(part, body)
    elif part.type == "application/ms-tnef" or part.filename.lower() == "winmail.dat":
        _winmail(part, body)
    elif part.start < part.end or part.filename:
        body.files.append(_file(part))


def _enclosed(part: Part, body: Body) -> None:
    """The files in a mail that is attached: the mail stays whole, and what came with it counts
    as sent, mails inside it aside (they are in the whole). A path goes through the mail: "2/3" is
    part 3 of the mail that is part 2."""
    depth = part.path.count("/")
    inner = mime.nested(part, depth)
    if inner is None or len(body.files) > MAX_FILES:
        return
    reading = Body()
    for leaf in inner.leaves():
        leaf.path = f"{part.path}/{leaf.path}"
    _visit(inner.root, reading, in_report=False, depth=depth)
    body.files += [file for file in reading.files if file.type not in mime.MESSAGE_TYPES]


def _is_file(part: Part) -> bool:
    if part.disposition.value == "attachment":
        return True
    return bool(part.filename)


def _alternative(part: Part, body: Body, in_report: bool, depth: int) -> None:
    """The plain alternative where it says something, else the richest; files of all count."""
    readings = []
    for child in part.children:
        reading = Body()
        _visit(child, reading, in_report=in_report, depth=depth + 1)
        readings.append(reading)
    for reading in readings:
        body.files += reading.files
        body.reports += reading.reports
        body.returned += reading.returned
        body.calendars += reading.calendars
        body.pages += reading.pages
        body.defects += reading.defects
    plain = next((r for r in readings if r.pieces and r.plain), None)
    rich = [r for r in reversed(readings) if any(piece.is_html for piece in r.pieces)]
    chosen = plain or next((r for r in rich if r.text), None)
    if chosen is None:
        return
    body.pieces += chosen.pieces
    if plain is not None and rich and rich[0] is not plain:
        body.defects += _differing(plain.plain, rich[0].pieces[-1].source)


def _differing(plain: str, source: str) -> list[str]:
    """B012: an HTML part that says something quite different from the plain one. Words are
    compared, tags only stripped: a hint for people, nothing is decided on it."""
    if "</style>" in source:
        source = source.rpartition("</style>")[2]
    seen = set(_WORD.findall(unescape(_TAG.sub(" ", source[:20_000]))))
    own = set(_WORD.findall(plain[:20_000]))
    if len(seen) < 8 or len(seen & own) * 2 >= min(len(seen), len(own)):
        return []
    return ["plain and HTML text differ"]


def _text(part: Part, body: Body) -> None:
    octets = part.payload()
    is_html = part.type == "text/html"
    if not is_html and b"begin " in octets:
        found = uuencode.files(octets)
        octets = uuencode.without(octets, found)
        for number, file in enumerate(found, 1):
            name = charset.decode(file.name)[0]
            path = f"{part.path}.u{number}"
            body.files.append(
                File(name, "application/octet-stream", False, path, _given(file.octets))
            )
    if len(octets) > mime.MAX_TEXT * 4:
        octets = octets[: mime.MAX_TEXT * 4]
        body.defects.append("text cut")
    declared = part.typed.parameters.get("charset", "")
    wide = charset.is_wide(declared)
    if wide and part.encoding not in ("base64", "quoted-printable"):
        # Octets of two for a letter cannot stand in a mail as they are (RFC 2781, 4).
        body.defects.append(f"octets do not fit charset {declared[:40]!r}")
        declared, wide = "", False
    if b"\r" in octets and not wide:
        # Before the charset: a broken character must not swallow one line end and not the other.
        # A doubled CR is one line end: some relays, and an encoded CR before a line end, make it.
        octets = octets.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text, defect = charset.decode(octets, declared, is_html=is_html)
    if defect:
        body.defects.append(defect)
    text = charset.clean(_lines(text))
    if part.typed.parameters.get("format", "").lower() == "flowed" and not is_html:
        text = flowed.unflow(text, delsp=part.typed.parameters.get("delsp", "").lower() == "yes")
    body.pieces.append(Piece(text, is_html=is_html))
    if is_html:
        body.pages.append(text)


def _winmail(part: Part, body: Body) -> None:
    contents = tnef.read(part.payload())
    if not contents.files:
        body.files.append(_file(part))
    for number, file in enumerate(contents.files, 1):
        path = f"{part.path}.t{number}"
        kind = file.type or "application/octet-stream"
        body.files.append(File(file.name, kind, False, path, _given(file.octets)))
    text = contents.text or contents.html
    if text.strip() and not any(piece.text.strip() for piece in body.pieces):
        body.pieces.append(Piece(charset.clean(_lines(text)), is_html=not contents.text))


def _file(part: Part) -> File:
    inline = part.disposition.value == "inline" or (
        not part.disposition.value and "content-id" in part.fields
    )
    name = part.filename
    if not name and part.type in mime.MESSAGE_TYPES:
        inner = mime.nested(part)
        name = f"{inner.text('subject', 80)}.eml" if inner and inner.text("subject") else ""
    identity = part.fields.get("content-id", b"").strip(b" <>").decode("latin-1")
    return File(name, part.type, inline, part.path, part.payload, identity)


def _given(octets: bytes) -> Callable[[], bytes]:
    return lambda: octets


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
