"""B018 to B025: letters and what stands for them."""

import unicodedata
from base64 import b64encode

from badmail import ASK, MIME, SIDE, head, octets
from badoffice import BadOffice, acknowledged

from kit.people import COMPLETE

NOT_FOR_MAIL = (
    *("rot13", "hex", "zlib", "bz2", "base64", "undefined", "unicode_escape"),
    *("raw_unicode_escape", "idna", "punycode", "uu", "mbcs", "../../etc/passwd"),
)
TEXT = "text/plain; charset="


def b018_an_unknown_charset_is_guessed_and_told(it: BadOffice) -> None:
    """Unknown name; 8-bit or NUL in the name: readable text and a flag."""
    for name in (b"aneh-8", b"\xe9\xff", b"utf\0-8", b'"x\0y"', b"x" * 5_000):
        rest = MIME.encode() + b"Content-Type: " + TEXT.encode() + name + b"\n\n"
        rest += f"{COMPLETE} Café.".encode()
        it.asks(rest, words="Café.")
        assert any("charset" in flag for flag in it.read(head() + octets(rest)).defects), name


def b019_a_codec_that_is_no_charset_is_never_called(it: BadOffice) -> None:
    """Python codec names: rot13, hex, zlib, bz2, undefined, unicode_escape, idna, punycode."""
    for name in NOT_FOR_MAIL:
        it.asks(f"{MIME}Content-Type: {TEXT}{name}\n{ASK}\\x41 Café.", words="\\x41 Café.")


def b020_octets_are_believed_more_than_their_label(it: BadOffice) -> None:
    """Label and bytes disagree: superset map, golden texts equal."""
    for label, codec, word in (
        ("iso-8859-1", "cp1252", "“kutipan” – selesai"),
        ("utf-8", "cp1252", "café à Bandung"),
        ("us-ascii", "utf-8", "naïve café"),
        ("gb2312", "gb18030", "朱镕基 喆"),
        ("shift_jis", "cp932", "①②③ 髙橋"),
        ("utf-16", "utf-16-le", "dua oktet"),
    ):
        text = b64encode(f"{COMPLETE} {word}".encode(codec)).decode()
        said = f"Content-Type: {TEXT}{label}\nContent-Transfer-Encoding: base64\n\n{text}"
        it.asks(MIME + said, words=word)


def b021_what_no_database_takes_is_left_out(it: BadOffice) -> None:
    """Lone surrogates, NUL characters in text: the same row on both databases."""
    raw = octets(MIME, f"Content-Type: {TEXT}utf-8\n", ASK)
    it.asks(raw + b"satu\0dua \xed\xa0\x80 tiga", words="satudua")
    (came,) = it.asks(f"{MIME}Content-Type: {TEXT}utf-7\n{ASK}empat +2AA- lima", words="lima")
    said = it.said(came.ticket)
    assert "\0" not in said
    said.encode("utf-8")


def b022_of_a_broken_encoding_what_decodes_is_kept(it: BadOffice) -> None:
    """Broken base64 or quoted-printable."""
    base = b64encode(f"{COMPLETE} {'akhir ' * 20}".encode()).decode()
    field = "Content-Transfer-Encoding: "
    for kind, body in (
        ("base64", base[:-3]),
        ("base64", base[:200] + "*!*" + base[200:]),
        ("base64", f"{base}\n\nKaki surat dari sistem lain."),
        ("quoted-printable", f"{COMPLETE} =ZZ =4 ="),
    ):
        it.asks(f"{MIME}{field}{kind}\n\n{body}\n")


def b023_encoded_words_are_joined_or_shown_as_they_came(it: BadOffice) -> None:
    """Character split over two encoded words; unknown or broken encoded word: golden subjects."""
    for n, (field, shown) in enumerate(
        (
            ("=?utf-8?B?Z2FnYWwgw?= =?utf-8?B?qW5uZW1p?=", None),
            ("=?utf-8?Q?gagal_caf=C3?= =?utf-8?Q?=A9?=", "gagal café"),
            ("=?x-aneh?Q?gagal=20unggah?=", "gagal unggah"),
            ("=?utf-8?Q?gagal", "=?utf-8?Q?gagal"),
            ("=?rot13?Q?tnyny?=", "tnyny"),
            ("=?utf-8?X?tnyny?=", "=?utf-8?X?tnyny?="),
        )
    ):
        who = f"budi{n}@x.example"
        came = it.comes(head(who, field) + octets(ASK), letters=acknowledged(who))
        assert came.ticket.subject == shown or (shown is None and "gagal" in came.ticket.subject)


def b024_an_encoded_line_end_brings_no_field(it: BadOffice) -> None:
    """Encoded word hiding CR LF and "Bcc:": the reply has exactly the expected header set."""
    bait = "=?utf-8?Q?Gagal=0D=0ABcc:_curi@jahat.example=0D=0A?="
    name = "=?utf-8?B?QnVkaQ0KQmNjOiBjdXJpQGphaGF0LmV4YW1wbGU=?="
    came = it.comes(head(f"{name} <{SIDE}>", bait) + octets(ASK), letters=acknowledged())
    assert came.ticket.subject == "Gagal Bcc: curi@jahat.example"
    assert not [to for to, _ in it.world.arrived if to.endswith("jahat.example")]
    assert all(letter["Bcc"] is None for _, letter in came.letters)


def b025_marks_on_marks_are_bounded(it: BadOffice) -> None:
    """10,000 combining marks, zero-width runs, emoji chains: at most 8 marks, subject 250."""
    marks = "u" + "\u0301" * 10_000
    pile = f"Gagal {marks}nggah " + "\u200b\u200d" * 2_000 + "👨‍👩‍👧" * 400
    mail = head(subject="").replace(b"Subject: \r\n", f"Subject: {pile}\r\n".encode())
    subject = it.comes(mail + octets(ASK), letters=acknowledged()).ticket.subject
    assert len(subject) <= 250
    assert "\u200b" not in subject
    page = f"Content-Type: text/html\n\n<p>{COMPLETE}</p><p>u{'&#769;' * 10_000}</p>"
    plain = f"Content-Type: {TEXT}utf-8\n{ASK}{marks}"
    bodies = [it.said(came.ticket) for came in it.asks(MIME + page, MIME + plain)]
    for text in (subject, *bodies):
        assert sum(c == "\u0301" for c in unicodedata.normalize("NFD", text)) == 8
