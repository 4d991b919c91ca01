"""What another office's mail is: a receipt, news, a question, an answer, or an end without one.

Ticket systems write all of them alike, from one address, often marked as automatic (peers,
mechanism 14), so the words decide, sentence by sentence: what is courtesy or form is set aside,
and what is left says the kind. In doubt it is an answer, for an officer reads that one.
"""

import re
from enum import StrEnum

from maild.desk.thanks import is_thanks


class ReplyKind(StrEnum):
    """The kinds; the values are for the journal."""

    RECEIPT = "tanda terima"
    NEWS = "kabar"
    QUESTION = "pertanyaan"
    ANSWER = "jawaban"
    CLOSED = "penutupan tanpa jawaban"
    REOPENED = "kasus dibuka kembali"


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_END = re.compile(r"(?<=[.!?])\s+|\n+")
# A ticket system repeats what it was sent below such a line.
_REPEATS = re.compile(
    r"(?im)^\W*(?:detail|isi|deskripsi|uraian|rincian|description|original|your)\s*"
    r"(?:laporan|pengaduan|tiket|ticket|pesan|permintaan|permasalahan|message|request)?\s*:\s*$"
)
_CASE = r"(?:tiket|ticket|kasus|case|laporan|pengaduan|permintaan|permohonan|keluhan|request)"
_MAIL = r"(?:surel|e-?mail|surat|pesan|message)"
_GREETING = _words(
    r"^\W*(?:terima\s?kasih(?: (?:telah|sudah|atas)[^,.!]*)?|thanks?(?: you)?(?: for[^,.!]*)?|halo"
    r"|hai|hello|selamat (?:pagi|siang|sore|malam)|dengan hormat|baik)[,.! ]+"
)
_COURTESY = _words(
    r"^\W*(?:yth|kepada yth|dear|hi|assalam\w*|wassalam\w*|hormat kami|demikian"
    r"|(?:best |kind )?regards)\b",
    r"^\W*(?:terima\s?kasih|thanks?|thank you|dengan hormat|selamat (?:pagi|siang|sore|malam)"
    r")\b.{0,45}$",
    r"^\W*(?:salam|tim|helpdesk|lkpp)\b(?:\W+\w+){0,2}\W*$",
    r"(?:jangan|tidak|do not|please don.t)\s(?:perlu\s)?(?:mem|di)?(?:balas|reply)",
    rf"{_MAIL} (?:ini )?(?:dikirim|dibuat|terkirim) (?:secara )?otomatis|automatically generated",
    r"^\W*(?:no|nomor|id|kode|subjek|subject|perihal|judul|status|prioritas|priority|kategori"
    rf"|category|tanggal|date|waktu|dibuat|created|pelapor|nama|{_CASE})\b[\w .]{{0,20}}:",
    r"\bhubungi\b.{0,60}(?:\d{3}|call\s?cent)"
    r"|(?:pantau|lacak|melihat|cek|track).{0,40}(?:status|http)|https?://\S+\W*$",
)
_RECEIPT = _words(
    rf"\b{_CASE}.{{0,80}}\b(?:di)?(?:terima|daftar|terdaftar|catat|tercatat|buat|registrasi)",
    rf"(?:telah|sudah) (?:kami )?(?:di)?terima.{{0,40}}\b(?:{_CASE}|{_MAIL})",
    rf"\b{_MAIL}.{{0,60}}(?:telah|sudah) (?:kami |di)?terima",
    r"(?:has been|was|we have|we.ve) (?:received|created|logged|registered|opened)",
    r"akan (?:segera )?(?:kami )?(?:di)?(?:tindak\s?lanjuti|proses|respons?|balas|hubungi|jawab)",
    r"\b(?:simpan|gunakan|cantumkan|sertakan|mencantumkan)\b.{0,20}\bnomor",
    rf"\bnomor {_CASE} (?:anda|saudara|bapak)|will (?:get back|respond|reply)",
    r"\b\d+\s?x\s?24 jam",
)
_NEWS = _words(
    r"\b(?:sedang|masih|tengah) (?:kami |dalam |di)?(?:proses|tangani|penanganan|cek|pengecekan"
    r"|periksa|pemeriksaan|anali[sz]\w+|koordinasi\w*|eskalasi\w*|investigasi\w*|tindak)",
    r"\b(?:mohon|harap)(?: kesediaan\w*| kesabaran\w*|.{0,25})? (?:di|me)?(?:tunggu|nunggu)",
    r"\b(?:di|kami )?(?:teruskan|eskalasi(?:kan)?)\b.{0,25}\b(?:tim|bagian|unit|l2|teknis|pusat)",
    r"\bakan (?:kami )?(?:di)?(?:kabari|kabarkan|informasikan|sampaikan)",
    r"(?:being|under) (?:processed|investigat\w+)|in progress|please wait",
)
_REOPENED = _words(rf"\b{_CASE}.{{0,60}}(?:di)?buka(?: kami)? kembali|re-?opened")
_CLOSED = _words(
    rf"\b{_CASE}\b.{{0,60}}\b(?:di|kami )?(?:tutup|selesai(?:kan)?|closed|resolved|solved)\b",
    r"\b(?:di)?anggap selesai|has been (?:closed|resolved|solved)",
)
_THING = (
    r"(?:data|info\w*|screen\s?s?ho\w*|tangkap\w*|bukti|log|user\s?-?id|username|kode"
    r"|npwp|nik|versi|kronologi\w*|nomor|waktu|tanggal|jam|surat|dokumen|berkas|file|foto|video"
    r"|rekaman|detail\w*|ktp|nama|alamat|e-?mail|pesan|keterangan|penjelasan|tahap\w*|url)"
)
_ASKING = _words(
    r"\?\W*$",
    r"\b(?:mohon|harap|tolong|silah?kan|please|agar|perlu|butuh|kami (?:me)?(?:merlukan|mbutuhkan)"
    r"|diperlukan|dibutuhkan)\b.{0,60}\b(?:(?:me|di)?(?:ng|n|m|l|ny)?(?:kirim|irim|lampir|sertak|yertak"
    r"|sampai|yampai|lengkap|beri|sebut|jelas|informasi|konfirmasi)\w*|provide|send|attach)\b"
    rf".{{0,60}}\b{_THING}\b",
    r"\b(?:kami (?:memerlukan|membutuhkan)|(?:masih )?(?:diperlukan|dibutuhkan)|need)\b"
    rf".{{0,40}}\b{_THING}\b",
    rf"\bmohon {_THING}\b",
)
# Said to somebody else, or for the case that it does not help: part of an answer.
_ADVICE = _words(
    r"\b(?:kepada|ke|oleh|minta) (?:penyedia|peserta|pengguna|ppk|pokja|pp|yang bersangkutan)",
    r"\b(?:pada|di|melalui|lewat) (?:menu|halaman|aplikasi|spse|sikap|tab|tombol)",
    r"\b(?:apabila|jika|bila|kalau|if)\b.{0,40}\b(?:masih|kembali|kendala|terkendala|lain)",
)
_ABSENT = _words(
    r"out of (?:the )?office|\bon leave\b|\b(?:sedang|tengah) (?:cuti|dinas)",
    r"\btidak (?:berada )?di (?:kantor|tempat)",
)
_FEWEST_WORDS = 3


def kind_of(text: str, automatic: bool, files: bool = False, pictures: bool = False) -> ReplyKind:
    """The kind of a mail, by what its sender wrote himself.

    `automatic` tells that its headers call it so, `files` that something is attached, `pictures`
    that its page shows some: an answer where it says nothing else, for receipts show them too.
    """
    if automatic and _ABSENT.search(text):
        return ReplyKind.RECEIPT
    found: set[ReplyKind] = set()
    for sentence in _sentences(text):
        if kind := _kind_of_sentence(_GREETING.sub("", sentence, count=1)):
            found.add(kind)
    # A receipt that says more than we understand: shown, but it is still the office's turn.
    if automatic and found >= {ReplyKind.RECEIPT, ReplyKind.ANSWER}:
        return ReplyKind.QUESTION if ReplyKind.QUESTION in found else ReplyKind.NEWS
    # The first of these that the mail says anywhere.
    for kind in (ReplyKind.QUESTION, ReplyKind.ANSWER, ReplyKind.REOPENED, ReplyKind.CLOSED):
        if kind in found:
            return kind
    if files or (pictures and not found and not automatic):
        return ReplyKind.ANSWER
    if ReplyKind.RECEIPT in found or (automatic and ReplyKind.NEWS not in found):
        return ReplyKind.RECEIPT
    said = text.strip() and not is_thanks(text)
    return ReplyKind.ANSWER if said and not found else ReplyKind.NEWS


def _sentences(text: str) -> list[str]:
    own = _REPEATS.split(text, maxsplit=1)[0]
    return [part.strip() for part in _END.split(own) if part.strip()]


def _kind_of_sentence(sentence: str) -> ReplyKind | None:
    """The kind of one sentence; None for courtesy, forms, and words too few to mean anything."""
    if _ASKING.search(sentence) and not _ADVICE.search(sentence):
        return ReplyKind.QUESTION
    for kind, pattern in (
        (ReplyKind.REOPENED, _REOPENED),
        (ReplyKind.NEWS, _NEWS),
        (ReplyKind.RECEIPT, _RECEIPT),
        (ReplyKind.CLOSED, _CLOSED),
        (None, _COURTESY),
    ):
        if pattern.search(sentence):
            return kind
    return ReplyKind.ANSWER if len(sentence.split()) >= _FEWEST_WORDS else None
