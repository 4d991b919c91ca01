"""Hostile and odd input, row by row (reliability B010 to B089), as far as reading meets it."""

import pytest

from maild.ingest import parse, quote, subject
from maild.model.known import Evidence
from maild.model.mail import Nature, ParsedMail

HEAD = "From: Budi <budi@x.example>\nTo: helpdesk@lpse.example\n"


def mail(rest: str = "Subject: Tanya\n\nisi", head: str = HEAD) -> ParsedMail:
    return parse.read((head + rest).encode("utf-8", "surrogateescape"))


def parts(*some: str) -> str:
    inner = "".join(f"--b\n{one}\n" for one in some)
    return f"Content-Type: multipart/mixed; boundary=b\n\n{inner}--b--\n"


def test_b010_a_multipart_that_calls_itself_base64_still_shows_its_text() -> None:
    found = mail("Content-Transfer-Encoding: base64\n" + parts("\nisi surat"))
    assert found.text == "isi surat"


def test_b010_an_unknown_transfer_encoding_is_kept_as_it_came() -> None:
    source = "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: x-aneh\n\nPDF"
    found = mail(parts("\nisi", source))
    assert [(one.name, one.size) for one in found.attachments] == [("a.pdf", 3)]


@pytest.mark.parametrize(
    "body",
    [
        "begin 644 a.txt\n#0V%T\n`\nend",
        "begin 644 a.txt\n\x7f\x7f\x7f",
        "=ybegin line=128 size=3 name=a.bin\nabc\n=yend size=3",
        "(This file must be converted with BinHex 4.0)\n:$f*TEQKPH!",
    ],
)
def test_b016_old_encodings_inside_a_text_are_no_error(body: str) -> None:
    assert mail(f"Subject: x\n\nisi\n{body}\n").text.startswith("isi")


def test_b028_the_sender_is_from_whatever_reply_to_says() -> None:
    found = mail("Reply-To: lain@jauh.example\n\nisi")
    assert found.sender is not None
    assert found.sender.address == "budi@x.example"
    assert [one.address for one in found.reply_to] == ["lain@jauh.example"]


def test_b031_two_mails_without_message_id_are_told_apart_by_their_content() -> None:
    one, other = mail("\nsatu"), mail("\ndua")
    assert one.message_id is other.message_id is None
    assert one.content_hash != other.content_hash


@pytest.mark.parametrize(
    "value", ["<>", "<", "><", "[]", "<a b@x", "<" + "a" * 5_000 + "@x>", "@"]
)
def test_b032_a_malformed_message_id_is_none(value: str) -> None:
    found = mail(f"Message-ID: {value}\n\nisi").message_id
    assert found is None or (len(found) <= 998 and found.isprintable())


def test_b032_a_message_id_brings_no_second_line() -> None:
    found = mail("Message-ID: <a=?utf-8?Q?=0D=0A?=b@x.example>\n\nisi").message_id
    assert found is not None
    assert "\n" not in found


def test_b033_the_same_message_id_with_other_words_is_another_mail() -> None:
    one, other = (mail(f"Message-ID: <a@x.example>\n\n{text}") for text in ("satu", "dua"))
    assert one.message_id == other.message_id
    assert one.content_hash != other.content_hash


def test_b038_nul_and_raw_octets_in_fields_leave_text_that_a_database_takes() -> None:
    octets = b"From: Jos\xe9 <a@x.example>\nSubject: gaw\0at \xe9\xff\nX-\xe9: 1\n\nisi"
    found = parse.read(octets)
    assert found.sender is not None
    for text in (found.sender.name, found.subject):
        assert "\0" not in text
        text.encode("utf-8")
    assert "José" in found.sender.name


@pytest.mark.parametrize(
    "parameters",
    [
        "name*=aneh'xx'%ff%fe",
        "name*0*=utf-8''a%; name*1=b",
        "".join(f"name*{number}=a; " for number in range(5_000)),
        f"name*{'9' * 5_000}=a",
        "; ".join(f"p{number}=1" for number in range(20_000)),
        "name*=''''",
        'name="' + "\\" * 20_001,
    ],
    ids=["charset", "cut", "5,000 pieces", "index of 5,000 digits", "20,000", "quotes", "pairs"],
)
def test_b042_chaos_of_parameters_gives_one_file_with_a_name(parameters: str) -> None:
    found = mail(parts("\nisi", f"Content-Type: application/pdf; {parameters}\n\nPDF"))
    assert len(found.attachments) == 1
    assert 0 < len(found.attachments[0].name.encode()) <= 200


def test_b045_a_local_part_in_utf_8_is_a_sender() -> None:
    found = mail("Subject: x\n\nisi", head="From: jörg@x.example\n")
    assert found.sender is not None
    assert found.sender.address == "jörg@x.example"


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ('"budi s"@x.example', '"budi s"@x.example'),
        ("budi@x.example.", "budi@x.example"),
        ("budi@[127.0.0.1]", "budi@[127.0.0.1]"),
        ("budi@localhost", "budi@localhost"),
    ],
)
def test_b049_unusual_addresses_are_read_or_leave_the_sender_unclear(
    field: str, address: str
) -> None:
    found = mail("Subject: x\n\nisi", head=f"From: {field}\n")
    assert found.nature is Nature.HUMAN
    assert found.sender is None or found.sender.address == address


def test_b050_tags_and_dots_are_other_people() -> None:
    senders = {
        mail("\nisi", head=f"From: {one}@x.example\n").sender
        for one in ("budi", "budi+a", "bu.di", "BUDI")
    }
    assert len(senders) == 3


def test_b051_a_look_alike_domain_is_another_domain() -> None:
    latin, cyrillic = (
        mail("\nisi", head=f"From: a@{domain}.example\n").sender for domain in ("lpse", "lрse")
    )
    assert latin is not None
    assert cyrillic is not None
    assert latin.domain != cyrillic.domain
    assert cyrillic.domain.startswith("xn--")


@pytest.mark.parametrize("own", ["helpdesk@lpse.example", "helpdesk+abc@lpse.example"])
def test_b053_our_own_address_is_no_requester(own: str) -> None:
    octets = f"From: {own}\nSubject: x\n\nisi".encode()
    found = parse.read(octets, own_addresses=frozenset({"helpdesk@lpse.example"}))
    assert found.nature is Nature.OWN


def test_b064_the_address_by_which_a_mail_came_is_known_when_it_is_in_no_field() -> None:
    found = mail("Delivered-To: lpse@kota.example\nX-Original-To: lpse@kota.example\n\nisi")
    assert found.delivered_to == ("lpse@kota.example",)


@pytest.mark.parametrize("prefix", ["", "Re:", "Re: Fwd: Bls: [EXTERNAL]"])
def test_b067_a_subject_of_prefixes_alone_compares_as_empty(prefix: str) -> None:
    assert subject.base(prefix) == ""


def test_b067_a_subject_of_ten_thousand_characters_is_cut() -> None:
    assert len(mail(f"Subject: {'a' * 10_000}\n\nisi").subject) == subject.MAX_SHOWN


def test_b069_a_history_of_three_hundred_kilobytes_is_cut_below_the_new_text() -> None:
    history = "".join(f"Baris lama nomor {number}.\n" for number in range(15_000))
    block = "From: A <a@x.example>\nSent: Monday, January 5, 2026 8:15 AM\nTo: B\nSubject: C\n\n"
    found = quote.cut(f"Jawaban baru.\n\n{block}{history}")
    assert found.written == "Jawaban baru."


def test_b071_a_forwarded_mail_belongs_to_who_forwards_it() -> None:
    found = mail(
        "Subject: Fwd: Gagal\n\nMohon bantuan.\n\n---------- Forwarded message ---------\n"
        "From: Siti <siti@y.example>\nSubject: Gagal\n\nSaya gagal unggah."
    )
    assert found.sender is not None
    assert found.sender.address == "budi@x.example"
    assert "Saya gagal unggah." in found.reply_text


def test_b072_a_redirected_mail_keeps_its_author_and_proves_nothing() -> None:
    found = mail("Resent-From: kantor@y.example\nResent-To: helpdesk@lpse.example\n\nisi")
    assert found.sender is not None
    assert found.sender.address == "budi@x.example"
    assert found.trust.level == 0


def test_b073_photographs_without_words_are_a_persons_mail() -> None:
    photo = "Content-Type: image/jpeg; name=IMG-20260105-WA0001.jpg\n\nJPG"
    found = mail("Subject: \n" + parts(photo))
    assert (found.nature, found.text, len(found.attachments)) == (Nature.HUMAN, "", 1)


def test_b078_a_signed_part_beside_other_text_gives_no_rights() -> None:
    signed = (
        'Content-Type: multipart/signed; boundary=s; protocol="application/pgp-signature"\n\n'
        "--s\n\nbagian bertanda tangan\n--s\nContent-Type: application/pgp-signature\n\nxyz\n--s--"
    )
    found = mail(parts("\n#selesai", signed))
    assert found.trust.level == 0
    assert "signature not checked" in found.defects


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("surat.pdf.exe", "application/pdf"),
        ("gambar.svg", "image/svg+xml"),
        ("halaman.html", "text/html"),
        ("tautan.lnk", "image/png"),
    ],
)
def test_b083_a_dangerous_file_keeps_its_true_extension_and_is_never_text(
    name: str, kind: str
) -> None:
    source = f"Content-Type: {kind}\nContent-Disposition: attachment; filename={name}\n\n<b>x</b>"
    found = mail(parts("\nisi", source))
    assert [one.name for one in found.attachments] == [name]
    assert found.text == "isi"


def test_b084_an_archive_is_a_file_and_is_not_opened() -> None:
    bomb = "Content-Type: application/zip; name=a.zip\n\nPK\x03\x04" + "0" * 1_000
    (file,) = mail(parts("\nisi", bomb)).attachments
    assert (file.name, file.size) == ("a.zip", 1_004)


def test_b089_a_remote_image_leaves_no_trace_in_the_text() -> None:
    page = (
        '<p>isi</p><img src="https://jejak.example/p.gif?id=1"><link href="https://jejak.example">'
    )
    found = parse.read_body(page, is_html=True)
    assert found.text == "isi"


def test_b099_an_absence_notice_without_any_field_is_told_by_its_words() -> None:
    found = mail("Subject: Re: Data\n\nSaya sedang cuti sampai 12 Januari 2026.")
    assert found.nature is Nature.AUTO_REPLY


def test_b102_the_acknowledgement_of_another_ticket_system_is_automatic() -> None:
    found = mail(
        "Subject: [LKPP #88123] AutoReply: Data\nRT-Ticket: LKPP #88123\n"
        "Auto-Submitted: auto-generated\n\nGreetings."
    )
    assert found.nature is Nature.AUTO_REPLY


def test_b103_our_own_letter_that_comes_back_is_told_by_its_mark() -> None:
    assert mail("X-Maild-Loop: 1\nSubject: Fwd: Tanda terima\n\nisi").nature is Nature.OWN


def test_b109_a_bounce_of_a_letter_that_is_not_ours_names_no_letter_of_ours() -> None:
    found = mail(
        "Subject: Undelivered Mail Returned to Sender\nReturn-Path: <>\n\n"
        "<c@y.example>: 550 5.1.1 User unknown\n",
        head="From: MAILER-DAEMON@mx.example\nTo: helpdesk@lpse.example\n",
    )
    assert found.bounce is not None
    assert found.bounce.original_message_id is None


def test_the_kinds_of_evidence_are_ordered_from_proof_to_label() -> None:
    """B056 to B059: what is compared first is what only a reader of our letters can know."""
    order = list(Evidence)
    assert order.index(Evidence.TOKEN) < order.index(Evidence.MESSAGE_ID)
    assert order.index(Evidence.MESSAGE_ID) < order.index(Evidence.REFERENCE)
    assert order.index(Evidence.REFERENCE) < order.index(Evidence.SUBJECT_TAG)
