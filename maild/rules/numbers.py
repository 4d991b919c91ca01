"""Long numbers of a mail and what they are: codes of packages and of RUP, NPWP, NIP, telephones.

Owns their forms and the words that name them. A number is one thing only: what is an NPWP, a
NIK, a telephone, a letter's number or money is no code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Found:
    """A fact and where it stands."""

    value: str
    start: int
    end: int


Finds = tuple[Found, ...]
# The same text is asked about more than once in one judgement.
remembered = lru_cache(maxsize=8)

# Only in such stretches can any of these numbers stand; most mails have few.
_STRETCH = re.compile(r"\d[\d .()-]{5,}\d")
_NPWP = re.compile(
    r"\d(?<![\d.]\d)\d\.?\d{3}\.?\d{3}\.?\d[-.]?\d{3}\.?\d{3}\d?(?!\d)"
    r"|\d(?<!\d\d)\d{3} ?\d{4} ?\d{4} ?\d{4}(?!\d)"
)
_NIP = re.compile(
    r"[12](?<!\d[12])(?:(?<=1)9|(?<=2)0)\d{2}[01]\d[0-3]\d[ .]?"
    r"(?:19|20)\d{2}[01]\d[ .]?[12][ .]?\d{3}(?!\d)"
)
_PHONE = re.compile(
    r"(?<![\d.])(?:\+?62|0)[ .-]?8\d{1,2}[ .-]?\d{3,4}[ .-]?\d{3,5}(?!\d)"
    r"|(?<![\d.])\(?(?:\+62[ -]?|0)\d{2,3}\)?(?:[ -]\d{5,8}|[ .-]\d{3,4}[ .-]\d{3,4})(?!\d)"
)
_CODE = re.compile(
    r"(?<![\w./@:-])(?<!\d )(\d{7,8}|\d{11}|\d{1,4}(?:[ .]\d{2,4}){1,4}|\d{8}[ .]000)"
    r"(?![\w@-]|\.\d|/\w)"
)
_CODE_LENGTHS = (7, 8, 11)
_CODE_URL = re.compile(r"/(?:lelang|nontender|pengadaan|tender|pl|paket|view)/(\d{7,11})\b")
_CATALOGUE = re.compile(
    r"\b(?:EP-?[A-Z0-9]{5,15}|[A-Z]{2,4}-\d{2,}[A-Z0-9-]{2,15}|KTL-?\w{4,15}|MP-?\d{4,12})\b"
)
_DATE = re.compile(r"(?:19|20)\d{2}[01]\d[0-3]\d|[0-3]\d[01]\d20\d\d")
_LOOK_BACK = 45
_BLANKS = re.compile(r"[ \t]{2,}")
# What a number is, by the words before it: something else than a code,
_OTHER = re.compile(
    r"(?:\brp\.?|rupiah|(?:nomor|no\.?|nmr)\s?surat|\bnik|\bnib|\bhp|\bwa|telp|tlp|tiket|telepon|"
    r"nilai|\bhps|pagu|ktp|rekening|\brek|faktur|invoice|akta|versi)\W{0,4}(?:no\w*\W{0,3})?$"
)
# the code of a package (a dotted or spaced number is one only then),
_PACKAGE = re.compile(
    r"(?:\b(?:kode|kd|id|paket|tender|lelang|seleksi|rup|pl|nomor|nmr|no))\W{0,4}(?:\w+\W{0,3})?$"
)
# or the code of its plan in SiRUP: the name stands before it in the same clause, or behind it.
_PLAN = re.compile(
    r"(?:\brup|\bsirup)(?:nya)?\b(?!\W{0,3}\d)(?:(?!\b(?:tender|lelang|seleksi|non\s?tender|pl)\b)"
    r"[^\d\n,;]){0,40}$|(?:\brup|\bsirup)(?:nya)?\W{0,4}$"
)
_PLAN_AFTER = re.compile(r"\W{0,3}(?:(?:kode|id)\s)?(?:rup|sirup)\b(?!\W{0,4}\d)", re.IGNORECASE)


def _in_stretches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern that begins and ends beside digits."""
    reached = 0
    for stretch in _stretches(text):
        for found in pattern.finditer(text, max(reached, stretch[0] - 4), stretch[1] + 4):
            reached = found.end()
            yield found


@remembered
def _stretches(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _STRETCH.finditer(text))


@remembered
def npwps(text: str) -> Finds:
    """Tax numbers of 15 or 16 digits, dotted or not; a NIK looks the same."""
    return tuple(Found(m[0], *m.span()) for m in _in_stretches(_NPWP, text))


@remembered
def nips(text: str) -> Finds:
    """Civil servants' numbers of 18 digits."""
    found = _in_stretches(_NIP, text)
    return tuple(Found(re.sub(r"\D", "", m[0]), *m.span()) for m in found)


@remembered
def telephones(text: str) -> Finds:
    """Telephone numbers, mobile and landline."""
    return tuple(Found(m[0], *m.span()) for m in _in_stretches(_PHONE, text))


def package_codes(text: str) -> Finds:
    """Codes of packages: 7, 8 or 11 digits, with dots or blanks, in a URL, or of the catalogue."""
    addresses = _CODE_URL.finditer(text) if "/" in text else ()
    named = (Found(m[1], *m.span(1)) for m in addresses)
    codes = (found for found, plan in _codes(text) if not plan)
    catalogue = (m for m in _CATALOGUE.finditer(text) if any(map(str.isdigit, m[0])))
    return (*named, *codes, *(Found(m[0], *m.span()) for m in catalogue))


def rup_codes(text: str) -> Finds:
    """Codes that RUP or SiRUP names."""
    return tuple(found for found, plan in _codes(text) if plan)


@remembered
def _codes(text: str) -> tuple[tuple[Found, bool], ...]:
    """The codes, and whether each is that of a plan (RUP)."""
    if not _stretches(text):
        return ()
    others = [(f.start, f.end) for f in (*npwps(text), *nips(text), *telephones(text))]
    result: list[tuple[Found, bool]] = []
    for m in _in_stretches(_CODE, text):
        start, end = m.span(1)
        digits = re.sub(r"\D", "", m[1])
        before = _BLANKS.sub(" ", text[max(0, start - _LOOK_BACK) : start].lower())
        if any(a < end and start < b for a, b in others) or _OTHER.search(before):
            continue
        named = _PACKAGE.search(before)
        plain = m[1].isdigit()
        if not plain and (not named or len(digits) not in _CODE_LENGTHS):
            continue
        if not named and len(digits) == 8 and _DATE.fullmatch(digits):
            continue
        plan = len(digits) in (7, 8) and (
            _PLAN.search(before) or _PLAN_AFTER.match(text, end, end + 24)
        )
        result.append((Found(digits, start, end), bool(plan)))
    return tuple(result)
