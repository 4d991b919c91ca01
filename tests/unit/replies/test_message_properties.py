"""Whatever strangers call themselves, a letter read back has the header it was given (S07)."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses

from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_message import HEADERS, PLAIN, check_form

from maild.model.mail import Address
from maild.replies.header import clean
from maild.replies.message import Enclosure, compose
from maild.replies.recipient import why_refused

NASTY = st.text(
    st.one_of(
        st.sampled_from("\r\n\0\t \"\\<>()@,;:=?_-.[]{}%'é漢🙂\u2028\x85\u202e\ud800aB1"),
        st.characters(),
    ),
    max_size=120,
)
PIECES = st.lists(
    st.sampled_from(
        ["=?utf-8?q?", "?=", "=0D=0A", "\r\n", "Bcc: a@b.example", " ", "é", "<", '"']
    ),
    max_size=20,
).map("".join)
TEXT = NASTY | PIECES


def seen(text):
    """A cleaned text as it arrives: what is not UTF-8 is a question mark."""
    return clean(text).encode("utf-8", "replace").decode()


@settings(max_examples=40, deadline=None)
@given(TEXT)
@example("[LPSE-2026-000042] Jawaban: " + "é" * 200)
@example("a" * 1000)
@example(" =?x")
def test_a_subject_comes_back_as_it_was_cleaned(subject):
    octets = compose(PLAIN, subject, "Teks\n")
    check_form(octets)
    mail = message_from_bytes(octets, policy=policy.default)
    assert mail.keys() == HEADERS
    assert str(mail["Subject"]) == seen(subject)


@settings(max_examples=40, deadline=None)
@given(TEXT)
def test_a_name_comes_back_as_it_was_cleaned(name):
    octets = compose(replace(PLAIN, to=Address(name, "siti@majujaya.example")), "Halo", "Teks\n")
    check_form(octets)
    mail = message_from_bytes(octets, policy=policy.compat32)
    assert mail.keys() == HEADERS
    # policy.default leaves blanks between encoded words of a name (RFC 2047, 6.2 removes them)
    ((to, address),) = getaddresses([mail["To"].replace("\r\n", "")])
    assert address == "siti@majujaya.example"
    assert (to and str(make_header(decode_header(to)))) == seen(name)


@settings(max_examples=40, deadline=None)
@given(NASTY | st.from_regex(r"[a-z.+\"@]{1,20}@[a-z.-]{1,20}", fullmatch=True))
def test_an_address_is_either_sound_or_left_out(address):
    octets = compose(replace(PLAIN, to=Address("Siti", address)), "Halo", "Teks\n")
    check_form(octets)
    mail = message_from_bytes(octets, policy=policy.default)
    assert mail.keys() == HEADERS
    if why_refused(address):
        assert mail["To"].addresses == ()
    elif address.isascii():
        assert [to.addr_spec for to in mail["To"].addresses] == [address]


@settings(max_examples=25, deadline=None)
@given(st.lists(NASTY | st.from_regex(r"<[a-z@.]{1,300}>", fullmatch=True), max_size=30))
def test_references_are_message_ids_that_were_given(ids):
    octets = compose(replace(PLAIN, references=tuple(ids)), "Halo", "Teks\n")
    check_form(octets)
    mail = message_from_bytes(octets, policy=policy.compat32)
    assert set(mail.keys()) - {"In-Reply-To", "References"} == set(HEADERS) - {
        "In-Reply-To",
        "References",
    }
    assert set((mail["References"] or "").split()) <= set(ids)
    assert len(mail["References"] or "") < 998


@settings(max_examples=25, deadline=None)
@given(TEXT, st.binary(max_size=300), st.text(max_size=30))
def test_a_file_comes_back_whole(name, octets, kind):
    mail = message_from_bytes(
        compose(PLAIN, "Halo", "Teks\n", [Enclosure(name, kind, octets)]), policy=policy.compat32
    )
    _, file = mail.get_payload()
    assert file.get_payload(decode=True) == octets
    assert file.keys() == [
        "Content-Type",
        "Content-Disposition",
        "Content-Transfer-Encoding",
    ]


@settings(max_examples=25, deadline=None)
@given(NASTY)
def test_a_text_comes_back_whole(text):
    octets = compose(PLAIN, "Halo", text)
    check_form(octets)
    body = message_from_bytes(octets, policy=policy.default).get_body(("plain",)).get_content()
    wanted = text.replace("\r", "").encode("utf-8", "replace").decode()
    assert body.split() == wanted.split()


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=400))
def test_an_original_mail_comes_back_whole(raw):
    octets = compose(PLAIN, "Halo", "Teks\n", forwarded=raw)
    check_form(octets)
    mail = message_from_bytes(octets, policy=policy.compat32)
    assert len(mail.get_payload()) == 2
    file = mail.get_payload()[1]
    if file.get_content_type() == "application/octet-stream":
        assert file.get_payload(decode=True) == raw
    else:
        assert raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") in octets
