"""The builder of outgoing mail, read back by the standard library."""

from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy

import pytest

from maild.model.mail import Address
from maild.replies.message import LOOP_HEADER, Enclosure, Heading, compose

WIB = timezone(timedelta(hours=7))
AT = datetime(2026, 2, 2, 9, 0, tzinfo=WIB)
PLAIN = Heading(
    sender=Address("LPSE Kabupaten Contoh", "helpdesk@lpse.contoh.go.id"),
    to=Address("Siti Aminah", "siti@majujaya.example"),
    reply_to="helpdesk+abc@lpse.contoh.go.id",
    date=AT,
    message_id="<2026000042.3.1.mac@lpse.contoh.go.id>",
    references=("<a@x.example>", "<b@x.example>"),
    automatic="auto-replied",
    loop="helpdesk@lpse.contoh.go.id",
    name="2026000042.3",
)
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", LOOP_HEADER, "X-Maild-Letter"),
    *("MIME-Version", "Content-Type"),
]
NAMES = {
    "plain": "Siti Aminah",
    "a header line": "Siti\r\nBcc: korban@x.example",
    "a bare line feed": "Siti\nBcc: korban@x.example",
    "a bare carriage return": "Siti\rBcc: korban@x.example",
    "a unicode line": "Siti\u2028Bcc: korban@x.example",
    "a next line": "Siti\x85Bcc: korban@x.example",
    "a body": "Siti\r\n\r\n<h1>halo</h1>",
    "an encoded word": "=?utf-8?q?Siti=0D=0ABcc:_korban@x.example?=",
    "quotes": 'Siti "Bos" \\ Aminah',
    "another address": "a@b.example, Siti <c@d.example>",
    "bidi": "Siti\u202egnp.exe\u2066",
    "nul": "Siti\0Aminah",
    "umlauts": "Sïtî Ämïnäh",
    "emoji": "Siti 🙂🙂🙂",
    "ten thousand letters": "é" * 10_000,
    "ten thousand ascii letters": "x" * 10_000,
    "a lone surrogate": "Siti \ud800",
    "empty": "",
    "blanks": "  \t ",
    "a comma": "Aminah, Siti",
    "parentheses": "Siti (CV Maju)",
}


def read(octets: bytes):
    return message_from_bytes(octets, policy=policy.default)


def check_form(octets: bytes) -> None:
    """Lines end with CRLF, none is longer than 998 octets, and none holds a bare end."""
    lines = octets.split(b"\r\n")
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    assert max(map(len, lines)) <= 998
    assert octets.endswith(b"\r\n")


def heading(**fields) -> Heading:
    from dataclasses import replace

    return replace(PLAIN, **fields)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_hostile_name_adds_no_header_and_no_recipient(name):
    octets = compose(heading(to=Address(name, "siti@majujaya.example")), "Halo", "Teks\n")
    check_form(octets)
    mail = read(octets)
    assert mail.keys() == HEADERS
    assert [a.addr_spec for a in mail["To"].addresses] == ["siti@majujaya.example"]
    assert mail.defects == []
    assert not set(mail["To"].addresses[0].display_name) & set("\r\n\0\u202e\u2066\u2028")


@pytest.mark.parametrize("subject", NAMES.values(), ids=NAMES.keys())
def test_a_hostile_subject_stays_one_header_of_the_same_words(subject):
    octets = compose(PLAIN, subject, "Teks\n")
    check_form(octets)
    mail = read(octets)
    assert mail.keys() == HEADERS
    seen = str(mail["Subject"])
    assert not set(seen) & set("\r\n\0\u202e\u2066\u2028")
    letters = "".join(c for c in subject if c.isalnum())
    assert "".join(c for c in seen if c.isalnum()) == letters


@pytest.mark.parametrize("address", ["a@b.example\r\nBcc: c@d.example", "a b@c.example", "<a@b>"])
def test_a_hostile_address_adds_no_header(address):
    octets = compose(heading(to=Address("Siti", address)), "Halo", "Teks\n")
    check_form(octets)
    assert read(octets).keys() == HEADERS


def test_the_header_says_what_was_given():
    mail = read(compose(PLAIN, "[LPSE-2026-000042] Jawaban: tidak bisa", "Teks\n"))
    assert str(mail["From"]) == "LPSE Kabupaten Contoh <helpdesk@lpse.contoh.go.id>"
    assert str(mail["Subject"]) == "[LPSE-2026-000042] Jawaban: tidak bisa"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == PLAIN.message_id
    assert mail["In-Reply-To"] == "<b@x.example>"
    assert mail["References"].split() == ["<a@x.example>", "<b@x.example>"]
    assert mail["Reply-To"] == PLAIN.reply_to
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail[LOOP_HEADER] == PLAIN.loop


def test_what_a_person_wrote_is_not_called_automatic():
    mail = read(compose(heading(automatic=""), "Halo", "Teks\n"))
    assert "Auto-Submitted" not in mail
    assert "X-Auto-Response-Suppress" not in mail


def test_long_conversations_keep_their_beginning_and_their_end():
    many = tuple(f"<{n:03}.{'x' * 60}@x.example>" for n in range(500))
    octets = compose(heading(references=many), "Halo", "Teks\n")
    check_form(octets)
    kept = read(octets)["References"].split()
    assert (kept[0], kept[-1]) == (many[0], many[-1])
    assert len(" ".join(kept)) < 998
    assert read(octets)["In-Reply-To"] == many[-1]


@pytest.mark.parametrize(
    "bad",
    [
        "<a b@x>",
        f"<{'x' * 2000}@x>",
        "<é@x.example>",
        "",
        "<a@x>\r\nBcc: b@x.example",
        "<a=?utf-8?q?=0d=0a?=b@x>",
    ],
)
def test_a_reference_that_is_no_message_id_is_left_out(bad):
    octets = compose(heading(references=(bad, "<b@x.example>")), "Halo", "Teks\n")
    check_form(octets)
    mail = read(octets)
    assert mail.keys() == HEADERS
    assert mail["References"].split() == ["<b@x.example>"]


def test_the_same_letter_has_the_same_octets():
    file = Enclosure("a.pdf", "application/pdf", b"%PDF")
    first, second = (compose(PLAIN, "Hälo", "Téks\n", [file], b"x: y\r\n\r\nz") for _ in range(2))
    assert first == second


TEXTS = {
    "plain": "Satu\nDua\n",
    "dots in front": ".\n..\n.satu\n",
    "long lines": "x" * 5000 + "\n",
    "long lines of umlauts": "ü" * 5000 + "\n",
    "no end": "Satu",
    "carriage returns": "Satu\r\nDua\r\nTiga\n",
    "a boundary": "--=_maild_2026000042.3_a--\nSatu\n",
    "a lone surrogate": "Satu \ud800\n",
    "blanks at the end": "Satu   \nDua\t\n",
    "From in front": "From here\n",
    "nothing": "",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_the_text_comes_through(text):
    octets = compose(PLAIN, "Halo", text)
    check_form(octets)
    body = read(octets).get_body(("plain",)).get_content()
    wanted = text.encode("utf-8", "replace").decode()
    assert body.splitlines() == wanted.splitlines()


def test_the_html_form_is_escaped_and_links_are_links():
    text = '<script>alert(1)</script> "a"\nPanduan <https://spse.example/?a=1&b=2>\n<javascript:x>'
    page = read(compose(PLAIN, "Halo", text)).get_body(("html",)).get_content()
    assert "<script" not in page
    assert '<a href="https://spse.example/?a=1&amp;b=2">Panduan</a>' in page
    assert page.count("<a ") == 1


FILES = {
    "plain": ("panduan.pdf", "panduan.pdf"),
    "a header line": ('x"\r\nBcc: a@b.example\r\n.pdf', None),
    "a path": ("../../etc/passwd", ".._.._etc_passwd"),
    "umlauts": ("Surat Keterangan – Ä.pdf", "Surat Keterangan – Ä.pdf"),
    "long": ("é" * 300 + ".pdf", None),
    "bidi": ("gnp\u202eexe.pdf", None),
    "empty": ("", "lampiran"),
    "quotes": ('a"b.pdf', 'a"b.pdf'),
    "a path of Windows": ("C:\\a\\b.pdf", "C:_a_b.pdf"),
    "percent": ("100%25.pdf", "100%25.pdf"),
}


@pytest.mark.parametrize(("name", "seen"), FILES.values(), ids=FILES.keys())
def test_a_file_goes_along_under_a_harmless_name(name, seen):
    octets = compose(PLAIN, "Halo", "Teks\n", [Enclosure(name, "application/pdf", b"%PDF\0\xff")])
    check_form(octets)
    mail = read(octets)
    assert mail.keys() == HEADERS
    (file,) = mail.iter_attachments()
    assert file.get_content() == b"%PDF\0\xff"
    got = file.get_filename()
    assert got
    assert not set(got) & set("\r\n/\u202e")
    if seen is not None:
        assert got == seen


def test_a_long_name_keeps_its_ending():
    name = "Surat " + "keterangan " * 30 + ".pdf"
    (file,) = read(
        compose(PLAIN, "Halo", "Teks\n", [Enclosure(name, "application/pdf", b"x")])
    ).iter_attachments()
    assert file.get_filename().endswith(".pdf")


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("application/pdf", "application/pdf"),
        ("image/png", "image/png"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("message/rfc822", "application/octet-stream"),
        ("multipart/mixed", "application/octet-stream"),
        ("application/x-msdownload", "application/octet-stream"),
        ("application/pdf\r\nX: y", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
def test_nothing_that_a_reader_would_run_keeps_its_type(given, sent):
    octets = compose(PLAIN, "Halo", "Teks\n", [Enclosure("a", given, b"x")])
    check_form(octets)
    (file,) = read(octets).iter_attachments()
    assert file.get_content_type() == sent
    assert file.get_content_disposition() == "attachment"


RAW = b"From: a@b.example\r\nSubject: Asli\r\n\r\nIsi\r\n"
FORWARDED = {
    "plain": (RAW, "message/rfc822"),
    "eight bits": (RAW + b"\xff\xfe\r\n", "application/octet-stream"),
    "bare line feeds": (RAW.replace(b"\r\n", b"\n"), "message/rfc822"),
    "bare carriage returns": (RAW + b"a\rb", "application/octet-stream"),
    "long lines": (RAW + b"x" * 2000 + b"\r\n", "application/octet-stream"),
    "nul": (RAW + b"\0", "application/octet-stream"),
}


@pytest.mark.parametrize(("raw", "kind"), FORWARDED.values(), ids=FORWARDED.keys())
def test_the_original_mail_goes_along_whole(raw, kind):
    octets = compose(PLAIN, "Halo", "Teks\n", forwarded=raw)
    check_form(octets)
    (file,) = read(octets).iter_attachments()
    assert file.get_content_type() == kind
    if kind == "message/rfc822":
        assert file.get_content()["Subject"] == "Asli"
        assert RAW in octets, "with the line ends that SMTP wants, else untouched"
    else:
        assert file.get_content() == raw


def test_files_and_the_original_mail_go_together():
    mail = read(
        compose(PLAIN, "Halo", "Teks\n", [Enclosure("a.pdf", "application/pdf", b"x")], RAW)
    )
    assert [f.get_filename() for f in mail.iter_attachments()] == ["a.pdf", "surel-asli.eml"]
    assert mail.get_body(("plain",)).get_content().strip() == "Teks"
