"""Secrets that arrive unasked: found so that they are never shown or sent on.

Owns the forms of passwords, OTPs, PINs and passphrases in running text. Asking for one is
forbidden by the table (`terlarang`).
"""

import re
from functools import lru_cache

MASK = "●●●●●●"

_SECRET = re.compile(
    r"(?i)\b(?P<name>password|pass\s?word|pasword|passwd|paswod|pwd?|kata\s?sandi|sandi|"
    r"kata\s?kunci|passphrase|pass\s?phrase|(?:kode\s)?otp|pin|kode\s?verifikasi)"
    r"(?P<link>(?:nya|\s?(?:saya|kami|akun|lama|baru|spse|lpse|sertifikat|nya))"
    r"*\s{0,4}(?:[:=]|adalah|yaitu|is)\s{0,3}|(?:nya|\s(?:saya|kami))\s)"
    r"(?P<value>[\"“'](?P<quoted>[^\"”'\n]{3,60})[\"”']|[^\s,;]{4,60})"
)


# One of these stands in every name above; most texts hold none and need no second look.
_HINTS = ("pas", "pw", "sandi", "kunci", "otp", "pin", "verifikasi")


def find_secrets(text: str) -> tuple[tuple[int, int], ...]:
    """Character spans of secrets: what is written after "password:", "OTP saya", "PIN adalah".

    Without a sign between (`password saya X`) only what looks like one counts: a digit or a sign
    among letters, or a code of digits.
    """
    folded = text.casefold()
    if not any(hint in folded for hint in _HINTS):
        return ()
    spans: list[tuple[int, int]] = []
    for m in _SECRET.finditer(text):
        value = m["quoted"] or m["value"].rstrip(".)!?")
        start = m.start("quoted") if m["quoted"] else m.start("value")
        marked = bool(re.search(r"[:=]|adalah|yaitu|\bis\b", m["link"]))
        if _secretive(value) or (marked and not value.islower()):
            spans.append((start, start + len(value)))
    return tuple(spans)


@lru_cache(maxsize=512)
def mask_secrets(text: str) -> str:
    """The text with every secret replaced by `MASK`.

    Remembered, for a message stands in many letters.
    """
    for start, end in reversed(find_secrets(text)):
        text = text[:start] + MASK + text[end:]
    return text


def _secretive(value: str) -> bool:
    if value.isdigit():
        return 4 <= len(value) <= 8
    letters = any(c.isalpha() for c in value)
    return letters and any(c.isdigit() or c in "!@#$%^&*_+?" for c in value)
