"""Octets of a mail to text: which charset is believed, in which order, and what is refused.

Owns the allow-list of charsets; a codec that is not a mail charset (rot13, zlib, idna, ...) is
never called, whatever a mail declares (reliability B018, B019). Never raises.
"""

import codecs
import re
import unicodedata
from functools import lru_cache

# Labels are widened as browsers do (WHATWG Encoding Standard): what writers declare is often a
# subset of what they send (B020).
_WIDER = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "chinese": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "unicode": "utf-16",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
}
_ALLOWED_WORDS = (
    "utf-8 utf-7 utf-16 utf-16-be utf-16-le utf-32 utf-32-be utf-32-le ascii cp437 cp775 "
    "cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp720 "
    "cp737 cp874 cp932 cp949 cp950 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 "
    "cp1257 cp1258 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 "
    "iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 "
    "iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic mac-greek mac-latin2 mac-turkish "
    "big5 big5hkscs gb2312 gbk gb18030 hz euc_jp euc_jis_2004 euc_kr johab shift_jis "
    "shift_jis_2004 iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_3 iso2022_jp_ext "
    "iso2022_kr tis-620 ptcp154 kz1048"
)
_ALLOWED = frozenset(_ALLOWED_WORDS.split())
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)
_ESCAPED_JIS = re.compile(rb"\x1b\$[@B]([^\x1b]*)")
_MARKS = "".join(
    chr(n)
    for n in (*range(0x300, 0x2100), *range(0xFE20, 0xFE30))
    if unicodedata.combining(chr(n))
)
_PILE = re.compile(f"([{_MARKS}]{{8}})[{_MARKS}]+")
_NOISE: dict[int, int | None] = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
_NOISE |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)


@lru_cache(maxsize=256)
def codec(label: str) -> str | None:
    """The Python codec for a charset label, or None when it is no mail charset."""
    name = label.strip().strip("\"'").lower()
    name = _WIDER.get(name, name)
    if not name.isascii() or len(name) > 40 or "\0" in name:
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return name if found in _ALLOWED else None


def decode(octets: bytes, declared: str = "", *, is_html: bool = False) -> tuple[str, str]:
    """Text of a body and a defect ("" when all was well).

    Order: the declared charset, widened; strict UTF-8 first when nothing usable is declared or
    the declaration does not fit; an HTML meta tag; GB18030 where every pair fits; cp1252.
    """
    name = codec(declared) if declared else None
    defect = f"unknown charset {declared[:40]!r}" if declared and name is None else ""
    if octets.isascii() and (name is None or _ascii_safe(name)):
        return octets.decode("ascii"), defect
    if name and is_wide(declared) and _looks_narrow(octets):
        return decode(octets)[0], f"octets do not fit charset {declared[:40]!r}"
    text = _strict(octets, name) if name and name != "cp1252" else None
    if text is not None:
        return text, ""
    if name and name != "cp1252":
        defect = f"octets do not fit charset {declared[:40]!r}"
        japanese = name.startswith("iso2022")
        if japanese and b"\x1b" not in octets and sum(o >= 0x80 for o in octets) < 4:
            # A stray octet in a 7-bit charset is damage; it is shown as such, not guessed at.
            return octets.decode(name, "replace"), defect
        vendor = _vendor_japanese(octets) if japanese else None
        if vendor is not None:
            return vendor, ""
    # UTF-8 is hard to hit by chance, so it wins even over a declared 8-bit charset.
    text = _strict(octets, "utf-8")
    if text is not None:
        return text, defect or ("" if not declared else f"declared {declared[:40]!r}, is UTF-8")
    if name == "cp1252":
        return octets.decode("cp1252", "replace"), ""
    if is_html and (meta := _META.search(octets, 0, 4096)):
        text = _strict(octets, codec(meta[1].decode("ascii")) or "utf-8")
        if text is not None:
            return text, defect
    if name and name not in ("utf-8", "iso2022_jp_ext"):
        return octets.decode(name, "replace"), defect
    if name == "utf-8" and _mostly_utf8(octets):
        return octets.decode("utf-8", "replace"), defect
    return _guess(octets), defect or "8-bit text without a charset"


def is_wide(label: str) -> bool:
    """Does this charset take two or four octets for a letter, and so for a line end too?"""
    return (codec(label) or "").startswith(("utf-16", "utf-32", "utf_16", "utf_32"))


def _looks_narrow(octets: bytes) -> bool:
    """Text of single octets under a wide label: no byte order mark and hardly a NUL (Latin
    letters would bring one each), and either UTF-8 or mostly printable ASCII."""
    sample = octets[:2_000]
    if sample.count(0) * 20 > len(sample) or sample[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    printable = sum(9 <= octet < 127 for octet in sample)
    return printable > 0.8 * len(sample) or _strict(octets, "utf-8") is not None


def clean(text: str) -> str:
    """Without control characters (tab and line ends stay) and lone surrogates (B021); marks
    bounded (B025)."""
    if not text.isascii():
        text = _bounded(text)
    return text if text.isprintable() else text.translate(_NOISE)


def one_line(text: str, limit: int) -> str:
    """A header value: white space collapsed, controls to blanks, marks bounded (B024, B025)."""
    if not text.isascii() or not text.isprintable():
        text = _bounded("".join(c if c.isprintable() else _visible(c) for c in text))
    return " ".join(text.split())[:limit]


def _visible(character: str) -> str:
    """Separators and controls become a blank; format characters (joiners, bidi) vanish."""
    kind = unicodedata.category(character)
    return "" if kind in ("Cf", "Cs", "Cn", "Co") else " "


def _bounded(text: str) -> str:
    """At most eight combining marks on one base character."""
    return _PILE.sub(r"\1", text)


def _ascii_safe(name: str) -> bool:
    """False for charsets in which 7-bit octets are not ASCII text."""
    return not name.startswith(("utf-7", "utf-16", "utf-32", "iso2022", "iso-2022", "hz"))


def _strict(octets: bytes, name: str) -> str | None:
    try:
        text = octets.decode(name)
        text.encode("utf-8")  # UTF-7 and UTF-16 can yield lone surrogates
    except (UnicodeError, LookupError, ValueError):
        return None
    return text.removeprefix("\ufeff")


def _vendor_japanese(octets: bytes) -> str | None:
    """ISO-2022-JP with NEC and IBM characters: the escaped pairs are read as cp932 does."""

    def pairs(match: re.Match[bytes]) -> bytes:
        body = match[1]
        out = bytearray()
        for high, low in zip(body[::2], body[1::2], strict=False):
            row, cell = high - 0x20, low - 0x20
            lead = (row - 1) // 2 + (0x81 if row <= 62 else 0xC1)
            trail = cell + (0x3F if cell <= 63 else 0x40) if row % 2 else cell + 0x9E
            out += bytes((lead & 0xFF, trail & 0xFF))
        return bytes(out)

    plain = _ESCAPED_JIS.sub(pairs, octets)
    return _strict(re.sub(rb"\x1b\([BJ]", b"", plain), "cp932")


def _mostly_utf8(octets: bytes) -> bool:
    """A few broken characters in a UTF-8 text do not make it another charset."""
    text = octets[:20_000].decode("utf-8", "replace")
    high = sum(1 for b in octets[:20_000] if b >= 0x80)
    return text.count("\ufffd") * 8 <= high


def _guess(octets: bytes) -> str:
    """8-bit text of no declared charset that is not UTF-8."""
    sample = octets[:20_000]
    high = bytes(b for b in sample if b >= 0x80)
    # Runs of an even number of high octets are pairs of a Chinese text; words of a Western
    # one have single accents.
    runs = re.findall(rb"[\x81-\xfe]{2,}", sample)
    if high and sum(len(run) for run in runs) > 0.9 * len(high):
        if sum(1 for b in high if 0xC0 <= b <= 0xFF) > 0.97 * len(high):
            text = _strict(octets, "koi8-r")
            if text is not None and any(len(run) % 2 for run in runs):
                return text
        text = _strict(octets, "gb18030")
        if text is not None:
            return text
    return octets.decode("cp1252", "replace")
