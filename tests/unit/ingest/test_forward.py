"""A user's mail that an officer passes on, in the forms in which mail programs build it: English
and Indonesian, inline and attached. Whoever wrote it becomes the requester.
"""

import email.policy
from email.message import EmailMessage

import pytest

from maild.ingest import parse
from maild.model.mail import ParsedMail

SITI = "Siti Aminah <siti@majujaya.example>"
SUBJECT = "Gagal unggah dokumen"
TEXT = (
    "Selamat pagi,\nkami gagal unggah dokumen penawaran pada tender 12345678.\nMohon bantuannya."
)
QUOTED = "\n".join(f"> {line}".rstrip() for line in TEXT.splitlines())
NOTE = "Mohon dibantu, ini masuk ke kotak saya."
LINE = "_" * 32

# program: what stands below the officer's own words
INLINE = {
    "Gmail": f"---------- Forwarded message ---------\nFrom: Siti Aminah <siti@majujaya.example>\n"
    f"Date: Mon, Feb 2, 2026 at 8:12 AM\nSubject: {SUBJECT}\nTo:"
    f" <sari@contoh.go.id>\n\n\n{TEXT}\n",
    "Gmail, Indonesian": "---------- Forwarded message ---------\nDari: Siti Aminah"
    f" <siti@majujaya.example>\nDate: Sen, 2 Feb 2026 pukul 08.12\nSubject: {SUBJECT}\n"
    f"To: <sari@contoh.go.id>\n\n\n{TEXT}\n",
    "Gmail, bold name": "---------- Forwarded message ---------\nDari: *Siti Aminah* <"
    f"siti@majujaya.example>\nTanggal: Sen, 2 Feb 2026 08.12\nSubjek: {SUBJECT}\n"
    f"Kepada: <sari@contoh.go.id>\n\n{TEXT}\n",
    "Outlook": "\nFrom: Siti Aminah <siti@majujaya.example> \nSent: Monday, February 2, 2026 8:12"
    f" AM\nTo: Sari Wulandari <sari@contoh.go.id>\nSubject: {SUBJECT}\n\n{TEXT}\n",
    "Outlook, old": "-----Original Message-----\nFrom: Siti Aminah"
    " [mailto:siti@majujaya.example] \n"
    f"Sent: Monday, February 2, 2026 8:12 AM\nTo: sari@contoh.go.id\nSubject:"
    f" {SUBJECT}\n\n{TEXT}\n",
    "Outlook, Indonesian": f"\n{LINE}\nDari: Siti Aminah <siti@majujaya.example>\n"
    f"Dikirim: Senin, 02 Februari 2026 08.12\nKepada: sari@contoh.go.id\nPerihal:"
    f" {SUBJECT}\n\n{TEXT}\n",
    "Outlook, Indonesian, Subjek": "-----Pesan Asli-----\nDari: Siti Aminah"
    " <siti@majujaya.example>"
    f"\nTerkirim: Senin, 02 Februari 2026 08.12\nKepada: sari@contoh.go.id\nSubjek:"
    f" {SUBJECT}\n\n{TEXT}\n",
    "Outlook, bold labels": f"{LINE}\n*From:* Siti Aminah <siti@majujaya.example>\n*Sent:* Monday,"
    f" February 2, 2026 8:12:00 AM\n*To:* sari@contoh.go.id\n*Subject:* {SUBJECT}\n\n{TEXT}\n",
    "Outlook on a phone": f"\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n{LINE}\nFrom: Siti"
    f" Aminah"
    f" <siti@majujaya.example>\nSent: Monday, February 2, 2026 8:12:00 AM\nTo: sari@contoh.go.id\n"
    f"Subject: {SUBJECT}\n\n{TEXT}\n",
    "Zimbra": '\n----- Forwarded Message -----\nFrom: "Siti Aminah" <siti@majujaya.example>\n'
    f'To: "Sari" <sari@contoh.go.id>\nSent: Monday, February 2, 2026 8:12:00 AM\nSubject:'
    f" {SUBJECT}\n\n"
    f"{TEXT}\n",
    "Zimbra, Indonesian": '\n----- Pesan Terusan -----\nDari: "Siti Aminah"'
    " <siti@majujaya.example>\n"
    f'Kepada: "Sari" <sari@contoh.go.id>\nTerkirim: Senin, 2 Februari 2026 08:12:00\nSubjek:'
    f" {SUBJECT}"
    f"\n\n{TEXT}\n",
    "Zimbra, Pesan yang Diteruskan": "\n----- Pesan yang Diteruskan -----\nDari:"
    " siti@majujaya.example\n"
    f"Kepada: sari@contoh.go.id\nDikirim: Senin, 2 Februari 2026 08:12:00\nPerihal:"
    f" {SUBJECT}\n\n{TEXT}\n",
    "Apple Mail": "\nBegin forwarded message:\n\n> From: Siti Aminah <siti@majujaya.example>\n>"
    " Subject:"
    f" {SUBJECT}\n> Date: 2 February 2026 at 08.12.00 WIB\n> To: sari@contoh.go.id\n>\n{QUOTED}\n",
    "Apple Mail, Indonesian": "\nMulai pesan terusan:\n\n> Dari: Siti Aminah"
    " <siti@majujaya.example>\n"
    f"> Perihal: {SUBJECT}\n> Tanggal: 2 Februari 2026 08.12.00 WIB\n> Kepada:"
    f" sari@contoh.go.id\n>\n"
    f"{QUOTED}\n",
    "iPhone": "\nSent from my iPhone\n\nBegin forwarded message:\n\n> From: Siti Aminah"
    f" <siti@majujaya.example>\n> Date: 2 February 2026 at 08.12.00 WIB\n> To: sari@contoh.go.id\n"
    f"> Subject: {SUBJECT}\n>\n> \ufeff{TEXT.replace(chr(10), chr(10) + '> ')}\n",
    "iPhone, Indonesian": "\nDikirim dari iPhone saya\n\nAwal pesan terusan:\n\n> Dari: Siti"
    " Aminah"
    f" <siti@majujaya.example>\n> Tanggal: 2 Februari 2026 08.12.00 WIB\n> Kepada:"
    f" sari@contoh.go.id\n"
    f"> Perihal: {SUBJECT}\n>\n{QUOTED}\n",
    "Samsung": "\nSent from my Galaxy\n\n-------- Original message --------\nFrom: Siti Aminah"
    f" <siti@majujaya.example> \nDate: 02/02/2026  08:12  (GMT+07:00) \nTo: sari@contoh.go.id \n"
    f"Subject: {SUBJECT} \n\n{TEXT}\n",
    "Samsung, Indonesian": "\nDikirim dari Galaxy saya\n\n-------- Pesan asli --------\nDari:"
    " Siti Aminah"
    f" <siti@majujaya.example> \nTanggal: 02/02/26  08.12  (GMT+07:00) \nKe: sari@contoh.go.id \n"
    f"Subjek: {SUBJECT} \n\n{TEXT}\n",
    "Thunderbird": f"\n\n-------- Forwarded Message --------\nSubject: \t{SUBJECT}\nDate:"
    f" \tMon, 2 Feb"
    " 2026 08:12:00 +0700\nFrom: \tSiti Aminah <siti@majujaya.example>\nTo:"
    " \tsari@contoh.go.id\n\n\n\n"
    f"{TEXT}\n",
    "Thunderbird, Indonesian": f"\n\n-------- Pesan Terusan --------\nSubjek:"
    f" \t{SUBJECT}\nTanggal: \tMon,"
    " 2 Feb 2026 08:12:00 +0700\nDari: \tSiti Aminah <siti@majujaya.example>\nKepada: \t"
    f"sari@contoh.go.id\n\n\n{TEXT}\n",
    "Roundcube": f"\n-------- Original Message --------\nSubject: {SUBJECT}\nDate: 2026-02-02"
    f" 08:12\n"
    f"From: Siti Aminah <siti@majujaya.example>\nTo: sari@contoh.go.id\n\n{TEXT}\n",
    "Roundcube, Indonesian": f"\n-------- Pesan Asli --------\nSubjek: {SUBJECT}\nTanggal:"
    f" 2026-02-02"
    f" 08:12\nDari: Siti Aminah <siti@majujaya.example>\nKe: sari@contoh.go.id\n\n{TEXT}\n",
    "Yahoo": "\n ----- Forwarded Message ----- From: Siti Aminah <siti@majujaya.example>To:"
    f" sari@contoh.go.id <sari@contoh.go.id>Sent: Monday, February 2, 2026 at 08:12:00 AM"
    f" GMT+7Subject:"
    f" {SUBJECT}\n {TEXT}\n",
}


# The same without a plain text, as web and desktop programs send it.
BODY = "".join(f"<div>{line}</div>" for line in TEXT.splitlines())
HTML = {
    "Outlook": '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
    '<p class="MsoNormal"><b><span lang="EN-US">From:</span></b><span lang="EN-US"> Siti Aminah'
    " &lt;siti@majujaya.example&gt; <br><b>Sent:</b> Monday, February 2, 2026 8:12"
    " AM<br><b>To:</b> Sari"
    f" &lt;sari@contoh.go.id&gt;<br><b>Subject:</b> {SUBJECT}<o:p></o:p></span></p></div>{BODY}",
    "Outlook on the web, Indonesian": '<hr tabindex="-1" style="display:inline-block; width:98%">'
    '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"><b>Dari:</b> Siti Aminah'
    " &lt;siti@majujaya.example&gt;<br><b>Dikirim:</b> Senin, 02 Februari 2026"
    " 08.12<br><b>Kepada:</b>"
    f" Sari<br><b>Perihal:</b> {SUBJECT}</font><div>&nbsp;</div></div>{BODY}",
    "Gmail, Indonesian": '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">----------'
    " Forwarded"
    ' message ---------<br>Dari: <strong class="gmail_sendername" dir="auto">Siti'
    " Aminah</strong> <span"
    ' dir="auto">&lt;<a'
    ' href="mailto:siti@majujaya.example">siti@majujaya.example</a>&gt;</span><br>Date:'
    f" Sen, 2 Feb 2026 pukul 08.12<br>Subject: {SUBJECT}<br>To: "
    f" &lt;sari@contoh.go.id&gt;<br></div><br><br>"
    f"{BODY}</div>",
    "Zimbra": "<br><hr id='zwchr'><div><b>From: </b>\"Siti Aminah\""
    " &lt;siti@majujaya.example&gt;<br><b>To:"
    f' </b>"Sari" &lt;sari@contoh.go.id&gt;<br><b>Sent: </b>Monday, February 2, 2026 8:12:00'
    f" AM<br><b>"
    f"Subject: </b>{SUBJECT}<br></div><br>{BODY}",
    "Apple Mail": "<div><br><blockquote type='cite'><div>Begin forwarded"
    " message:</div><br><div><b>From: </b>"
    "Siti Aminah &lt;<a"
    " href='mailto:siti@majujaya.example'>siti@majujaya.example</a>&gt;<br></div><div><b>"
    f"Subject: </b><b>{SUBJECT}</b><br></div><div><b>Date: </b>2 February 2026 at 08.12.00"
    f" WIB<br></div><div>"
    f"<b>To: </b>sari@contoh.go.id<br></div><br><div>{BODY}</div></blockquote></div>",
}


def forwarded(below: str, subject: str = f"Fwd: {SUBJECT}", html: bool = False) -> ParsedMail:
    mail = EmailMessage()
    mail["From"] = "Sari Wulandari <sari@contoh.go.id>"
    mail["To"] = "helpdesk@lpse.contoh.go.id"
    mail["Subject"] = subject
    mail["Message-ID"] = "<f1@contoh.go.id>"
    if html:
        mail.set_content(f"<html><body><div>{NOTE}</div>{below}</body></html>", subtype="html")
    else:
        mail.set_content(f"{NOTE}\n\n{below}")
    return parse.read(mail.as_bytes(policy=email.policy.SMTP), "", frozenset())


def check(mail: ParsedMail) -> None:
    found = mail.forwarded
    assert found is not None
    assert found.sender.address == "siti@majujaya.example"
    assert found.sender.name in ("Siti Aminah", "")
    assert found.subject == SUBJECT
    assert found.text.split() == TEXT.split()


@pytest.mark.parametrize("subject", ["Fwd: ", "FW: ", "Trs: ", "Terusan: "])
@pytest.mark.parametrize("program", INLINE)
def test_the_user_his_subject_and_his_words_are_found(program: str, subject: str) -> None:
    check(forwarded(INLINE[program], subject + SUBJECT))


@pytest.mark.parametrize("program", HTML)
def test_the_same_is_found_in_a_page(program: str) -> None:
    check(forwarded(HTML[program], html=True))


def test_a_mail_attached_whole_is_found_whatever_the_subject_says() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = SITI, SUBJECT
    inner.set_content(TEXT)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Sari <sari@contoh.go.id>", "Mohon ditindaklanjuti"
    mail["Message-ID"] = "<f2@contoh.go.id>"
    mail.set_content(NOTE)
    mail.add_attachment(inner)
    check(parse.read(mail.as_bytes(policy=email.policy.SMTP), "", frozenset()))


@pytest.mark.parametrize(
    "below",
    [
        "Dari: pengguna kami\nWaktu: tadi pagi\n\nMohon dicek.",
        "Perihal: akun\nMohon dicek.",
        "Pada Sen, 2 Feb 2026 pukul 08.12, Siti <siti@majujaya.example> menulis:\n> halo",
    ],
)
def test_what_only_looks_like_it_names_nobody(below: str) -> None:
    assert forwarded(below).forwarded is None
