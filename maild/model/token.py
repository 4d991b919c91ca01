"""Signed marks that maild puts into its letters and finds again in the answers.

Three forms, one key ring: a Message-ID (comes back in References), a reply address (comes back as
recipient), and a text that maild keeps in the mailbox for itself. All carry an HMAC-SHA-256 cut
to 128 bits; a mark that does not verify is no mark. There is no unsigned form. Two live keys
allow rotation.
"""

import base64
import hmac
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_MAC_BYTES = 16
_EPOCH = date(2020, 1, 1)
_FIELDS = struct.Struct(">BcIHHH")  # key, party, ticket, person, version, expiry day


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Secret keys by number (0 to 255); new marks are made with `current`."""

    keys: Mapping[int, bytes]
    current: int


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reply address proves: its bearer saw a letter that went to this party.

    `party` is one letter: u requester, a agent, l another office such as LKPP.
    `person` is the directory number of an agent or office, 0 for the requester.
    `version` is the ticket's version (16 bits of it) when the letter was made: an answer to an
    older version is seen as a collision.
    """

    party: str
    ticket: int
    person: int
    version: int
    expires_on: date


def reply_address(mailbox: str, mark: Mark, ring: KeyRing) -> str:
    """`helpdesk@x` and a mark give `helpdesk+mark@x`; local part at most 64 octets (RFC 5321)."""
    local, _, domain = mailbox.partition("@")
    body = _FIELDS.pack(
        ring.current,
        mark.party.encode("ascii"),
        mark.ticket,
        mark.person,
        mark.version & 0xFFFF,
        (mark.expires_on - _EPOCH).days,
    )
    return f"{local}+{_text(body + _mac(ring.keys[ring.current], b'reply', body))}@{domain}"


def read_reply_address(address: str, ring: KeyRing, today: date) -> Mark | None:
    """The mark in an address, or None: no mark, wrong signature, unknown key, or expired."""
    detail = address.partition("@")[0].partition("+")[2]
    blob = _octets(detail)
    if len(blob) != _FIELDS.size + _MAC_BYTES:
        return None
    body, mac = blob[: _FIELDS.size], blob[_FIELDS.size :]
    number, party, ticket, person, version, day = _FIELDS.unpack(body)
    key = ring.keys.get(number)
    if key is None or not hmac.compare_digest(mac, _mac(key, b"reply", body)):
        return None
    expires_on = _EPOCH + timedelta(days=day)
    if today > expires_on:
        return None
    return Mark(party.decode("latin-1"), ticket, person, version, expires_on)


def message_id(letter: str, domain: str, ring: KeyRing) -> str:
    """A Message-ID (RFC 5322, 3.6.4) from a letter's own name, such as `2026000042.3`."""
    body = f"{letter}.{ring.current}"
    return f"<{body}.{_mac(ring.keys[ring.current], b'id', body.encode()).hex()}@{domain}>"


def read_message_id(value: str, ring: KeyRing) -> str | None:
    """The letter's name inside one of our Message-IDs, or None when we did not make it."""
    local = value.strip("<> ").partition("@")[0]
    body, _, mac = local.rpartition(".")
    letter, _, number = body.rpartition(".")
    numbered = number.isascii() and number.isdigit() and len(number) <= 3
    key = ring.keys.get(int(number)) if numbered else None
    if key is None or not letter:
        return None
    expected = _mac(key, b"id", body.encode()).hex()
    return letter if hmac.compare_digest(mac.lower().encode(), expected.encode()) else None


def seal(text: str, about: str, ring: KeyRing) -> str:
    """A text, compressed and signed for the one mail whose Message-ID is `about`; ASCII."""
    blob = zlib.compress(text.encode("utf-8", "replace"))
    mac = _mac(ring.keys[ring.current], b"state", about.encode() + b"\0" + blob).hex()
    return f"{ring.current}.{mac}.{base64.b64encode(blob).decode('ascii')}"


def unseal(sealed: str, about: str, ring: KeyRing) -> str | None:
    """The text, or None when we did not sign it for this mail."""
    number, _, rest = sealed.partition(".")
    mac, _, text = rest.partition(".")
    known = number.isascii() and number.isdigit() and len(number) <= 3
    key = ring.keys.get(int(number)) if known else None
    try:
        blob = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    if key is None:
        return None
    expected = _mac(key, b"state", about.encode("utf-8", "replace") + b"\0" + blob).hex()
    if not hmac.compare_digest(mac.encode("utf-8", "replace"), expected.encode()):
        return None
    return zlib.decompress(blob).decode("utf-8")


def whole_version(mark: Mark, current: int) -> int:
    """The ticket's version of which the mark holds 16 bits: the last one up to `current`."""
    return current - ((current - mark.version) & 0xFFFF)


def expiry(now: datetime, days: int = 90) -> date:
    """The last day on which a mark made at `now` is taken."""
    return now.astimezone(UTC).date() + timedelta(days=days)


def _mac(key: bytes, purpose: bytes, body: bytes) -> bytes:
    return hmac.digest(key, purpose + b"\0" + body, "sha256")[:_MAC_BYTES]


def _text(blob: bytes) -> str:
    """Base32 in lower case: mail systems fold the case of local parts."""
    return base64.b32encode(blob).decode("ascii").rstrip("=").lower()


def _octets(text: str) -> bytes:
    try:
        return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        return b""
