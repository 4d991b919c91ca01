"""Marks come back whole or not at all."""

from datetime import UTC, date, datetime, timedelta

import pytest

from maild.model import token
from maild.model.token import KeyRing, Mark

OLD = KeyRing({1: b"k" * 32}, 1)
RING = KeyRing({1: b"k" * 32, 2: b"n" * 32}, 2)
OTHER = KeyRing({1: b"x" * 32, 2: b"y" * 32}, 2)
MARK = Mark("a", 2026999999, 65535, 7, date(2026, 5, 1))
MAILBOX = "helpdesk@lpse.contoh.go.id"
TODAY = date(2026, 2, 2)


def test_a_mark_comes_back_as_it_went():
    assert token.read_reply_address(token.reply_address(MAILBOX, MARK, RING), RING, TODAY) == MARK


def test_the_address_is_one_that_mail_systems_take():
    local, _, domain = token.reply_address(MAILBOX, MARK, RING).partition("@")
    assert domain == "lpse.contoh.go.id"
    assert local.startswith("helpdesk+")
    assert len(local) <= 64
    assert local.isascii()
    assert local == local.lower()


def test_mail_systems_may_fold_the_case():
    address = token.reply_address(MAILBOX, MARK, RING).upper()
    assert token.read_reply_address(address, RING, TODAY) == MARK


def test_the_key_that_is_being_replaced_still_counts_and_one_that_was_taken_away_does_not():
    address = token.reply_address(MAILBOX, MARK, OLD)
    assert token.read_reply_address(address, RING, TODAY) == MARK
    assert token.read_reply_address(address, KeyRing({2: b"n" * 32}, 2), TODAY) is None


@pytest.mark.parametrize(
    ("today", "taken"),
    [(date(2026, 5, 1), True), (date(2026, 5, 2), False)],
    ids=["on its last day", "the day after"],
)
def test_a_mark_expires(today, taken):
    address = token.reply_address(MAILBOX, MARK, RING)
    assert (token.read_reply_address(address, RING, today) is not None) is taken


def test_no_single_character_of_a_mark_can_be_changed():
    address = token.reply_address(MAILBOX, MARK, RING)
    start, end = address.index("+") + 1, address.index("@")
    for at in range(start, end):
        other = "a" if address[at] != "a" else "b"
        forged = address[:at] + other + address[at + 1 :]
        read = token.read_reply_address(forged, RING, TODAY)
        # The last character carries bits that base32 does not use.
        assert read is None or (at == end - 1 and read == MARK)


STRANGE = [
    MAILBOX,
    "",
    "+",
    "helpdesk+@x",
    "helpdesk+zzzz@x",
    "helpdesk+0189@x",
    "helpdesk+" + "a" * 500 + "@x",
    "helpdesk+é@x",
    "helpdesk+" + "a" * 48 + "@x",
]


@pytest.mark.parametrize("address", STRANGE)
def test_an_address_without_a_mark_gives_none(address):
    assert token.read_reply_address(address, RING, TODAY) is None


def test_another_offices_key_gives_none():
    address = token.reply_address(MAILBOX, MARK, RING)
    assert token.read_reply_address(address, OTHER, TODAY) is None


def test_a_version_keeps_its_last_sixteen_bits():
    mark = Mark("a", 1, 1, 65536 + 3, date(2026, 5, 1))
    read = token.read_reply_address(token.reply_address(MAILBOX, mark, RING), RING, TODAY)
    assert read is not None
    assert read.version == 3


def test_a_message_id_gives_its_letter_back():
    value = token.message_id("2026000042.3", "lpse.contoh.go.id", RING)
    assert value.startswith("<2026000042.3.2.")
    assert value.endswith("@lpse.contoh.go.id>")
    assert token.read_message_id(value, RING) == "2026000042.3"
    assert token.read_message_id(value.upper(), RING) == "2026000042.3"


def test_a_message_id_is_the_same_each_time():
    first, second = (token.message_id("2026000042.3", "x", RING) for _ in range(2))
    assert first == second


VALUE = token.message_id("2026000042.3", "x.example", RING)


@pytest.mark.parametrize(
    "value",
    [
        VALUE.replace(".3.", ".4."),
        VALUE.replace("42.3.2.", "42.3.1."),
        VALUE.replace("42.3.2.", "42.3.9."),
        VALUE.replace("42.3.2.", "42.3.²."),
        token.message_id("2026000042.3", "x.example", OTHER),
        "<CAF=abc@mail.example>",
        "",
        "<>",
        "<a.b.c@x>",
        "<.2.é@x>",
        "<" + "1" * 5000 + ".1.a@x>",
    ],
)
def test_a_message_id_that_is_not_ours_gives_none(value):
    assert token.read_message_id(value, RING) is None


def test_a_mark_lives_ninety_days_of_universal_time():
    late = datetime(2026, 2, 2, 23, 30, tzinfo=UTC)
    assert token.expiry(late) == date(2026, 2, 2) + timedelta(days=90)
