"""Copies for the mailbox are handed over together, as far as their size allows (RFC 3502)."""

from datetime import UTC, datetime

from maild.service.stages import copier

AT = datetime(2026, 2, 2, tzinfo=UTC)


def sizes(*octets: int) -> list[list[int]]:
    messages = [(b"x" * size, AT) for size in octets]
    return [[len(body) for body, _ in some] for some in copier._together(messages)]


def test_small_letters_go_together_and_in_order():
    assert sizes(3, 1, 2) == [[3, 1, 2]]
    assert sizes() == []


def test_what_would_be_too_much_at_once_goes_in_the_next_command():
    most = copier._OCTETS
    assert sizes(most - 1, 1, 1) == [[most - 1, 1], [1]]


def test_a_letter_that_is_too_large_for_company_goes_alone():
    most = copier._OCTETS
    assert sizes(1, most + 1, 1) == [[1], [most + 1], [1]]
