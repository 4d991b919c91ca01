"""How a writer closes a mail: the signature below his words, told from facts that matter.

A signature is cut off the view only, and never when it holds what a helpdesk asks for: a tender
code or a tax number under the name stays in the text.
"""

import re

from maild.ingest import quote_words as words

_MAX_LINES = 14
_DELIMITER = re.compile(r"[ \t]*(?:--|—|– –|-- ?-)[ \t]*$")
_RULE = re.compile(r"[ \t]*[-_=*~#+ᐧ]{3,}[ \t]*$|[ \t]*ᐧ[ \t]*$")
_LONG_RULE = re.compile(r"[ \t]*[_-]{16,}[ \t]*$")
_DASHED_NAME = re.compile(
    r"[ \t]{0,3}[-–/~][ \t]?[^\W\d_][\w.'’-]*(?:[ \t]+[\w.'’-]+){0,3}[ \t]*$"
)
_CLOSING = re.compile(
    r"[ \t*_]*(?:"
    + words.CLOSINGS
    + r")(?:[ \t]*[,.!;:]+|[ \t]*$)[ \t]*(?:[^\W\d_][\w.'’]*[ \t]*){0,4}[ \t*_.,!]*$",
    re.I,
)
_CONTACT = re.compile(
    r"[^\s@]@[^\s@]+\.\w|(?:https?://|www\.)\S|(?:\+62|\(?0\d{2,3}\)?[ -]?)\d[\d -]{5,}"
    r"|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{3,4}"
    r"|(?:^|\s)(?:t|f|m|p|e|hp|wa|tel(?:p|epon)?|phone|fax|mobile|cell|skype|nip|nik)\.?["
    r" \t]*[:.][ \t]*[\d+@\w]",
    re.I,
)
_FACT = re.compile(
    r"\b(?:kode|tender|paket|npwp|user[ -]?(?:id|name)|username|satker|pagu|rup|nib|lelang"
    r"|lampiran|terlampir"
    r"|error|galat|pesan|tanggal|jam|pukul|akun|account|order|invoice|ticket|tiket)\b|\?[ \t]*$"
    r"|#\w",
    re.I,
)


def split(lines: list[str]) -> tuple[list[str], list[str]]:
    """A stretch of the writer's lines without its end signature, and the signature.

    A signature has words above it; blank lines at the end are dropped.
    """
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    whole = lines[:end]
    lines = whole[: _boilerplate(whole)]
    filled = [number for number, line in enumerate(lines) if line]
    at = _delimiter(lines, filled)
    if at is None:
        at = _device(lines, filled)
        body = lines[:at] if at is not None else lines
        filled = [number for number in filled if number < len(body)]
        custom = _custom(body, filled)
        at = custom if custom is not None else at
    if at is None:
        return _without_rules(lines), whole[len(lines) :]
    return _without_rules(lines[:at]), whole[at:]


def _boilerplate(lines: list[str]) -> int:
    """Where the closing paragraphs start that speak of the mail itself: who may read it, that it
    was scanned, whether to print it. Nobody writes them; the office's server adds them."""
    end = len(lines)
    while True:
        start = end
        while start and lines[start - 1].strip():
            start -= 1
        paragraph = " ".join(line.strip() for line in lines[start:end])
        if not start or not paragraph or not words.BOILERPLATE.match(paragraph[:600]):
            return end
        end = start
        while end and (not lines[end - 1].strip() or _RULE.match(lines[end - 1])):
            end -= 1


def _without_rules(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or _RULE.match(lines[end - 1])):
        end -= 1
    return lines[:end]


def _delimiter(lines: list[str], filled: list[int]) -> int | None:
    """`-- ` (RFC 3676, 4.3) or a long rule over a list footer, near the end."""
    for number in filled[-40:]:
        if _DELIMITER.match(lines[number]):
            return number
    for number in filled[-8:]:
        if _LONG_RULE.match(lines[number]) and number != filled[-1]:
            below = lines[number + 1 :]
            if any(_CONTACT.search(line) for line in below) and not _holds_facts(below):
                return number
    return None


def _device(lines: list[str], filled: list[int]) -> int | None:
    """`Dikirim dari iPhone saya` and its like on one of the last lines."""
    for number in filled[-3:]:
        if len(lines[number]) < 160 and words.DEVICE.match(lines[number]):
            return number
    return None


def _custom(lines: list[str], filled: list[int]) -> int | None:
    """A closing formula, a dashed name, or a block of contact lines, with words above it."""
    for number in _plain_end(lines, filled):
        below = lines[number:]
        if number == filled[0]:
            continue
        if _CLOSING.match(lines[number]) and sum(map(bool, below)) <= _MAX_LINES - 4:
            return number
        if _DASHED_NAME.match(lines[number]) and _alone(lines, number):
            return number
    return _contact_block(lines, filled)


def _alone(lines: list[str], number: int) -> bool:
    """A dashed name stands on the last lines and is no item of a list: it has a capital, or no
    blank after the dash, or is a single word with a blank line above."""
    dashed = lines[number].strip()
    named = dashed[1:2] != " " or dashed[2:3].isupper()
    if not named and (dashed.count(" ") > 1 or lines[number - 1].strip()):
        return False
    above = next((line for line in reversed(lines[:number]) if line), "").lstrip()
    below = [line.lstrip() for line in lines[number + 1 :] if line]
    listed = any(line.startswith(("-", "*", "•", "~")) for line in (above, *below))
    return len(below) <= 3 and not listed


def _contact_block(lines: list[str], filled: list[int]) -> int | None:
    """The last paragraphs when they are short lines with at least two ways to reach a person."""
    start = len(lines)
    for number in reversed(filled[-_MAX_LINES:]):
        line = lines[number]
        if len(line) > 60 or (line.endswith((".", "?", "!")) and not _CONTACT.search(line)):
            break
        start = number
    while start < len(lines) and start and lines[start - 1]:
        start += 1  # a block starts after a blank line
    block = [line for line in lines[start:] if line]
    if start <= (filled[0] if filled else 0) or len(block) < 3:
        return None
    if sum(1 for line in block if _CONTACT.search(line)) < 2:
        return None
    return None if _holds_facts(block) else start


def _plain_end(lines: list[str], filled: list[int]) -> list[int]:
    """The last lines below whatever is long or holds a fact: only they may be a signature."""
    last = filled[-_MAX_LINES:]
    for place in reversed(range(len(last))):
        line = lines[last[place]]
        if len(line) > 90 or _FACT.search(line):
            return last[place + 1 :]
    return last


def _holds_facts(lines: list[str]) -> bool:
    return any(_FACT.search(line) for line in lines)
