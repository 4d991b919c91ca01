"""The numbers that another office gives to our problems: found in its mails (peers, row 63)."""

import re
from functools import lru_cache

from maild.model.party import Party

_NAMED = re.compile(
    r"\b(?:tiket|ticket|laporan|pengaduan|kasus|case|permintaan|request|incident|insiden)"
    r"(?:\s*(?:lkpp|anda|saudara|kami|number|nomor|no\b\.?|id|baru))*"
    r"\s*(?:adalah|ialah|yaitu|is)?\s*[:#=]*\s*\[?#?(?P<number>[A-Z0-9][A-Z0-9./_-]{1,30}\d)\b",
    re.IGNORECASE,
)
_REGISTERED = re.compile(
    r"\b(?:ter(?:daftar|catat|egistrasi)|di(?:terima|catat|daftarkan)|registered)[^.\n]{0,30}?"
    r"\b(?:nomor|no\.?|number|id)\s*:?\s*#?(?P<number>[A-Z0-9][A-Z0-9./_-]{1,30}\d)\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"\[(?:[A-Z]{2,12}[ :]{1,2})?#?(?P<number>(?:[A-Z]{2,8}[-_ ]?)?\d[\d./-]{2,20})\]"
    r"|##(?P<bare>[A-Z0-9-]{3,20})##",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|20\d\d[-/.]\d{1,2}[-/.]\d{1,2}|20\d\d")
_MOST = 10


def numbers_in(subject: str, text: str, party: Party, own_prefix: str) -> tuple[str, ...]:
    """What may be the party's numbers, in order, each once: in the forms that the office has
    written down for it, or else in a tag of the subject or behind a word such as `tiket`.

    Ours (`own_prefix`) and dates are none.
    """
    found: list[str] = []
    if party.numbers:
        for form in party.numbers:
            found += (m[0] for m in _form(form).finditer(f"{subject}\n{text}"))
    else:
        found += (m["number"] or m["bare"] for m in _TAG.finditer(subject))
        for pattern in (_NAMED, _REGISTERED):
            found += (m["number"] for m in pattern.finditer(f"{subject}\n{text}"))
    own = own_prefix.upper()
    numbers = (number.upper().replace(" ", "") for number in found)
    good = (n for n in numbers if not n.startswith(own) and not _DATE.fullmatch(n))
    return tuple(dict.fromkeys(good))[:_MOST]


@lru_cache(maxsize=64)
def _form(form: str) -> re.Pattern[str]:
    """`INC-#` stands for INC- and digits, not within a longer number."""
    inner = r"\d{1,20}".join(map(re.escape, form.split("#")))
    return re.compile(rf"(?<![A-Z0-9]){inner}(?![0-9])", re.IGNORECASE)
