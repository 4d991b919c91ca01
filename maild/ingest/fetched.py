"""What a FETCH answer says (RFC 3501, 7.4.2), read from imaplib's pieces.

Owns only the items that the mailbox asks for: UID, RFC822.SIZE, INTERNALDATE, one BODY section.
imapclient reads any answer, octet by octet, and that took longer than the network did. Whatever is
not understood is left out, so that the mailbox finds it missing and looks again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

Piece = bytes | tuple[bytes, bytes] | None

_FLAGS = re.compile(rb"\bFLAGS \([^()]*\)")
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,18})\b")
_DATE = re.compile(
    rb'\bINTERNALDATE "([ \d]\d)-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"'
)
_QUOTED = re.compile(rb'\bBODY\[[^]]*\](?:<\d+>)? "((?:[^"\\]|\\["\\])*)"')
_MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message of the answer; None stands for what the server did not say."""

    uid: int
    size: int | None
    internal_at: datetime | None
    octets: bytes | None


def fetched(pieces: Iterable[Piece]) -> Iterator[Fetched]:
    """The messages of an answer that names them by UID; news about flags names none.

    imaplib gives a line, or for each literal the text before it together with the literal, and
    then the rest of the line.
    """
    text, literal = b"", None
    for piece in pieces:
        if isinstance(piece, tuple):
            text += piece[0] + b" "
            literal = piece[1] if literal is None else literal
            continue
        text = _FLAGS.sub(b"", text + (piece or b""))
        uid = _UID.search(text)
        if uid:
            size = _SIZE.search(text)
            yield Fetched(
                uid=int(uid[1]),
                size=int(size[1]) if size else None,
                internal_at=_instant(text),
                octets=_quoted(text) if literal is None else literal,
            )
        text, literal = b"", None


def _quoted(text: bytes) -> bytes | None:
    """A short section may come as a quoted string."""
    found = _QUOTED.search(text)
    return re.sub(rb"\\(.)", rb"\1", found[1]) if found else None


def _instant(text: bytes) -> datetime | None:
    found = _DATE.search(text)
    if found is None:
        return None
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        return datetime(
            int(year),
            _MONTHS.index(month.capitalize()) + 1,
            int(day),
            int(hour),
            int(minute),
            int(second),
            tzinfo=timezone(-offset if sign == b"-" else offset),
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
