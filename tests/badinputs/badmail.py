"""How the rows' mails are put together: pieces of octets, for most are no good mail."""

import email.policy
import hashlib
from email.message import EmailMessage

from kit.office import MAILBOX
from kit.people import COMPLETE

SIDE = "budi@x.example"  # whom most bad mail names as its sender: no officer, but a namesake
PLAIN = "Content-Type: text/plain; charset=utf-8\n"
MIME = "MIME-Version: 1.0\n"
ASK = f"\n{COMPLETE}\n"  # the body of a mail that brings a whole problem


def head(sender: str = f"Budi <{SIDE}>", subject: str = "Gagal unggah", mid: str = "") -> bytes:
    """The first fields of a mail as octets, each on its line; no empty line behind them."""
    made = mid or f"<{hashlib.sha256((sender + subject).encode()).hexdigest()[:12]}@klien.example>"
    fields = (f"From: {sender}", f"To: {MAILBOX}", f"Subject: {subject}", f"Message-ID: {made}")
    return "".join(f"{field}\r\n" for field in fields).encode()


def octets(*pieces: str | bytes) -> bytes:
    """Pieces of a mail put together, with CRLF line ends."""
    whole = b"".join(p if isinstance(p, bytes) else p.encode() for p in pieces)
    return whole.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def multipart(*parts: str | bytes, kind: str = "mixed", boundary: str = "b") -> bytes:
    """The type field and body of a multipart; each part has its own fields and empty line."""
    line = f"--{boundary}"
    body = b"".join(octets(line, "\n", part, "\n") for part in parts)
    first = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'
    return octets(first) + body + octets(f"{line}--\n")


def answering(letter: EmailMessage, sender: str, mid: str = "") -> bytes:
    """The first fields of a reply to a letter of ours."""
    made = (
        mid or f"<{hashlib.sha256(str(letter['Message-ID']).encode()).hexdigest()[:12]}@k.example>"
    )
    to, thread = letter["Reply-To"] or letter["From"], letter["Message-ID"]
    fields = (
        f"From: {sender}",
        f"To: {to}",
        f"Subject: Re: {letter['Subject']}",
        f"Message-ID: {made}",
        f"In-Reply-To: {thread}",
        f"References: {thread}",
    )
    return "".join(f"{field}\r\n" for field in fields).encode()


def as_sent(mail: EmailMessage) -> bytes:
    """A mail as its octets, with CRLF line ends."""
    return mail.as_bytes(policy=email.policy.SMTP)
