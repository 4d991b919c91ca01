"""What the parts of a message are for: body text, files, reports, calendar.

Owns the choice of the body (RFC 2046, 5.1.4: one of the alternatives; several texts around
images joined in order, B013) and what counts as an attached file. A forwarded message that is
attached stays whole, as a file.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

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
_WORD = re.compile(r"\w{3,}")


@dataclass(slots=True)
class File:
    """An attached file before it is named; `octets` decodes it."""

    name: str
    type: str
    inline: bool
    path: str
    octets: Callable[[], bytes]


@dataclass(slots=True)
class Piece:
    """A stretch of body text; `quoted` HTML has become `> ` lines."""

    text: str
    is_html: bool


@dataclass(slots=True)
class Body:
    """All that was found, in order. `plain` is the text of plain parts only."""

    pieces: list[Piece] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    reports: list[Part] = field(default_factory=list)
    returned: list[Part] = field(default_factory=list)
    calendars: list[Part] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole body."""
        return "\n\n".join(piece.text.strip("\n") for piece in self.pieces if piece.text.strip())

    @property
    def plain(self) -> str:
        """The body without what was derived from HTML (B012, B070)."""
        return "\n\n".join(
            piece.text.strip("\n")
            for piece in self.pieces
            if not piece.is_html and piece.text.strip()
        )


def read(message: Message) -> Body:
    """Sort the parts of a message."""
    body = Body()
    _visit(message.root, body, in_report=False, depth=0)
    if len(body.files) > MAX_FILES:
        body.defects.append(f"{len(body.files)} files: only the first {MAX_FILES} are listed")
        del body.files[MAX_FILES:]
    return body


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
        if in_report:
            body.returned.append(part)
        else:
            body.files.append(_file(part))
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
        body.defects += reading.defects
    spoken = [reading for reading in readings if reading.text]
    plain = next((reading for reading in spoken if reading.plain), None)
    rich = next((r for r in reversed(spoken) if any(p.is_html for p in r.pieces)), None)
    chosen = plain or rich
    if chosen is None:
        return
    body.pieces += chosen.pieces
    if plain is not None and rich is not None and plain is not rich:
        body.defects += _differing(plain.plain, rich.text)


def _differing(plain: str, rich: str) -> list[str]:
    """B012: an HTML part that says something quite different from the plain one."""
    seen = set(_WORD.findall(rich[:20_000].lower()))
    own = set(_WORD.findall(plain[:20_000].lower()))
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
    text, defect = charset.decode(octets, declared, is_html=is_html)
    if defect:
        body.defects.append(defect)
    text = charset.clean(_lines(text))
    if is_html:
        page = html.render(text)
        if page.hidden:
            body.defects.append("hidden text in HTML")
        if page.cut:
            body.defects.append("HTML cut")
        text = page.text
    elif part.typed.parameters.get("format", "").lower() == "flowed":
        text = flowed.unflow(text, delsp=part.typed.parameters.get("delsp", "").lower() == "yes")
    if len(text) > mime.MAX_TEXT:
        text = text[: mime.MAX_TEXT]
        body.defects.append("text cut")
    body.pieces.append(Piece(text, is_html))


def _winmail(part: Part, body: Body) -> None:
    contents = tnef.read(part.payload())
    if not contents.files:
        body.files.append(_file(part))
    for number, file in enumerate(contents.files, 1):
        path = f"{part.path}.t{number}"
        kind = file.type or "application/octet-stream"
        body.files.append(File(file.name, kind, False, path, _given(file.octets)))
    text = contents.text or html.render(contents.html).text
    if text.strip() and not body.text:
        body.pieces.append(Piece(charset.clean(_lines(text)), is_html=not contents.text))


def _file(part: Part) -> File:
    inline = part.disposition.value == "inline" or (
        not part.disposition.value and "content-id" in part.fields
    )
    name = part.filename
    if not name and part.type in mime.MESSAGE_TYPES:
        inner = mime.nested(part)
        name = f"{inner.text('subject', 80)}.eml" if inner and inner.text("subject") else ""
    return File(name, part.type, inline, part.path, part.payload)


def _given(octets: bytes) -> Callable[[], bytes]:
    return lambda: octets


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
