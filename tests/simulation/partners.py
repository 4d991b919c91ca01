"""Machines that answer whatever they get: the partners with whom a helpdesk can fall into a loop.

Each takes a letter and gives what it sends back; it sends at once and for ever. The twelve kinds
are those of T11 (B098 to B111); most do not say that they are machines.
"""

from collections.abc import Callable, Iterator
from email.message import EmailMessage

from kit.service import written

Answer = Callable[[str, EmailMessage, str], Iterator[bytes]]


def _number(message_id: str) -> str:
    return message_id.strip("<").partition("@")[0]


def _back(who: str, text: str, letter: EmailMessage, mid: str, **headers: str) -> bytes:
    return written(text, who, message_id=mid, answering=letter, **headers)


def honest(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """Away, and says so as RFC 3834 asks."""
    text = "Saya sedang cuti sampai tanggal 30. Terima kasih atas surel Anda."
    yield _back(who, text, letter, mid, Auto_Submitted="auto-replied")


def silent(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """Away; nothing in the header says so (B099)."""
    yield _back(
        who, "Mohon maaf, saya sedang di luar kota. Surel Anda akan saya baca.", letter, mid
    )


def changing(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """A vacation program that writes a new mail with another subject each time."""
    subject = f"Balasan {_number(mid)} ({letter['Subject']})".replace("\n", " ")
    text = f"Pesan {_number(mid)} diterima. Saya kembali bekerja pekan depan dan akan menghubungi."
    yield written(text, who, " ".join(subject.split())[:180], message_id=mid)


def tickets(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """A ticket system: a new ticket for each mail, its own tag, no threading, no header (B102)."""
    subject = f"[REQ-{_number(mid)}] {letter['Subject']}"
    text = f"Permintaan Anda kami daftarkan dengan nomor REQ-{_number(mid)}. Tim akan membalas."
    yield written(text, who, " ".join(subject.split())[:180], message_id=mid)


def listed(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """A list server that sends what it gets to all its members, us among them (B104)."""
    yield _back(who, str(letter["Subject"]), letter, mid, List_Id="<daftar.example>")


def bounced(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """A bounce in free words, from an ordinary address, without the null sender (B108)."""
    text = (
        "Pesan Anda tidak dapat dikirim.\n\n<tujuan@mati.example>: 550 5.1.1 User unknown\n\n"
        f"Message-ID: {letter['Message-ID']}\n"
    )
    yield written(text, who, "Undelivered Mail Returned to Sender", message_id=mid)


def forwarded(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """Redirects what it gets back to us, octet by octet (B103)."""
    del who, mid
    yield b"Delivered-To: penerus@x.example\r\n" + letter.as_bytes().replace(b"\n", b"\r\n")


def quoted(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """Forwards what it gets as a mail of its own, without our marks."""
    body = letter.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    yield written(f"Diteruskan:\n\n{text}", who, f"Fwd: {_number(mid)}", message_id=mid)


def challenged(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """Asks to prove that a human wrote (B111)."""
    text = "To deliver your message, please confirm that you are human: https://x.example/verify"
    subject = "Please confirm your message"
    yield written(text, who, subject, message_id=mid, Auto_Submitted="auto-generated")


def receipted(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """A read receipt for every letter (B075)."""
    yield (
        f"From: {who}\r\nTo: helpdesk@lpse.contoh.go.id\r\nSubject: Read: surel\r\n"
        f"Message-ID: {mid}\r\nIn-Reply-To: {letter['Message-ID']}\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSurel Anda telah dibaca.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Final-Recipient: rfc822;{who}\r\nOriginal-Message-ID: {letter['Message-ID']}\r\n"
        "Disposition: automatic-action/MDN-sent-automatically; displayed\r\n\r\n--b--\r\n"
    ).encode()


def thanked(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """A robot that thanks, and asks for something each time."""
    text = f"Terima kasih. Mohon informasi lebih lanjut mengenai permintaan {_number(mid)} kami."
    yield _back(who, text, letter, mid)


def doubled(who: str, letter: EmailMessage, mid: str) -> Iterator[bytes]:
    """Two answers for one letter: a loop with it would not only run, but grow."""
    yield from tickets(who, letter, mid)
    yield from silent(who, letter, mid.replace("<", "<lagi."))


PARTNERS: dict[str, Answer] = {
    made.__name__: made
    for made in (
        *(honest, silent, changing, tickets, listed, bounced, forwarded, quoted, challenged),
        *(receipted, thanked, doubled),
    )
}
# Of these nothing is answered at all: they say what they are, or show that it is our own letter.
MARKED = ("honest", "listed", "forwarded", "challenged", "receipted")
