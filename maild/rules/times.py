"""Every way in which Indonesian mail names a day, a clock time or a time that is left.

Owns the forms; refuses to say which of them is a deadline (`deadline.py` does).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from maild.rules.pattern import Pattern

_ZONES: Final = {
    "wib": ZoneInfo("Asia/Jakarta"),
    "wita": ZoneInfo("Asia/Makassar"),
    "wit": ZoneInfo("Asia/Jayapura"),
}
_NUMBERS: Final = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11, "dua belas": 12, "duabelas": 12,
    "lima belas": 15, "dua puluh": 20, "tiga puluh": 30, "empat puluh lima": 45,
    # Jawa, Sunda, Minang
    "siji": 1, "loro": 2, "kalih": 2, "telu": 3, "papat": 4, "sekawan": 4, "gangsal": 5, "enem": 6,
    "pitu": 7, "wolu": 8, "sanga": 9, "songo": 9, "sedasa": 10, "sewelas": 11, "rolas": 12,
    "hiji": 1, "tilu": 3, "opat": 4, "genep": 6, "dalapan": 8, "sapuluh": 10,
    "ciek": 1, "duo": 2, "tigo": 3, "ampek": 4, "limo": 5, "anam": 6, "tujuah": 7, "sambilan": 9,
    "sapuluah": 10, "sabaleh": 11, "duo baleh": 12,
}  # fmt: skip
_MONTHS: Final = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7,
    "agu": 8, "ags": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12,
    "dec": 12,
}  # fmt: skip
_WEEKDAYS: Final = {
    "senin": 0, "selasa": 1, "rabu": 2, "kamis": 3, "jumat": 4, "jum'at": 4, "jumaat": 4,
    "sabtu": 5, "minggu": 6, "ahad": 6,
    "senen": 0, "slasa": 1, "salasa": 1, "salaso": 1, "rebo": 2, "rabaa": 2, "kemis": 3,
    "kamih": 3, "jumah": 4, "jumaah": 4, "juma'ah": 4, "jumaik": 4, "jumaaik": 4,
    "setu": 5, "saptu": 5, "sabtuk": 5,
}  # fmt: skip
_DAY_NAME: Final = "|".join(name for name in _WEEKDAYS if name != "minggu")  # it means a week too
_NUMBER_WORD: Final = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_PART: Final = r"(?P<part>pagi|siang|sore|petang|malam|mlm|subuh|awan|bengi|sonten|am|pm)"

_CLOCK = Pattern(
    r"(?<![\w.])(?:(?P<mark>jam|pukul|pkl|pk|jm|tabuh|pukua|at)\b\.?\s{0,3}"
    rf"(?P<half>s[ae]?tengah\s+)?(?:(?P<hour>\d{{1,2}})(?:\s?[.:]\s?(?P<minute>\d{{2}}))?|"
    rf"(?P<word>{_NUMBER_WORD}))"
    r"|(?P<hour2>\d{1,2})[.:](?P<minute2>\d{2})(?![\d/]|[.:]\d)"
    rf"|(?P<half3>s[ae]?tengah\s+)(?:(?P<hour3>\d{{1,2}})|(?P<word3>{_NUMBER_WORD})))"
    rf"(?!\d|[.,]\d|\s?(?:kali|hari(?!\s+ini)|menit)\b)"
    rf"(?:\s{{0,2}}(?P<zone>wib|wita|wit)\b)?"
    rf"(?:\s{{0,2}}{_PART}\b)?(?:\s{{0,2}}(?P<zone2>wib|wita|wit)\b)?"
)
# Times of prayer are clock times to many; "habis asar" is one as well as "jam 3".
_PRAYERS: Final = {
    "subuh": time(4, 45), "zuhur": time(12, 0), "dzuhur": time(12, 0), "duhur": time(12, 0),
    "dhuhur": time(12, 0), "lohor": time(12, 0), "lohur": time(12, 0), "luhur": time(12, 0),
    "jumatan": time(12, 0), "asar": time(15, 15), "ngasar": time(15, 15), "ashar": time(15, 15),
    "magrib": time(18, 0), "maghrib": time(18, 0),
    "isya": time(19, 15), "tengah malam": time(23, 59), "tengah hari": time(12, 0),
}  # fmt: skip
_PRAYER = Pattern(
    r"(?<!\w)(?:(?:sebelum|sblm|menjelang|jelang|sampai|sampe|hingga|nganti|pas|waktu)\s+(?:waktu\s+)?"
    r"(?:(?:s[ah]olat|adzan|azan|bedh?ug)\s+)?(?P<prayer>subuh|d?[zh]?uhur|dhuhur|lohor|lohur|luhur|jumatan|as?har|asar|ngasar|magh?rib|isya)"
    r"|(?P<mid>tengah\s+(?:malam|hari)))(?!\w)"
)
_LEFT = Pattern(
    r"(?<!\w)(?P<lead>(?:sisa|tinggal|tersisa|kurang|dalam|in)\s+(?:waktu(?:nya)?\s+)"
    r"?(?:tahap\w*\s+)?"
    r"(?:tinggal\s+|cuma\s+|hanya\s+|sekitar\s+|kurang\s+(?:dari|lebih)\s+|dari\s+|lebih\s+)*)?"
    rf"(?P<count>\d{{1,3}}(?:[.,]\d)?|setengah|seperempat|se(?=jam|menit)|se(?=\s?jam)|a|one|"
    rf"{_NUMBER_WORD}|beberapa|hitungan)\s*"
    r"(?P<unit>jam|menit|mnt|minutes?|mins?|hours?)(?:an)?"
    r"(?P<tail>\s+(?:lagi|lg|maning|deui|left|from now|menuju|sebelum|ke\s+depan))?(?!\w)"
)
_SOON = Pattern(
    r"(?<!\w)(?:sebentar|bentar|sedikit|sesaat|sakedap|sakeudeung)\s+(?:lagi|lg|deui)(?!\w)"
    r"(?!\W{1,3}(?:jam|pukul|pkl|pukua|jm)\b)"
)
_DAY_WORDS: Final = {
    0: (
        r"ini\s+(?:adalah\s+)?hari\s+terakhir|last\s+day|hari\s*ini|hr\s+ini|hari\s+(?:ini\s+)?juga"
        r"|(?:pagi|siang|sore|malam)\s+ini|(?:nanti|ntar|nti)(?:\s+(?:siang|sore|malam|mlm|petang))?"
        r"|today|tonight|dina\s+iki|dinten\s+(?:niki|ieu)|saiki|sapuniko|ayeuna|mangke|engke|hari\s+ni"
    ),
    1: (
        r"besok(?!\s+lusa)|bsk|besuk|esok|sesuk|benjing|benjang|isukan|enjing|tomorrow|tmrw|keesokan|h-1|bisuak"
        r"|marsogot|ammuko"
    ),
    2: r"(?:besok\s+)?lusa",
    -1: (
        r"kemarin|kmrn|kemaren|kamari|kamarin|wingi|semalam|semalem|tadi\s+malam|yesterday|kalawingi|kapatang|patang"
    ),
    -2: r"kemarin\s+lusa",
}
_DAY = Pattern(
    r"(?<!\w)(?:"
    + "|".join(
        f"(?P<d{k if k >= 0 else 'm' + str(-k)}>{v})"
        for k, v in sorted(_DAY_WORDS.items(), key=lambda e: e[0] != -2)
    )
    + r")(?!\w)"
)
_LATER = re.compile(r"nanti|ntar|nti")
_CLOCK_BEFORE = re.compile(
    r"(?:(?<!tanggal \d)(?<!tanggal \d\d)(?<!tgl \d)(?<!tgl \d\d)(?<=\d)|wib|wita|wit|"
    r"pagi|siang|sore|malam)\s$"
)
_CLOCK_AFTER = re.compile(r"\s+(?:jam|pukul|pkl|jm)")
_JUST = Pattern(
    r"(?<!\w)(?:(?:dari|dr|sejak|semenjak|wiwit|mulai)\s+(?:h?abis|ba'?da|bakda|selesai|lepas)\s+"
    r"(?:subuh|d?[zh]?uhur|lohor|jumatan|as?har|magh?rib|isya|makan siang|istirahat|apel)|"
    r"(?:dari|dr|sejak|semenjak|wiwit|mulai)\s+(?:pagi|siang|sore|subuh|petang|e?isuk|esuk)(?!\s+ini)|"
    r"tadi|td|tdi|barusan|baru\s+saja|brusan|baru\s+aja|dek\s+mau|dek\s+wau|wau|tadinya|"
    r"just now|this (?:morning|afternoon|evening))(?!\w)"
)
_WEEKDAY = Pattern(
    rf"(?<!\w)(?:hari\s+)?(?P<day>{_DAY_NAME}|"
    r"minggu(?=\s+(?:besok|malam|pukul|jam|,))|(?<=hari\s)minggu)"  # "minggu depan": a week
    r"(?:\s+(?P<part>pagi|siang|sore|petang|malam|mlm))?"
    r"(?:\s+(?P<which>ini|(?:minggu|pekan)\s+depan|depan|besok|lalu|kemarin|kmrn|kemaren|tadi|patang))?(?!\w)"
)
_DATE = Pattern(
    r"(?<![\w/.-])(?:(?:\d{1,2}\s?[-–]\s?)?(?P<day>\d{1,2})\s{0,2}(?P<month>jan|feb|peb|mar|apr|mei|may|jun|"
    r"jul|agu|ags|aug|sep|okt|oct|nov|nop|des|dec)[a-z]{0,7}\.?(?:\s{0,2}(?P<year>20\d\d)"
    r")?"
    r"|(?P<iso>20\d\d)-(?P<isom>\d\d)-(?P<isod>\d\d)"
    r"|(?P<nday>\d{1,2})[/-](?P<nmonth>\d{1,2})(?:[/-](?P<nyear>(?:20)?\d\d))?"
    r"|(?:tgl|tanggal)\.?\s{0,2}(?P<only>\d{1,2})(?!\s{0,2}(?:jan|feb|peb|mar|apr|mei|"
    r"may|jun|jul|agu|ags|aug|sep|okt|oct|nov|nop|des|dec)))(?![\w/-])"
)
_YESTERDAY = re.compile(r"(?:kemarin|kmrn|kemaren)\W{0,3}(?:hari\s)?$")
_SINCE = re.compile(
    r"(?<!\w)(?:sejak|dari|dr|mulai|semenjak|ti|kawit|saking|from|since|sekitar|sekira|"
    r"kira-kira|wiwit|(?:sekarang|kini)(?:\s(?:baru|masih|sudah))?|hingga\s+jam\s+\S+\s+dari)\s+(?:tadi\s+|td\s+|hari\s+|tanggal\s+|tgl\s+|"
    r"sekitar\s+)*$"
    r"|\b(?:sejak|semenjak|setelah|sesudah|pasca|habis)\s(?:ada\s)?(?:pembaruan|update|migrasi|"
    r"pemeliharaan|maintenance|gangguan|rapat|libur)\s(?:pada\s|hari\s)?$"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One naming of a time, at characters `start` to `end` of the text.

    `day` and `clock` are what it says by itself; `at` is an instant it fixes alone. `since` marks
    the beginning of something (sejak, dari, tadi); `zone` a zone named beside the clock.
    """

    start: int
    end: int
    day: date | None = None
    clock: time | None = None
    at: datetime | None = None
    since: bool = False
    zone: ZoneInfo | None = None
    part: str = ""


def mentions(text: str, received: datetime) -> tuple[Mention, ...]:
    """All times named in lower-case `text`, in order; `received` is local office time."""
    found = sorted(
        chain(
            _lefts(text, received), _days(text, received.date()), _dates(text, received.date()),
            _weekdays(text, received.date()), _clocks(text),
        ),
        key=lambda m: (m.start, -m.end),
    )  # fmt: skip
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return tuple(kept)


def _since(text: str, start: int) -> bool:
    return bool(_SINCE.search(text[max(0, start - 40) : start]))


def _clocks(text: str) -> list[Mention]:
    result: list[Mention] = []
    for m in _CLOCK.finditer(text):
        hour = int(
            m["hour"]
            or m["hour2"]
            or m["hour3"]
            or _NUMBERS.get(" ".join((m["word"] or m["word3"] or "").split()), 99)
        )
        minute = int(m["minute"] or m["minute2"] or 0)
        part = m["part"] or ""
        bare = m["hour2"] is not None and not (m["zone"] or part)
        if m["half"] or m["half3"]:
            hour, minute = hour - 1, 30
        padded = (m["hour"] or m["hour2"] or "").startswith("0")
        if _is_afternoon(hour, part, bool(m["mark"] or m["half3"]) and not padded):
            hour += 12
        if hour == 24:
            hour, minute = 23, 59
        if hour > 24 or minute > 59 or (bare and hour == 0 and minute == 0):
            continue
        result.append(
            Mention(
                m.start(),
                m.end(),
                clock=time(hour % 24, minute),
                since=_since(text, m.start()),
                zone=_ZONES.get(m["zone"] or m["zone2"] or ""),
                part=part,
            )
        )
    for m in _PRAYER.finditer(text):
        name = " ".join((m["prayer"] or m["mid"]).split())
        if name in _PRAYERS:
            start = m.start("prayer") if m["prayer"] else m.start()
            since = _since(text, m.start())
            result.append(Mention(start, m.end(), clock=_PRAYERS[name], since=since))
    return result


def _is_afternoon(hour: int, part: str, spoken: bool) -> bool:
    """Whether a spoken hour (jam 2, jam 7 malam) means the second half of the day."""
    if part in ("malam", "mlm", "bengi"):
        return 4 < hour <= 12
    if part in ("siang", "sore", "petang", "awan", "sonten", "pm"):
        return hour < (10 if part == "siang" else 12)
    return not part and spoken and hour < 7


def _lefts(text: str, received: datetime) -> list[Mention]:
    result = [
        Mention(m.start(), m.end(), at=received + timedelta(minutes=30))
        for m in _SOON.finditer(text)
    ]
    for m in _LEFT.finditer(text):
        if not (m["lead"] or m["tail"]):
            continue
        if re.match(r"\s*(?:yang|yg)?\s*lalu|\s+lalu", text[m.end() : m.end() + 12]):
            continue
        word = m["count"]
        if word in ("beberapa", "hitungan"):
            count = 2.0
        elif word in ("setengah", "seperempat"):
            count = 0.5 if word == "setengah" else 0.25
        elif word in ("se", "a", "one"):
            count = 1.0
        else:
            count = float(_NUMBERS.get(" ".join(word.split()), 0) or word.replace(",", "."))
        minutes = count * (60 if m["unit"][0] in "jh" else 1)
        result.append(Mention(m.start(), m.end(), at=received + timedelta(minutes=minutes)))
    return result


def _days(text: str, today: date) -> list[Mention]:
    result = [Mention(m.start(), m.end(), day=today, since=True) for m in _JUST.finditer(text)]
    for m in _DAY.finditer(text):
        name = m.lastgroup or "d0"
        offset = -int(name[2:]) if name[1] == "m" else int(name[1:])
        word = m.group()
        if _LATER.fullmatch(word) and not (
            _CLOCK_BEFORE.search(text[max(0, m.start() - 14) : m.start()])
            or _CLOCK_AFTER.match(text[m.end() : m.end() + 8])
        ):
            continue  # "nanti saya kirim": some time, not a day
        part = next((p for p in ("pagi", "siang", "sore", "malam") if p in word), "")
        result.append(Mention(m.start(), m.end(), day=today + timedelta(days=offset),
                              since=offset < 0 or _since(text, m.start()), part=part))  # fmt: skip
    return result


def _weekdays(text: str, today: date) -> list[Mention]:
    result: list[Mention] = []
    for m in _WEEKDAY.finditer(text):
        ahead = (_WEEKDAYS[m["day"]] - today.weekday()) % 7
        back = m["which"] in ("lalu", "kemarin", "kmrn", "kemaren", "tadi", "patang") or _since(
            text, m.start()
        )
        back = back or bool(_YESTERDAY.search(text[max(0, m.start() - 14) : m.start()]))
        if back and not (m["which"] == "tadi" and ahead == 0):
            ahead -= 7
        elif (m["which"] or "").split()[0:1] in (["minggu"], ["pekan"]):
            ahead = 7 - today.weekday() + _WEEKDAYS[m["day"]]
        elif m["which"] == "depan" and ahead == 0:
            ahead = 7
        day, part = today + timedelta(days=ahead), m["part"] or ""
        result.append(Mention(m.start(), m.end(), day=day, since=back, part=part))
    return result


def _dates(text: str, today: date) -> list[Mention]:
    result: list[Mention] = []
    for m in _DATE.finditer(text):
        year = m["year"] or m["iso"] or m["nyear"]
        month = _MONTHS[m["month"]] if m["month"] else int(m["isom"] or m["nmonth"] or today.month)
        day = int(m["day"] or m["isod"] or m["nday"] or m["only"])
        try:
            found = date(
                int(year) + (2000 if int(year) < 100 else 0) if year else today.year, month, day
            )
        except ValueError:
            continue
        if not year and (today - found).days > 180:
            found = found.replace(year=today.year + 1) if (month, day) != (2, 29) else found
        if m["only"] and found < today - timedelta(days=20):
            found = found.replace(day=day, month=today.month % 12 + 1) if day <= 28 else found
        result.append(Mention(m.start(), m.end(), day=found, since=_since(text, m.start())))
    return result
