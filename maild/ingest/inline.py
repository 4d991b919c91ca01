"""Which files of a mail are images of its page, and which of those only dress it.

A mail program marks pasted screenshots, logos of signatures and real photographs much alike, so
the page itself is asked: an image that it shows by `cid:` (RFC 2392) is inline, whatever the
disposition says; a file "inline" that no page shows was enclosed (Apple Mail sends photographs
so). A shown image is decoration when the page shows it only in the signature or in the quoted
mail, or when it is too small to show anything. Whether a logo comes again and again in other
mails, only the store can count.
"""

import re
from collections.abc import Sequence

from maild.ingest.body import File

ICON_OCTETS = 2_000
_REFERENCE = re.compile(r"cid:([^\s\"'<>)]{1,300})", re.I)
# Where the mail programs begin the signature and the quoted mail in their HTML.
_END_OF_WRITING = re.compile(
    r"<blockquote|(?:class|id)\s*=\s*[\"']?[^\"'>]{0,80}(?:gmail_quote|gmail_signature|divRplyFwdMsg"
    r"|appendonsend|moz-(?:cite-prefix|signature)|yahoo_quoted|AppleMailSignature"
    r"|ms-outlook-mobile-signature|zimbra_quote|quoted-mail|\bsignature\b)"
    r"|<hr[^>]{0,200}(?:zwchr|stopSpelling)|border-top:\s*solid\s+#[0-9a-f]{6}\s+1",
    re.I,
)


def settle(files: Sequence[File], pages: Sequence[str]) -> None:
    """Set `inline` and `decoration` of the files from the HTML pages of their mail."""
    if not any(file.content_id or file.inline for file in files):
        return
    written: set[str] = set()
    shown: set[str] = set()
    for page in pages:
        end = _END_OF_WRITING.search(page)
        stop = end.start() if end else len(page)
        for match in _REFERENCE.finditer(page):
            name = match[1].replace("%40", "@").lower()
            shown.add(name)
            if match.start() < stop:
                written.add(name)
    for file in files:
        if "/" in file.path:  # of an attached mail, which has its own page
            continue
        name = file.content_id.lower()
        image = file.type.startswith("image/")
        file.decoration = image and name in shown and name not in written
        file.inline = image and (name in shown if shown else file.inline and bool(name))
