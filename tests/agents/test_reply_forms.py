"""An officer's reply as mail programs build it: only his answer reaches the user.

For each program, English and Indonesian: plain text, or a page alone where that is what it sends.
Inside stay his signature, his address, the device line and the whole quoted notice.
"""

import html
import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from kit import builders as a
from kit.office import SARI, SITI
from kit.room import HELPDESK, Room, letter_of, plain
from maild.model.ticket import State

ANSWER = "Silakan unggah ulang.\n\nBerkasnya di bawah 2 MB."
SIGNATURE = f"--\u0020\n{SARI.name}\nLPSE Contoh\nHP 0812-3456-7890"
CLOSING = f"Salam,\n{SARI.name}\n0812-3456-7890"
US = f"Helpdesk LPSE Contoh <{HELPDESK}>"
RULE = "_" * 32


def marked(notice: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in notice.splitlines())


def head(labels: str, subject: str, sep: str = ": ") -> str:
    """A header block: From, Sent, To, Subject in the words of the program."""
    values = (US, "Senin, 02 Februari 2026 09.00", SARI.address, subject)
    return "\n".join(f"{x}{sep}{v}" for x, v in zip(labels.split(), values, strict=True))


def below(intro: str):
    return lambda notice, subject: f"{intro}\n{marked(notice)}\n"


def block(before: str, labels: str, sep: str = ": "):
    return lambda notice, subject: f"{before}{head(labels, subject, sep)}\n\n{notice}\n"


# program: (what stands between the answer and the quotation, the quotation)
PLAIN = {
    "Thunderbird": (SIGNATURE, below(f"On 02/02/2026 09.00, {US} wrote:")),
    "Thunderbird, Indonesian": (SIGNATURE, below(f"Pada 02/02/26 09.00, {US} menulis:")),
    "Gmail": ("", below(f"On Mon, Feb 2, 2026 at 9:00 AM {US}\nwrote:\n")),
    "Gmail, Indonesian": (CLOSING, below(f"Pada Sen, 2 Feb 2026 pukul 09.00 {US}\nmenulis:\n")),
    "Gmail on a phone": ("", below(f"Pada tanggal Sen, 2 Feb 2026 09.00, {US} menulis:\n")),
    "Outlook": (CLOSING, block("", "From Sent To Subject")),
    "Outlook, old": (CLOSING, block("-----Original Message-----\n", "From Sent To Subject")),
    "Outlook, Indonesian": (CLOSING, block(f"{RULE}\n", "Dari Dikirim Kepada Perihal")),
    "Outlook, Indonesian, Kirim": (CLOSING, block("", "Dari Kirim Ke Subjek")),
    "Outlook, Pesan Asli": ("", block("-----Pesan Asli-----\n", "Dari Terkirim Kepada Perihal")),
    "Outlook, bold": ("", block(f"{RULE}\n", "*From *Sent *To *Subject", ":* ")),
    "Outlook on a phone": (
        "Dapatkan Outlook untuk Android<https://aka.ms/AAb9ysg>",
        block(f"{RULE}\n", "Dari Dikirim Kepada Subjek"),
    ),
    "Zimbra": (SIGNATURE, block("----- Original Message -----\n", "From To Sent Subject")),
    "Zimbra, Indonesian": (
        SIGNATURE,
        block("----- Pesan Asli -----\n", "Dari Ke Terkirim Subjek"),
    ),
    "Zimbra with marks": (
        "",
        below(f"----- Pesan Asli -----\n{head('Dari Kepada Dikirim Perihal', 'x')}\n"),
    ),
    "Apple Mail": ("", below(f"> On 2 Feb 2026, at 09.00, {US} wrote:\n> ")),
    "Apple Mail, Indonesian": ("", below(f"> Pada 2 Feb 2026, pukul 09.00, {US} menulis:\n> ")),
    "iPhone": ("Sent from my iPhone", below(f"> On 2 Feb 2026, at 09.00, {US} wrote:\n> \n> ")),
    "iPhone, Indonesian": (
        "Dikirim dari iPhone saya",
        below(f"> Pada 2 Feb 2026, pukul 09.00, {US} menulis:\n> \n> \ufeff"),
    ),
    "Samsung": ("", block("\n-------- Original message --------\n", "From Date To Subject")),
    "Samsung, Indonesian": (
        "Dikirim dari ponsel cerdas Galaxy saya.",
        block("\n-------- Pesan asli --------\n", "Dari Tanggal Ke Subjek"),
    ),
    "Xiaomi": ("", below(f"{US} pada 2 Feb 2026 09.00 menulis:\n")),
    "Roundcube": (SIGNATURE, below("On 2026-02-02 09:00, Helpdesk LPSE Contoh wrote:")),
    "Roundcube, Indonesian": ("", below("Pada 2026-02-02 09:00, Helpdesk LPSE Contoh menulis:")),
    "K-9": ("", below(f"On 2 February 2026 09:00:00 GMT+07:00, {US} wrote:")),
    "mutt": (SIGNATURE, below("On Mon, Feb 02, 2026 at 09:00:00AM +0700, Helpdesk LPSE wrote:")),
}


def as_page(text: str) -> str:
    return html.escape(text).replace("\n", "<br>\n")


# program: the page below the answer
PAGES = {
    "Outlook": "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p"
    " class=MsoNormal><b>From:"
    "</b> {us}<br><b>Sent:</b> Monday, February 2, 2026 9:00 AM<br><b>To:</b>"
    " {to}<br><b>Subject:</b>"
    " {subject}</p></div></div>{notice}",
    "Outlook on the web, Indonesian": "<div id='appendonsend'></div><hr"
    " style='display:inline-block'><div"
    " id='divRplyFwdMsg'><b>Dari:</b> {us}<br><b>Dikirim:</b> Senin, 02 Februari 2026"
    " 09.00<br><b>Kepada:</b>"
    " {to}<br><b>Perihal:</b> {subject}<div>&nbsp;</div></div>{notice}",
    "Gmail, Indonesian": "<br><div class='gmail_quote'><div dir='ltr' class='gmail_attr'>Pada"
    " Sen, 2 Feb 2026"
    " pukul 09.00 {us} menulis:<br></div><blockquote"
    " class='gmail_quote'>{notice}</blockquote></div>",
    "Zimbra": "<br><hr id='zwchr'><div><b>From: </b>{us}<br><b>To: </b>{to}<br><b>Sent:"
    " </b>Monday, February"
    " 2, 2026 9:00:00 AM<br><b>Subject: </b>{subject}</div><br>{notice}",
    "Apple Mail": "<div><br><blockquote type='cite'><div>On 2 Feb 2026, at 09.00, {us}"
    " wrote:</div><br><div>"
    "{notice}</div></blockquote></div>",
    "Yahoo": "<div class='yahoo_quoted'><div>On Monday, February 2, 2026 at 09:00:00 AM GMT+7,"
    " {us} wrote:"
    "</div><div>{notice}</div></div>",
}


def reply(notice: EmailMessage, number: int = 0) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{SARI.name} <{SARI.address}>", notice["Reply-To"]
    mail["Subject"], mail["In-Reply-To"] = f"Re: {notice['Subject']}", notice["Message-ID"]
    mail["Message-ID"] = f"<r{number}@contoh.go.id>"
    return mail


def only_the_answer_went_out(room: Room, order: str) -> None:
    [ticket] = room.tickets()
    assert ticket.state is (State.CLOSED if order else State.ANSWERED)
    assert ticket.solution.split() == ANSWER.split()
    letter = room.last("selesai" if order else "jawaban", SITI.address)
    said = plain(letter)
    assert " ".join(ANSWER.split()) in " ".join(said.split())
    for inside in (SARI.address, "0812-3456", "CARA MENJAWAB", "menulis:", "wrote:", "iPhone"):
        assert inside not in letter.as_string()
        assert inside not in said
    assert "#selesai" not in said
    quoted = " ".join(re.sub(r"(?m)^> ?", "", plain(room.last("resi", SARI.address))).split())
    assert " ".join(ANSWER.split()) in quoted


def asked(room: Room) -> EmailMessage:
    room.arrives(letter_of(str(SITI), a.COMPLETE, "Gagal unggah dokumen penawaran"))
    return room.last("tugas_baru", SARI.address)


@pytest.mark.parametrize("order", ["", "#selesai\n"])
@pytest.mark.parametrize("program", PLAIN)
def test_only_the_answer_of_a_plain_text_reaches_the_user(
    tmp_path: Path, program: str, order: str
) -> None:
    between, quotation = PLAIN[program]
    with Room(tmp_path) as room:
        notice = asked(room)
        mail = reply(notice)
        subject = " ".join(str(notice["Subject"]).split())
        text = f"{order}{ANSWER}\n\n{between}\n\n" if between else f"{order}{ANSWER}\n\n"
        mail.set_content(text + quotation(plain(notice), subject))
        room.arrives(mail)
        only_the_answer_went_out(room, order)


def page(program: str, notice: EmailMessage, text: str) -> EmailMessage:
    mail = reply(notice)
    quotation = PAGES[program].format(
        us=html.escape(US),
        to=SARI.address,
        subject=html.escape(" ".join(str(notice["Subject"]).split())),
        notice=as_page(plain(notice)),
    )
    text = f"<html><body><div>{as_page(text)}</div>{quotation}</body></html>"
    mail.set_content(text, subtype="html")
    return mail


@pytest.mark.parametrize("program", PAGES)
def test_only_the_answer_of_a_page_alone_reaches_the_user(tmp_path: Path, program: str) -> None:
    with Room(tmp_path) as room:
        room.arrives(page(program, asked(room), ANSWER))
        only_the_answer_went_out(room, "")


@pytest.mark.parametrize("program", PAGES)
def test_an_order_in_a_page_alone_does_not_run_and_is_no_text_for_the_user(
    tmp_path: Path, program: str
) -> None:  # B011, B012
    nothing_left(tmp_path, lambda notice: page(program, notice, f"#catatan\n{ANSWER}"))


def typed(text: str):
    def made(notice: EmailMessage) -> EmailMessage:
        mail = reply(notice)
        mail.set_content(text.format(quote=marked(plain(notice))))
        return mail

    return made


@pytest.mark.parametrize(
    "text",
    [
        "Yth. Ibu Siti,\n\n#selesai\nSilakan unggah ulang.",
        "#selesai\nSilakan unggah ulang.\n\n#catatan pengguna ini sering salah",
        "#data\nMohon kode tendernya.\n#internal jangan dikirim",
        "#eskalasi\nSudah dicoba.\n#selsai",
        "Helpdesk menulis:\n{quote}\n\n#selesai\nSilakan unggah ulang.",
    ],
)
def test_an_order_that_stands_where_none_is_read_keeps_the_text_back(
    tmp_path: Path, text: str
) -> None:
    nothing_left(tmp_path, typed(text))


def nothing_left(folder: Path, mail) -> None:
    with Room(folder) as room:
        notice = asked(room)
        room.new_post()
        room.arrives(mail(notice))
        assert [(t, r) for t, r, _ in room.new_post()] == [("resi", SARI.address)]
        receipt = " ".join(plain(room.last("resi", SARI.address)).split())
        assert "hanya dibaca pada baris-baris pertama" in receipt
        assert room.tickets()[0].state is State.IN_PROGRESS


@pytest.mark.parametrize("text", ["Lihat #1 dan #2 di bawah.", "#1 Keluar\n#2 Masuk kembali"])
def test_numbers_with_a_sign_are_text(tmp_path: Path, text: str) -> None:
    with Room(tmp_path) as room:
        room.arrives(typed(text)(asked(room)))
        assert room.tickets()[0].solution == text
