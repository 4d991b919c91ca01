"""Header fields of outgoing mail: cleaned, encoded, folded, and only those allowed (S07).

Whatever a stranger put into a name, a subject or a Message-ID becomes text inside one field or
nothing; it never becomes another field (B024, B122). Lines have at most 998 octets (RFC 5322,
2.1.1), and those with encoded words at most 76 (RFC 2047, 2).
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from urllib.parse import quote

from maild.model.mail import Address
from maild.replies.recipient import why_refused

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\xa0\u2028-\u202e\u2066-\u2069\ufeff\s]+")
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
# None that a reader might decode (RFC 2047) into something else, such as a line end (B032).
_MESSAGE_ID = re.compile(r"<(?:(?!=\?)[!-;=?-~])+>")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#&()+,._=-]{1,60}")
_FOLD = "\r\n "
_WIDTH = 76
_LONGEST_WORD = 200
_PIECE = 45  # octets in an encoded word: 60 of base64, with its frame 72 of 75
_LONGEST_REFERENCES = 900
_LONGEST_NAME = 120


def clean(text: str) -> str:
    """The text in one line, without control and direction characters, single blanks."""
    return _CONTROL.sub(" ", text).strip()


def unstructured(field: str, text: str) -> str:
    """A field of free text, such as Subject. The words before the first that needs encoding
    stay readable, so that a ticket's number does."""
    words = clean(text).split(" ")
    plain = 0
    lines = [f"{field}:"]
    for word in words:
        if not word.isascii() or "=?" in word or len(word) > _LONGEST_WORD:
            break
        if len(lines[-1]) + 1 + len(word) > _WIDTH and plain:
            lines.append("")
        lines[-1] += f" {word}"
        plain += 1
    if plain < len(words):
        if len(lines[-1]) > _WIDTH - 20 and plain:
            lines.append("")
        lines[-1] += " " + _encoded_words(" ".join(words[plain:]), len(lines[-1]) + 1)
    return "\r\n".join(lines)


def recipient(field: str, address: Address) -> str:
    """A field with a stranger's address. One that no mail can reach is left out (an empty group,
    RFC 5322, 3.4); the SMTP door refuses it anyway."""
    if why_refused(address.address):
        return f"{field}: undisclosed-recipients:;"
    return mailbox(field, address)


def mailbox(field: str, address: Address) -> str:
    """A field with one address that is sound; its name may be anybody's."""
    name = clean(address.name)
    if not name:
        return f"{field}: {address.address}"
    room = len(field) + 2
    if name.isascii() and "=?" not in name and len(name) < 60:
        if not _PHRASE.fullmatch(name):
            name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    else:
        name = _encoded_words(name, room)
    first = f"{field}: {name}"
    fits = len(first) - first.rfind("\n") + len(address.address) < _WIDTH
    return f"{first}{' ' if fits else _FOLD}<{address.address}>"


def threading(conversation: Sequence[str]) -> list[str]:
    """In-Reply-To and References (RFC 5322, 3.6.4), oldest first in, or nothing.

    Of a long conversation the first and the newest are kept; what is no Message-ID is dropped.
    """
    known = list(dict.fromkeys(x for x in conversation if _MESSAGE_ID.fullmatch(x)))
    ids = [x for x in known if len(x) <= _LONGEST_REFERENCES // 3]
    if not ids:
        return []
    kept: list[str] = []
    room = _LONGEST_REFERENCES - len(ids[0])
    for one in reversed(ids[1:]):
        room -= len(one) + 1
        if room < 0:
            break
        kept.append(one)
    lines = _FOLD.join([ids[0], *reversed(kept)])
    return [f"In-Reply-To: {ids[-1]}", f"References: {lines}"]


def message_id(value: str) -> list[str]:
    """The Message-ID of a mail that is passed on, or nothing when it is none."""
    good = _MESSAGE_ID.fullmatch(value) and len(value) <= _LONGEST_REFERENCES // 3
    return [f"Message-ID: {value}"] if good else []


def parameter(key: str, value: str) -> str:
    """A parameter of a MIME field; RFC 2231 with continuations where it needs them."""
    if _PLAIN_NAME.fullmatch(value):
        return f'{key}="{value}"'
    if len(value) > _LONGEST_NAME:
        value = f"{value[: _LONGEST_NAME - 10]}{value[-10:]}"
    octets = quote(value.encode("utf-8", "replace"), safe="")
    pieces = re.findall(r"(?:%..|.){1,20}", octets)
    if len(pieces) == 1:
        return f"{key}*=utf-8''{octets}"
    pieces[0] = f"utf-8''{pieces[0]}"
    return ";\r\n ".join(f"{key}*{nth}*={piece}" for nth, piece in enumerate(pieces))


def _encoded_words(text: str, used: int) -> str:
    """Encoded words (RFC 2047, B), one a line, never split inside a character. `used` is how
    much of the first line is taken."""
    pieces: list[bytes] = []
    piece = b""
    room = min(_PIECE, (_WIDTH - used - 12) // 4 * 3)
    for character in text:
        octets = character.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            pieces.append(piece)
            piece, room = b"", _PIECE
        piece += octets
    pieces.append(piece)
    return _FOLD.join(f"=?utf-8?b?{b64encode(x).decode()}?=" for x in pieces)
