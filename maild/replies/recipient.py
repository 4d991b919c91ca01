"""To which addresses mail can be sent at all (S09, S10, B045, B049, B052)."""

import re

_LONGEST = 254  # octets of a path without its brackets (RFC 5321, 4.5.3.1.3)
_LONGEST_LOCAL = 64
_OUTSIDE_ASCII = r"[^\x00-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]"
_ATOM = rf"(?:[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]|{_OUTSIDE_ASCII})+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[A-Za-z])(?!localhost$|localdomain$){_LABEL}", re.I)


def why_refused(address: str) -> str:
    """Why this cannot stand in RCPT TO, in Indonesian; empty when it can.

    Taken are a dot-atom, in UTF-8 where the relay has SMTPUTF8 (RFC 6531), and a domain of two
    labels or more. Quoted local parts, address literals and this machine's own names are not.
    """
    local, at, domain = address.rpartition("@")
    if not at:
        return "alamat tanpa tanda @"
    if len(address.encode("utf-8", "replace")) > _LONGEST or len(local) > _LONGEST_LOCAL:
        return "alamat terlalu panjang"
    if not _LOCAL.fullmatch(local):
        return "bagian alamat sebelum tanda @ tidak dapat dipakai"
    if not _DOMAIN.fullmatch(domain):
        return "bagian alamat sesudah tanda @ bukan nama domain"
    return ""
