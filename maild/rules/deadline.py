"""Deadlines: which of the times in a mail are cut-offs that the problem threatens.

A deadline is a time beside a word that ends something (tutup, batas, terakhir, paling lambat) or
beside a tender stage still to come. Office hours, past events and letter dates are none.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain

from maild.model.worktime import WorkTime
from maild.rules.times import Mention

_LONGEST_LOOK = 90
_LONGEST_SENTENCE = 1000


class DeadlineKind(StrEnum):
    """Whether a tender stage ends or a matter of administration; UNKNOWN where no word tells."""

    STAGE = "pemilihan"
    ADMINISTRATIVE = "administratif"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One cut-off. `at` is an instant in the office's zone; without `clock` it is the end of that
    day. `passed` means that it was over when the mail came. `start` and `end` are the characters
    of `evidence` in the text."""

    at: datetime
    clock: bool
    kind: DeadlineKind
    passed: bool
    evidence: str
    start: int = 0
    end: int = 0


_CUE = re.compile(
    r"\bbatas(?!an)(?:nya)?(?!\s+(?:ukuran|maks\w*|minim\w*|jumlah|karakter|atas|bawah|kewajaran))"
    r"|\b(?:(?:di|ke)?tutup|p[ea]nutup)(?:an(?:nya)?|ny[ae]|e|ne)?\b(?!\s+(?:sendiri|otomatis|"
    r"tiket|browser|aplikasi|paket\b|dulu|semua|tab\b|jendela|laptop|mulut|mata|telinga))|\bmenutup\b(?!\s+sendiri)"
    r"|\bclos(?:ing|ed|es|e)\b|\bdead\s?line|\bdate\s?line|\bdedlen|\bdedline|"
    r"\bcut\s?-?off\b|\bjatuh tempo|\bdue\b"
    r"|\b(?:peng|ka)habisan(?:ny[ae])?\b|\b(?:di)?gembok\b|\bpanungtungan\b|\bditutuik\b|\bpungkasan(?:e|nipun)\b"
    r"|\bmaks(?:imal|imum)?\.?\s+(?:jam|pukul|pkl|besok|hari ini|tgl|tanggal)"
    r"|\b(?:lewat|setelah|sesudah|habis|lepas)\s+(?:dari\s+)?(?:jam|pukul|pkl|itu)\b[^.\n]{0,40}"
    r"\b(?:tidak|tdk|tak|ga|gak|nggak|ndak|hangus|gugur|dikunci|terkunci|(?:di|ter)?tutup|lewat|pupus)\b"
    r"|\b(?:tidak|tdk|tak|ga|gak|ndak)\s+boleh\s+(?:masuk|kirim|unggah|naik)\b"
    r"|\b(?:kesempatan|peluang)\s+terakhir|\bby (?=\d|tomorrow|today|tonight|noon)"
    r"|\bhari terakhir|(?<!percobaan )(?<!coba )\bterakhir(?:nya|e)?\b(?!\s+(?:kali|login|saya|"
    r"kami|dibuka|bisa|diubah|update|di-?update))"
    r"|\b(?:ber|di)akhir(?:nya|i)?\b|\bpungkasan\b|\bpamungkas\b"
    r"|\b(?:waktu|masa|jadwal|tahap\w*|sesi|session)\b[^.\n]{0,40}\b(?:habis|abis|"
    r"selesai|usai|berakhir|expired|entek|seep)\b|\bhabis (?:waktu|masa|jadwal)\b|"
    r"\bh?abis\b(?!\s+(?:antar|jemput|mandi|kerja|sholat|salat|bangun|sekolah|as?har|d?zuhur|lohor|magh?rib|isya|subuh|jumatan|makan|rapat|itu|dari|"
    r"lebaran|libur|panen|pulang|dipakai|kuota|pulsa|baterai))"
    r"|\b(?:paling|plg) (?:lambat|lmbt|telat|akhir)\b|\bselambat-?(?:lambat)?nya|\bselambatnya"
    r"|\b(?:cuma|cm|hanya|hny|mung|ngan|masih)\s+(?:sampai|sampe|smp|sampek|nepi|nganti|ngantos)|"
    r"\b(?:sampai|sampe|smp|hingga|until|till?)\s+(?:dengan\s+)?(?:jam|pukul|pkl|besok|"
    r"bsk|lusa|hari ini|nanti|siang|sore|malam|tengah|as?har|d?zuhur|lohor|magh?rib|isya|"
    r"tgl|tanggal|\d)"
    r"|\bsisa (?:waktu|\d)|\b(?:tinggal|tersisa)\s+(?:waktu\s+)?(?:\d|setengah|beberapa|"
    r"se|satu|dua|hitungan)|\bwaktu(?:nya)? (?:tinggal|tersisa|mepet)"
    r"|\b(?:harus|wajib|kudu|mesti|hrs)\s+(?:sudah\s+|sdh\s+|udah\s+|segera\s+|bisa\s+)"
    r"?(?:selesai|masuk|ada|sampai|di\s(?:meja|tangan|kantor)|di\w+|ter\w+|aktif|kirim|upload|submit|rampung|beres|melakukan|"
    r"mem\w+|men\w+|me[lry]\w+|buka|ikut|hadir|lapor|setor|kumpul)"
    r"|\b(?:mau|akan|hendak|bakal)\s+(?:di(?:serah|kumpul|lapor|buka|tutup|kirim|mulai|"
    r"periksa|audit|bayar|cair|tayang|ttd|tanda)\w*)"
    r"|\b(?:sebelum|sblm|menjelang)\s+(?:jam|pukul|pkl|besok|bsk|hari ini|siang|sore|malam|tgl|"
    r"tanggal|tengah|as?har|d?zuhur|lohor|magh?rib|isya|jumatan|\d)"
    r"|\b(?:keburu|kburu|ndak sempat|tidak sempat|ga sempat|gak sempat)\b|\bdeadline|"
    r"\b(?:last|final) day\b|\bends?\b|\bselesai\s+(?:jam|pukul|pkl|nanti|\d{1,2}[.:]\d\d)"
    r"|\b(?:jam|pukul|pkl)\s\S{1,5}\s(?:ini\s)?(?:sudah|sdh|udah)\s(?:selesai|habis|bubar)\b"
)
_STAGE_NEXT = re.compile(
    r"\b(?:aanwi\w+|anwij\w*|penjelasan|pembukaan|dibuka penawaran\w*|pembuktian|"
    r"klarifikasi|negosiasi|nego|auction"
    r"|pemasukan|memasukkan|masukkan|masukin|evaluasi|penetapan|pengumuman|sanggah\w*|"
    r"penandatanganan|ttd kontrak|presentasi|mini ?kompetisi"
    r"|dimulai|mulai|jadwal(?:nya)?|sesi|pencairan|pemeriksaan|audit|di(?:minta|serahkan|"
    r"kumpulkan|butuhkan|perlukan|laporkan|audit|periksa|pakai|tunggu))(?:nya)?\b"
    # Who comes for it is waited for.
    r"|\b(?:jaksa|kejaksaan|penyidik|polisi|polres|bpk|bpkp|inspektorat|auditor|pemeriksa|irban|"
    r"tim (?:audit|pemeriksa|bpk|inspektorat)|dewan|komisi)(?:nya)?\b[^.\n]{0,30}"
    r"\b(?:datang|tiba|hadir|ke sini|kemari|minta|meminta|menagih|turun|menunggu|berkunjung)\b"
)
_NOT_A_DEADLINE = re.compile(
    r"\b(?:login|akses|masuk|update) terakhir(?! (?:penawaran|dokumen|berkas))|"
    r"\b(?:jam|waktu|hari)\s+(?:layanan|pelayanan|kerja|operasional|istirahat|buka)\b|"
    r"(?<!sebelum )\b(?:kantor|loket|helpdesk)\b[^.\n]{0,40}\b(?:buka|tutup|istirahat|melayani)"
    r"|\bpromo\b|\bpelayanan\b[^.\n]{0,40}\b(?:buka|libur|tutup)|\bbuka (?:jam|hari|sampai)|"
    r"\bjam berapa|\bsampai kapan|\bkapan\b|\bakhir[- "
    r"]akhir\b|\bakhir pekan|\b(?:bulan|tahun|minggu|kali|versi|\d+\s+hari|"
    r"beberapa\s+hari)\s+terakhir\b(?!\s+(?:upload|unggah|pema|sanggah|kirim|penyampaian|"
    r"input))"
    r"|(?<!ruang )\brapat\b|\btiket\b[^.\n]{0,20}\bditutup|\bcuti\b|\bpelaporan gangguan\b|"
    r"\b(?:se)?harusnya\b(?!\s+(?:\w+\s+)?(?:besok|bsk|nanti|hari ini|lusa))|"
    r"\bterakhir (?:kali|login|bisa)|"
    r"\b(?:di|me)?(?:mundur|undur|geser|maju|ubah|rubah|ganti)"
    r"(?:kan)?\b[^.\n]{0,40}\bdari\b[^\n]{0,40}\b(?:menjadi|jadi|ke)\b"
)
_OVER = re.compile(
    r"\b(?:sudah|sdh|udah|udh|telah|keburu|kburu|terlanjur|tlanjur|wis|tos|terlewat|"
    r"kelewat|terlambat|telat|lewat)\s+(?:di)?(?:tutup|berakhir|habis|lewat|closed|"
    r"terlewat|ditutup)"
    r"|\b(?:terlewat|kelewat|kelewatan|terlanjur tutup)\b|\bgagal ikut\b"
)
_STAGE_WORDS = re.compile(
    r"\b(?:penawaran\w*|tender|lelang|seleksi|upload|unggah\w*|mengunggah|kualifikasi|"
    r"sanggah\w*|sangahan|pembukaan|evaluasi|penjelasan|aanwi\w+|anwij\w*"
    r"|auction|pembuktian|penetapan|pemasukan|panawaran|tahap\w*|pendaftaran|peserta|"
    r"paket|pl|sesi|bidding|bid|kirim dok\w*|dekripsi|negosiasi|klarifikasi|aanwizing|"
    r"mini ?kompetisi)\b"
)
_ADMIN_WORDS = re.compile(
    r"\b(?:kontrak|sppbj|spk|rup|sirup|spm|sp2d|spj|lpj|laporan|pelaporan|bpk|"
    r"inspektorat|audit\w*|pemeriksa\w*|pencatatan|realisasi|itkp|monev|dak|dau|anggaran|"
    r"apbd\w*|pencairan|pembayaran|termin"
    r"|bpkad|bkad|keuangan|dipa|dpa|revisi|arsip|skp|surat edaran|sekda|input data|"
    r"jaksa(?:nya)?|kejaksaan|penyidik|polisi|irban|dewan|sipd|"
    r"rekon\w*|e-?purchasing|katalog|tagihan|kppn|triwulan|uang muka|bast|rapat|"
    r"ekspos\w*)\b"
)
_BREAK = re.compile(r"(?<!pkl)(?<!jl)(?<!no)(?<!s\.d)[.!?]+(?=\s|$)|\n+|;")


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
# A day that is told of stays the day of what is told next: "Selasa kemarin kami mengirim. Pukul
# 14.58 muncul pesan dan pukul 15.00 ditutup."
_TOLD = re.compile(
    r"\b(?:sudah (?:pukul|jam)|tertutup|hendak|muncul|keluar tulisan|tertulis|berhasil|akhirnya|"
    r"lalu|kemudian|ternyata|sempat|waktu itu)\b"
)
_TO_COME = re.compile(
    r"\b(?:nanti|ntar|besok|bsk|akan|mau|masih|sekarang|hari ini|tinggal|sisa|keburu|sesuk|lusa)\b"
)


def _masked(low: str) -> str:
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


def find_deadlines(
    text: str, times: Sequence[Mention], received_at: datetime, worktime: WorkTime
) -> tuple[Deadline, ...]:
    """All cut-offs in a mail received at `received_at`, the earliest still to come first.

    `times` are those that the text names (see `mentions`). A time of day without a day means the
    day of receipt; hours 1 to 6 without "pagi" mean the afternoon. Zones named in the text (WIB,
    WITA, WIT) win over the office's own.
    """
    if not times:
        return ()
    received = received_at.astimezone(worktime.zone)
    low = _masked(text.lower())
    found: dict[datetime, Deadline] = {}
    previous = ""
    waiting = deque(m for m in times if not _is_wished(low, m))
    told: date | None = None  # the past day that the text speaks of
    for start, end in _sentences(low):
        sentence = low[start:end]
        here: list[Mention] = []
        while waiting and waiting[0].start < end:
            m = waiting.popleft()
            here.append(replace(m, start=m.start - start, end=m.end - start))
        own_day = any(m.day or m.at for m in here)
        if told and not own_day and _TOLD.search(sentence) and not _TO_COME.search(sentence):
            here = [replace(m, day=told, since=True) for m in here]
        told = next((m.day for m in reversed(here) if m.day), told)
        if told and told >= received.date():
            told = None
        for found_here in _in_sentence(sentence, here, previous, received, worktime):
            deadline = replace(
                found_here, start=found_here.start + start, end=found_here.end + start
            )
            known = found.get(deadline.at)
            if known is None or (known.kind is DeadlineKind.UNKNOWN and deadline.kind):
                found[deadline.at] = deadline
        previous = sentence
    return tuple(sorted(found.values(), key=lambda d: (d.passed, d.at)))


def _is_wished(low: str, mention: Mention) -> bool:
    if mention.clock or low[mention.start : mention.end] not in ("hari ini", "hr ini"):
        return False
    before = re.split(r"[.,;!?\n]", low[max(0, mention.start - 45) : mention.start])[-1]
    return bool(_WISHED.search(before)) and not _ENDS_TODAY.match(low, mention.end)


def _sentences(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    for stop in chain((m.span() for m in _BREAK.finditer(text)), [(len(text), len(text))]):
        for begin in range(start, stop[0], _LONGEST_SENTENCE):
            yield begin, min(begin + _LONGEST_SENTENCE, stop[0])
        start = stop[1]


def _in_sentence(
    sentence: str,
    times: Sequence[Mention],
    previous: str,
    received: datetime,
    worktime: WorkTime,
) -> list[Deadline]:
    if not times or _NOT_A_DEADLINE.search(sentence):
        return []
    cues = [m.span() for m in _CUE.finditer(sentence)]
    weak = [] if cues else [m.span() for m in _STAGE_NEXT.finditer(sentence)]
    if not cues and not weak:
        return []
    kind = _kind(sentence) or _kind(previous)
    result: list[Deadline] = []
    for group in _grouped(times):
        near = min(cues or weak, key=lambda c: _distance(c, group))
        if _distance(near, group) > _LONGEST_LOOK:
            continue
        deadline = _deadline(group, near, sentence, kind, received, worktime)
        if deadline is None or (
            weak and (deadline.passed or not deadline.clock) and _today(deadline, received)
        ):
            continue
        if weak and deadline.passed:
            continue
        result.append(deadline)
    return result


def _today(deadline: Deadline, received: datetime) -> bool:
    return deadline.at.date() == received.date()


def _kind(sentence: str) -> DeadlineKind:
    stage = len(set(_STAGE_WORDS.findall(sentence)))
    admin = len(set(_ADMIN_WORDS.findall(sentence)))
    if admin > stage or (
        admin == stage and admin and not re.search(r"penawaran|sanggah", sentence)
    ):
        return DeadlineKind.ADMINISTRATIVE
    return DeadlineKind.STAGE if stage else DeadlineKind.UNKNOWN


def _grouped(times: Sequence[Mention]) -> list[list[Mention]]:
    """Day and clock that belong together: at most a few words between, nothing said twice."""
    groups: list[list[Mention]] = []
    for mention in times:
        if groups:
            last = groups[-1]
            close = mention.start - last[-1].end <= 45
            new = (mention.day is None or all(m.day is None for m in last)) and (
                mention.clock is None or all(m.clock is None for m in last)
            )
            same = (
                mention.day is not None
                and mention.clock is None
                and mention.day in {m.day for m in last}
            )
            if (
                close
                and mention.at is None
                and last[-1].at is None
                and (new or same)
                and not (mention.since != last[-1].since and mention.day and last[-1].day)
            ):
                last.append(mention)
                continue
        groups.append([mention])
    days = [m.day for g in groups for m in g if m.day]
    for group in groups:
        if all(m.day is None and m.at is None for m in group) and len(set(days)) == 1:
            extra = next(m for g in groups for m in g if m.day)
            group.append(Mention(group[0].start, group[0].end, day=extra.day, part=extra.part,
                                 since=extra.since and extra.day is not None))  # fmt: skip
    return groups


def _distance(cue: tuple[int, int], group: list[Mention]) -> int:
    return min(max(m.start - cue[1], cue[0] - m.end, 0) for m in group)


def _deadline(
    group: list[Mention],
    cue: tuple[int, int],
    sentence: str,
    kind: DeadlineKind,
    received: datetime,
    worktime: WorkTime,
) -> Deadline | None:
    left = min([cue[0], *(m.start for m in group)])
    right = max([cue[1], *(m.end for m in group)])
    evidence = " ".join(sentence[left:right].split())[:120]
    fixed = next((m.at for m in group if m.at), None)
    if fixed:
        return Deadline(fixed, True, kind or DeadlineKind.STAGE, False, evidence, left, right)
    clock = next((m for m in group if m.clock), None)
    named = next((m for m in group if m.day), None)
    if clock is not None and clock.since and not _ends_after(cue, clock):
        return None
    if clock is None and named is not None and named.since and named.day == received.date():
        return None  # "tadi", "dari hari ini": when it began
    day = named.day if named and named.day else received.date()
    over = bool(_OVER.search(sentence)) or (named is not None and named.since)
    if clock is None or clock.clock is None:
        part = next((m.part for m in group if m.part), "") or _part_after(
            sentence, named.end if named else right
        )
        at = datetime.combine(day, _end_of(part, day, kind, worktime), worktime.zone)
        passed = at.date() < received.date() or (over and at.date() <= received.date())
        return Deadline(at, False, kind, passed, evidence, left, right)
    at = datetime.combine(day, clock.clock, clock.zone or worktime.zone).astimezone(worktime.zone)
    later = any(m.part in ("siang", "sore", "malam") for m in group)
    if at <= received and later and at.hour < 12:
        at += timedelta(hours=12)
    passed = at <= received
    return Deadline(at, True, kind, passed, evidence, left, right)


def _ends_after(cue: tuple[int, int], clock: Mention) -> bool:
    return 0 <= cue[0] - clock.end <= 4


def _part_after(sentence: str, position: int) -> str:
    found = re.match(r"\s*(pagi|siang|sore|malam)", sentence[position : position + 12])
    return found[1] if found else ""


def _end_of(part: str, day: date, kind: DeadlineKind, worktime: WorkTime) -> time:
    """When a day named without a clock time ends: its named part, office closing, or midnight."""
    if part:
        return {"pagi": time(10), "siang": time(14), "sore": time(17), "petang": time(17)}.get(
            part, time(23, 59)
        )
    spans = worktime.spans_on(day)
    if kind is DeadlineKind.ADMINISTRATIVE and spans:
        return spans[-1][1].astimezone(worktime.zone).time()
    return time(23, 59)
