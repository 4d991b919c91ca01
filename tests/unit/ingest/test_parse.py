"""Octets to a ParsedMail; each test names the row of hostile inputs that it stands for."""

import base64
import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from maild.ingest import parse
from maild.model.mail import Address, Nature, ParsedMail

HEAD = (
    "From: Budi Santoso <Budi@Kantor.Example>\nTo: helpdesk@lpse.example\nSubject: Gagal unggah\n"
)
PDF = b"%PDF-1.4 isi berkas"
FILE = (
    "Content-Type: application/pdf; name=surat.pdf\nContent-Disposition: attachment; "
    "filename=surat.pdf\nContent-Transfer-Encoding: base64\n\n"
) + base64.encodebytes(PDF).decode()


def read(text: str, **more: object) -> ParsedMail:
    return parse.read(text.encode("utf-8", "surrogateescape"), **more)  # type: ignore[arg-type]


def mail(body: str = "isi", head: str = HEAD, **fields: str) -> ParsedMail:
    extra = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    return read(f"{head}{extra}\n{body}\n")


def multipart(*parts: str, kind: str = "mixed", end: bool = True) -> str:
    inner = "".join(f"--b\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary=b\n\n{inner}{'--b--' if end else ''}\n"


def test_a_plain_mail_is_read() -> None:
    found = mail(
        "Yth. Helpdesk,\nkami gagal.",
        Message_ID="<1@kantor.example>",
        Date="Mon, 05 Jan 2026 08:15:00 +0700",
        In_Reply_To="<a@x>",
        References="<b@x>\n <a@x>",
        Cc="Siti <siti@kantor.example>",
    )
    assert found.sender == Address("Budi Santoso", "budi@kantor.example")
    assert found.to == (Address("", "helpdesk@lpse.example"),)
    assert found.cc == (Address("Siti", "siti@kantor.example"),)
    assert (found.subject, found.message_id) == ("Gagal unggah", "<1@kantor.example>")
    assert (found.in_reply_to, found.references) == (("<a@x>",), ("<b@x>", "<a@x>"))
    assert found.date == datetime(2026, 1, 5, 1, 15, tzinfo=UTC)
    assert found.text == found.reply_text == "Yth. Helpdesk,\nkami gagal."
    assert (found.nature, found.defects) == (Nature.HUMAN, ())


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_ends_give_the_same_mail(ending: str) -> None:
    source = HEAD + multipart("Content-Type: text/plain\n\nsatu\ndua", FILE)
    assert read(source.replace("\n", ending)) == read(source)


def test_b001_nothing_at_all_is_empty() -> None:
    assert {read(text).nature for text in ("", "\r\n", "\n\n\n")} == {Nature.EMPTY}


def test_b002_a_body_without_a_header_has_no_sender() -> None:
    found = read("hanya isi\ntanpa header\n")
    assert (found.sender, found.sender_doubt) == (None, "no From")
    assert "hanya isi" in found.text


@pytest.mark.parametrize("boundary", ["", "; boundary=", '; boundary=" "'])
def test_b003_a_multipart_without_boundary_shows_its_text(boundary: str) -> None:
    assert "isi surat" in read(f"{HEAD}Content-Type: multipart/mixed{boundary}\n\nisi surat").text


def test_b004_parts_before_a_cut_are_kept_and_the_cut_is_told() -> None:
    found = read(HEAD + multipart("Content-Type: text/plain\n\nsatu", FILE, end=False))
    assert (found.text, len(found.attachments)) == ("satu", 1)
    assert any("may be cut" in defect for defect in found.defects)


def test_b005_a_child_that_reuses_the_boundary_ends() -> None:
    inner = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nanak\n--b--"
    assert "anak" in read(HEAD + multipart("\nsatu", inner)).text


def test_b006_a_hundred_thousand_parts_become_two_hundred() -> None:
    found = read(HEAD + multipart(*(["\nx"] * 100_000)))
    assert any("more than 200 parts" in defect for defect in found.defects)


def test_b007_multiparts_nested_two_thousand_deep_end() -> None:
    deep = "".join(
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(2000)
    )
    found = read(f"{HEAD}Content-Type: multipart/mixed; boundary=b0\n\n{deep}")
    assert any("30 deep" in defect for defect in found.defects)


def test_b008_messages_nested_five_thousand_deep_are_one_file() -> None:
    found = read(HEAD + "Content-Type: message/rfc822\n\n" * 5000)
    assert [a.type for a in found.attachments] == ["message/rfc822"]


def test_b009_text_outside_the_parts_is_no_body() -> None:
    found = read(
        f"{HEAD}Content-Type: multipart/mixed; boundary=b\n\n#selesai\n--b\n\nisi\n--b--\n#batal\n"
    )
    assert (found.text, found.commands) == ("isi", ())


def test_parts_after_a_too_early_end_are_kept() -> None:
    source = multipart("Content-Type: text/plain\n\nsatu") + f"--b\n{FILE}\n--b--\n"
    assert [a.name for a in read(HEAD + source).attachments] == ["surat.pdf"]


def test_b011_html_only_becomes_text_without_commands_but_with_an_answer() -> None:
    found = mail("<p>#selesai</p><p>Silakan <b>coba</b></p>", Content_Type="text/html")
    assert "<" not in found.text
    assert found.commands == ()
    assert found.answer_text == found.reply_text == "#selesai\n\nSilakan coba"


def test_b012_commands_come_from_the_plain_part_and_a_difference_is_told() -> None:
    page = "<p>" + " ".join(f"katalain{n}" for n in range(20)) + "</p>"
    found = read(
        HEAD
        + multipart(
            "Content-Type: text/plain\n\n#selesai\nSudah kami perbaiki, silakan dicoba kembali",
            f"Content-Type: text/html\n\n{page}",
            kind="alternative",
        )
    )
    assert [c.word for c in found.commands] == ["selesai"]
    assert "plain and HTML text differ" in found.defects


def test_the_same_words_in_plain_and_html_are_no_difference() -> None:
    words = "Sudah kami perbaiki silakan dicoba kembali sekarang juga terima kasih banyak"
    found = read(
        HEAD
        + multipart(
            f"Content-Type: text/plain\n\n{words}",
            f"Content-Type: text/html\n\n<style>p {{}}</style><p>{words}</p>",
            kind="alternative",
        )
    )
    assert (found.text, found.defects) == (words, ())


def test_b013_texts_around_an_image_are_joined_in_order() -> None:
    image = "Content-Type: image/png\nContent-ID: <i>\n\nxx"
    found = read(HEAD + multipart("\nsatu", image, "\ndua"))
    assert found.text == "satu\n\ndua"
    assert [(a.name, a.inline) for a in found.attachments] == [("lampiran-1.png", True)]


def test_an_empty_plain_alternative_gives_way_to_html() -> None:
    found = read(
        HEAD
        + multipart(
            "Content-Type: text/plain\n\n ",
            "Content-Type: text/html\n\n<p>isi</p>",
            kind="alternative",
        )
    )
    assert found.text == "isi"


def test_b015_flowed_text_never_joins_a_command() -> None:
    found = mail(
        "#catatan satu \n#selesai\nisi yang \nmengalir", Content_Type="text/plain; format=flowed"
    )
    assert [c.word for c in found.commands] == ["catatan", "selesai"]
    assert found.answer_text == "isi yang mengalir"


@pytest.mark.parametrize("name", ["rot13", "zlib", "undefined", "idna", "x-tidak-ada", "ut\0f-8"])
def test_b018_b019_a_charset_that_is_none_falls_back(name: str) -> None:
    found = mail("caf\u00e9", Content_Type=f'text/plain; charset="{name}"')
    assert found.text == "caf\u00e9"
    assert any("charset" in defect for defect in found.defects)


@pytest.mark.parametrize(
    ("declared", "octets", "text"),
    [
        ("iso-8859-1", b"dash \x96", "dash \u2013"),
        ("us-ascii", "caf\u00e9".encode(), "caf\u00e9"),
        ("iso-8859-1", "caf\u00e9".encode(), "caf\u00e9"),
        ("gb2312", "\u9f98".encode("gb18030"), "\u9f98"),
        ("utf-8", b"caf\xe9", "caf\u00e9"),
        ("", b"caf\xe9", "caf\u00e9"),
        ("iso-2022-jp", b"\x1b$B-!\x1b(B", "\u2460"),
    ],
)
def test_b020_label_and_octets_may_disagree(declared: str, octets: bytes, text: str) -> None:
    kind = f"Content-Type: text/plain; charset={declared}\n\n" if declared else "\n"
    assert parse.read(HEAD.encode() + kind.encode() + octets).text == text


def test_b021_nul_and_lone_surrogates_are_gone() -> None:
    found = parse.read(HEAD.encode() + b"Content-Type: text/plain; charset=utf-7\n\na\0b +2AA-")
    found.text.encode("utf-8")
    assert "\0" not in found.text


def test_b022_what_decodes_of_broken_base64_is_kept() -> None:
    found = mail(base64.b64encode(b"abcdef").decode()[:-1], Content_Transfer_Encoding="base64")
    assert found.text.startswith("abc")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "caf\u00e9"),
        ("=?utf-8?B?8J+Yow==?= rusak", "\U0001f623 rusak"),
        ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        ("=?x-unknown?Q?abc?=", "abc"),
        ("=?utf-8?B?!!!?= sisa", "sisa"),
        ("caf\u00e9 mentah", "caf\u00e9 mentah"),
        ("lipat\n tan\n\tpanjang", "lipat tan panjang"),
    ],
)
def test_b023_encoded_words_and_raw_octets_in_a_subject(raw: str, shown: str) -> None:
    assert read(f"From: a@x.example\nSubject: {raw}\n\nx").subject == shown


def test_b024_an_encoded_word_brings_no_new_line() -> None:
    found = read("From: a@x.example\nSubject: =?utf-8?Q?a=0D=0ABcc:_v@x.example?=\n\nx")
    assert found.subject == "a Bcc: v@x.example"


def test_b025_marks_and_length_of_a_subject_are_bounded() -> None:
    found = read("From: a@x.example\nSubject: a" + "\u0301" * 10_000 + "z" * 1000 + "\n\nx")
    assert len(found.subject) <= 250
    assert found.subject == "a" + "\u0301" * 8


@pytest.mark.parametrize(
    "head",
    [
        "To: a@b.example\n",
        "From: <>\n",
        "From: bukan alamat\n",
        "From: a@x.example\nFrom: b@x.example\n",
        "From: a@x.example, b@x.example\n",
        "From: a@x.example<b@y.example>\n",
        "From: a@x.example)b@y.example\n",
        "From: " + "(" * 3000 + ")" * 3000 + " a@x.example\n",
        'From: "a" <a@x.example> <b@y.example>\n',
        "From: a@" + "x" * 300 + ".example\n",
    ],
)
def test_b026_b027_b047_b048_b052_an_unclear_sender_is_none(head: str) -> None:
    found = read(f"{head}\nx")
    assert found.sender is None
    assert found.sender_doubt


@pytest.mark.parametrize(
    "value",
    [
        "Budi <budi@x.example>",
        '"Budi, S.Kom." <budi@x.example>',
        "budi@x.example (Budi)",
        "=?utf-8?Q?Budi?= <BUDI@X.example>",
        "Santoso, Budi <budi@x.example>",
        "<budi@x.example>",
    ],
)
def test_a_usual_from_is_clear(value: str) -> None:
    found = read(f"From: {value}\n\nx")
    assert found.sender is not None, found.sender_doubt
    assert found.sender.address == "budi@x.example"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("=?utf-8?Q?Budi,_S.E.?= <budi@x.example>", "Budi, S.E."),
        ("=?utf-8?Q?Budi_(CV:_Maju)?= <budi@x.example>", "Budi (CV: Maju)"),
        ("=?utf-8?Q?Budi=0A[31m?= <budi@x.example>", "Budi [31m"),
    ],
)
def test_b047_signs_in_an_encoded_name_are_no_structure(value: str, name: str) -> None:
    found = read(f"From: {value}\n\nx").sender
    assert found is not None
    assert (found.name, found.address) == (name, "budi@x.example")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        ("kemarin sore", None),
        ("Mon, 05 Jan 2026 08:15:00", datetime(2026, 1, 5, 8, 15, tzinfo=UTC)),
        ("Mon, 05 Jan 2026 08:15:00 +" + "9" * 300, None),
        ("5 Jan 2026 08:15 WIB", datetime(2026, 1, 5, 8, 15, tzinfo=UTC)),
        ("Mon, 99 Jan 9999 08:15:00 +0700", None),
    ],
)
def test_b029_b030_dates(value: str, expected: datetime | None) -> None:
    assert mail(Date=value).date == expected


def test_b034_headers_are_capped() -> None:
    found = read("X-Big: " + "a" * 1_000_000 + "\nFrom: a@x.example\n\nx")
    assert "header block cut at 256 kB" in found.defects
    many = read("From: a@x.example\n" + "X-A: b\n" * 5000 + "\nx")
    assert "more than 1,000 header fields" in many.defects


def test_b035_more_than_fifty_hops_are_a_loop() -> None:
    assert mail(head="Received: from a\n" * 51 + HEAD).nature is Nature.OWN
    assert mail(head="Received: from a\n" * 50 + HEAD).nature is Nature.HUMAN


def test_b036_fifty_thousand_recipients_become_a_hundred() -> None:
    to = ", ".join(f"u{n}@x.example" for n in range(50_000))
    assert len(read(f"From: a@x.example\nTo: {to}\n\nx").to) == 100


def test_b037_mbox_line_and_odd_folding() -> None:
    found = read("From MAILER Mon Jan 5\nFrom: a@x.example\nSubject: satu\n \n\tdua\nX\n\nisi")
    assert (found.subject, found.text) == ("satu dua", "isi")


def test_b039_fields_with_names_of_attributes_change_nothing() -> None:
    plain = mail()
    assert mail(Headers="x", Body="x", Mail="x", _message="x", Defects="x") == plain


def test_b043_a_group_gives_no_recipient() -> None:
    assert read("From: a@x.example\nTo: undisclosed-recipients:;\n\nx").to == ()


@pytest.mark.parametrize("field", ["From", "Sender", "To", "Reply-To"])
def test_b043_a_thousand_groups_one_in_the_other_are_read_to_the_end(field: str) -> None:
    found = read(f"{field}: {'a:' * 1000}b@x.example\nSubject: tetap terbaca\n\nx")
    assert (found.subject, found.sender) == ("tetap terbaca", None)


def test_b044_a_domain_becomes_its_a_label() -> None:
    found = read("From: a@b\u00fccher.example\n\nx")
    assert found.sender == Address("", "a@xn--bcher-kva.example")


@pytest.mark.parametrize("value", ["<>", "", "   ", "(tidak ada)"])
def test_b055_an_empty_in_reply_to_names_nothing(value: str) -> None:
    assert mail(In_Reply_To=value).in_reply_to == ()


def test_b055_comments_and_several_ids() -> None:
    assert mail(In_Reply_To='"x" message of <a@x> (Mon) <b@x>').in_reply_to == ("<a@x>", "<b@x>")


def test_a_long_in_reply_to_that_a_program_folded_as_encoded_words_is_meant() -> None:
    folded = EmailMessage()
    folded["In-Reply-To"] = long = f"<2026000042.3.1.{'5' * 32}@lpse.kalimantanselatan.go.id>"
    value = folded.as_string().partition(":")[2].strip()
    assert value.startswith("=?utf-8?q?")
    assert mail(In_Reply_To=value).in_reply_to == (long,)


def test_b037_a_line_of_an_mbox_that_never_ends_is_read_at_once() -> None:
    """Found by fuzzing: 200 kB took the reader 19 minutes, for the pattern went back and forth."""
    endless = parse.read(b"From VM Mon Apr  2" * 100_000)
    assert "no header" in endless.defects
    begun = parse.read(b">From VM Mon Apr  2 08:00:00 2026\nSubject: Gagal unggah\n\nisi")
    assert (begun.subject, begun.text) == ("Gagal unggah", "isi")


def test_b061_the_last_hundred_references_are_kept() -> None:
    found = mail(References=" ".join(f"<{n}@x>" for n in range(5000))).references
    assert (len(found), found[-1]) == (100, "<4999@x>")


def test_b065_another_way_gives_the_same_content_hash() -> None:
    one, two = mail("isi  surat"), mail("isi surat", head="Received: from a\n" + HEAD)
    assert one.content_hash == two.content_hash != mail("lain").content_hash


SUBJECTS = [
    "Gagal unggah",
    "RE: FW: gagal  unggah",
    "Bls: Trs: Re[2]: Gagal unggah",
    "[EXTERNAL] Gagal unggah",
    "Re: " * 20 + "Gagal unggah",
    "\u56de\u590d: Gagal unggah",
    "AW: WG: Gagal unggah",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_b066_prefixes_are_stripped_for_comparison_only(subject: str) -> None:
    found = read(f"From: a@x.example\nSubject: {subject}\n\nx")
    assert found.subject_base == "gagal unggah"
    assert found.subject == " ".join(subject.split())


def test_b070_commands_in_quotes_and_signatures_are_inert() -> None:
    found = mail("Baik.\n\nPada 5/1/2026 08.15, A <a@x> menulis:\n> #selesai\n\n-- \n#batal")
    assert found.commands == ()
    assert found.answer_text == "Baik."


def test_an_answer_below_the_quote_is_an_answer_without_commands() -> None:
    found = mail("Pada 5/1/2026 08.15, A <a@x> menulis:\n> tanya\n\n#selesai\nBaik.")
    assert found.commands == ()
    assert found.answer_text == "#selesai\nBaik."


def test_b079_a_file_name_is_decoded_in_every_way_it_is_written() -> None:
    for written in (
        "filename*=UTF-8''caf%C3%A9.pdf",
        "filename*0*=UTF-8''caf; filename*1*=%C3%A9.pdf",
        'filename="=?utf-8?Q?caf=C3=A9.pdf?="',
        "filename=caf\u00e9.pdf",
        'filename="caf\u00e9.pdf"',
    ):
        part = f"Content-Type: application/pdf\nContent-Disposition: attachment; {written}\n\nx"
        assert [a.name for a in read(HEAD + multipart(part)).attachments] == ["caf\u00e9.pdf"]


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\x\surat.pdf", "surat.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("CON.txt", "_CON.txt"),
        ("surat.pdf. . ", "surat.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("", "lampiran-1.pdf"),
        ("...", "lampiran-1.pdf"),
        ("x" * 1000 + ".pdf", "x" * 196 + ".pdf"),
        ("dua; kata.pdf", "dua; kata.pdf"),
    ],
)
def test_b080_b081_b082_names_are_safe(written: str, safe: str) -> None:
    disposition = f'Content-Disposition: attachment; filename="{written}"'
    part = f"Content-Type: application/pdf\n{disposition}\n\nx"
    if "\\" in written:
        part = part.replace("\\", "\\\\")
    assert [a.name for a in read(HEAD + multipart(part)).attachments] == [safe]


def test_b082_equal_names_are_told_apart() -> None:
    names = [a.name for a in read(HEAD + multipart(FILE, FILE, FILE)).attachments]
    assert names == ["surat.pdf", "surat (2).pdf", "surat (3).pdf"]


def test_b085_at_most_a_hundred_files_are_listed() -> None:
    found = read(HEAD + multipart(*([FILE] * 150)))
    assert len(found.attachments) == 100
    assert any("150 files" in defect for defect in found.defects)


def test_an_attachment_has_its_true_size_and_digest_and_is_read_again() -> None:
    octets = (HEAD + multipart("\nisi", FILE)).encode()
    (found,) = parse.read(octets).attachments
    assert (found.size, found.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert parse.content_of(octets, found.part) == PDF


def test_a_uuencoded_file_is_taken_out_of_the_text() -> None:
    octets = (HEAD + "\natas\nbegin 644 nama berkas.txt\n#0V%T\n \nend\nbawah\n").encode()
    found = parse.read(octets)
    assert found.text.split() == ["atas", "bawah"]
    (file,) = found.attachments
    assert (file.name, parse.content_of(octets, file.part)) == ("nama berkas.txt", b"Cat")


def test_an_attached_mail_stays_whole() -> None:
    inner = "Content-Type: message/rfc822\n\nSubject: Asli\n\nisi asli"
    octets = (HEAD + multipart("\nlihat", inner)).encode()
    (file,) = parse.read(octets).attachments
    assert (file.name, file.type) == ("Asli.eml", "message/rfc822")
    assert parse.content_of(octets, file.part) == b"Subject: Asli\n\nisi asli"


def test_a_part_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        parse.content_of(HEAD.encode() + b"\nx", "7.7")


def test_read_body_reads_text_and_html_alike() -> None:
    assert parse.read_body("satu\n> dua", False).reply_text == "satu"
    assert parse.read_body("<p>satu</p><blockquote>dua</blockquote>", True).reply_text == "satu"


@pytest.mark.parametrize(
    ("kind", "note"),
    [
        ("multipart/signed; boundary=b", "signature not checked"),
        ("multipart/encrypted; boundary=b", "encrypted: cannot be read"),
        ("application/pkcs7-mime", "signed or encrypted: not opened"),
        ("message/partial; id=1", "message/partial: not assembled"),
        ("message/external-body; access-type=URL", "external body: not fetched"),
    ],
)
def test_b014_b076_b077_what_is_not_done_is_told(kind: str, note: str) -> None:
    assert note in mail("--b\n\nisi\n--b--", Content_Type=kind).defects


def test_b040_our_own_fields_from_outside_are_told_and_do_nothing() -> None:
    found = mail(X_Maild_Ticket="1", X_Maild_Trust="domain")
    assert "field x-maild-trust from outside" in found.defects
    assert found.trust.level == 0


def test_b046_a_name_that_is_another_address_is_told() -> None:
    found = read('From: "agus@dinas.example" <orang@luar.example>\n\nx')
    assert "the sender's name shows another address" in found.defects
