"""Claims: what a mail names, best evidence first (B055 to B062)."""

from datetime import UTC, date, datetime

from maild.ingest import parse, thread
from maild.model.known import Claim, Evidence
from maild.model.token import KeyRing, Mark, expiry, message_id, reply_address

RING = KeyRing({1: b"k" * 32}, 1)
TODAY = date(2026, 1, 5)
MARK = Mark("a", 2026000042, 7, 3, expiry(datetime(2026, 1, 5, tzinfo=UTC)))
TOKEN = reply_address("helpdesk@lpse.example", MARK, RING)
OURS = message_id("2026000042.3", "lpse.example", RING)


def claims(head: str, body: str = "isi") -> tuple[Claim, ...]:
    mail = parse.read(f"From: a@x.example\n{head}\n\n{body}\n".encode())
    return thread.claims(mail, RING, "LPSE", TODAY)


def test_a_token_is_found_in_every_recipient_field() -> None:
    for field in ("To", "Cc", "Delivered-To", "X-Original-To"):
        (claim,) = claims(f"{field}: Helpdesk <{TOKEN}>" if field < "D" else f"{field}: {TOKEN}")
        assert (claim.evidence, claim.ticket, claim.mark) == (Evidence.TOKEN, 2026000042, MARK)


def test_a_token_in_capital_letters_is_the_same() -> None:
    assert claims(f"To: {TOKEN.upper()}")[0].mark == MARK


def test_a_token_with_one_letter_changed_is_no_claim() -> None:
    local, _, domain = TOKEN.partition("@")
    other = "b" if local[-1] == "a" else "a"
    assert claims(f"To: {local[:-5]}{other}{local[-4:]}@{domain}") == ()


def test_a_signed_message_id_beats_other_references() -> None:
    found = claims(f"In-Reply-To: <x@y>\nReferences: <q@r> {OURS}")
    assert [c.evidence for c in found] == [
        Evidence.MESSAGE_ID,
        Evidence.REFERENCE,
        Evidence.REFERENCE,
    ]
    assert (found[0].letter, found[0].ticket) == ("2026000042.3", 2026000042)
    assert {c.value for c in found[1:]} == {"<x@y>", "<q@r>"}


def test_a_forged_message_id_is_only_a_reference() -> None:
    (claim,) = claims("In-Reply-To: <2026000042.3.1.aaaaaaaaaaaaaaaaaaaaaaaaaa@lpse.example>")
    assert (claim.evidence, claim.ticket) == (Evidence.REFERENCE, None)


def test_an_empty_reference_names_nothing() -> None:
    assert claims("In-Reply-To: <>\nReferences:") == ()


def test_the_last_hundred_references_count() -> None:
    ids = " ".join(f"<{n}@x>" for n in range(5000))
    found = claims(f"References: {ids}")
    assert len(found) == 100
    assert found[0].value == "<4999@x>"


def test_a_number_in_subject_or_text_is_a_weak_claim() -> None:
    found = claims("Subject: Re: [LPSE-2026-000042] gagal", "lihat juga LPSE-2026-000043")
    assert [(c.evidence, c.ticket) for c in found] == [
        (Evidence.SUBJECT_TAG, 2026000042),
        (Evidence.BODY_TAG, 2026000043),
    ]


def test_numbers_of_other_offices_are_not_ours() -> None:
    assert claims("Subject: [XLPSE-2026-000042] [LPSE-2026-0000421] [LKPP-2026-000001]") == ()
