"""Addresses of a mail: who wrote it, and whether that is clear (RFC 5322, 3.4).

Owns lower case, A-labels and the comparison of two readers of From (reliability B027, B044,
B047, B052): one that disagrees makes the sender unclear, and then there is none. It does not
ask who may do what.
"""

import re
from collections.abc import Sequence
from email.utils import getaddresses
from functools import lru_cache

from maild.ingest import charset, header
from maild.model.mail import Address

MAX_LENGTH = 254
MAX_FIELD = 8_000
MAX_RECIPIENTS = 100
_SPEC = re.compile(
    r"[^\s<>()\[\]:;@\\,\"\x00-\x20\x7f]{1,64}@[^\s<>()\\,\"@:;\x00-\x20\x7f]{1,253}"
)
_QUOTED_SPEC = re.compile(r'"[^"\\\r\n]{1,62}"@[^\s<>()\\,"@:;]{1,253}')
_CLEAN = re.compile(
    r"\s*(?:\"[^\"\\<>]*\"|[^\"<>,;:@()\\\[\]]*)\s*<([^<>\s\"()]+)>\s*|\s*([^<>\s\"(),;]+)\s*"
)
_INSIDE = re.compile(r"<([^<>\s]{1,300})>")
_Q_WORD = re.compile(rb"=\?[^?\s]{1,75}\?[qQ]\?[^?\s]{1,500}\?=")
_SPECIAL = re.compile(rb"[()<>@,;:.\\\"\[\]]")  # RFC 5322, 3.2.3
_RAW_PAIR = tuple[str, str]


@lru_cache(maxsize=1024)
def normal(address: str) -> str | None:
    """An addr-spec in lower case with its domain as A-label; None when it is no usable address."""
    spec = address.strip().strip("<>").strip().rstrip(".")
    if len(spec) > MAX_LENGTH or not (_SPEC.fullmatch(spec) or _QUOTED_SPEC.fullmatch(spec)):
        return None
    local, _, domain = spec.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    if not local.isprintable():
        return None
    return f"{local}@{domain}".lower()


def mailbox(pair: _RAW_PAIR) -> Address | None:
    """A (name, address) of the header reader as a value; None without a usable address."""
    spec = normal(pair[1])
    if spec is None:
        return None
    name = header.decoded(pair[0].encode("utf-8", "replace")) if "=?" in pair[0] else pair[0]
    name = charset.one_line(name, 250).strip("\"' ")
    return Address("" if name.lower() == spec else name, spec)


def mailboxes(pairs: Sequence[_RAW_PAIR]) -> tuple[Address, ...]:
    """Usable addresses, each once, at most 100 (B036, B043)."""
    seen: dict[str, Address] = {}
    for pair in pairs[: MAX_RECIPIENTS * 2]:
        found = mailbox(pair)
        if found and found.address not in seen and len(seen) < MAX_RECIPIENTS:
            seen[found.address] = found
    return tuple(seen.values())


def author(values: Sequence[bytes], pairs: Sequence[_RAW_PAIR]) -> tuple[Address | None, str]:
    """The one sender, or None and why there is none. `values` are the raw From fields, `pairs`
    what the header reader made of the first."""
    if not values or not values[0].strip():
        return None, "no From"
    if len(values) > 1 and len(set(values)) > 1:
        return None, f"{len(values)} From fields"
    found = mailboxes(pairs)
    if len(found) > 1:
        return None, f"{len(found)} addresses in From"
    other = _second_reading(values[0])
    if not found:
        return None, "From holds no usable address"
    if other and other != {found[0].address}:
        return None, f"readers disagree about From: {found[0].address} or {sorted(other)[0]}"
    return found[0], ""


def only(values: Sequence[bytes]) -> str:
    """The one address of a field such as Sender; "" when there is none, or more than one."""
    found = _second_reading(values[0]) if len(values) == 1 else set()
    return found.pop() if len(found) == 1 else ""


def shortened(value: bytes) -> bytes:
    """An address field of at most 8 kB, cut between addresses (B048)."""
    if len(value) <= MAX_FIELD:
        return value
    cut = value.rfind(b",", 0, MAX_FIELD)
    return value[:cut] if cut > 0 else value[:MAX_FIELD]


def closed(value: bytes) -> bytes:
    """An address field whose encoded words hold nothing that a reader of addresses might take for
    structure: the comma of a title ("=?utf-8?Q?Budi,_S.E.?="), which must be encoded there (RFC
    2047, 5) and often is not."""
    if b"=?" not in value:
        return value
    return _Q_WORD.sub(
        lambda word: _SPECIAL.sub(lambda sign: b"=%02X" % sign[0][0], word[0]), value
    )


def _second_reading(value: bytes) -> set[str]:
    """What other readers take for the address of From: the standard library, and the plain eye
    that believes whatever stands between angle brackets."""
    text = value[:MAX_FIELD].decode("utf-8", "replace").replace("\n", "")
    clean = _CLEAN.fullmatch(text)
    if clean:
        only = normal(clean[1] or clean[2])
        return {only} if only else set()
    if text.count("(") > 50 or text.count("\\") > 200:
        return {"(too many comments)"}
    if text.count(":") > 50:  # each opens a group, in which the library descends
        return {"(too many groups)"}
    found = {spec for _, raw in getaddresses([text]) if (spec := normal(raw))}
    inside = {spec for raw in _INSIDE.findall(text) if (spec := normal(raw))}
    return found | inside
