"""What an attempt to deliver a letter means: pure rules over SMTP phases (R4 to R7, F040 to F044).

Before the final dot has left, nothing can have been taken; after it any 2xx is a yes, any 4xx or
5xx is a no. Only silence after the dot is uncertain (RFC 1047), and then nobody guesses.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Phase(IntEnum):
    """How far an SMTP dialogue had come (RFC 5321, 4.1.4): what the last answer was about.

    In BODY the final dot has certainly not left; from DOT on it may have.
    """

    CONNECT = 1
    HELLO = 2
    TLS = 3
    LOGIN = 4
    MAIL = 5
    RCPT = 6
    DATA = 7
    BODY = 8
    DOT = 9


@dataclass(frozen=True, slots=True)
class Answer:
    """The server's reply in a phase. `code` 0 means that no reply came (cut, timeout, garbage);
    `text` then says what happened."""

    phase: Phase
    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The server has taken the letter. `reply` often holds the id it was given there (F042)."""

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
LATE = timedelta(hours=4)  # after which a person should know (F044)
_LADDER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240))
_QUOTA_PAUSE = timedelta(hours=1)
# RFC 3463: a sending quota (5.4.5, 4.5.3 and the like) is about our day, not about this letter.
_QUOTA = re.compile(
    r"\b[45]\.4\.5\b|\b4\.7\.(?:28|650)\b|quota|rate limit|too many", re.IGNORECASE
)
_QUOTA_FOR_GOOD = re.compile(r"\b5\.4\.5\b")
_ACCESS_CODES = (530, 534, 535, 538)  # RFC 4954: our login is at fault, not this letter


def after(answer: Answer, attempts: int, first_try_at: datetime, now: datetime) -> Result:
    """What follows from the last answer of attempt number `attempts` (1 is the first).

    Waits grow from a minute to four hours; five days after the first attempt nothing more is
    tried. A refused greeting or login is the office's trouble and never ends a letter early.
    """
    reply = f"{answer.phase.name} {answer.code or 'no answer'} {answer.text}".strip()
    if answer.phase is Phase.DOT:
        if 200 <= answer.code <= 299:
            return Sent(reply)
        if not 400 <= answer.code <= 599:
            return Uncertain(reply)
    if _refused_for_good(answer) or now - first_try_at >= LONGEST:
        return GivenUp(reply)
    pause = _LADDER[min(max(attempts, 1), len(_LADDER)) - 1]
    if answer.code and _QUOTA.search(answer.text):
        pause = max(pause, _QUOTA_PAUSE)
    at = max(min(now + pause, first_try_at + LONGEST), now)
    return RetryAt(at, reply)


def _refused_for_good(answer: Answer) -> bool:
    return (
        500 <= answer.code <= 599
        and answer.phase >= Phase.MAIL
        and answer.code not in _ACCESS_CODES
        and not _QUOTA_FOR_GOOD.search(answer.text)
    )
