"""One letter in its two forms: plain text with short lines, and simple HTML of the same words.

A letter is written with one paragraph a line. Whatever it says is data here: it is folded or
escaped, never interpreted, except that `<mailto:...>` and `<https://...>` in angle brackets
(RFC 3986, appendix C) become links.
"""

import re
from html import escape
from itertools import groupby

WIDTH = 72
LONGEST = 78  # RFC 5322, 2.1.1; what a mail program has folded itself is left as it is

_FORM_LINE = re.compile(r"\d{1,2}\. .*:\s*$")
_LEAD = re.compile(r"(?:> ?)+|[-*] |\d{1,2}\. | +")
_LINK = re.compile(r"(?:([^\n]*\S) )?&lt;((?:mailto:|https?://)(?:(?!&[lg]t;)[^\s<>])+)&gt;")
_BLANK_LINES = re.compile(r"\n{2,}")

_HEAD = (
    '<!DOCTYPE html>\n<html lang="id">\n<head><meta charset="utf-8"></head>\n'
    '<body style="font-family: sans-serif; line-height: 1.4">\n'
)
_QUOTE = (
    '<blockquote style="margin: 0; padding-left: 0.8em; border-left: 2px solid #999">\n'
    "{}</blockquote>\n"
)


def wrapped(text: str) -> str:
    """The text with lines over 78 characters folded at 72, where a space allows it.

    Quoted lines stay quoted, list items are indented below their mark. The lines of a form
    (`1. Label:`) and lines with a link keep their length, so that they can be read back.
    """
    return "\n".join(_folded(line) if len(line) > LONGEST else line for line in text.split("\n"))


def _folded(line: str) -> str:
    if _FORM_LINE.match(line) or "<mailto:" in line or "://" in line:
        return line
    found = _LEAD.match(line)
    lead = found[0] if found and len(found[0]) < WIDTH // 2 else ""
    further = lead if lead.startswith(">") else " " * len(lead)
    room = WIDTH - len(lead)
    lines: list[str] = []
    rest = line[len(lead) :]
    while len(rest) > room:
        at = rest.rfind(" ", 1, room + 1)
        if at < 0 and (at := rest.find(" ", room)) < 0:
            break
        lines.append(rest[:at].rstrip())
        rest = rest[at + 1 :]
    lines.append(rest)
    return lead + f"\n{further}".join(lines)


def as_html(text: str) -> str:
    """The text as a page of HTML: paragraphs, line breaks, quotes and links, all else escaped."""
    body = []
    for block in _BLANK_LINES.split(text.strip("\n")):
        if not (block.startswith(">") or "\n>" in block):
            body.append(f"<p>{_linked(block)}</p>\n")
            continue
        for quoted, run in groupby(block.split("\n"), key=lambda line: line.startswith(">")):
            if quoted:
                inner = "<br>\n".join(escape(x[1:].removeprefix(" ")) for x in run)
                body.append(_QUOTE.format(f"<p>{inner}</p>\n"))
            else:
                body.append("<p>" + _linked("\n".join(run)) + "</p>\n")
    return f"{_HEAD}{''.join(body)}</body>\n</html>\n"


def _linked(lines: str) -> str:
    """Escapes lines; `Label <mailto:...>` becomes a link that shows its label."""
    safe = escape(lines)
    if "&lt;" in safe:
        safe = _LINK.sub(lambda found: f'<a href="{found[2]}">{found[1] or found[2]}</a>', safe)
    return safe.replace("\n", "<br>\n")
