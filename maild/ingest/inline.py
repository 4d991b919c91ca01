"""Which files of a mail are images of its page, and which of those only dress it.

A mail program marks pasted screenshots, logos of signatures and real photographs much alike, so
the page itself is asked: an image that it shows by `cid:` (RFC 2392) is inline, whatever the
disposition says; a file "inline" that no page shows was enclosed (Apple Mail sends photographs
so). A shown image is decoration when the page shows it only in the signature or in the quoted
mail (a mail that is passed on is no quote), or when it is too small to show anything. Whether a
logo comes again and again in other mails, only the store can count.
"""

import re
from collections.abc import Iterator, Sequence

from maild.ingest.body import File

ICON_OCTETS = 2_000
_REFERENCE = re.compile(r"cid:([^\s\"'<>)]{1,300})", re.I)
# Where the mail programs begin the signature and the quoted mail in their HTML.
_NAMED = r"(?:class|id)\s*=\s*[\"']?[^\"'>]{0,80}"
_MARK = re.compile(
    rf"(?P<signature>{_NAMED}(?:gmail_signature|moz-signature|AppleMailSignature"
    r"|ms-outlook-mobile-signature|\bsignature\b))"
    rf"|<blockquote|{_NAMED}(?:gmail_quote|divRplyFwdMsg|appendonsend|moz-cite-prefix"
    r"|moz-forward-container|yahoo_quoted|zimbra_quote|quoted-mail)"
    r"|<hr[^>]{0,200}(?:zwchr|stopSpelling)|border-top:\s*solid\s+#[0-9a-f]{6}\s+1",
    re.I,
)


def settle(files: Sequence[File], pages: Sequence[str], passes_on: bool = False) -> None:
    """Set `inline` and `decoration` of the files from the HTML pages of their mail.

    `passes_on`: the mail below the head of another one is content, not a quote.
    """
    if not any(file.content_id or file.inline for file in files):
        return
    written: set[str] = set()
    shown: set[str] = set()
    for page in pages:
        for start, end, dressing in _stretches(page, passes_on):
            names = {
                m[1].replace("%40", "@").lower() for m in _REFERENCE.finditer(page, start, end)
            }
            shown |= names
            if not dressing:
                written |= names
    for file in files:
        if "/" in file.path:  # of an attached mail, which has its own page
            continue
        name = file.content_id.lower()
        image = file.type.startswith("image/")
        file.decoration = image and name in shown and name not in written
        file.inline = image and (name in shown if shown else file.inline and bool(name))


def _stretches(page: str, passes_on: bool) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it dresses) of the page; a quote in an answer goes to its end."""
    at, dressing = 0, False
    for mark in _MARK.finditer(page):
        yield at, mark.start(), dressing
        at, dressing = mark.start(), not passes_on or mark["signature"] is not None
        if dressing and not passes_on:
            break
    yield at, len(page), dressing
