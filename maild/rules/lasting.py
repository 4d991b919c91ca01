"""Ends that are none: how long something lasted or was borne, what has run out, what is wished."""

import re

from maild.rules.times import Mention

# "Sampai hari ini belum dibalas", "belum dibalas sampai hari ini": how long, not until when. So is
# what somebody did or bore until a time ("kami tunggu sampai jam 5"), or from one time to another
# ("mulai tadi malam sampai siang ini") unless a stage lasts that long.
_NOT_YET = (
    r"(?:belum|blm|sonde|dereng|durung|kagak|nda|indak|ora|tidak|tdk|tak|ga|gak|nggak|ndak|masih|"
    r"msh|sama|tetap|ttp)"
)
_UNTIL = r"\b(?:sampai|sampe|smp|sampek|hingga|until|till?)\s(?:dengan\s)?"
_BORNE = (
    r"(?:(?:di|me)?nunggu\w*|(?:di|me)?tunggu\w*|begadang|lembur|ngetik|(?:isi|coba|ulang)-\w+|"
    r"(?:men|di)?coba\w*|antr[ei]\w*|dihubungi|standby|siaga|di (?:kantor|rumah|tempat|warnet)|"
    r"(?:ter|ke)?tidur\w*|bangun|melek|padam|mati|hujan|macet|rapat|sidang|online|piket|jaga|"
    r"muter\w*|berputar\w*|loading|telepon\w*|menelepon|kerja|dibantu\w*)"
)
# What a program or a certificate says of itself ends nothing that somebody could still reach.
_EXPIRED = re.compile(
    r"\b(?:sesi|session)\s(?:anda|kamu|saya|login|has)\b(?:\s\w+)?\s(?:berakhir|habis|expired)\b"
    r"|\bmasa\s(?:berlaku|aktif)\w*\s(?:\w+\s){0,3}(?:berakhir|habis)\b"
)
# "Kalau bisa hari ini", "pokoknya harus beres hari ini": a wish, unless he says what for.
_WISHED = re.compile(
    r"\b(?:(?:kalau|kalo|klo|jika)\s(?:bisa|boleh|sempat)|pokoknya|tolong|mohon|minta|harap(?:kan)?|semoga|"
    r"mudah-mudahan|pengen|kepingin|ingin)\b(?!.*\b(?:karena|krn|karna|sebab|soal\w*|sebelum|jam|pukul|"
    r"pkl|batas\w*|tutup|terakhir|paling|sampai)\b)"
)
_ENDS_TODAY = re.compile(
    r"\s*(?:(?:adalah|juga|ini|hari)\s)*(?:terakhir|batas|(?:di|pen)?tutup|paling|maks|jam|pukul|pkl|"
    r"sampai|deadline|sebelum|habis|selambat|\d)"
)
_SINCE = re.compile(rf"{_UNTIL}(?=(?:hari|saat|detik)\s+ini\b[^\n?!]{{0,70}}\b{_NOT_YET}\b)")
_LASTED = re.compile(
    rf"\b(?:{_BORNE}\b[^.\n]{{0,50}}?(?P<until>{_UNTIL})"
    rf"|{_NOT_YET}\b[^.\n]{{0,50}}?(?P<now>{_UNTIL})"
    r"(?=(?:(?:hari|saat|detik|siang|sore|malam|pagi)\s+ini|sekarang|kini)\b)"
    r"|(?:mulai|dari|dr|sejak|semenjak|wiwit|ti|kawit)\s(?:jam\s\S+\s)?(?:tadi|semalam|kemarin|"
    rf"kmrn|pagi|subuh|siang|sore|wingi|kamari)\b[^.\n]{{0,25}}?(?P<span>{_UNTIL}))"
)
_LASTING_STAGE = re.compile(
    r"\b(?:masa|jadwal\w*|tahap\w*|waktu(?:nya)?|batas\w*|sesi|dibuka|pemasukan|pendaftaran|"
    r"penawaran|sanggah\w*|unggah|upload|kesempatan|boleh|bisa(?!\s(?:di)?(?:hubungi|tele?pon|tunggu))|ditutup|tutup)\b"
)


def masked(low: str) -> str:
    """The text without the words that name an end that is none; places stay."""
    low = _EXPIRED.sub(lambda m: " " * len(m[0]), low)
    if not re.search(_UNTIL, low):
        return low

    def blank(m: re.Match[str]) -> str:
        name = next(name for name in ("until", "now", "span") if m[name])
        before = re.split(r"[.!?\n]", low[max(0, m.start() - 40) : m.start()])[-1]
        if _LASTING_STAGE.search(before + low[m.start() : m.start(name)]):
            return m[0]
        at = m.start(name) - m.start()
        return m[0][:at] + " " * (m.end(name) - m.start(name)) + m[0][at + len(m[name]) :]

    return _LASTED.sub(blank, _SINCE.sub(lambda m: " " * len(m[0]), low))


def is_wished(low: str, mention: Mention) -> bool:
    """Whether "hari ini" at this place of the lower-case text is only when somebody wants it."""
    if mention.clock or low[mention.start : mention.end] not in ("hari ini", "hr ini"):
        return False
    before = re.split(r"[.,;!?\n]", low[max(0, mention.start - 45) : mention.start])[-1]
    return bool(_WISHED.search(before)) and not _ENDS_TODAY.match(low, mention.end)
