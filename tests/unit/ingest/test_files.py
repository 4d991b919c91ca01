"""Which files a mail brings, and which images only dress its page."""

from maild.ingest import explain, parse
from maild.model.mail import Attachment, Nature

HEAD = b"From: Siti <siti@penyedia.example>\nTo: h@lpse.example\nSubject: Berkas\n"
LETTER = (
    b"From: a@x.example\nSubject: Lama\nContent-Type: multipart/mixed; boundary=in\n\n"
    b"--in\n\nisi lama\n--in\nContent-Type: application/pdf\n"
    b"Content-Disposition: attachment; filename=jaminan.pdf\n\nPDF-1\n--in--\n"
)
PIXELS = b"x" * 5_000


def mixed(*parts: bytes, kind: bytes = b"mixed") -> bytes:
    pieces = b"".join(b"--out\n" + part + b"\n" for part in parts)
    return (
        HEAD + b"Content-Type: multipart/" + kind + b"; boundary=out\n\n" + pieces + b"--out--\n"
    )


def image(name: str, identity: str, disposition: str = "inline") -> bytes:
    lines = f"Content-Type: image/png; name={name}\nContent-ID: <{identity}>\n"
    return f"{lines}Content-Disposition: {disposition}; filename={name}\n\n".encode() + PIXELS


def page(html: str) -> bytes:
    return b"Content-Type: text/html; charset=utf-8\n\n" + html.encode()


def files(octets: bytes) -> dict[str, Attachment]:
    return {file.name: file for file in parse.read(octets).attachments}


def test_an_attached_mail_stays_whole_and_its_files_count_as_sent() -> None:
    octets = mixed(b"\nlihat terlampir", b"Content-Type: message/rfc822\n\n" + LETTER)
    found = files(octets)
    assert list(found) == ["Lama.eml", "jaminan.pdf"]
    assert parse.content_of(octets, found["Lama.eml"].part).strip() == LETTER.strip()
    assert parse.content_of(octets, found["jaminan.pdf"].part) == b"PDF-1"


def test_a_returned_mail_is_kept_as_a_file_and_its_files_are_not_ours_to_count() -> None:
    report = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
    report += b"Final-Recipient: rfc822; budi@x.example\nAction: failed\nStatus: 5.1.1\n"
    octets = mixed(report, b"Content-Type: message/rfc822\n\n" + LETTER, kind=b"report")
    assert list(files(octets)) == ["Lama.eml"]
    assert parse.read(octets).nature is Nature.BOUNCE


def test_an_image_that_the_page_shows_is_inline_whatever_its_disposition() -> None:
    html = '<p>Galatnya begini:</p><img src="cid:galat%40x">'
    found = files(mixed(page(html), image("galat.png", "galat@x", "attachment"), kind=b"related"))
    assert found["galat.png"].inline
    assert not found["galat.png"].decoration


def test_a_photograph_marked_inline_that_no_page_shows_was_enclosed() -> None:
    html = '<p>Foto terlampir</p><img src="cid:lain@x">'
    assert not files(mixed(page(html), image("IMG_1.jpeg", "foto@x")))["IMG_1.jpeg"].inline


def test_a_pdf_is_a_file_even_when_its_disposition_says_inline() -> None:
    part = b"Content-Type: application/pdf\nContent-Disposition: inline; filename=a.pdf\n\nPDF"
    assert not files(mixed(b"\nlihat", part))["a.pdf"].inline


def test_b086_the_logo_of_a_signature_is_decoration_the_screenshot_above_it_is_not() -> None:
    html = (
        '<p>Masih gagal:</p><img src="cid:layar@x"><div class="gmail_signature">Budi'
        '<img src="cid:logo@x"></div>'
    )
    found = files(mixed(page(html), image("layar.png", "layar@x"), image("logo.png", "logo@x")))
    assert found["logo.png"].inline
    assert [name for name, file in found.items() if file.decoration] == ["logo.png"]


def test_the_images_of_the_quoted_mail_are_decoration() -> None:
    html = '<p>Sudah.</p><blockquote>Yth.<img src="cid:kop@x"></blockquote>'
    octets = mixed(page(html), image("kop.png", "kop@x"))
    answer = octets.replace(b"Subject: Berkas", b"Subject: Re: Berkas")
    assert files(answer)["kop.png"].decoration


def test_the_screenshot_in_a_mail_that_is_passed_on_is_content_the_logos_are_not() -> None:
    html = (
        '<p>Mohon dibantu</p><div class="gmail_signature"><img src="cid:saya@x"></div>'
        '<div class="gmail_quote">---------- Forwarded message ---------<br>Gagal:'
        '<img src="cid:layar@x"><div class="gmail_signature"><img src="cid:dia@x"></div></div>'
    )
    images = [image(f"{name}.png", f"{name}@x") for name in ("saya", "layar", "dia")]
    octets = mixed(page(html), *images).replace(b"Subject: Berkas", b"Subject: Fwd: Gagal")
    assert parse.read(octets).file_names == ["layar.png"]


def test_b086_an_image_that_the_page_names_and_nobody_sent_is_no_file() -> None:
    assert files(mixed(page('<p>isi</p><img src="cid:hilang@x">'))) == {}


def test_a_stray_octet_in_a_seven_bit_charset_is_shown_as_damage() -> None:
    part = b"Content-Type: application/pdf; name*=iso-2022-jp'ja'Surat%8aat.pdf\n\nPDF"
    assert list(files(mixed(b"\nlihat", part))) == ["Surat\ufffdat.pdf"]


def test_b027_two_authors_leave_the_sender_unclear_and_both_are_recorded() -> None:
    octets = b"From: Ani <ani@x.example>, budi@y.example\nSubject: Dua\n\nHalo"
    found = parse.read(octets)
    assert found.sender is None
    assert [one.address for one in found.authors] == ["ani@x.example", "budi@y.example"]
    assert explain.explain_mail(found)["from"] == {"name": "Ani", "address": "ani@x.example"}


def test_b044_a_domain_is_compared_as_a_label_and_shown_as_people_write_it() -> None:
    found = parse.read("From: kantor@dinas-é.example\nSubject: x\n\nHalo".encode())
    assert found.sender is not None
    assert found.sender.address == "kantor@xn--dinas--gva.example"
    shown = explain.explain_mail(found)["from"]
    assert shown["address"] == "kantor@dinas-é.example"


def test_a_content_type_whose_semicolon_was_forgotten_before_the_next_line_is_still_text() -> None:
    part = b'Content-Type: text/plain\n   charset="iso-8859-1"\n\nAlamat tidak dikenal'
    assert parse.read(mixed(part)).text == "Alamat tidak dikenal"
