"""The copies that the mailbox keeps of letters, each with its ticket's state in a signed field.

The field stands only in the copy: it tells things of a ticket that its reader must not see, and
the letter that was sent has the same octets as ever (R6). A decision without a letter has a note
of its own. What is read back counts only with the right signature.
"""

import re
from collections.abc import Sequence
from typing import Final

from maild.model import token
from maild.model.token import KeyRing
from maild.replies.message import Heading, compose

FIELD: Final = "X-Maild-State"
_WIDTH: Final = 72
_FOUND = re.compile(rb"(?im)^X-Maild-State:((?:.*\r?\n)(?:[ \t].*\r?\n)*)")
_MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*(<[^<>\s]+>)")


def copy(octets: bytes, message_id: str, state: str, ring: KeyRing) -> bytes:
    """A letter as it was sent, below a field that says its ticket's state; ASCII and CRLF."""
    sealed = token.seal(state, message_id, ring)
    folded = "\r\n ".join(sealed[at : at + _WIDTH] for at in range(0, len(sealed), _WIDTH))
    return f"{FIELD}: {folded}\r\n".encode() + octets


def note(heading: Heading, number: str, lines: Sequence[str]) -> bytes:
    """A mail for the mailbox alone, of which nobody is told: what was decided about a ticket."""
    title = f"[{number}] Catatan" if number else "Catatan"
    text = "\n".join(["Catatan maild untuk kotak surat ini; tidak dikirim.", "", *lines])
    return compose(heading, title, text)


def opened(octets: bytes, ring: KeyRing) -> tuple[str, str, bytes] | None:
    """Message-ID, state and the letter's own octets; None when the field is missing, or was not
    signed by us for this Message-ID."""
    end = octets.find(b"\r\n\r\n")
    head = octets[: end + 2] if end >= 0 else octets
    field, name = _FOUND.search(head), _MESSAGE_ID.search(head)
    if field is None or name is None:
        return None
    message_id = name[1].decode("ascii", "replace")
    sealed = b"".join(field[1].split()).decode("ascii", "replace")
    state = token.unseal(sealed, message_id, ring)
    if state is None:
        return None
    return message_id, state, octets[: field.start()] + octets[field.end() :]
