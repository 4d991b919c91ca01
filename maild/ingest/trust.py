"""What our own receiving server says about the sender (RFC 8601, reliability section 5, A02).

Believes only the topmost Authentication-Results field of the one server that the office pinned:
everything below may have come with the mail (B041). Without a pinned server nothing is proven.
"""

import re
from collections.abc import Sequence

from maild.ingest import header
from maild.ingest.header import Field
from maild.model.mail import Address, Trust, TrustLevel

_RESULT = re.compile(r"\s*([a-z0-9-]{1,40})(?:/\d+)?\s*=\s*([a-z]{1,40})(.*)", re.I | re.S)
_FROM = re.compile(r"header\.from\s*=\s*\"?([^\s;\"]{1,255})", re.I)


def verdict(fields: Sequence[Field], sender: Address | None, authserv_id: str) -> Trust:
    """DOMAIN for a DMARC pass aligned to From, FORGED for a fail, else NONE; with reasons."""
    if not authserv_id:
        return Trust(TrustLevel.NONE, ("no trust.authserv_id is configured",))
    blocks = _block(fields, authserv_id.lower())
    if not blocks:
        return Trust(TrustLevel.NONE, (f"no Authentication-Results of {authserv_id}",))
    for block in blocks:
        for method, result, _ in block:
            if method == "dmarc" and result == "fail":
                return Trust(TrustLevel.FORGED, (f"{authserv_id}: dmarc=fail",))
    passed = [rest for method, result, rest in blocks[0] if (method, result) == ("dmarc", "pass")]
    if not passed:
        said = ", ".join(f"{method}={result}" for method, result, _ in blocks[0]) or "nothing"
        return Trust(TrustLevel.NONE, (f"{authserv_id}: {said}; no DMARC pass",))
    if sender is None:
        return Trust(TrustLevel.NONE, (f"{authserv_id}: dmarc=pass, but the sender is unclear",))
    aligned = _FROM.search(passed[0])
    domain = header.raw_text(aligned[1].encode()).lower().rpartition("@")[2] if aligned else ""
    if len(passed) > 1 or (aligned and domain != sender.domain):
        return Trust(TrustLevel.NONE, (f"{authserv_id}: dmarc=pass for {domain or 'two'}",))
    return Trust(TrustLevel.DOMAIN, (f"{authserv_id}: dmarc=pass for {sender.domain}",))


def _block(fields: Sequence[Field], authserv_id: str) -> list[list[tuple[str, str, str]]]:
    """The topmost field of the server and those directly below it. Only the first may prove
    something; the others, which a sender could have put there, may only speak against him."""
    found: list[list[tuple[str, str, str]]] = []
    for name, value in fields:
        if name != "authentication-results":
            if found:
                break
            continue
        server, *results = _without_comments(value[:20_000].decode("latin-1")).split(";")
        words = server.split()
        if words and words[0].strip('"').lower().rstrip(".") == authserv_id:
            found.append(_results(results))
        elif found:
            break
    return found


def _results(statements: Sequence[str]) -> list[tuple[str, str, str]]:
    matches = (_RESULT.match(statement) for statement in statements[:50])
    return [(m[1].lower(), m[2].lower(), m[3]) for m in matches if m]


def _without_comments(value: str) -> str:
    """Comments out, quoted strings untouched (RFC 5322, 3.2.2); linear."""
    out: list[str] = []
    depth, quoted, escaped = 0, False, False
    for character in value:
        if escaped:
            escaped = False
            if depth:
                continue
        elif character == "\\":
            escaped = True
            if depth:
                continue
        elif character == '"' and not depth:
            quoted = not quoted
        elif character == "(" and not quoted:
            depth += 1
        elif character == ")" and depth:
            depth -= 1
            out.append(" ")
            continue
        if not depth:
            # A semicolon inside quotes separates nothing.
            out.append(" " if quoted and character == ";" else character)
    return "".join(out)
