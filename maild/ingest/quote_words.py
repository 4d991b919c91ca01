"""The words by which mail programs lead in a quote, in the languages that are met.

Only vocabulary: Indonesian and English first, then the languages of the test mails. How the
words make a quote is `quote`'s business.
"""

import re

# First word of a line such as "Pada Sen, 5 Jan 2026 pukul 08.00 Budi <b@x> menulis:".
LEADS = (
    "pada|pada tanggal|tanggal|on|in a message dated|am|den|le|el|il giorno|il|em|op|w dniu"
    "|dnia|dne"
    "|på|vào lúc|vào|lúc|fra|från|von|from|at|date|в|у|пн|вт|ср|чт|пт|сб|вс|on behalf|a|dana"
    "|de|le mer|tarihinde|--- pada|--- on|am mo|am di|am mi|am do|am fr|στις|στι|ב"
)
# The verb at its end.
VERBS = (
    "menulis|menuliskan|telah menulis|tulis|wrote|writes|said|schrieb|schreibt|a écrit|ecrit|écrit"
    "|escribió|escribio|escreveu|ha scritto|scrisse|schreef|skrev|skriver|napisał|napisała"
    "|napisał\\(a\\)|napisal|napisał/a|kirjoitti|написал|написала|написал\\(а\\)|пишет|пише"
    "|писал|писав|yazdı|şunu yazdı|đã viết|viết|a scris|napsal|napsal\\(a\\)|napísal|írta|έγραψε"
    "|menulis dlm pesannya|写道|寫道|のメール|さんは書きました|님이 작성|geschreven|gesendet"
)
ORIGINAL = (
    "original message|original email|original appointment|pesan asli|pesan semula|e-?mail asli"
    "|pesan awal|ursprüngliche nachricht|original-nachricht|originalnachricht|message d'origine"
    "|message original|mensaje original|mensagem original|messaggio originale"
    "|oorspronkelijk bericht|wiadomość oryginalna|oryginalna wiadomość|ursprungligt meddelande"
    "|oprindelig meddelelse|original besked|alkuperäinen viesti|исходное сообщение|orijinal mesaj"
    "|orijinal ileti|原始邮件|原始郵件|元のメッセージ|antwort|reply message|reply to message"
    "|balasan"
)
FORWARDED = (
    "forwarded message|forwarded by .{1,80}|pesan terusan|pesan (?:yang )?diteruskan"
    "|email (?:yang )?diteruskan|terusan pesan|diteruskan oleh .{1,80}|weitergeleitete nachricht"
    "|message transféré|mensaje reenviado|mensagem encaminhada|mensagem reencaminhada"
    "|messaggio inoltrato|doorgestuurd bericht|vidarebefordrat meddelande"
    "|przekazana wiadomość|wiadomość przekazana dalej|videresendt meddelelse|videresendt besked"
    "|välitetty viesti|пересылаемое сообщение|пересланное сообщение|переслане повідомлення"
    "|iletilen mesaj|yönlendirilmiş mesaj|转发的邮件|轉寄郵件|転送メッセージ|fwd"
)
FORWARD_BEGINS = (
    "begin forwarded message|mulai pesan terusan|awal pesan terusan|anfang der weitergeleiteten"
    " nachricht|début du message réexpédié|début du message transféré|inizio messaggio inoltrato"
    "|inicio del mensaje reenviado|início da mensagem reencaminhada|begin doorgestuurd bericht"
    "|vidarebefordrat brev|начало переадресованного сообщения|下面是被转发的邮件"
    "|転送されたメッセージ"
)
_FROM = (
    "from|dari|pengirim|von|de|da|van|od|från|fra|lähettäjä|от|від|від кого|відправник|kimden"
    "|gönderen|发件人|寄件者|差出人|보낸 사람|từ|người gửi|mittente|expéditeur|afzender|nadawca"
    "|feladó"
)
_SENT = (
    "sent|date|message du|dikirim|terkirim|kirim|tanggal|waktu|hari|gesendet|datum|envoyé|date"
    " d'envoi|enviado"
    "|enviada|enviado el|enviada em|fecha|data|inviato|verzonden|wysłano|wysłane|skickat|sendt"
    "|dato|lähetetty|päivämäärä|päiväys|отправлено|дата|надіслано|gönderildi|gönderme|tarih"
    "|gönderilme|发送时间|日期|送信日時|보낸 날짜|ngày|đã gửi|lúc|ngày gửi|sent on|odesláno|when"
    "|on|invio|послано"
)
_TO = (
    "to|kepada|ke|untuk|an|à|para|a|aan|do|till|til|vastaanottaja|кому|kime|alıcı|收件人|宛先"
    "|받는 사람|đến|tới|komu|destinataire|destinatario|címzett"
)
_COPY = "cc|bcc|tembusan|salinan|kopia|kopie|копия|копія|bilgi|抄送|副本|참조|kopi|copie(?: à)?"
_SUBJECT = (
    "subject|subjek|perihal|judul|hal|topik|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp"
    "|temat|ämne|emne|aihe|тема|konu|主题|主旨|主題|件名|제목|chủ đề|tiêu đề|předmět|tárgy"
)
_OTHER = "reply-to|balas ke|organization|priority|importance|attachments|lampiran|where|antwort an"

LABEL = re.compile(
    r"[ \t>*_|]*+(?:(?P<sender>" + _FROM + r")|(?P<sent>" + _SENT + r")|(?P<to>" + _TO + r")"
    r"|(?P<copy>" + _COPY + r")|(?P<subject>" + _SUBJECT + r")|(?P<other>" + _OTHER + r"))"
    r"[ \t]*(?:\*[ \t]*[:：]|[:：]\**)",
    re.I,
)
SEPARATOR = re.compile(
    r"[ \t>]*[-_=*–—]{2,}+[ \t]*(?:(?P<original>"
    + ORIGINAL
    + r")|(?P<forwarded>"
    + FORWARDED
    + r"))"
    r"[ \t]*[:：]?[ \t]*[-_=*–—]{2,}[ \t]*",
    re.I,
)
FORWARD = re.compile(r"[ \t]*(?:" + FORWARD_BEGINS + r")[ \t]*[:：]?[ \t]*", re.I)
ANY_SEPARATOR = re.compile(
    r"[ \t]*[-_=*–—]{3,}+[ \t]*[^\W\d_][^-_=*\n]{2,50}[ \t]*[-_=*–—]{3,}[ \t]*"
)
SECOND = re.compile(r"[ \t*](?:" + _SENT + r")\*?[ \t]*[:：]", re.I)
DATE = re.compile(  # the digit first: at most places that is all that is tried
    r"(?=\d)(?:\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d{2}\b|\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{4}年)"
)
ADDRESSED = re.compile(r"@(?<=[^\s<>@\"]@)[^\s<>@]")  # the sign first: it is quick to find
LEAD = re.compile(r"[ \t]*(?:\"?(?:" + LEADS + r")\b|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b)", re.I)
VERB_END = re.compile(
    r"(?:^|[\s>,.)\"*\]])(?:" + VERBS + r")\b(?:[^:：]|:\d){0,60}[ \t]*[:：]?[ \t]*[*_]{0,2}["
    r" \t]*$",
    re.I,
)
# A date to the minute, and the old lead-in of Gmail that has no verb: date, zone, name.
DATED = re.compile(r"\b(?:19|20)\d{2}\b.{0,20}\b\d{1,2}[:.]\d{2}\b")
STAMPED = re.compile(
    r"[ \t]*\d{4}-\d{2}-\d{2} \d{1,2}:\d{2} GMT[+-]\d{2}:\d{2} \w[^\n]{0,120}[ \t]*$"
)
# A writer who points to the quote: what he answered stands in it.
BELOW = re.compile(
    r"\b(?:(?:jawaban|tanggapan|balasan|komentar|isian)(?: \w+){0,3} (?:di ?bawah|warna|berwarna"
    r"|inline)"
    r"|(?:see|my|find|replies|answers|comments)(?: \w+){0,3} (?:below|inline|in (?:red|blue))"
    r"|(?:lihat|silakan lihat|saya jawab|sudah saya isi|kami jawab)(?: \w+){0,2} (?:di ?bawah))",
    re.I,
)
# Horde and others begin with the verb: `Quoting Budi <b@x>:`.
QUOTING = re.compile(
    r"[ \t]*(?:quoting|mengutip|kutipan dari|zitat von|quotation from|citando|citation de)"
    r"[ \t][^\n]{1,200}[:：][ \t]*$",
    re.I,
)
# Without a colon the verb ends the line, right after an address or before a rule.
CLOSED_ADDRESS = re.compile(r"@[^\s]{2,200}[ \t]+(?:" + VERBS + r")[ \t]*$", re.I)
CLOSED_RULE = re.compile(r"\b(?:" + VERBS + r")[ \t]*[-_]{2,}$", re.I)
ANGLED = re.compile(r"(?:<|&lt;)[^\s<>@]{1,64}@[^\s<>]{1,200}(?:>|&gt;)")
DATE_OR_ADDRESS = re.compile(
    r"\d{1,2}[:.]\d{2}\b|\b(?:19|20)\d{2}\b|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|[^\s<>]@[^\s<>]"
    r"|\d{4}年|@\w"
)
CLOSINGS = (
    "(?:salam(?: hormat| hangat| sejahtera)?|hormat (?:kami|saya)|dengan hormat kami"
    "|demikian(?: kami sampaikan)?"
    "|(?:atas (?:perhatian|bantuan|kerja ?sama)[^,.\\n]{0,60})?(?:kami |saya )?(?:ucapkan"
    " )?(?:terima ?kasih|makasih|trims)"
    "(?: banyak| sebelumnya| atas[^,.\\n]{0,60})?|wassalam(?:u'?alaikum[\\w .]{0,20})?|hatur"
    " nuhun|matur nuwun)"
    "|tks|tq|ttd|tertanda"
    "|(?:(?:kind|best|warm|many)(?:est)? )?regards|best(?: wishes)?|cheers|sincerely(?: yours)?"
    "|yours (?:sincerely|truly|faithfully)"
    "|(?:many )?thanks(?: and regards| in advance| again| a lot)?|thank you(?: very much| in"
    " advance)?|rgds|br|thx"
    "|mit freundlichen grüßen|(?:viele|beste|liebe|freundliche|schöne) grüße|mfg|vg|lg|gruß"
    "|cordialement|bien (?:cordialement|à vous)"
    "|salutations(?: distinguées)?|saludos(?: cordiales)?|un saludo|atentamente|atenciosamente"
    "|abraços?|cumprimentos"
    "|(?:cordiali|distinti) saluti|saluti|met vriendelijke groet(?:en)?|groet(?:en|jes)?|mvg"
    "|(?:med )?vänliga? hälsningar|mvh"
    "|(?:med )?venlige? hilsen|(?:de )?bedste hilsner|hilsen|kh|vh|pozdrawiam|z (?:poważaniem"
    "|powazaniem)|ystävällisin terveisin"
    "|terveisin|с уважением|з повагою|saygılarımla|iyi çalışmalar|trân trọng|此致|敬具"
    "|よろしくお願いします"
)
DEVICE = re.compile(
    r"[ \t*_(]*(?:(?:dikirim|terkirim|sent|gesendet|envoyé|enviado|inviato|verzonden|skickat"
    r"|sendt|lähetetty"
    r"|wysłan[eyo]|отправлено|надіслано|gönderildi|đã gửi)[ \t]+(?:dari|melalui|menggunakan"
    r"|oleh|lewat|from|via|with"
    r"|using|by|von|mit|de|depuis|à partir de|desde|do|a partir de|con|da|dal|vanaf|vanuit|met"
    r"|från|fra|z|с|из|з|từ)\b"
    r"[^,.?!]{0,70}(?:,? powered by.{0,40}|[(<\[].{0,80})?|get outlook for.{0,60}|dapatkan"
    r" outlook untuk.{0,60}"
    r"|unduh outlook untuk.{0,60}|von meine[mn] .{0,50}gesendet|obtenez outlook pour.{0,60}"
    r"|从我的.{0,40}|發自我的.{0,40}"
    r"|发自我的.{0,40}|.{0,20}から送信|powered by telkomsel.{0,60}|sent from yahoo.{0,60}|yahoo"
    r" mail:? (?:search|cari).{0,60}"
    r"|download outlook.{0,60})[ \t.*_>)]*$",
    re.I,
)
# What an office's server writes below a mail about the mail: a word for it, then who may read it.
_THIS_MAIL = (
    r"(?:the (?:information|contents?)[^.]{0,40} )?(?:this|der|diese|ce|cette|este|esta|questa)"
    r" (?:e-?mail|message|communication|transmission|nachricht|courriel|mensaje|mensagem|correo)"
    r"|(?:the )?information (?:contained )?in this|(?:isi )?(?:surel|e-?mail|surat elektronik"
    r"|pesan|informasi)(?: elektronik)? (?:dan informasi )?(?:yang terdapat )?(?:dalam )?"
    r"(?:surel |e-?mail |pesan )?ini"
)
BOILERPLATE = re.compile(
    r"[\W_]*(?:(?:disclaimer|penafian|sangkalan|confidentiality notice|pemberitahuan kerahasiaan)"
    r"\W|(?:"
    + _THIS_MAIL
    + r")\b.{0,400}?\b(?:confidential|privileged|intended (?:recipient|solely"
    r"|only|for)|rahasia|ditujukan|dimaksud|penerima yang|virus|vertraulich|confidentiel(?:le)?"
    r"|confidencial|riservat)"
    r"|(?:please )?(?:consider|think of|think about) the environment|pertimbangkan lingkungan"
    r"|(?:virus[- ]free|bebas virus)\b|scanned by .{0,60}virus)",
    re.I | re.S,
)
REPLY_ABOVE = re.compile(
    r"[^\w\n]{0,20}(?:please |mohon |harap |silakan )*(?:balas|tulis|ketik|reply|write"
    r"|type)\b[^\n]{0,60}"
    r"(?:di atas|above)[^\n]{0,30}(?:garis|baris|tanda|line|mark)\b[^\n]{0,30}",
    re.I,
)
