"""Files and text inside a winmail.dat (MS-OXTNEF): what Outlook wraps instead of MIME.

Reads the attribute stream within limits and keeps what stands before a cut. Never raises.
"""

import struct
from typing import NamedTuple

from maild.ingest import charset, rtf

MAX_FILES = 50
_SIGNATURE = 0x223E9F78
_ATTRIBUTE = struct.Struct("<BII")
_BODY, _TITLE, _DATA, _PROPERTIES, _STARTS, _CODEPAGE, _MESSAGE_PROPERTIES = (
    0x0002800C,
    0x00018010,
    0x0006800F,
    0x00069005,
    0x00069002,
    0x00069007,
    0x00069003,
)
_LONG_NAME, _DISPLAY_NAME, _MIME_TYPE, _OBJECT = 0x3707, 0x3001, 0x370E, 0x3701
_PLAIN_BODY, _RTF_BODY, _HTML_BODY = 0x1000, 0x1009, 0x1013
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8}
_FIXED[0x40] = 8
_FIXED[0x48] = 16


class File(NamedTuple):
    """A file in the container; `type` may be empty."""

    name: str
    type: str
    octets: bytes


class Contents(NamedTuple):
    """What the container holds; `html` only where there is no plain text."""

    files: tuple[File, ...]
    text: str
    html: str


def read(octets: bytes) -> Contents:
    """The files and the text of a winmail.dat; empty when it is none."""
    if len(octets) < 6 or struct.unpack_from("<I", octets)[0] != _SIGNATURE:
        return Contents((), "", "")
    files: list[dict[int, bytes]] = []
    text = html = compressed = b""
    codepage = "cp1252"
    at = 6
    while at + _ATTRIBUTE.size <= len(octets):
        _, identity, length = _ATTRIBUTE.unpack_from(octets, at)
        at += _ATTRIBUTE.size
        data = octets[at : at + length]
        at += length + 2
        if identity == _CODEPAGE and len(data) >= 4:
            codepage = f"cp{struct.unpack_from('<I', data)[0]}"
        elif identity == _STARTS:
            if len(files) == MAX_FILES:
                break
            files.append({})
        elif identity in (_TITLE, _DATA) and files:
            files[-1].setdefault(identity, data)
        elif identity == _PROPERTIES and files:
            files[-1].update(_properties(data))
        elif identity == _BODY:
            text = data
        elif identity == _MESSAGE_PROPERTIES:
            found = _properties(data)
            text = text or found.get(_PLAIN_BODY, b"")
            html = found.get(_HTML_BODY, b"")
            compressed = found.get(_RTF_BODY, b"")
    return Contents(
        tuple(_file(one, codepage) for one in files if _content(one)),
        _text(text, codepage) or ("" if html else rtf.text(compressed)),
        "" if text else _text(html, codepage),
    )


def _file(one: dict[int, bytes], codepage: str) -> File:
    raw = one.get(_LONG_NAME) or one.get(_DISPLAY_NAME) or one.get(_TITLE, b"")
    media_type = _text(one.get(_MIME_TYPE, b""), codepage).strip().lower()
    return File(_text(raw, codepage), media_type, _content(one))


def _content(one: dict[int, bytes]) -> bytes:
    return one.get(_DATA) or one.get(_OBJECT, b"")[16:]


def _text(data: bytes, codepage: str) -> str:
    return charset.decode(data.rstrip(b"\0"), codepage)[0] if data else ""


def _properties(data: bytes) -> dict[int, bytes]:
    """MAPI properties (MS-OXTNEF, 2.1.3.4); Unicode strings come back as UTF-8."""
    found: dict[int, bytes] = {}
    try:
        (count,) = struct.unpack_from("<I", data)
        at = 4
        for _ in range(min(count, 1_000)):
            kind, name = struct.unpack_from("<HH", data, at)
            at += 4
            if name >= 0x8000:
                at = _after_name(data, at)
            value, at = _value(data, at, kind)
            found.setdefault(name, value)
    except struct.error:
        pass
    return found


def _after_name(data: bytes, at: int) -> int:
    """A named property carries a GUID and a number or a string before its value."""
    (form,) = struct.unpack_from("<I", data, at + 16)
    (size,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + ((size + 3) & ~3 if form else 0)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    several, base = kind & 0x1000, kind & 0xEFFF
    fixed = _FIXED.get(base)
    count = 1
    if several or fixed is None:
        (count,) = struct.unpack_from("<I", data, at)
        at += 4
    first = b""
    for number in range(min(count, 1_000)):
        size = fixed
        if size is None:
            (size,) = struct.unpack_from("<I", data, at)
            at += 4
        value = data[at : at + size]
        if base == 0x1F:
            value = value.decode("utf-16-le", "replace").encode("utf-8", "replace")
        first = value if number == 0 else first
        at += (size + 3) & ~3
    return first, at
