"""Which data a mail gives, also in a filled-in `minta_data` block, and which are still missing.

Owns the meaning of every field of the table. A file counts only when it is really attached: the
word "terlampir" gives nothing.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from maild.model.mail import Address, Attachment
from maild.model.ticket import Role
from maild.rules import fields, numbers
from maild.rules.deadline import Deadline
from maild.rules.enclosed import enclosed
from maild.rules.grounds import CHANGE, REASON
from maild.rules.happened import when
from maild.rules.pattern import Pattern
from maild.rules.priorities import Evidence, PriorityTable
from maild.rules.times import Mention

_LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True)
class Source:
    """What the extractors look at: the sender's own words (no quotes) and everything else known.

    `received` is local office time; `times` and `deadlines` stand at their places in `text`.
    """

    subject: str
    text: str
    sender: Address
    attachments: tuple[Attachment, ...]
    received: datetime
    times: tuple[Mention, ...]
    deadlines: tuple[Deadline, ...]
    role: Role
    general: bool

    @property
    def whole(self) -> str:
        """Sender's name, subject and text, a line each."""
        return f"{self.sender.name}\n{self.subject}\n{self.text}"


# What means something only where the topic asks for it: everybody gives reasons, and names firms.
_WHERE_ASKED = frozenset(
    {
        *("email_baru", "data_perubahan", "peserta", "jadwal_usulan", "alasan"),
        *("pejabat_lama_baru", "sk_penetapan", "dokumen_identitas", "bukti_pendukung"),
    }
)


def extract(
    source: Source, filled: Mapping[str, str], table: PriorityTable, wanted: Collection[str]
) -> dict[str, str]:
    """The fields of the table that can be found, `filled` (see `filled_block`) first.

    `wanted` are those that the topic asks for.
    """
    result: dict[str, str] = {}
    for name, column in table.columns.items():
        value = "" if column.evidence is Evidence.FILE else filled.get(name, "")
        if not value and name in _EXTRACTORS and (name in wanted or name not in _WHERE_ASKED):
            value = _EXTRACTORS[name](source)
        if not value and name == "kode_rup" and name in wanted:
            value = _plan(source)
        if value:
            result[name] = " ".join(value.split())[:_LONGEST_VALUE]
    return result


def filled_block(text: str, labels: Mapping[str, str]) -> dict[str, str]:
    """Field -> value from lines `Label: value`, also quoted, numbered, or wrapped by the client.

    A value may stand on the line below its label. Dots, dashes and underscores are no value.
    """
    if not any(mark in text for mark in ":=|"):
        return {}
    low = text.lower()
    result: dict[str, str] = {}
    for name, label in labels.items():
        found = _label_pattern(label).search(text) if _first_word(label) in low else None
        if not found:
            continue
        value = found["value"] or ""
        if not _is_value(value):
            below = re.match(r"\n[>\s*]*([^\n:]{1,200})(?=\n|$)", text[found.end() :])
            value = below[1] if below else ""
        if _is_value(value):
            result[name] = value.strip(" *_\t")
    return result


def _is_value(value: str) -> bool:
    return any(c.isalnum() for c in value) and not re.fullmatch(
        r"\W*(?:isi|diisi)\b.*", value.lower()
    )


def _first_word(label: str) -> str:
    return re.split(r"[\s(/,]", label.strip().lower(), maxsplit=1)[0]


@lru_cache(maxsize=512)
def _label_pattern(label: str) -> re.Pattern[str]:
    """The whole label, or its part before a bracket or comma, at the beginning of a line."""
    short = re.split(r"\s*[(,]", label)[0]
    forms = [
        r"[\s>*]+".join(map(re.escape, form.split())) for form in dict.fromkeys((label, short))
    ]
    return re.compile(
        rf"(?im)^[>\s\d.)*•-]{{0,12}}(?:{'|'.join(forms)})[ \t*]{{0,30}}[:=|][ "
        rf"\t*]{{0,10}}(?P<value>[^\n]{{0,300}})"
    )


def _first(found: Iterable[numbers.Found]) -> str:
    return next((f.value for f in found), "")


def _institution(source: Source) -> str:
    """The business or agency; the names that a Pokja gives may be bidders, its own comes first."""
    where = f"{source.text}\n{source.subject}\n{source.sender.name}"
    finders = [fields.companies, fields.offices]
    if source.role not in (Role.VENDOR, Role.UNKNOWN, Role.PUBLIC):
        finders = [fields.offices]
    for finder in finders:
        if found := _first(finder(source.sender.name)) or _first(finder(where)):
            return found
    return ""


_NOT_A_BUSINESS = re.compile(
    r"(?i)\b(?:nik|ktp)\W{0,4}(?:(?:no\w*|saya|direktur|pribadi)\W{1,4})?$"
)


def _account(source: Source) -> str:
    text = source.whole
    if found := _first(fields.user_ids(text)):
        return found
    for number in numbers.npwps(text):
        if not _NOT_A_BUSINESS.search(text[max(0, number.start - 30) : number.start]):
            return number.value
    return _first(numbers.nips(text))


_NEW = re.compile(
    r"(?i)\b(?:baru|menjadi|jadi|ke|enggal|anyar|pengganti|(?:di)?(?:ganti|ubah|alih)(?:kan)?|to|"
    r"(?:se)?(?:harus|mesti)nya|(?:yang|yg) (?:benar|betul))\W{0,20}(?:\w+\W{1,4}){0,2}$"
)
_OLD = re.compile(
    r"(?i)\b(?:lama|dari|terdaftar|sebelumnya|semula|pakai|menggunakan|heubeul|lawas)"
    r"\W{0,6}(?:\w+\W{1,4}){0,2}$"
)

_THIS_ADDRESS = Pattern(
    r"(?i)\b(?:e-?mail|surel)(?:nya)?\s(?:\w+\s){0,4}(?:yg|yang|adalah|ya|memakai|pakai)\s"
    r"(?:e-?mail\s|surel\s)?ini\b"
    r"|\b(?:sama (?:dengan|dgn|seperti)|yaitu|ialah|adalah) alamat pengirim\b"
)
_SENT_TO = re.compile(
    r"(?i)\b(?:masuk|sampai|nyampe|(?:di|ter|me|men)?kirim(?:kan)?|datang|tiba|terima)\w*\W{1,3}"
    r"(?:ke|di|pada)\W{1,3}(?:\w+\W{1,4}){0,2}$"
)


def _mails(source: Source) -> tuple[str, str]:
    """The registered address and the new one."""
    old = new = ""
    text = f"{source.subject}\n{source.text}"
    reached = 0
    for found in fields.addresses(text):
        before = text[max(reached, found.start - 45) : found.start]
        reached = found.end
        if _NEW.search(before) and not (_OLD.search(before[-22:]) or _SENT_TO.search(before)):
            new = new or found.value
        else:
            old = old or found.value
    if not old and _THIS_ADDRESS.search(source.text):
        old = source.sender.address
    return old, new


def _change(source: Source) -> str:
    found = CHANGE.search(source.text) or CHANGE.search(source.subject)
    return found.group() if found else ""


def _package(source: Source) -> str:
    return ", ".join(dict.fromkeys(f.value for f in numbers.package_codes(source.whole)))


def _rup(source: Source) -> str:
    return _first(numbers.rup_codes(source.whole))


_PLAN_CODE = re.compile(
    r"(?i)\b(?:kode|id|nomor|no)(?:nya)?\b\W{0,3}(?:paket\W|rencana\W)?(?<!\d)(\d{8})(?!\d)"
)


def _plan(source: Source) -> str:
    """Where a plan's code is asked for, a code of eight digits needs no word that says so."""
    found = _PLAN_CODE.search(source.text) or _PLAN_CODE.search(source.subject)
    return found[1] if found else ""


_STAGE = Pattern(
    r"(?i)\b(?:menu|halaman|tab|fitur|form(?:ulir)?)\s+[\"“]?[\w-]+(?:[ >/-]+[\w-]+){0,4}"
    r"|\b(?:tahap(?:an)?(?:nya|\s?nya)?)\s*[:=]?\s*(?:\w+\s){0,2}(?:pemberian penjelasan|"
    r"\w{4,}(?:\s\w{4,})?)"
    r"|\b(?:saat|waktu|ketika|pas|sewaktu|setiap|tiap|setelah|sesudah|begitu|habis)\s"
    r"(?:kali\s)?(?:\w+\s)?"
    r"(?:n?ge?-?klik|di-?klik|klik|menekan|ditekan|tekan|membuka|dibuka|buka|menyimpan|nyimpan|"
    r"simpan|disimpan|mengisi|ngisi|isi|menginput|input|mencetak|cetak|pilih|memilih)\s[\w-]+(?:\s[\w-]+){0,3}"
    r"|\b(?:aanwi\w+|penjelasan|pembukaan(?: penawaran)?|evaluasi(?: \w+)?|pembuktian(?: "
    r"kualifikasi)?|penetapan(?: pemenang)?|pengumuman(?: pemenang)?|masa sanggah|"
    r"pemasukan(?: penawaran)?"
    r"|pra\s?kualifikasi|pasca\s?kualifikasi|negosiasi|klarifikasi|e-?\s?kontrak|sppbj|"
    r"spmk|spk|bast|nilai kontrak|pembayaran|penandatanganan|persetujuan(?: \w+)?|bahp|"
    r"daftar paket|pencatatan|inbox|dashboard|beranda|adendum|serah terima|termin|"
    r"rincian hps|ringkasan kontrak|data kontrak|kontrak)\b"
)


def _stage(source: Source) -> str:
    found = _STAGE.search(source.text) or _STAGE.search(source.subject)
    return found.group().strip() if found else ""


_SHOT = re.compile(
    r"(?i)screen\s?-?sho\w*|screens?hoot\w*|tangkap\w*|capture|\bss\b|foto|gambar|\bimg|"
    r"image|print\s?screen"
)


def _file(words: str) -> Callable[[Source], str]:
    """A field that only an attachment gives."""
    wanted = re.compile(rf"(?i){words}")
    return lambda source: enclosed(wanted, source.text, source.attachments)


def _error(source: Source) -> str:
    for text in (source.text, source.subject):
        if found := _first(fields.errors(text)):
            return found
    images = [a for a in source.attachments if a.type.lower().startswith("image/")]
    for file in source.attachments:
        if (file in images and not file.inline) or _SHOT.search(file.name):
            return file.name
    if images and _SHOT.search(source.text):
        return images[0].name
    return _file(_SHOT.pattern.removeprefix("(?i)"))(source)


def _participant(source: Source) -> str:
    """The businesses that the mail is about: neither the writer's own nor one in his signature."""
    names = dict.fromkeys(f.value for f in fields.companies(source.text) if not _own(source, f))
    names = names or dict.fromkeys(f.value for f in fields.companies(source.subject))
    own = {f.value.lower() for f in fields.companies(source.sender.name)}
    return ", ".join(name for name in names if name.lower() not in own)


_OF_THE_WRITER = re.compile(
    r"(?i)\b(?:kami|saya|selaku|atas nama|a\.?n\.?)\W{1,3}(?:dari\W)?(?:penyedia\W)?$"
)
_SIGNED = re.compile(
    r"(?im)^\W{0,3}(?:hormat\b|salam\b|terima\s?kasih|trims|regards|ttd\b)[^\n]{0,40}$"
)


def _own(source: Source, company: numbers.Found) -> bool:
    if _OF_THE_WRITER.search(source.text[max(0, company.start - 30) : company.start]):
        return True
    signed = _SIGNED.search(source.text)
    return signed is not None and company.start > signed.end()


_CHANGED_TO = Pattern(
    r"(?i)semula|menjadi|jadi |jadwal baru|seharusnya|harusnya|sampai|s\.?d\.?|s/d|hingga|"
    r"ke tanggal|(?:undur|geser|pindah)(?:kan|in)? ke"
)


_SPAN_PROPOSED = re.compile(
    r"(?i)\b(?:menjadi|jadi|usul(?:kan|an)?)\W{1,3}(?:pukul\s|jam\s)?"
    r"(\d{1,2}[.:]\d\d\s?(?:-|s\.?d\.?|sampai|s/d)\s?\d{1,2}[.:]\d\d)"
)


def _schedule(source: Source) -> str:
    if not _CHANGED_TO.search(source.text):
        return ""
    span = _SPAN_PROPOSED.search(source.text)
    if span:
        return span[1]
    named = [m for m in source.times if m.day and not m.since]
    days = sorted({m.day for m in named if m.day and m.day > source.received.date()})
    return " - ".join(f"{day:%d-%m-%Y}" for day in days) if days else ""


def _reason(source: Source) -> str:
    found = REASON.search(source.text)
    return found.group() if found else ""


_TITLE = r"(?:(?:Dr|Drs|Dra|Ir|H|Hj|Sdr|Sdri|Bapak|Ibu|Pak|Bu)\.?\s)*"
_PERSON = rf"{_TITLE}[A-Z][a-z]+[\w .,]{{2,40}}"
_HANDED_OVER = Pattern(
    rf"dari\s(?:\w+\s)?{_PERSON}\s(?:\([^)\n]{{1,40}}\)\s)?(?:ke|kepada|menjadi)\s(?:\w+\s)?{_PERSON}"
    rf"|{_PERSON}\s(?:di)?(?:gantikan|ganti)\s(?:oleh\s|dengan\s|dgn\s)?{_PERSON}"
    rf"|{_PERSON}[^\n]{{0,60}}\bdi(?:alihkan|serahkan|pindahkan|ganti(?:kan)?)\s"
    rf"(?:ke(?:pada)?|oleh|dengan)\s{_PERSON}"
)


def _officials(source: Source) -> str:
    found = [f.value for f in numbers.nips(source.text)]
    if len(found) >= 2:
        return " -> ".join(found[:2])
    handed_over = _HANDED_OVER.search(source.text)
    return handed_over.group() if handed_over else ""


_EXTRACTORS: Mapping[str, Callable[[Source], str]] = {
    "uraian_masalah": lambda s: "" if s.general else s.text.strip() or s.subject,
    "peran": lambda s: "" if s.role is Role.UNKNOWN else s.role.value,
    "instansi": _institution,
    "identitas_akun": _account,
    "email_terdaftar": lambda s: _mails(s)[0],
    "email_baru": lambda s: _mails(s)[1],
    "data_perubahan": _change,
    "kode_paket": _package,
    "kode_rup": _rup,
    "tahapan": _stage,
    "waktu_kejadian": lambda s: when(s.subject, s.text, s.received, s.times, s.deadlines),
    "bukti_error": _error,
    "versi_aplikasi": lambda s: _first(fields.versions(s.text + "\n" + s.subject)),
    "peserta": _participant,
    "jadwal_usulan": _schedule,
    "alasan": _reason,
    "pejabat_lama_baru": _officials,
    "jaringan": lambda s: ", ".join(f.value for f in fields.networks(s.text)),
    "surat_permohonan": _file(
        r"surat\s?(?:permohonan|pengantar|resmi|pengajuan|permintaan|bermeterai|bermaterai|berkop|"
        r"berstempel|(?:yang\s)?(?:sudah\s)?(?:di)?(?:tandatangani|ttd|teken))|permohonan"
    ),
    "dokumen_identitas": _file(r"\bktp\b|\bnpwp\b|\bakta\b|\bnib\b|\bsiup\b|izin usaha|identitas"),
    "sk_penetapan": _file(r"\bsk\b|surat keputusan|keputusan|penetapan"),
    "bukti_pendukung": lambda s: s.attachments[0].name if s.attachments else "",
    "no_telepon": lambda s: _first(numbers.telephones(s.text)),
}
