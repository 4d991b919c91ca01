"""What names a mail without its text: its Message-IDs, and a digest of what its author put on top.

Mail from before the first start is kept by these alone (T07); a copy of it that is delivered
again later is known by them (B097). Never raises.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

from maild.ingest import charset, header

MAX_REFERENCES: Final = 100
FIELDS: Final = ("message-id", "from", "date", "subject")
_ID = re.compile(rb"<([^<>\s]{1,900})>")
_INSIDE_ID = re.compile(rb"\([^()]*\)|\s+")
_BARE_ID = re.compile(rb"[^<>\s,;()\"]{1,400}@[^<>\s,;()\"]{1,400}")


def ids(values: Sequence[bytes]) -> tuple[str, ...]:
    """Message-IDs in order with their brackets, the last 100; `<>` names nothing (B055, B061).

    Some programs fold a long one as encoded words, which RFC 2047 forbids there: it is meant."""
    found: dict[bytes, None] = {}
    for value in values[:20]:
        if b"=?" in value:
            value = header.decoded(value).encode()
        names = _ID.findall(value)
        if not names:  # comments and blanks inside (RFC 5322, 4.5.4), or no brackets at all
            close = _INSIDE_ID.sub(b"", value[:2_000])
            names = _ID.findall(close) or _BARE_ID.findall(value[:2_000])
        found.update(dict.fromkeys(names[-MAX_REFERENCES:]))
    texts = (header.raw_text(b"<" + one + b">") for one in list(found)[-MAX_REFERENCES:])
    return tuple(charset.one_line(text, 998) for text in texts)


def digest(fields: Mapping[str, Sequence[bytes]]) -> str:
    """The same for every copy of a mail: the first of each of FIELDS as octets, without white
    space, which servers fold anew. `fields` are raw values by name in lower case. Empty without a
    Date: a further mail of the same program might look like a copy."""
    if not fields.get("date"):
        return ""
    first = (next(iter(fields.get(name, ())), b"") for name in FIELDS)
    return hashlib.sha256(b"\0".join(b"".join(value.split()) for value in first)).hexdigest()


def of(block: bytes) -> tuple[str | None, str]:
    """The Message-ID, if there is one, and the digest of a header block that holds FIELDS."""
    fields: dict[str, list[bytes]] = {}
    for name, value in header.fields(block)[0]:
        fields.setdefault(name, []).append(value)
    return next(iter(ids(fields.get("message-id", ()))), None), digest(fields)
