"""Whatever octets come, a ParsedMail comes out; and well-formed MIME is read as others read it."""

import email
from email.message import EmailMessage, Message

from hypothesis import given, settings
from hypothesis import strategies as st

from maild.ingest import mime, parse

SNIPPETS = [
    b"From: a@x.example\n",
    b"Subject: =?utf-8?Q?=C3?= =?utf-8?B?qQ==?=\n",
    b"Content-Type: multipart/mixed; boundary=b\n",
    b"Content-Type: multipart/alternative; boundary=b\n",
    b"Content-Type: message/rfc822\n",
    b"Content-Type: text/html; charset=utf-7\n",
    b"Content-Type: application/ms-tnef; name*0*=x''%ff\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: quoted-printable\n",
    b"Content-Transfer-Encoding: uuencode\n",
    b'Content-Disposition: attachment; filename="\\"\n',
    b"Return-Path: <>\nFrom: MAILER-DAEMON\n",
    b"Date: Mon, 05 Jan 2026 08:15:00 +0700\n",
    b"\n",
    b"--b\n",
    b"--b--\n",
    b"begin 644 x\n#0V%T\n",
    b"Pada 5/1/2026, A <a@x> menulis:\n> x\n",
    b"<div style='display:none'><blockquote>x",
    b"#selesai\n",
    b"Final-Recipient: rfc822; a@x\nAction: failed\n",
    b"\x78\x9f\x3e\x22\x00\x00\x02\x05\x90\x06\x00\xff\xff\xff\xff",
    b"\x1b$B!!",
    b"\0\xff\xfe\r",
]
mails = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.binary(max_size=12)), max_size=25).map(
    b"".join
)


@settings(max_examples=200, deadline=None)
@given(mails)
def test_no_octets_make_it_raise(octets: bytes) -> None:
    mail = parse.read(octets, "mx.example")
    for text in (mail.text, mail.reply_text, mail.subject, *(a.name for a in mail.attachments)):
        text.encode("utf-8")
        assert "\0" not in text
    assert bool(mail.reply_text.strip()) == bool(mail.text.strip())
    for attachment in mail.attachments:
        assert len(parse.content_of(octets, attachment.part)) == attachment.size


contents = st.text("aé> \u4e16=?_.", min_size=1, max_size=200)


@settings(max_examples=20, deadline=None)
@given(st.lists(contents, max_size=4), st.lists(st.binary(min_size=1), max_size=4), contents)
def test_well_formed_mime_is_read_as_the_standard_library_reads_it(
    texts: list[str], files: list[bytes], subject: str
) -> None:
    source = EmailMessage()
    source["Subject"] = " ".join(subject.split())
    source.set_content("\n".join(texts))
    for number, octets in enumerate(files):
        source.add_attachment(octets, "application", "pdf", filename=f"{number}.pdf")
    raw = source.as_bytes()
    theirs = [part for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
    ours = mime.split(raw).leaves()
    assert [part.payload().split() for part in ours] == [_payload(part).split() for part in theirs]
    assert [part.filename for part in ours] == [part.get_filename() or "" for part in theirs]


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload
