"""Somebody else's mail inside a mail: forwarded inline, or attached whole (message/rfc822).

Says who wrote it, its subject and its text. Whether that is believed is not asked here; what a
forwarder shows, he may have made up.
"""

import re
from collections.abc import Iterator

from maild.ingest import address, body, mime, quote
from maild.ingest import quote_words as words
from maild.ingest.mime import Message, Part
from maild.model.mail import Address, Forwarded

_MAX_LINES = 400
_MAX_HEAD = 12
_MAX_TEXT = 200_000
_SPEC = re.compile(r"[^\s<>\[\]():;,\"']+@[^\s<>\[\]():;,\"']+")
_QUOTE_MARK = re.compile(r"^[ \t]{0,3}>[ \t]?")
_BLOCK = 5  # lines within which a header block names the sender
# Yahoo writes separator and header block in one line of its plain text.
_IN_ONE = re.compile(
    rf"[ \t]*-{{2,}}[ \t]*(?:{words.FORWARDED}|{words.ORIGINAL})[ \t]*-{{2,}}[ \t]*(?P<rest>\S.*)",
    re.I,
)
_NEXT_LABEL = re.compile(
    r"(?=(?:From|Dari|To|Kepada|Cc|Sent|Date|Dikirim|Terkirim|Tanggal|Subject|Subjek|Perihal): )"
)


def read(message: Message, text: str, called_forward: bool) -> Forwarded | None:
    """The forwarded mail in a mail, or None. `text` is the mail's own; `called_forward` says
    that its subject calls it a forward."""
    attached = next((p for p in _parts(message.root) if p.type == "message/rfc822"), None)
    inner = mime.nested(attached) if attached else None
    if inner is not None:
        written = quote.cut(body.read(inner).text).written
        return _made(inner.text("from", 500), inner.text("subject", 500), written)
    return inline(text, called_forward)


def inline(text: str, called_forward: bool) -> Forwarded | None:
    """The mail below a "Forwarded message" line; in a mail that is called a forward also below
    "Original message", or below a block of From, Date and Subject in any order."""
    lines = text[:_MAX_TEXT].split("\n")
    for at, line in enumerate(lines[:_MAX_LINES]):
        separator = words.SEPARATOR.fullmatch(line)
        if words.FORWARD.fullmatch(line) or (separator and separator["forwarded"]):
            return _below(lines[at + 1 :])
        if not called_forward:
            continue
        if separator:
            return _below(lines[at + 1 :])
        if in_one := _IN_ONE.fullmatch(line[:2_000]):
            return _below([*_NEXT_LABEL.split(in_one["rest"]), "", *lines[at + 1 :]])
        if words.LABEL.match(line) and _names_sender(lines[at : at + _BLOCK]):
            return _below(lines[at:])
    return None


def _names_sender(lines: list[str]) -> bool:
    """Whether a header block begins here: labels only, and one of them is From."""
    for line in lines:
        label = words.LABEL.match(line)
        if label is None or label["sender"]:
            return label is not None
    return False


def _below(lines: list[str]) -> Forwarded | None:
    if all(_QUOTE_MARK.match(line) for line in lines[:6] if line.strip()):
        lines = [_QUOTE_MARK.sub("", line) for line in lines]
    sender = subject = ""
    at = 0
    while at < len(lines) and at < _MAX_HEAD:
        label = words.LABEL.match(lines[at])
        value = lines[at][label.end() :].strip(" \t*") if label else ""
        if label and label["sender"] and not sender:
            sender = value
        elif label and label["subject"]:
            subject = value
        elif not label and sender and _text_begins(lines[at : at + 2], bool(subject)):
            break
        at += 1
    return _made(sender, subject, quote.cut("\n".join(lines[at:]).strip()).written)


def _text_begins(lines: list[str], complete: bool) -> bool:
    """Whether the header block ends before this line: it is empty, or the block has From and
    Subject and no label follows. A long address list goes on in lines without a label."""
    follows = len(lines) > 1 and words.LABEL.match(lines[1])
    return not lines[0].strip() or (complete and not follows)


def _made(sender: str, subject: str, text: str) -> Forwarded | None:
    found = _SPEC.search(sender.replace("mailto:", " "))
    spec = address.normal(found[0]) if found else None
    text = text.strip().lstrip("\ufeff")
    if spec is None or not text:
        return None
    name = re.split(r"[<\[(]", sender, maxsplit=1)[0].strip(" \t\"'*")
    plain = Address("" if "@" in name else name[:250], spec)
    return Forwarded(plain, " ".join(subject.split())[:500], text)


def _parts(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from _parts(child)
