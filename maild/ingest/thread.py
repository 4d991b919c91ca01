"""Which ticket a mail names, and on what evidence (reliability B055 to B062).

A claim is not an answer: `decide` judges it. A ticket number is a label that anybody may write;
only a token and a signed Message-ID prove that one of our letters was seen.
"""

import re
from datetime import date
from functools import lru_cache

from maild.model.known import Claim, Evidence
from maild.model.mail import ParsedMail
from maild.model.token import KeyRing, read_message_id, read_reply_address

MAX_REFERENCES = 100
_MAX_TAGS = 5
_SERIALS = 1_000_000


def claims(mail: ParsedMail, ring: KeyRing, tag_prefix: str, today: date) -> tuple[Claim, ...]:
    """All claims of a mail, best evidence first, each value once.

    A ticket's id is year * 1,000,000 + serial, as its number `LPSE-2026-000042` says.
    """
    found: list[Claim] = []
    for address in dict.fromkeys(_recipients(mail)):
        mark = read_reply_address(address, ring, today)
        if mark:
            found.append(Claim(Evidence.TOKEN, address, mark.ticket, mark))
    signed, foreign = [], []
    for value in dict.fromkeys((*mail.in_reply_to, *reversed(mail.references[-MAX_REFERENCES:]))):
        letter = read_message_id(value, ring)
        if letter:
            signed.append(Claim(Evidence.MESSAGE_ID, value, _ticket_of(letter), letter=letter))
        else:
            foreign.append(Claim(Evidence.REFERENCE, value))
    found += signed
    found += foreign[:MAX_REFERENCES]
    tag = _tag(tag_prefix)
    seen: set[int] = set()
    for evidence, text in ((Evidence.SUBJECT_TAG, mail.subject), (Evidence.BODY_TAG, mail.text)):
        for match in tag.finditer(text):
            ticket = int(match[1]) * _SERIALS + int(match[2])
            if ticket not in seen and len(seen) < _MAX_TAGS * 2:
                seen.add(ticket)
                found.append(Claim(evidence, match[0], ticket))
    return tuple(found)


def _recipients(mail: ParsedMail) -> list[str]:
    return [*(a.address for a in (*mail.to, *mail.cc)), *mail.delivered_to]


def _ticket_of(letter: str) -> int | None:
    """A letter's name starts with its ticket's id: `2026000042.3`."""
    digits = letter.partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 12 else None


@lru_cache(maxsize=8)
def _tag(prefix: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])\[?{re.escape(prefix)}-([0-9]{{4}})-([0-9]{{6}})(?![\w-])\]?", re.I
    )
