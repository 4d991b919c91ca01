"""Odd mails: whole ones, broken in the ways in which mails break; and what must hold of each.

One seed gives the same mails again. What must hold (docs/accuracy.md): reading never raises,
takes time linear in the size, gives the same answer whatever the line ends are, leaves no reply
text empty where there is text, and every file can be read again.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from operator import attrgetter

from maild.ingest import parse
from maild.model.mail import Attachment, ParsedMail

STRETCHED = 200_000
_ENDING = {"attachments", "content_hash", "defects"}
_COMPARED = [field.name for field in fields(ParsedMail) if field.name not in _ENDING]
_compared = attrgetter(*_COMPARED)
SNIPPETS = (
    b"",
    b" ",
    b"\t",
    b"\0",
    b"\xff",
    b"\xc3",
    b"\x1b$B",
    b"=",
    b"=\n",
    b"=20\n",
    b"=?utf-8?B?",
    b"=?x?Q?=E9_?=",
    b"--",
    b"-- \n",
    b"--b",
    b"--b--\n",
    b"> ",
    b">> > ",
    b"From: a@x.example\n",
    b"From: <",
    b"From \n",
    b"To: (((((",
    b"Cc: a;b,c:d;\n",
    b'Subject: "\\\n',
    b"Date: 32 Foo 99999 25:61 +9999\n",
    b"Message-ID: <>\n",
    b"References: <a> <b@\n",
    b"Return-Path: <>\n",
    b"Auto-Submitted: auto-replied\n",
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: multipart/alternative; boundary=\n",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
    b"Content-Type: message/rfc822\n",
    b"Content-Type: message/delivery-status\n",
    b"Content-Type: text/html\n",
    b"Content-Type: text/plain; charset=utf-16; format=flowed\n",
    b"Content-Type: application/ms-tnef\n",
    b"Content-Type: text/calendar; method=REPLY\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%; filename*9=x\n",
    b"\n",
    b"\n\n\n",
    b"<blockquote>",
    b"</div>",
    b"<div style='display:none'>",
    b"<table><tr><td>",
    b"<!--",
    b"<",
    b"&#x",
    b"&nbsp;",
    b"begin 644 a b\n",
    b"#0V%T\n`\nend\n",
    b"On Mon, Jan 5, 2026 A <a@x> wrote:\n",
    b"Pada 5 Januari 2026 menulis:\n",
    b"-----Original Message-----\n",
    b"---------- Forwarded message ---------\n",
    b"Dari: a@x\nDikirim: Senin\nKepada: b\nSubjek: c\n",
    b"Dikirim dari iPhone saya\n",
    b"Hormat kami,\nBudi\n",
    b"#selesai\n",
    b"Final-Recipient: rfc822; a@x\nAction: failed\nStatus: 5.1.1\n",
    b"<a@x.example>: 550 5.1.1 User unknown\n",
)


def mails(seeds: Sequence[bytes], count: int, seed: int) -> Iterator[bytes]:
    """`count` odd mails made of the `seeds`; line ends are LF."""
    source = random.Random(seed)
    for number in range(count):
        octets = source.choice(seeds)[:60_000]
        for _ in range(source.randint(1, 6)):
            octets = source.choice(_CHANGES)(source, octets, seeds)
        if number % 200 == 199:
            octets = _stretched(source, octets)
        yield octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def faults(octets: bytes) -> list[str]:
    """What does not hold of a mail with LF line ends; nothing when all is well."""
    try:
        mail = parse.read(octets, "mx.example")
        found = _of_one(mail, octets)
        for name, ending in (("CRLF", b"\r\n"), ("CR", b"\r")):
            other = parse.read(octets.replace(b"\n", ending), "mx.example")
            found += [f"{name} differs in {key}" for key in _differing(mail, other)]
    except Exception as error:  # noqa: BLE001  # that is what is looked for
        return [f"raises {error!r}"]
    return found


def _of_one(mail: ParsedMail, octets: bytes) -> list[str]:
    found = []
    if bool(mail.reply_text.strip()) != bool(mail.text.strip()):
        found.append("reply text and text are not both empty or both there")
    names = [file.name for file in mail.attachments]
    for text in (mail.text, mail.reply_text, mail.subject, *names):
        if not _storable(text):
            return [*found, "a character that no database takes"]
    return found + [
        f"file {file.part} is read again with another size"
        for file in mail.attachments
        if len(parse.content_of(octets, file.part)) != file.size
    ]


def _storable(text: str) -> bool:
    try:
        text.encode()  # lone surrogates alone cannot be UTF-8
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _differing(one: ParsedMail, other: ParsedMail) -> list[str]:
    """The fields that differ, apart from what the line ends are part of: the octets of files."""
    both = zip(_COMPARED, _compared(one), _compared(other), strict=True)
    found = [name for name, this, that in both if this != that]
    return found + ["attachments"] * (_files(one) != _files(other))


def _files(mail: ParsedMail) -> list[Attachment]:
    return [replace(one, size=0, sha256="", decoration=False) for one in mail.attachments]


def _place(source: random.Random, octets: bytes) -> int:
    return source.randint(0, len(octets))


def _insert(source: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    at = _place(source, octets)
    return octets[:at] + source.choice(SNIPPETS) + octets[at:]


def _insert_line(source: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    """At the start of a line, where most things have their meaning."""
    at = octets.find(b"\n", _place(source, octets)) + 1
    return octets[:at] + source.choice(SNIPPETS) + octets[at:]


def _delete(source: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    at = _place(source, octets)
    return octets[:at] + octets[at + source.choice((1, 2, 10, 100, 1_000)) :]


def _cut(source: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    return octets[: _place(source, octets)]


def _flip(source: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    at = _place(source, octets)
    return octets[:at] + bytes((source.randrange(256),)) + octets[at + 1 :]


def _double(source: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    at = _place(source, octets)
    piece = octets[at : at + source.choice((5, 50, 500))]
    return octets[:at] + piece * source.choice((2, 3, 20)) + octets[at:]


def _swap_lines(source: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    lines = octets.split(b"\n")
    one, other = source.randrange(len(lines)), source.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _graft(source: random.Random, octets: bytes, seeds: Sequence[bytes]) -> bytes:
    """The head of one mail on the rest of another."""
    other = source.choice(seeds)[:60_000]
    return octets[: _place(source, octets)] + other[_place(source, other) :]


_CHANGES = (
    _insert,
    _insert_line,
    _insert_line,
    _delete,
    _cut,
    _flip,
    _double,
    _swap_lines,
    _graft,
)


def _stretched(source: random.Random, octets: bytes) -> bytes:
    """One piece over and over, up to 200 kB: time must not grow faster than the size."""
    piece = source.choice((source.choice(SNIPPETS) or b"a", octets[:40] or b"b"))
    at = octets.find(b"\n", _place(source, octets)) + 1
    return octets[:at] + piece * (STRETCHED // len(piece)) + octets[at:]
