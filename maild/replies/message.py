"""The one builder of outgoing mail (S07): octets that are the same in every attempt (R6).

Written by hand, because letters are many and alike. Header fields are made in `header` from a
closed list; the body is the plain text folded by `layout` and the same words as simple HTML, all
in 7 bits, so that no relay has a reason to change it.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256

from maild.model.action import Copied
from maild.model.mail import Address
from maild.replies import header
from maild.replies.layout import as_html, wrapped

LOOP_HEADER = "X-Maild-Loop"
ORIGINAL_NAME = "surel-asli.eml"

_TYPE = re.compile(r"(?:application|audio|font|image|model|text|video)/[a-z0-9][a-z0-9.+_-]{0,80}")
# B083: what a reader's machine would run or render goes as mere octets, whatever it calls itself.
_ACTIVE_TYPES = re.compile(
    r"text/(?!plain$|csv$|calendar$)|image/svg|.*(?:script|html|xml\b)|application/(?:hta|x-)"
)
_ACTIVE_NAMES = re.compile(
    r".*\.(?:html?|xht\w*|shtml|mht\w*|svgz?|xml|js|jse|mjs|vb|vbs|vbe|ws[cfh]|hta|exe|com|scr|pif"
    r"|bat|cmd|ps1\w*|msi|msp|dll|cpl|jar|lnk|url|reg|inf|chm|iso|img|vhdx?|apk|app|sh|py)\.?",
    re.IGNORECASE,
)
_LONGEST_LINE = 990


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a letter.

    `automatic` is `auto-replied` or `auto-generated` (RFC 3834, 5), empty for a letter that a
    person wrote. `references` is the conversation, oldest first. `loop` is the helpdesk's own
    address, `name` the letter's (`2026000042.3`): by both maild knows its own mail again.
    """

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
    """A file that goes along, as decoded octets."""

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

    `forwarded` is a whole mail: attached as it came (message/rfc822, never encoded: RFC 2046,
    5.2.1), or as an .eml file when it holds 8-bit octets or lines that SMTP does not carry.
    All octets are ASCII, unless an address is not (RFC 6531).
    """
    # Message-IDs are signed, so nobody can write this boundary into a mail beforehand.
    boundary = "=_" + sha256(heading.message_id.encode()).hexdigest()[:24]
    body = _multipart("alternative", boundary + "a", [_plain(text), _html(text)])
    parts = [_file(enclosure) for enclosure in enclosures]
    if forwarded is not None:
        parts.append(_forwarded(forwarded))
    if parts:
        body = _multipart("mixed", boundary + "m", [body, *parts])
    return _fields(heading, subject).encode() + body


def copied(mail: Copied) -> bytes:
    """A requester's mail as a mail of its own, in plain text, for `forwarded`."""
    lines = [
        header.mailbox("From", mail.sender),
        header.recipient("To", mail.to),
        header.unstructured("Subject", mail.subject),
        f"Date: {format_datetime(mail.at)}",
    ]
    lines += header.message_id(mail.message_id)
    lines.append("MIME-Version: 1.0\r\n")
    return "\r\n".join(lines).encode("ascii", "replace") + _plain(mail.text)


def _fields(heading: Heading, subject: str) -> str:
    lines = [
        header.mailbox("From", heading.sender),
        header.recipient("To", heading.to),
        header.unstructured("Subject", subject),
        f"Date: {format_datetime(heading.date)}",
        f"Message-ID: {heading.message_id}",
        *header.threading(heading.references),
    ]
    if heading.reply_to:
        lines.append(header.mailbox("Reply-To", Address("", heading.reply_to)))
    if heading.automatic:
        lines.append(f"Auto-Submitted: {heading.automatic}")
        lines.append("X-Auto-Response-Suppress: All")
    lines.append(header.unstructured(LOOP_HEADER, heading.loop))
    lines.append(header.unstructured("X-Maild-Letter", heading.name))
    lines.append("MIME-Version: 1.0\r\n")
    return "\r\n".join(lines)


def _plain(text: str) -> bytes:
    return _text("plain", wrapped(text))


def _html(text: str) -> bytes:
    return _text("html", as_html(text))


def _text(subtype: str, text: str) -> bytes:
    octets = text.encode("utf-8", "replace").replace(b"\r", b"")
    if octets.isascii() and max(map(len, octets.split(b"\n"))) <= _LONGEST_LINE:
        encoding = "7bit"
    else:
        encoding, octets = "quoted-printable", b2a_qp(octets, istext=True)
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}"
    return f"{head}\r\n\r\n".encode() + octets.replace(b"\n", b"\r\n")


def _multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    start = f"--{boundary}\r\n".encode()
    inner = b"".join(start + part + b"\r\n" for part in parts)
    return head + inner + f"--{boundary}--\r\n".encode()


def _file(enclosure: Enclosure) -> bytes:
    name = header.clean(re.sub(r"[/\\]", "_", enclosure.name)) or "lampiran"
    kind = enclosure.type.lower()
    if not _TYPE.fullmatch(kind) or _ACTIVE_TYPES.match(kind) or _ACTIVE_NAMES.fullmatch(name):
        kind = "application/octet-stream"
    head = (
        f"Content-Type: {kind}\r\nContent-Disposition: attachment;\r\n "
        f"{header.parameter('filename', name)}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + _base64(enclosure.octets)


def _base64(octets: bytes) -> bytes:
    encoded = b64encode(octets)
    return b"\r\n".join([encoded[at : at + 76] for at in range(0, len(encoded), 76)])


def _forwarded(raw: bytes) -> bytes:
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    as_it_is = raw.isascii() and b"\0" not in raw and raw.count(b"\r") == raw.count(b"\r\n")
    if as_it_is and max(map(len, lines)) <= _LONGEST_LINE:
        head = "Content-Type: message/rfc822\r\nContent-Disposition: attachment;\r\n "
        name = header.parameter("filename", ORIGINAL_NAME)
        return f"{head}{name}\r\n\r\n".encode() + b"\r\n".join(lines)
    return _file(Enclosure(ORIGINAL_NAME, "application/octet-stream", raw))
