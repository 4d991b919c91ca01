"""What an attempt to deliver a letter means: pure rules over SMTP phases (R4 to R7, F040 to F044).

Before the first body byte nothing can have been taken; any 4xx or 5xx is a clear no; any 2xx
after the final dot is a yes. Only silence after the body began is uncertain (RFC 1047), and then
nobody guesses.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Phase(IntEnum):
    """How far an SMTP dialogue had come (RFC 5321, 4.1.4)."""

    CONNECT = 1
    HELLO = 2
    LOGIN = 3
    MAIL = 4
    RCPT = 5
    DATA = 6
    BODY = 7


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's reply in a phase. `code` 0 means that no reply came (cut, timeout, garbage)."""

    phase: Phase
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The server has taken the letter."""

    reply: str


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Not taken; worth another attempt at this time."""

    at: datetime
    reply: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Not taken, and never will be: refused for good, or tried for too long."""

    reply: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Perhaps taken, perhaps not (R7)."""

    reply: str


Result = Sent | RetryAt | GivenUp | Uncertain

LONGEST = timedelta(days=5)
_LADDER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240))


def after(answer: Answer, attempts: int, first_try_at: datetime, now: datetime) -> Result:
    """What follows from the last answer of attempt number `attempts` (1 is the first)."""
    reply = f"{answer.phase.name} {answer.code or 'no answer'} {answer.text}".strip()
    if answer.phase is Phase.BODY:
        if 200 <= answer.code <= 299:
            return Sent(reply)
        if not 400 <= answer.code <= 599:
            return Uncertain(reply)
    # A refused login or greeting is the office's trouble, not this letter's: try on.
    refused_for_good = 500 <= answer.code <= 599 and answer.phase >= Phase.MAIL
    if refused_for_good or now - first_try_at >= LONGEST:
        return GivenUp(reply)
    return RetryAt(now + _LADDER[min(attempts, len(_LADDER)) - 1], reply)
