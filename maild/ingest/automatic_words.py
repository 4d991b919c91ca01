"""The words by which automatic mails give themselves away; only vocabulary, used by `automatic`.

A subject that must *start* so is a sign by itself; the weaker ones need a second sign, because
people write about their leave too.
"""

import re

_ABSENT = (
    "out of (?:the )?office|out-of-office|away from (?:the|my) office|automatic reply"
    "|auto(?:matic)?[- ]?"
    "(?:re(?:ply|sponse|sponder)|answer)|autoreply|automated (?:reply|response|message)"
    "|vacation (?:reply|message)"
    "|on vacation|i am (?:away|on leave)|(?:i'm|i am) out of|away notice|balasan otomatis"
    "|(?:balas|jawab|jawaban|respons?|pesan) otomatis|di luar kantor"
    "|sedang (?:cuti|dinas luar|tidak di kantor)"
    "|tidak (?:berada )?di (?:kantor|tempat)|abwesenheit(?:snotiz|snachricht|sassistent)?"
    "|automatische antwort"
    "|automatisch(?:e)? (?:antwoord|rückantwort|beantwoording)|réponse automatique|absence du"
    " bureau"
    "|absent du bureau|respuesta automática|fuera de (?:la )?oficina|resposta automática|fora"
    " do escritório"
    "|risposta automatica|fuori sede|afwezig(?:heid)?|autosvar|frånvaro|ikke til stede"
    "|automaattinen vastaus"
    "|automatyczna odpowiedź|odpowiedź automatyczna|poza biurem|automatická odpověď"
    "|автоматический ответ"
    "|автоответ|відсутн|otomatik yanıt|ofis dışında|自动回复|自動返信|自動回覆|不在通知|자동"
    " 회신|부재중"
    "|trả lời tự động|automatikus válasz|räspuns automat|räspuns|răspuns automat|αυτόματη απάντηση"
)
AWAY_SUBJECT = re.compile(
    r"\s*(?:\[?(?:" + _ABSENT + r")\b\]?\s*(?:[:：!.(\[-]|$|re:|from|until|sampai)"
    r"|auto\s*[:：]\s*|\[(?:auto(?:matic)?(?:[- ]reply)?|pesan otomatis)\]"
    r"|vacation\s*[:：-]|ooo\s*[:：-])",
    re.I,
)
AWAY_WEAK_SUBJECT = re.compile(
    r"\s*(?:(?:re|bls|aw|balasan|auto|cuti|libur)\s*:"
    r"|(?:pesan|notifikasi|pemberitahuan|info) (?:cuti|libur|tidak di)|.{0,40}(?:"
    + _ABSENT
    + "))",
    re.I,
)
# A day: what makes an absence a matter of dates rather than of hours.
_DAY = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?[ .-](?:of )?(?:jan|feb|mar|apr|ma[iy]|jun|jul|a[gu]u|sep|o[ck]t"
    r"|nov|de[cs])|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d|\d{1,2}[/.-]\d{1,2}"
    r"|tanggal|the \d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:senin|selasa|rabu|kamis|jumat"
    r"|sabtu|minggu)\b|\d{1,2} (?:s\.?d|sampai|hingga|-))"
)
AWAY_TEXT = re.compile(
    r"(?:i am|i'm|i will be|we are|our (?:office|company) (?:is|will be)|saya|kami|kantor(?:"
    r" kami)?) (?:currently |now |sedang |akan |saat ini |masih |saya )*(?:out of (?:the"
    r" )?office|not in the office|on (?:\w+ )?(?:leave|holidays?|vacation)|travell?ing|away|closed"
    r"|(?:melaksanakan |menjalani |mengambil )?(?:cuti|libur|tutup)|berlibur|dinas(?: ke)? luar"
    r"|(?:berada )?di luar (?:kantor|kota|negeri)|tidak (?:berada |ada )?di (?:tempat|kantor)"
    r"|tidak (?:bertugas|masuk(?: kantor| kerja)?|aktif)"
    r"|(?:mengikuti|melaksanakan|menghadiri|menunaikan) (?:diklat|pelatihan|tugas|dinas|ibadah"
    r"|rapat|pendidikan))"
    r"(?:[^\n.!?]|\.(?! )){0,120}?(?:\b(?:until|till|return|be back|reopen|sampai|hingga|s\.?d\.?"
    r"|mulai|kembali|from " + _DAY + r")|" + _DAY + r")"
    r"|tidak (?:dapat|bisa) (?:membalas|merespons?|menjawab|membaca)[^\n.]{0,40} (?:karena|sebab"
    r"|hingga|sampai)"
    r"|limited access to (?:my )?e-?mail|akses terbatas ke (?:e-?mail|surel)"
    r"|(?:bin|ist) (?:ich )?(?:vom|bis|ab)[^\n]{0,60}nicht (?:im büro|erreichbar)",
    re.I,
)
AWAY_MORE = re.compile(
    r"mendesak|darurat|urgent|emergenc|terima kasih (?:atas|telah|sudah)[^\n]{0,20}(?:e-?mail"
    r"|surel|pesan|menghubungi)"
    r"|thank(?:s| you) for (?:your|contacting)|limited access|akses terbatas|(?:silakan|dapat"
    r"|bisa) (?:meng)?hubungi"
    r"|please contact|mohon menghubungi|akan (?:saya |kami )?(?:segera )?(?:(?:mem|di)?balas"
    r"|(?:me)?respons?|(?:men|di)?jawab)|will (?:reply|respond|answer|be answered)",
    re.I,
)
REQUEST = re.compile(
    r"\?|\b(?:mohon(?! maaf)|tolong|minta|apakah|bagaimana|please|could you|can you|kirim"
    r"|lampir|coba)",
    re.I,
)
# What a notice asks of its reader: to turn to somebody else, to be patient, or not to answer.
REFERRAL = re.compile(
    r"\b(?:please|kindly|mohon|harap|silakan|tolong)(?: untuk| dapat| bisa| anda| segera)*"
    r" (?:(?:meng)?hubungi|contact|call|(?:re)?direct|refer|reach|e-?mail|write|see|note|bear"
    r"|(?:meng)?kirim(?:kan)?(?: \w+){0,3} (?:ke|kepada)|disampaikan|menyampaikan|ditujukan"
    r"|dimaklumi|maklum|bersabar|menunggu|(?:tidak |jangan )?(?:mem)?balas|do not|be advised"
    r"|allow)",
    re.I,
)
SPOKEN = re.compile(r"\"[^\"\n]{0,500}\"|“[^”\n]{0,500}”|«[^»\n]{0,500}»")
# Thanks at the head of a mail that only a system without a reader sends.
THANKED = re.compile(
    r"terima kasih (?:telah|sudah|atas)[^\n.]{0,30} ?(?:menghubungi|surel|e-?mail|pesan|laporan)"
    r"|thank(?:s| you) for (?:contacting|reaching|your (?:message|e-?mail|inquiry|request))",
    re.I,
)
ACKNOWLEDGED = re.compile(
    r"(?:(?:have|has been|'ve|was) (?:been )?(?:received|registered|logged)|received your)"
    r"|(?:laporan|permintaan|permohonan|pesan|surat|surel|e-?mail|aduan|pengaduan|tiket)"
    r" (?:anda|bapak|ibu|saudara)[^.\n]{0,40} (?:telah|sudah) (?:kami )?(?:di)?"
    r"(?:terima|daftar|catat)",
    re.I,
)
_AUTOMATIC = (
    r"this is an auto(?:matic|mated|-?generated)?[- ](?:reply|response|message|e-?mail"
    r"|notification|generated|acknowledg)"
    r"|(?:automatically|auto)[- ]generated (?:e-?mail|message|reply|response)"
    r"|this (?:e-?mail|message|reply|response) (?:is|was|has been) (?:sent |created |generated )?"
    r"(?:automatically|auto-generated)"
    r"|(?:e-?mail|surel|surat|pesan|balasan|jawaban|notifikasi|dokumen|laporan) ini"
    r" (?:dikirim(?:kan)?|dibuat|dihasilkan|dibalas|dijawab|merupakan (?:balasan|jawaban|pesan))"
    r"(?: oleh sistem)?"
    r"(?: secara)? otomatis"
    r"|ini (?:adalah|merupakan) (?:balasan|jawaban|pesan|surel|e-?mail|surat) otomatis"
    r"|diese (?:e-?mail|nachricht) wurde automatisch"
)
_NO_ANSWER = (
    r"(?:please )?do not reply|(?:mohon|harap|tidak perlu|jangan)(?: untuk)?(?: tidak)?"
    r" (?:membalas|balas|dibalas|menjawab)"
)
# A mail that calls itself automatic at the start of a sentence speaks of itself; a person who
# tells of one puts it into a sentence of his own.
DECLARED = re.compile(r"(?:^|[.!?/] )[\W_]*(?:" + _AUTOMATIC + ")", re.I | re.M)
ASKS_NO_ANSWER = re.compile(r"(?:^|[.!?/] )[\W_]*(?:" + _NO_ANSWER + ")", re.I | re.M)
# A number given to the mail, or the wish for no answer, beside the declaration.
NUMBERED_OR_CLOSED = re.compile(rf"{_NO_ANSWER}|#\d{{3,}}", re.I)
RECEIPT_SUBJECT = re.compile(
    r"\s*(?:read(?: receipt)?|return receipt(?: \(displayed\))?|not read|telah dibaca|dibaca"
    r"|tidak dibaca"
    r"|tanda terima (?:baca|dibaca)|gelesen|lu|leído|lido|letto|gelezen|läst|disposition"
    r" notification)"
    r"\s*[:：-]",
    re.I,
)
RECEIPT_TEXT = re.compile(
    r"(?:was|has been|wurde|telah|sudah) (?:read|displayed|deleted|gelesen|angezeigt|dibaca"
    r"|dihapus|ditampilkan)"
    r"|this is a (?:return|read) receipt|your message|pesan anda",
    re.I,
)
RECALL_SUBJECT = re.compile(
    r"\s*(?:recall|penarikan(?: pesan)?|tarik kembali|message recall[\w ]*)\s*:", re.I
)
RECALL_TEXT = re.compile(
    r"would like to recall|ingin menarik (?:kembali )?pesan|recall (?:the|this) message", re.I
)
CHALLENGE_SUBJECT = re.compile(
    r"verif|confirm|authenticat|action required|konfirmasi|please|spam ?(?:arrest|block)"
    r"|approve|permission|challenge"
    r"|your (?:message|mail|e-?mail) (?:to|was|is)|captcha|boxbe|wait",
    re.I,
)
CHALLENGE = re.compile(
    r"(?:verify|confirm|prove)[^\n.]{0,60}(?:that )?(?:you are|you're"
    r"|your(?:self)?)[^\n.]{0,40}(?:human|person|real|spammer"
    r"|sender|address|e-?mail)|(?:click|visit|follow|klik)[^\n]{0,80}(?:(?:so|to|untuk"
    r"|agar)[^\n]{0,40})?"
    r"(?:(?:release|deliver) your (?:message|mail|e-?mail)|your (?:message|mail|e-?mail)"
    r" (?:will|can) be (?:delivered|released))"
    r"|challenge[- /]response|spam ?arrest|boxbe|to complete (?:this|the) verification"
    r"|your message (?:is|has been)[^\n]{0,40}(?:held|waiting|quarantin)[^\n]{0,100}(?:verif"
    r"|confirm|human|click|reply)"
    r"|bukan robot|buktikan bahwa anda manusia|anti-?spam[^\n]{0,80}(?:confirm|verif|click"
    r"|reply|konfirmasi)"
    r"|(?:reply to|balas) this (?:message|mail|e-?mail)[^\n]{0,80}(?:deliver|whitelist|accept)",
    re.I,
)
# A challenge speaks to the sender about the mail that he sent.
CHALLENGED = re.compile(
    r"\b(?:your|this) (?:original |recent )?(?:message|mail|e-?mail)\b(?! (?:address|account))"
    r"|(?:message|mail|e-?mail) (?:that )?you (?:have )?sent"
    r"|(?:pesan|surel|e-?mail|surat) anda\b",
    re.I,
)
COMPLAINT_SUBJECT = re.compile(
    r"abuse report|spam report|complaint about (?:message|e-?mail)|feedback report|e-?mail"
    r" feedback|fbl"
    r"|junk ?mail report|laporan (?:spam|penyalahgunaan)|email abuse|client tos notification"
    r"|\(abuse\)",
    re.I,
)
UNSUBSCRIBE = re.compile(
    r"\A\s*(?:re: )?(?:unsubscribe|berhenti berlangganan)\s*$"
    r"|sent this (?:e-?mail|message) to unsubscribe",
    re.I | re.M,
)
COMPLAINT_TEXT = re.compile(
    r"abuse|spam|complain|feedback loop|unsolicited|junk|feedback-type|keluhan|penyalahgunaan",
    re.I,
)
COMPLAINT_SENDER = re.compile(
    r"abuse|fbl|feedback|complain|staff@hotmail|scomp@|spam|postmaster|noreply|no-reply|arf"
    r"|report",
    re.I,
)
