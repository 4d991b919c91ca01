"""The text inside a compressed RTF body (MS-OXRTFCP), the only body of some winmail.dat.

Takes out the words and the paragraphs; fonts, pictures and everything else is dropped. Linear,
bounded, never raises.
"""

import re
import struct

from maild.ingest import charset

MAX_OCTETS = 4_000_000
_COMPRESSED, _RAW = 0x75465A4C, 0x414C454D
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern "
    rb"\fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.I | re.S,
)
_HIDDEN = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"header", b"footer"}
)
_BREAKS = {b"par": b"\n", b"line": b"\n", b"tab": b"\t", b"cell": b" ", b"row": b"\n"}


def text(compressed: bytes) -> str:
    """The words of a compressed RTF stream; an empty string when it is none."""
    return _words(decompress(compressed))


def decompress(data: bytes) -> bytes:
    """Plain RTF (MS-OXRTFCP, 2.2); what stands before a cut is kept."""
    if len(data) < 16:
        return b""
    _, size, kind = struct.unpack_from("<III", data)
    if kind == _RAW:
        return data[16 : 16 + size]
    if kind != _COMPRESSED:
        return b""
    window = bytearray(4096)
    window[: len(_DICTIONARY)] = _DICTIONARY
    at, write = 16, len(_DICTIONARY)
    out = bytearray()
    while at < len(data) and len(out) < min(size, MAX_OCTETS):
        control = data[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 2 > len(data):
                    return bytes(out)
                reference = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == write:
                    return bytes(out)
                copied = []
                for step in range(length):
                    octet = window[(offset + step) % 4096]
                    window[(write + step) % 4096] = octet
                    copied.append(octet)
                out += bytes(copied)
                write = (write + length) % 4096
            elif at < len(data):
                out.append(data[at])
                window[write] = data[at]
                write = (write + 1) % 4096
                at += 1
    return bytes(out[:size])


def _words(source: bytes) -> str:
    out: list[bytes] = []
    hidden_at = -1
    depth = 0
    for match in _TOKEN.finditer(source):
        word, _, octet, escaped, brace, plain = match.groups()
        if brace == b"{":
            depth += 1
        elif brace == b"}":
            depth -= 1
            if depth < hidden_at:
                hidden_at = -1
        elif hidden_at >= 0:
            continue
        elif word is not None:
            if word in _HIDDEN:
                hidden_at = depth
            out.append(_BREAKS.get(word, b""))
        elif octet is not None:
            out.append(bytes((int(octet, 16),)))
        elif escaped == b"*":
            hidden_at = depth
        elif escaped in (b"\\", b"{", b"}"):
            out.append(escaped)
        elif plain is not None:
            out.append(plain)
    return charset.decode(b"".join(out), "cp1252")[0].strip()
