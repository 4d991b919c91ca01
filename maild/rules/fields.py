"""Facts that can be read out of a mail: names, addresses, messages, versions.

Owns their forms; refuses to say which of them are wanted (`complete.py` does). Every pattern is
linear: bounded repetition only.
"""

import re
from collections.abc import Iterator

from maild.rules.normalise import word_set
from maild.rules.numbers import Finds, Found, remembered
from maild.rules.pattern import Pattern

_LEGAL = (
    r"(?:CV|PT|UD|PD|Fa|Firma|Koperasi|Yayasan|PERUM|Perum|Persekutuan|BUMDes|Toko|Bengkel|"
    r"Percetakan|Konsultan|Katering|Catering|Konveksi|Mebel|Meubel|Batik|Apotek|Kedai|Warung|"
    r"Rumah\sMakan|Usaha\sDagang|Gapoktan|Asosiasi|Paguyuban)"
)
_PLACE = (
    r"(?:Dinas|Kec(?:\.|amatan)|Kel(?:\.|urahan)|Puskesmas|PKM|RSUD|RSD|RS|Badan|"
    r"Bappeda\w*|BPBD|BPKAD|BKPSDM|Bapenda|"
    r"Kantor(?:\sCamat)?|Inspektorat|UKPBJ|ULP|Setda|Sekretariat(?!\sPokja)|"
    r"Satpol(?:\sPP)?|Bagian|Balai|Universitas|Politeknik|SMA\w*|SMK\w*|SMP\w*|SD\w*|"
    r"Kementerian|Polres|Kodim|KPU|Bawaslu|Disdik\w*|Dinkes|Dinsos|Dishub|Diskominfo|"
    r"Disperindag|DPUPR|PUPR|DLH|BPSDM|BNPB|Desa|Satker|OPD|Kanwil|Pengadilan|Kejaksaan|"
    r"Rumah\sSakit|Lapas|Rutan|Stasiun|UPT\w*|Kesbangpol|DPMPTSP|DPMD|DP3A\w*|"
    r"Dis?naker\w*|Dinkop(?:\sUKM)?|DPU|Biro|BB?PJN|BB?WS|BPTD|BKKBN|RSUP|Dispar\w*|Distan\w*|DKP|Perkim|Disperkim|Kemen\w+|Pem(?:kab|kot|prov|des)|"
    r"Pemerintah(?:\s(?:Desa|Kabupaten|Kota|Provinsi))?|Distrik|Kampung|Nagari|BPKP?|BPS|Bulog|"
    r"Kejari|Kejati|Polda|Polsek|Lanal|PDAM|Perumda|Dishut\w*|Diskop\w*|Disbud\w*)"
)
# A dot stands within a name (A.B. Jaya, PT Sinar.id), not at its end.
_NAME = r"[A-Z0-9](?:[\w&'’-]|\.(?=\w)|(?<=\b[A-Z])\.){1,30}"
_COMPANY = Pattern(rf"(?<!\w){_LEGAL}\.?,?\s{{1,2}}{_NAME}(?:\s{_NAME}){{0,4}}")
_COMPANY_LOW = Pattern(
    r"(?<!\w)(?:cv|pt|ud)\.?\s{1,2}(?!kami|saya|kita|tersebut|yang|yg|lain|dan|atau|ke|"
    r"dari|dr)[a-z][\w&'-]{1,25}(?:\s(?!di\b|yg\b|yang\b|sdh\b|sudah\b|mau\b|untuk\b|"
    r"utk\b|dengan\b|dan\b|user\b|npwp\b|tidak\b|tdk\b|ga\b|gak\b|kami\b|ini\b|ikut\b|"
    r"dari\b)[a-z][\w&'-]{2,25}){0,2}"
)
_OFFICE = Pattern(rf"(?<!\w){_PLACE}\.?(?:\s\d{{1,3}})?(?:\s{{1,2}}(?:dan\s)?{_NAME}){{1,5}}")
_OFFICE_BARE = Pattern(
    r"(?<!\w)(?:(?:BKAD|Dispor\w+|Bappeda\w*|Bap+erida|Bap+elitbang\w*|BPBD|BPKAD|BKPSDM|BKD|Bapenda|Dikbud|Dinkes|Dinsos|Dis(?:dik\w*|hub|nak\w*|"
    r"par\w*|tan\w*|kominfo|perin\w*|perkim|dukcapil|pora|pertan)|DPUPR|PUPR|DLH|DPMD|Perkim|"
    r"Kesbangpol|Setda|Setwan|UKPBJ|Inspektorat|Satpol PP|Satpol|RSUD)\b|"
    r"(?i:dinas|kecamatan|kec\.?|kelurahan|puskesmas|rsud|sekolah|smp|smk|badan)\s{1,2}(?i:kesehatan|pendidikan|pupr|sosial|pertanian|"
    r"perhubungan|perikanan|perdagangan|pariwisata|koperasi|kominfo|lingkungan|perumahan|"
    r"kependudukan|arsip|perpustakaan|tenaga|ketahanan|pemuda|pekerjaan|penanggulangan|"
    r"keuangan|kepegawaian|negeri)\w*|(?i:satpol\s?pp)\b|"
    r"(?i:kantor\s(?:kelurahan|kecamatan|desa|camat|lurah|dinas|balai)\s[a-z]{3,})|"
    r"(?i:camat|lurah|kades|kepala desa|desa|kelurahan)\s(?!Yth)[A-Z][a-z]{2,}|"
    r"(?i:dinas|kecamatan|kec\.?|kelurahan|puskesmas|rsud|sekolah|smp|smk|badan)\s{1,2}[A-Z]\w+)"
)

_USER = Pattern(
    r"(?i)(?<!\w)(?:user\s?-?\s?id|userid|id\s?user|username|user\s?name|nama\s?(?:pengguna|masuk)|"
    r"id\s?pengguna|(?-i:ID)(?=\s*[:=]?\s(?-i:[A-Z][A-Z0-9_]{4,})\b)|user(?=\s*[:=]|(?:nya)?\s+(?:(?:saya|kami)\s+)?(?-i:[A-Z0-9_]{5,})\b)|login\s?id|usr|"
    r"(?-i:[Aa]kun)(?=\s+(?:(?:saya|kami|perusahaan)\s+)?(?-i:[A-Z][A-Z0-9_]{5,})\b)|"
    r"user(?=\s+[a-z]{3,20}\d{1,4}\b))"
    r"(?:nya|\s?perusahaan|\s?spse|\s?lpse|\s?kami|\s?saya|\s?penyedia|\s?akun|\s?ganda)"
    r"?\s{0,16}[:=]?\s{0,3}(?:adalah\s)?[\"“']?([A-Za-z0-9][A-Za-z0-9_.-]{3,30})"
)
# A user ID that stands in brackets behind the business or the word account: CV Nusa (NUSA77).
_USER_BRACKET = Pattern(
    r"(?:\b(?:[Uu]ser|[Aa]kun)\b|\b(?:CV|PT|UD|Koperasi)\b)[^()\n]{0,40}"
    r"(?:\(([A-Z][A-Z0-9_]{5,30})(?:(?:,| dan| &|/) ?[A-Z][A-Z0-9_]{5,30})?\)"
    r"|\s/\s([A-Z][A-Z0-9_]{5,30})\b)"
)
_NOT_A_USER = word_set(
    """
    atau maupun password pass tidak tdk lpse spse untuk dengan yang kami saya sudah belum dan
    pada ppk pokja penyedia agar nya sama serta salah pejabat auditor baru lama tolong mohon
    sekarang dari akun hilang lupa apa siapa berapa bisa karena admin ganda tersebut benar
    punya paket tender inaproc sirup sikap harus kpa perusahaan terkunci terdaftar milik dipakai
    diblokir lain spsenya sirup sertifikat pejabat penyedia pengguna
    """
)
_MAIL = Pattern(r"[A-Za-z0-9_.+%-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_QUOTE = re.compile(r"[\"“”«]([^\"“”«»\n]{3,160})[\"“”»]|(?<!\w)['‘]([^'‘’\n]{3,160})['’](?!\w)")
_ERROR_CODE = Pattern(
    r"(?i)\b(?:(?:err|dns)_[a-z_]{3,}|50[0-4]\b|40[0134]\b|0x[0-9a-f]{2,8}|"
    r"[\w.]{2,60}exception\b|error\s?(?:id|code|kode)?\s?[:=#]?\s?[a-z]{0,6}-?\d{2,8}\b"
    r"|(?:kode|code)\s?(?:error|kesalahan)?\s?[:=#]?\s?[a-z]{0,6}-?\d{2,5}\b"
    r"|bad gateway|gateway time-?out|service unavailable|internal server error|"
    r"connection (?:refused|reset|timed? ?out)|access denied|forbidden|not found|null "
    r"pointer|time ?out|timed out|invalid \w+|session (?:has )?expired|"
    r"can.?t be reached|took too long|isn.?t working|not responding|is corrupted|"
    r"(?:already )?exists|unauthori[sz]ed|not authori[sz]ed|bad request|too large|"
    r"failed to \w+|unable to \w+|duplicate (?:entry|key)|no such \w+|whitelabel|"
    r"stack ?trace|syntax error|undefined|does not exist|(?:ora|sql|err|http|pg|e)-\d{2,6}\b)"
)
_MESSAGE = Pattern(
    r"(?i)\b(?:pesan(?:nya)?|tulisan(?:nya)?|keterangan(?:nya)?|notif\w*|peringatan|"
    r"message|muncul|keluar|tampil|tertulis|katanya|bunyi(?:nya)?|error(?:nya)?|warning)"
    r"\s?(?:error\s?|kesalahan\s?|berikut\s?|seperti ini\s?)?[:=]\s{0,3}([^\n]{4,120})"
)
# What a program said, told without quotation marks: "tulisannya user tidak cocok".
_SAID = Pattern(
    r"(?i)\b(?:(?:muncul|keluar|tampil|ada|dengan|dapat)\s)?"
    r"(?:(?:tulisan|keterangan|pesan|notif(?:ikasi)?|peringatan|pemberitahuan|kalimat|warning)"
    r"(?:nya)?"
    r"(?:\s(?:error|kesalahan|bahwa|berupa|berbunyi|yang muncul|yang keluar))?"
    r"|tertulis|bertuliskan|tertera|berstatus|katanya|kata (?:sistem|aplikasi|spse)|"
    r"bilang(?:nya)?|dibilang|"
    r"berbunyi|bunyinya|dijawab|menampilkan|statusnya|status(?:\s\w+)? (?:masih|jadi|menjadi))\s"
    r"(?!ap[ao]\b|yang\b|yg\b|kami\b|saya\b|sy\b|ini\b|itu\b|dari\b|dr\b|ke\b|di\b|oleh\b|"
    r"tersebut\b|mohon\b|tolong\b|tidak ada\b|tdk ada\b|ga ada\b|belum ada\b|lewat\b|melalui\b)"
    r"((?:[^\s.,;\n]+\s){1,9}[^\s.,;\n]+)"
)
# What stands between quotation marks behind these is a name: 'saya menekan tombol "Tolak"'.
_NAMED_SO = re.compile(
    r"(?i)\b(?:tombol|menu|tab|klik|(?:me)?mencet|pencet|(?:me)?nekan|tekan|(?:me)?milih|pilih(?:an)?|opsi|kolom|"
    r"berjudul|judul|subjek|perihal|berkas|file|folder|paket|pekerjaan)(?:nya)?\W{1,3}$"
)
# What stands where a program shows a state, in one word: "tertulis nonaktif".
_STATE = Pattern(
    r"(?i)\b(?:tertulis|bertuliskan|tertera|tercatat|berstatus|statusnya|status(?:\s\w+)?)\s"
    r"(?:masih\s|jadi\s|menjadi\s)?"
    r"((?:non\s?-?aktif|ked[ae]luw?arsa|kadaluw?arsa|ditolak|dit[ao]ngguhkan|terkunci|diblokir|"
    r"gagal|pending|suspend(?:ed)?|invalid|expired|dibekukan|menunggu)\b(?:\s(?:verifikasi|"
    r"persetujuan)\b)?)"
)
# A message told without any word for it: "keluar maaf sesi anda habis".
_SHOWN = Pattern(
    r"(?i)\b(?:muncul|keluar|timbul|tampil|nongol|dapat)\s((?:maaf|gagal|invalid|oops|sesi|"
    r"session|silakan|akun anda|anda|data anda|user anda|koneksi|token|server)\s"
    r"(?:[^\s.,;\n]+\s){0,8}[^\s.,;\n]+)"
)
# What people say is no message: "PP bilang sudah dikirim", "katanya kami diundang".
_SOMEBODY = re.compile(
    r"(?i)\b(?:pp|ppk|pokja|panitia|penyedia|rekanan|peserta|admin|petugas|teman|kawan|bos|staf|"
    r"pimpinan|direktur|dinas|orang|bank|kantor|beliau|dia|mereka|ibu|bapak|pak|bu)"
    r"(?:nya)?\s(?:\w+\s){0,2}$"
)
_HEARSAY = re.compile(r"(?i)^(?:katanya|kata|bilang|dibilang|dijawab)\b")
_OF_A_PROGRAM = re.compile(
    r"(?i)\b(?:bukan|tidak|tdk|tak|ga|gak|belum|blm|sudah|sdh|telah|gagal|salah|habis|kebesaran|"
    r"kegedean|terlalu|melebihi|invalid|expired|error|ditolak|duplikat|ganda|kosong|penuh|"
    r"terkunci|kurang|lewat|berakhir|nonaktif|kedaluwarsa|harus lebih|not)\b"
)
_NOTHING_SAID = re.compile(
    r"(?i)\b(?:tidak|tdk|ga|gak|nggak|tanpa|belum|blm)\s(?:ada|muncul|keluar)?\s?$"
)
_APP_VERSION = Pattern(
    r"(?i)\b(?:apendo|spamkodok|spam\s?kodok|spse|aplikasi|versi|version|ver|v)"
    r"\.?\s{0,2}(?:peserta|penyedia|panitia|pokja|ppk|lite|versi|version|ver|v|desktop|"
    r"ppe)?\.?\s{0,2}(?:versi\s?|v\.?\s?)?(\d{1,2}(?:\.\d{1,3}){1,3}|\d{1,2}u\d{8})"
    r"|\bversi (?:terbaru|terakhir|paling baru|lama)\b"
)
_SYSTEM = Pattern(
    r"(?i)\b(?:windows|win)\s?(?:xp|vista|7|8(?:\.1)?|10|11)\b|\bmac\s?os\b|\bmacbook\b|"
    r"\bubuntu\b|\blinux\b|\bandroid\b|\biphone\b"
)
_BROWSER = Pattern(
    r"(?i)\b(?:chrome|firefox|mozilla|edge|safari|opera|brave|internet explorer|browser|"
    r"peramban)\b"
)
_PROVIDER = Pattern(
    r"(?i)\b(?:indihome|telkomsel|orbit|xl|axis|indosat|im3|tri|smartfren|biznet|"
    r"first\s?media|starlink|icon\+?|iconnet|myrepublic|oxygen|by\.?u|astinet|wifi|wi-fi|"
    r"hotspot|tethering|fiber|jaringan (?:kantor|dinas|rumah|sekolah|kampus|lokal|seluler)|"
    r"paket data|vsat|kuota|ponsel|laptop|komputer|tablet|warnet)\b"
)


@remembered
def companies(text: str) -> Finds:
    """Names of businesses: CV, PT, UD, Koperasi and a name."""
    found = tuple(Found(_clean(m.group()), *m.span()) for m in _COMPANY.finditer(text))
    return found or tuple(
        Found(_clean(m.group()), *m.span()) for m in _COMPANY_LOW.finditer(text.lower())
    )


# What stands behind a role is where it is held: PPK DPMK Manokwari, pp disnaker karawang.
_AFTER_ROLE = Pattern(
    r"(?<!\w)(?i:ppk|pp|kpa|pokja|pejabat pengadaan|admin agency)(?:\s\d[\d.]{0,3})?\s"
    r"(?i:di\s|dari\s|pada\s)?"
    r"(?!LPSE|SPSE|UKPBJ|NIP|NPWP|SIKAP|INAPROC|CV|PT|PL|TA\b|SK\b|HPS|RUP|PPK|PP\b)"
    r"([A-Z]{3,8}(?:\s[A-Z][a-z]+){0,3}|"
    r"(?:dis|din)(?!as\b)[a-z]{3,10}(?:\s(?!tidak|tdk|saya|mau)[a-z]{3,15})?)\b"
)


@remembered
def offices(text: str) -> Finds:
    """Names of agencies: Dinas, Kecamatan, RSUD, Puskesmas and a name."""
    found = tuple(Found(_clean(m.group()), *m.span()) for m in _OFFICE.finditer(text))
    found = found or tuple(
        Found(_clean(m.group()), *m.span()) for m in _OFFICE_BARE.finditer(text)
    )
    return found or tuple(Found(m[1], *m.span(1)) for m in _AFTER_ROLE.finditer(text))


def user_ids(text: str) -> Finds:
    """What follows "user ID", "username" and the like, or stands in brackets behind a business."""
    named = (
        Found(m[1].rstrip("."), *m.span(1))
        for m in _USER.finditer(text)
        if ":" in m.group()
        or "=" in m.group()
        or not m[1].islower()
        or any(map(str.isdigit, m[1]))
        or len(m[1]) > 6
    )
    bracketed = (
        Found(m[m.lastindex or 0], *m.span(m.lastindex or 0)) for m in _USER_BRACKET.finditer(text)
    )
    return tuple(f for f in (*named, *bracketed) if f.value.lower() not in _NOT_A_USER)


def addresses(text: str) -> Finds:
    """E-mail addresses."""
    return tuple(Found(m.group().rstrip("."), *m.span()) for m in _MAIL.finditer(text))


def errors(text: str) -> Iterator[Found]:
    """Quoted messages, what follows "pesan:", error codes, and what a program is told to say."""
    for m in _QUOTE.finditer(text):
        if _looks_like_message(m[1] or m[2], text[max(0, m.start() - 60) : m.start()]):
            yield Found((m[1] or m[2]).strip(), m.start() + 1, m.end() - 1)
    for m in _MESSAGE.finditer(text):
        yield Found(m[1].strip(), *m.span())
    for m in _ERROR_CODE.finditer(text):
        yield Found(m.group().strip(), *m.span())
    for m in (*_SAID.finditer(text), *_STATE.finditer(text), *_SHOWN.finditer(text)):
        before = text[max(0, m.start() - 40) : m.start()]
        if not _NOTHING_SAID.search(before) and not _hearsay(m, before):
            yield Found(m[1].strip(), *m.span(1))


def versions(text: str) -> Finds:
    """Versions of an application and names of operating systems."""
    return _named(text, (_APP_VERSION, _SYSTEM))


def networks(text: str) -> Finds:
    """Internet providers, browsers and devices."""
    return _named(text, (_PROVIDER, _BROWSER, _SYSTEM))


def _named(text: str, patterns: tuple[Pattern, ...]) -> Finds:
    return tuple(
        Found(m.group(), *m.span()) for pattern in patterns for m in pattern.finditer(text)
    )


def _hearsay(said: re.Match[str], before: str) -> bool:
    """Whether somebody said it and not a program."""
    told = _HEARSAY.match(said[0])
    if told is None or said[0].lower().startswith("kata "):  # "kata sistem ..."
        return False
    beginning = " ".join(said[1].split()[:4])
    return bool(_SOMEBODY.search(before)) or not _OF_A_PROGRAM.search(beginning)


def _looks_like_message(quoted: str, before: str) -> bool:
    """Whether a quotation is something that a program said, not a name or a title."""
    said = re.search(
        r"(?i)muncul|keluar|tampil|tulis|pesan|keterangan|notif|error|kata|bunyi|status|"
        r"message|redirect|menampilkan|diberi|dibilang|peringatan|jawab|respon|warning|"
        r"selalu|malah|konsol|console|nya\s*$|langsung|menyatakan|timbul|layar|tertera|sistem\b|"
        r"\bsays?\b|\breads\b|\bpita\b|banner|pop-?up|kotak dialog|jendela",
        before,
    )
    if _NAMED_SO.search(before):
        return False
    told = re.search(r"(?i)\b(?:bilang|ngomong)\W{0,3}$", before)
    return (
        bool(said)
        or bool(told and not _SOMEBODY.search(before[: told.start()]))
        or before.rstrip().endswith(":")
        or bool(
            re.search(
                r"(?i)gagal|error|tidak|salah|invalid|failed|expired|denied|belum|sudah|harus|"
                r"dupli[ck]at|tolak|habis|melebihi|terlalu|incomplete|unexpected|corrupt|\bnot\b|"
                r"missing|cannot|berakhir|di luar|\boops\b|\bmaaf\b|wrong|try again|silakan",
                quoted,
            )
        )
    )


def _clean(name: str) -> str:
    return " ".join(name.split()).rstrip(".,;:-")
