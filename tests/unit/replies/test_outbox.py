"""What every SMTP answer in every phase means for the letter (F040 to F044)."""

from datetime import UTC, datetime, timedelta

import pytest

from maild.replies.outbox import (
    LONGEST,
    Answer,
    GivenUp,
    Phase,
    RetryAt,
    Sent,
    Uncertain,
    after,
)

NOW = datetime(2026, 2, 2, 2, tzinfo=UTC)
CODES = (0, 200, 220, 250, 251, 299, 300, 354, 400, 421, 450, 499, 500, 550, 554, 599, 600, 999)
RELAY = (Phase.CONNECT, Phase.HELLO, Phase.TLS, Phase.LOGIN)


def expected(phase: Phase, code: int) -> type:
    """The table, written out once more."""
    temporary, permanent = 400 <= code <= 499, 500 <= code <= 599
    if phase is Phase.DOT:
        if 200 <= code <= 299:
            return Sent
        return RetryAt if temporary else GivenUp if permanent else Uncertain
    return GivenUp if permanent and phase not in RELAY else RetryAt


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("phase", Phase, ids=lambda phase: phase.name)
def test_an_answer(phase, code):
    result = after(Answer(phase, code, "teks"), 1, NOW, NOW)
    assert type(result) is expected(phase, code)


@pytest.mark.parametrize("phase", [p for p in Phase if p is not Phase.DOT])
def test_before_the_final_dot_nothing_is_ever_uncertain_or_sent(phase):
    for code in range(1000):
        assert not isinstance(after(Answer(phase, code, ""), 1, NOW, NOW), Sent | Uncertain)


@pytest.mark.parametrize(
    ("attempt", "minutes"),
    [(1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (6, 120), (7, 240), (8, 240), (100, 240)],
)
def test_the_waits_grow(attempt, minutes):
    result = after(Answer(Phase.RCPT, 451, "later"), attempt, NOW, NOW)
    assert result == RetryAt(NOW + timedelta(minutes=minutes), "RCPT 451 later")


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DATA])
@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_a_login_that_is_wanted_first_is_not_the_letters_fault(phase, code):
    assert isinstance(after(Answer(phase, code, "5.7.0 log in"), 1, NOW, NOW), RetryAt)


@pytest.mark.parametrize("phase", [Phase.MAIL, Phase.RCPT, Phase.DOT])
@pytest.mark.parametrize(
    ("code", "text"),
    [
        (550, "5.4.5 Daily user sending limit exceeded"),
        (450, "4.4.5 daily quota reached"),
        (452, "4.5.3 Too many recipients"),
        (421, "4.7.28 Our system has detected an unusual rate"),
    ],
)
def test_a_sending_limit_is_waited_out(phase, code, text):
    result = after(Answer(phase, code, text), 1, NOW, NOW)
    assert isinstance(result, RetryAt)
    assert result.at == NOW + timedelta(hours=1)


def test_a_limit_never_shortens_the_wait():
    result = after(Answer(Phase.RCPT, 450, "4.4.5 quota"), 7, NOW, NOW)
    assert isinstance(result, RetryAt)
    assert result.at == NOW + timedelta(hours=4)


@pytest.mark.parametrize(
    ("age", "kind"), [(LONGEST - timedelta(seconds=1), RetryAt), (LONGEST, GivenUp)]
)
def test_after_five_days_it_is_given_up(age, kind):
    assert isinstance(after(Answer(Phase.CONNECT, 0, ""), 9, NOW - age, NOW), kind)


def test_the_last_attempt_is_made_when_the_five_days_end():
    first = NOW - LONGEST + timedelta(minutes=30)
    result = after(Answer(Phase.CONNECT, 0, ""), 40, first, NOW)
    assert isinstance(result, RetryAt)
    assert result.at == first + LONGEST


def test_a_clock_set_back_neither_ends_nor_hastens_anything():
    result = after(Answer(Phase.RCPT, 451, "later"), 1, NOW + timedelta(days=30), NOW)
    assert result == RetryAt(NOW + timedelta(minutes=1), "RCPT 451 later")


def test_silence_after_the_dot_stays_uncertain_however_old_the_letter_is():
    result = after(Answer(Phase.DOT, 0, "cut"), 9, NOW - 2 * LONGEST, NOW)
    assert result == Uncertain("DOT no answer cut")


def test_a_cut_before_the_dot_is_worth_another_attempt():
    assert isinstance(after(Answer(Phase.BODY, 0, "cut"), 1, NOW, NOW), RetryAt)


def test_a_late_yes_is_a_yes_and_its_words_are_kept():
    result = after(Answer(Phase.DOT, 250, "2.0.0 queued as 4XYZ"), 9, NOW - 2 * LONGEST, NOW)
    assert result == Sent("DOT 250 2.0.0 queued as 4XYZ")
