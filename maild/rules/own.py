"""What the sender of a mail wrote himself and means now: no quotes, no small print."""

import re

_QUOTED = re.compile(r"(?m)^[ \t]*>.*$")
_MARKS = re.compile(r"(?m)^[ \t]*>[> \t]*")
_SMALL_PRINT = re.compile(
    r"(?im)^(?:--[ \t]*\n)?\s{0,3}(?:disclaimer|confidentiality|pesan ini dan "
    r"lampirannya|this e-?mail)\b"
)
_BY_TELEPHONE = re.compile(
    r"(?im)^[ \t]{0,4}(?:(?:di|ter)kirim dari|sent from|get outlook for)\b[^\n]{0,60}$"
)
_FORWARD_HEADER = re.compile(
    r"(?im)^[ \t]{0,4}(?:dari|from|tanggal|date|sent|dikirim|kepada|to|cc|tembusan|"
    r"subjek|subject|perihal)[ \t]?:.*$"
)
_FORWARD = re.compile(
    r"(?im)^[-_ ]{2,40}(?:.{0,30}\b)?(?:pesan (?:terusan|diteruskan|asli)|forwarded|"
    r"original message).{0,30}$|^(?:dari|from)\s?:.{3,}\n(?:tanggal|date|sent|dikirim)"
    r"\s?:"
)
# What is said above a forwarded mail is what is said now: "abaikan yang di bawah, sudah beres".
_SETTLED = re.compile(
    r"(?i)\b(?:(?:mohon |tolong |harap )?(?:di)?abaikan|(?:sudah|sdh|udah|udh|telah) "
    r"(?:beres|bisa|normal|selesai|teratasi|jalan|lancar|ketemu)"
    r"|(?:tidak|tdk|ga|gak|nggak|ndak) jadi)\b"
)
_NOT_SETTLED = re.compile(
    r"(?i)\b(?:tapi|tetapi|namun|jangan|belum|blm|lagi-lagi|kambuh|muncul lagi|"
    r"(?:tidak|tdk|ga|gak) bisa)\b"
)


def own_words(text: str) -> str:
    """Without quoted lines, the small print, what a telephone adds ("Dikirim dari iPhone saya"),
    and the header lines of a forwarded mail."""
    if ">" in text:
        text = _QUOTED.sub("", text)
    if _BY_TELEPHONE.search(text):
        text = _BY_TELEPHONE.sub("", text)
    if small := _SMALL_PRINT.search(text):
        text = text[: small.start()]
    if header := _FORWARD.search(text):
        above = text[: header.start()]
        if _SETTLED.search(above) and not _NOT_SETTLED.search(above):
            return above
        text = _FORWARD_HEADER.sub("", _FORWARD.sub("", text))
    return text


def unquoted(text: str) -> str:
    """A quotation as it was written: without marks and without the header lines above it."""
    return _FORWARD_HEADER.sub("", _MARKS.sub("", text)).strip()
