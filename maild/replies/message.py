"""The one builder of outgoing mail (S07): allow-listed headers, no control characters, lines of
at most 998 octets (RFC 5322, 2.1.1), plain text with a simple HTML alternative.

Built by hand, because letters are many and alike; what stands in a header is cleaned and encoded
here and nowhere else.
"""

import base64
import html
import quopri
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from maild.model.mail import Address

LOOP_HEADER = "X-Maild-Loop"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_TOKEN = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
_URL = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+")
_PLAIN_OCTETS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
_WORD_OCTETS = 45  # of UTF-8 in an encoded word: 60 of base64, within RFC 2047's 75
_MOST_REFERENCES = 12
_ACTIVE = ("text/html", "image/svg+xml", "application/x-", "text/javascript")


@dataclass(frozen=True, slots=True)
class Heading:
    """The header of a letter. `automatic` is `auto-replied` or `auto-generated` (RFC 3834, 5),
    empty for a letter that a person wrote. `references` is the conversation, oldest first."""

    sender: Address
    to: Address
    reply_to: str
    date: datetime
    message_id: str
    references: tuple[str, ...]
    automatic: str
    loop: str
    name: str


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along."""

    name: str
    type: str
    octets: bytes


def compose(
    heading: Heading,
    subject: str,
    text: str,
    enclosures: Sequence[Enclosure] = (),
    forwarded: bytes | None = None,
) -> bytes:
    """The octets of a letter, with CRLF line ends. The same values give the same octets (R6).

    `forwarded` is a whole mail, attached as it came (message/rfc822, RFC 2046, 5.2.1) or, where
    it holds 8-bit octets or bare line ends, as an .eml file.
    """
    mark = f"=_maild_{heading.name}"
    body = _alternative(text, f"{mark}_a")
    parts = [_file(e) for e in enclosures]
    if forwarded is not None:
        parts.append(_forwarded(forwarded))
    if parts:
        body = _multipart("mixed", f"{mark}_m", [body, *parts])
    return _header(heading, subject) + body


def clean(text: str) -> str:
    """Text for a header: no control or direction characters, single blanks (B024, B122)."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _header(heading: Heading, subject: str) -> bytes:
    lines = [
        f"From: {_mailbox(heading.sender)}",
        f"To: {_mailbox(heading.to)}",
        f"Subject: {_unstructured(clean(subject), 9)}",
        f"Date: {format_datetime(heading.date)}",
        f"Message-ID: {heading.message_id}",
    ]
    references = [r for r in map(clean, heading.references) if r and " " not in r]
    if len(references) > _MOST_REFERENCES:
        references = [*references[:4], *references[4 - _MOST_REFERENCES :]]
    references = [r for r in references if len(r) < 900 and r.isascii()]
    if references:
        lines.append(f"In-Reply-To: {references[-1]}")
        lines.append("References: " + "\r\n ".join(references))
    if heading.reply_to:
        lines.append(f"Reply-To: {clean(heading.reply_to)}")
    if heading.automatic:
        lines.append(f"Auto-Submitted: {heading.automatic}")
        lines.append("X-Auto-Response-Suppress: All")
    lines.append(f"{LOOP_HEADER}: {clean(heading.loop)}")
    lines.append(f"X-Maild-Letter: {clean(heading.name)}")
    lines.append("MIME-Version: 1.0")
    return "\r\n".join(lines).encode("ascii", "replace") + b"\r\n"


def _mailbox(address: Address) -> str:
    name = clean(address.name)
    spec = clean(address.address).replace(" ", "").replace("<", "").replace(">", "")
    if not name:
        return f"<{spec}>"
    if _ATOM.fullmatch(name) and len(name) < 60 and "=?" not in name:
        return f"{name} <{spec}>"
    if name.isascii() and len(name) < 60 and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{spec}>'
    return f"{_encoded(name, 8)}\r\n <{spec}>"


def _unstructured(text: str, used: int) -> str:
    if text.isascii() and "=?" not in text and len(text) + used <= 76:
        return text
    return _encoded(text, used)


def _encoded(text: str, used: int) -> str:
    """Encoded words (RFC 2047), folded, never split inside a character."""
    words: list[str] = []
    piece = b""
    room = _WORD_OCTETS - min(used, 15)
    for character in text:
        octets = character.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            words.append(piece.decode())
            piece, room = b"", _WORD_OCTETS
        piece += octets
    words.append(piece.decode())
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(w.encode()).decode()}?=" for w in words)


def _alternative(text: str, boundary: str) -> bytes:
    plain = _text_part("plain", text)
    return _multipart("alternative", boundary, [plain, _text_part("html", _as_html(text))])


def _text_part(subtype: str, text: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: "
    longest = max(map(len, octets.split(b"\n")), default=0)
    if octets.isascii() and longest < 900 and b"\r" not in octets:
        return f"{head}7bit\r\n\r\n".encode() + octets.replace(b"\n", b"\r\n")
    printable = quopri.encodestring(octets.replace(b"\r", b"")).replace(b"\n", b"\r\n")
    return f"{head}quoted-printable\r\n\r\n".encode() + printable


def _multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    start = f"--{boundary}\r\n".encode()
    body = b"".join(start + part + b"\r\n" for part in parts)
    return head + body + f"--{boundary}--\r\n".encode()


def _as_html(text: str) -> str:
    """The text as it stands, escaped, with its links made to links."""
    pieces: list[str] = []
    at = 0
    for found in _URL.finditer(text):
        link = html.escape(found[0], quote=True)
        pieces.append(html.escape(text[at : found.start()]))
        pieces.append(f'<a href="{link}">{link}</a>')
        at = found.end()
    pieces.append(html.escape(text[at:]))
    body = "".join(pieces).replace("\n", "<br>\n")
    style = "font-family:sans-serif;font-size:14px;line-height:1.5"
    return f'<!doctype html>\n<html lang="id"><body style="{style}">\n{body}</body></html>\n'


def _file(enclosure: Enclosure) -> bytes:
    kind = enclosure.type.lower()
    if not _TOKEN.fullmatch(kind) or kind.startswith((*_ACTIVE, "multipart/", "message/")):
        kind = "application/octet-stream"  # B083: nothing that a reader would run or render
    name = _parameter("filename", clean(enclosure.name).replace("/", "_") or "lampiran")
    head = (
        f"Content-Type: {kind}\r\nContent-Disposition: attachment;\r\n {name}\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode("ascii") + _base64(enclosure.octets)


def _parameter(key: str, value: str) -> str:
    """A parameter of a header field, RFC 2231 where it needs it."""
    if value.isascii() and len(value) <= 60 and not set(value) & set('"\\%'):
        return f'{key}="{value}"'
    quoted = "".join(
        chr(octet) if octet in _PLAIN_OCTETS else f"%{octet:02X}"
        for octet in value[:120].encode("utf-8", "replace")
    )
    pieces = re.findall(r"(?:%..|.){1,50}", quoted)
    if len(pieces) == 1:
        return f"{key}*=utf-8''{quoted}"
    marked = [f"utf-8''{pieces[0]}", *pieces[1:]]
    return ";\r\n ".join(f"{key}*{nth}*={piece}" for nth, piece in enumerate(marked))


def _forwarded(raw: bytes) -> bytes:
    lines = raw.split(b"\r\n")
    clean_lines = all(
        len(line) <= 998 and b"\n" not in line and b"\r" not in line for line in lines
    )
    if raw.isascii() and clean_lines and b"\0" not in raw:
        head = b"Content-Type: message/rfc822\r\nContent-Disposition: attachment;\r\n"
        return head + b' filename="surel-asli.eml"\r\n\r\n' + raw
    return _file(Enclosure("surel-asli.eml", "application/octet-stream", raw))


def _base64(octets: bytes) -> bytes:
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")
