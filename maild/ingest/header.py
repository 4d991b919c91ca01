"""Header fields (RFC 5322) as octets and as text: folding, encoded words, parameters.

Owns the limits on headers (reliability B034, B042) and reads only; building headers is
`replies/message`. Never raises.
"""

import binascii
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from maild.ingest import charset

MAX_BLOCK = 256_000
MAX_FIELD = 100_000
MAX_FIELDS = 1_000
MAX_PARAMETERS = 50
_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:(.*(?:\n[ \t].*)*)", re.M)
_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,3000})\?=")
_QUOTED_PAIR = re.compile(rb'\\([\\"])')
_PARAMETER = re.compile(
    rb';[ \t\n]*([^\s=;"()<>@,/\[\]?\x00]{1,100})[ \t\n]*=[ \t\n]*("(?:[^"\\]|\\.)*"?|[^;]*)', re.S
)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


class Field(NamedTuple):
    """A field name in lower case, and the raw value without its line end."""

    name: str
    value: bytes


class Typed(NamedTuple):
    """A Content-Type or Content-Disposition: its value in lower case, and its parameters."""

    value: str
    parameters: dict[str, str]


def fields(block: bytes) -> tuple[list[Field], list[str]]:
    """The fields of a header block in order, and what was wrong with it."""
    defects = []
    if b"\r" in block:
        block = block[: 2 * MAX_BLOCK + 2].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if len(block) > MAX_BLOCK:
        block = block[:MAX_BLOCK]
        defects.append("header block cut at 256 kB")
    found: list[Field] = []
    for match in _FIELD.finditer(block):
        if len(found) == MAX_FIELDS:
            defects.append("more than 1,000 header fields")
            break
        value = match[2]
        if len(value) > MAX_FIELD:
            value = value[:MAX_FIELD]
            defects.append("header field cut at 100 kB")
        found.append(Field(match[1].decode("ascii").lower(), value.strip()))
    return found, defects


def text(value: bytes, limit: int = 2_000) -> str:
    """A field value for people: unfolded, encoded words decoded (RFC 2047), one line."""
    most = 20 * limit + 1_000
    # Not inside a character of UTF-8 (four octets at most), or all is taken for another charset.
    for _ in range(3):
        most -= len(value) > most and value[most] & 0xC0 == 0x80
    return _text(value[:most], limit)


@lru_cache(maxsize=64)  # whoever looks at a mail looks at its From and its subject
def _text(value: bytes, limit: int) -> str:
    return charset.one_line(decoded(value), limit)


def decoded(value: bytes) -> str:
    """The value with its encoded words decoded; neighbours of one charset are joined as octets,
    since writers cut characters in two (B023)."""
    value = value.replace(b"\n", b"") if b"\n" in value else value
    if b"=?" not in value:
        return raw_text(value)
    out: list[str] = []
    pending, label = b"", ""
    end = 0
    for match in _WORD.finditer(value):
        gap = value[end : match.start()]
        word = _word(match[2], match[3])
        name = match[1].decode("latin-1").partition("*")[0].lower()
        if end and not gap.strip() and word is not None and name == label:
            pending += word
        else:
            out.append(_flush(pending, label))
            if gap.strip() or not end:
                out.append(raw_text(gap))
            pending, label = (word, name) if word is not None else (b"", "")
            if word is None:
                out.append(raw_text(match[0]))
        end = match.end()
    out.append(_flush(pending, label))
    out.append(raw_text(value[end:]))
    return "".join(out)


def raw_text(value: bytes) -> str:
    """Octets that should have been ASCII (RFC 6532 allows UTF-8)."""
    return value.decode("ascii") if value.isascii() else charset.decode(value)[0]


def typed(value: bytes) -> Typed:
    """Content-Type or Content-Disposition with parameters (RFC 2045, RFC 2231)."""
    return _typed(value) if len(value) < 500 else _read_typed(value)


def _word(encoding: bytes, data: bytes) -> bytes | None:
    if encoding in b"qQ":
        return _HEX.sub(lambda m: bytes((int(m[1], 16),)), data.replace(b"_", b" "))
    return base64_octets(data)


def base64_octets(data: bytes) -> bytes | None:
    """Decoded octets, however the padding is; None when nothing can be read."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        pass
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data.partition(b"=")[0])
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    try:
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return None


def _flush(octets: bytes, label: str) -> str:
    return charset.decode(octets, label)[0] if octets else ""


@lru_cache(maxsize=512)
def _typed(value: bytes) -> Typed:
    return _read_typed(value)


def _read_typed(value: bytes) -> Typed:
    head, _, rest = value.partition(b";")
    first, blank, further = head.strip().partition(b"\n")
    if blank and b"=" in further:  # a semicolon forgotten at the end of a line
        head, rest = first, further + b";" + rest
    name = head.strip().decode("latin-1").lower().replace(" ", "")
    return Typed(name, _parameters(b";" + rest) if rest else {})


def _parameters(rest: bytes) -> dict[str, str]:
    plain: dict[str, bytes] = {}
    pieces: dict[str, list[tuple[int, bool, bytes]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(rest)):
        if count == MAX_PARAMETERS * 4:
            break
        name = match[1].decode("latin-1").lower()
        raw = match[2].strip()
        if raw.startswith(b'"'):
            raw = _QUOTED_PAIR.sub(rb"\1", raw[1:].removesuffix(b'"'))
        elif name == "filename" or name == "name":
            raw = _unquoted_name(rest, match, raw)
        base, star, index = name.partition("*")
        if not star:
            plain.setdefault(base, raw)
            continue
        encoded = index.endswith("*") or index == ""
        digits = index.rstrip("*") or "0"
        if digits.isdigit() and len(digits) <= 3:
            pieces.setdefault(base, []).append((int(digits), encoded, raw))
    out = {name: _parameter_text(name, raw) for name, raw in list(plain.items())[:MAX_PARAMETERS]}
    for base, parts in list(pieces.items())[:MAX_PARAMETERS]:
        out[base] = _continued(parts)
    return out


def _unquoted_name(rest: bytes, match: re.Match[bytes], raw: bytes) -> bytes:
    """A file name without quotes may hold semicolons: read on until the next `word=`."""
    tail = rest[match.end() :]
    following = re.match(rb"(?:;(?![ \t\n]*[\w*-]{1,40}[ \t\n]*=)[^;]*)+", tail)
    return (raw + following[0]).rstrip() if following and following[0].strip(b"; \n\t") else raw


def _parameter_text(name: str, raw: bytes) -> str:
    if name == "boundary":
        return raw.replace(b"\n", b"").decode("latin-1")
    return decoded(raw)


def _continued(parts: Iterable[tuple[int, bool, bytes]]) -> str:
    """RFC 2231, 3 and 4: pieces in order; the first encoded one names the charset."""
    label = ""
    octets = b""
    for order, encoded, raw in sorted(parts, key=lambda part: part[0]):
        if not encoded:
            octets += raw
            continue
        if order == 0 and raw.count(b"'") >= 2:
            name, _, raw = raw.split(b"'", 2)
            label = name.decode("latin-1")
        octets += unquote_to_bytes(raw)
    if b"=?" in octets and not label:
        return decoded(octets)
    return charset.decode(octets, label)[0] if label else raw_text(octets)
