"""What the writer of a mail wrote himself: quotes, signature and device lines told apart.

Line based and linear in the size of the text. A view, never a loss: the whole text is stored
(reliability B069). A forwarded mail is content, not a quote. Answers between the quotes stay, in
order. Where there is text the result is never empty: in doubt everything is kept.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache

from maild.ingest import quote_words as words
from maild.ingest import signature as signatures

_MAX_LINE = 1_000
_WRAP = 4
_MAX_LINES = 4_000
_MARKING = frozenset(" \t-_=*–—")  # what a rule above a header block begins with
_VERBS = tuple(verb.replace("\\", "") for verb in words.VERBS.split("|"))
_UNDERSCORES = re.compile(r"[ \t]*[_=-]{20,}[ \t]*$")
_QUOTED = re.compile(r"[ \t]{0,3}[>»](?!.*<<<)|[ \t]{0,3}\|[ \t]")
_SHARED_LINE = re.compile(
    r"(?P<own>.{1,400}?\S)[ \t]*(?:-{2,}[ \t]*)?"
    r"(?P<lead>\b(?:On|Pada(?: tanggal)?)\b[^\n]{10,200}$)"
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in pieces. `written` is the person's own words, `above` those of them that stand
    over the first quote (only there a command counts)."""

    written: str
    signature: str
    quoted: str
    above: str


@dataclass(slots=True)
class _Segment:
    """Lines of one kind: written or quoted."""

    quoted: bool
    lines: list[str]


def cut(text: str, *, forward: bool = False) -> Cut:
    """Take a text apart. `forward` says that the subject calls the mail a forward: then a header
    block starts a forwarded mail, which is content."""
    lines = [line.rstrip() for line in text.split("\n")]
    segments = _segments(lines, forward)
    written: list[str] = []
    closings: list[str] = []
    above = None
    for segment in segments:
        if segment.quoted:
            if above is None:
                above = "\n".join(written).strip("\n")
            continue
        body, signature = signatures.split(segment.lines)
        if signature:
            closings.append("\n".join(signature).strip("\n"))
        if any(body):
            if written:
                written.append("")
            written += body
    own = "\n".join(written).strip("\n")
    if len(own) < 400 and segments[-1].quoted and _answers_below(own, segments[-1]):
        return Cut(text.strip("\n"), "", "", above or "")
    quoted = "\n".join("\n".join(s.lines) for s in segments if s.quoted).strip("\n")
    closing = "\n".join(closings)
    if not own.strip():
        if closing.strip() and quoted.strip():
            return Cut(closing, "", quoted, above or "")
        return Cut(text.strip("\n") if text.strip() else "", "", "", above or "")
    return Cut(own, closing, quoted, own if above is None else above)


def _answers_below(own: str, last: _Segment) -> bool:
    """Does the writer point to answers in the quote, which has no marks to tell them by?"""
    unmarked = sum(1 for line in last.lines if line and not _QUOTED.match(line))
    return unmarked > 5 and bool(words.BELOW.search(own))


def _segments(lines: list[str], forward: bool) -> list[_Segment]:
    found: list[_Segment] = []

    def add(quoted: bool, some: list[str]) -> None:
        if found and found[-1].quoted == quoted:
            found[-1].lines += some
        elif some:
            found.append(_Segment(quoted, list(some)))

    at, count = 0, len(lines)
    leading = _may_lead_in(lines)
    while at < count:
        line = lines[at]
        if at == _MAX_LINES:
            add(bool(found and found[-1].quoted), lines[at:])
            break
        if not line or len(line) > _MAX_LINE:
            add(bool(found and found[-1].quoted and not line), [line])
            at += 1
            continue
        if _QUOTED.match(line):
            if words.FORWARD.fullmatch(_bare(line)) and not (found and found[-1].quoted):
                # Apple Mail marks what it forwards as it marks a quote; its first line tells.
                add(False, [_bare(one) for one in lines[at:]])
                break
            add(True, [line])
            at += 1
            continue
        separator = _separator(line)
        if separator == "forwarded" or words.FORWARD.fullmatch(line):
            add(False, lines[at:])
            break
        original = separator == "original"
        block = not original and _header_block(lines, at)
        marked = _marked_below(lines, at) if original or block else None
        if marked is not None and not forward:
            # The quote carries marks, so what stands between them was written here.
            add(True, lines[at:marked])
            at = marked
            continue
        if original or words.REPLY_ABOVE.fullmatch(line):
            add(True, lines[at:])
            break
        if block:
            wrote = any(s.lines and not s.quoted and any(s.lines) for s in found)
            add(wrote and not forward, lines[at:])
            break
        shared = _shared(line)
        if shared:
            add(False, [shared[0]])
            lines[at] = shared[1]
        length = 1 if shared else _attribution(lines, at) if at in leading else 0
        if length:
            add(True, lines[at : at + length])
            at += length
            if _next_filled(lines, at) is not None and not _quote_follows(lines, at):
                add(True, lines[at:])
                break
            continue
        add(False, [line])
        at += 1
    return found


def _bare(line: str) -> str:
    """A line without its outermost quote mark."""
    match = _QUOTED.match(line)
    return line[match.end() :].removeprefix(" ") if match else line


def _separator(line: str) -> str | None:
    """`original` or `forwarded` when a line says that such a message is below it."""
    if line[0] not in _MARKING and line[0] != ">":
        return None
    match = words.SEPARATOR.fullmatch(line)
    return match.lastgroup if match else None


def _next_filled(lines: list[str], at: int) -> int | None:
    for number in range(at, min(at + 6, len(lines))):
        if lines[number]:
            return number
    return None


def _quote_follows(lines: list[str], at: int) -> bool:
    following = _next_filled(lines, at)
    return following is not None and bool(_QUOTED.match(lines[following]))


def _header_block(lines: list[str], at: int) -> bool:
    """Does an Outlook header block (From, Sent, To, Subject) start here, perhaps under a line?"""
    start, line = at, lines[at]
    if line[0] not in _MARKING and ":" not in line and "：" not in line:
        return False
    marked = line[0] in _MARKING and bool(
        _UNDERSCORES.match(line) or words.ANY_SEPARATOR.fullmatch(line)
    )
    if marked:
        following = _next_filled(lines, at + 1)
        if following is None:
            return False
        start = following
    first = _label(lines[start])
    if first is None:
        return False
    kinds: set[str | None] = set()
    strange = 0
    for line in lines[start : start + 14]:
        match = _label(line)
        if match is None:
            strange += bool(line)
            if strange > 2 or (not line and len(kinds) >= 3):
                break
            continue
        kinds.add(match.lastgroup)
        if match.lastgroup == "sender" and words.SECOND.search(line, match.end()):
            kinds.add("sent")
    kinds -= {"other", "copy"}
    if first.lastgroup == "sent" and kinds == {"sent", "to"}:
        # No sender, yet a date to the minute and the address that the mail went to.
        block = " ".join(lines[start : start + 3])
        return bool(words.ADDRESSED.search(block) and words.DATED.search(lines[start]))
    return "sender" in kinds and (
        marked
        or len(kinds) >= 3
        or (first.lastgroup == "sender" and bool(kinds & {"sent", "subject"}))
    )


def _marked_below(lines: list[str], at: int) -> int | None:
    """Where the `>` quote starts that stands right below a separator and its header block."""
    for number in range(at + 1, min(at + 16, len(lines))):
        line = lines[number]
        if _QUOTED.match(line):
            return number
        if line and not _label(line):
            return None
    return None


@lru_cache(maxsize=64)  # a block is gone through again from each of its lines
def _label(line: str) -> re.Match[str] | None:
    """A label of a header block; most lines have no colon, and the words are many."""
    return words.LABEL.match(line) if ":" in line or "：" in line else None


def _may_lead_in(lines: list[str]) -> Container[int]:
    """The lines at which `_attribution` may find something at all: it needs the verb of a lead-in
    somewhere, or a line that ends with a colon, at most so far below as a lead-in is wrapped."""
    whole = " ".join(lines).lower()
    if "gmt" in whole or any(verb in whole for verb in _VERBS):
        return range(len(lines))
    colons = (number for number, line in enumerate(lines) if line and _ends_with_colon(line))
    return {near for number in colons for near in range(number - _WRAP + 1, number + 1)}


def _attribution(lines: list[str], at: int) -> int:
    """How many lines, from here, make a lead-in such as `On ... wrote:`; 0 when none.

    What makes one: a date or an address together with the verb, or a date, an address and the
    colon at the end. It may be wrapped; its first line then starts it or holds the date.
    """
    first = lines[at]
    if words.STAMPED.match(first):
        return 1
    starts = bool(
        words.LEAD.match(first) or words.DATE.search(first[:120]) or words.ANGLED.search(first)
    )
    if not starts and not words.ADDRESSED.search(first):
        return _bare_attribution(lines, at)
    joined = ""
    for length in range(1, _WRAP + 1):
        if at + length > len(lines) or not lines[at + length - 1]:
            break
        line = lines[at + length - 1]
        if len(line) > _MAX_LINE or (length > 1 and _QUOTED.match(line)):
            break
        joined = f"{joined} {line}".strip()
        if length > 1 and not starts:
            break
        colon = _ends_with_colon(joined)
        if (
            not colon
            and not words.CLOSED_ADDRESS.search(joined)
            and not (joined.endswith(("-", "_")) and words.CLOSED_RULE.search(joined))
            and not _quote_follows(lines, at + length)
        ):
            continue
        if words.VERB_END.search(joined) and words.DATE_OR_ADDRESS.search(joined):
            return length
        if not colon:
            continue
        if words.DATE.search(joined) and words.ADDRESSED.search(joined):
            return length
    return _bare_attribution(lines, at)


def _shared(line: str) -> tuple[str, str] | None:
    """`Reply text On Wed, Apr 4, bob@x wrote:` on one line: the reply, and the lead-in."""
    if not _ends_with_colon(line) or len(line) > 600 or words.LEAD.match(line):
        return None
    if not words.VERB_END.search(line):
        return None
    match = _SHARED_LINE.match(line)
    if match is None or "@" in match["own"] or not words.DATE_OR_ADDRESS.search(match["lead"]):
        return None
    return match["own"].rstrip("- "), match["lead"]


def _bare_attribution(lines: list[str], at: int) -> int:
    """`Budi menulis:` without a date counts when a `>` quote follows."""
    line = lines[at]
    if not _ends_with_colon(line):
        return 0
    if not words.VERB_END.search(line) and not words.QUOTING.match(line):
        return 0
    return int(_quote_follows(lines, at + 1))


def _ends_with_colon(line: str) -> bool:
    return line.rstrip(" *_").endswith((":", "："))
