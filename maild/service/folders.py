"""What `maild check` says of the folders that config.toml speaks of, once the server has listed
them: each complaint with file, key, problem and remedy."""

import re
from collections.abc import Iterator, Mapping, Sequence

from maild.ingest.mailbox import Folder
from maild.model.board import Column
from maild.service.fault import Fault, did_you_mean
from maild.service.settings import Mailbox
from maild.service.stages.sent import AUTO

# What mail programs call it where the server marks none (RFC 6154 names no folder).
_USUAL = re.compile(r"(?i)(?:.*[./])?(?:sent(?: items| messages| mail)?|(?:\w+ )?terkirim)")


def faults(
    file: str, mailbox: Mailbox, there: Sequence[Folder], columns: Mapping[Column, str]
) -> Iterator[Fault]:
    """Complaints about inbox, Sent folder and board; `columns` are the board's folders as they
    are called now. A folder that maild makes by itself is a warning."""
    names = {folder.name for folder in there}
    if mailbox.inbox not in names:
        problem = f"tidak ada folder {mailbox.inbox} di server"
        yield Fault(file, "mailbox.inbox", problem, did_you_mean(mailbox.inbox, names))
    yield from _of_sent(file, mailbox.sent, there)
    if mailbox.papan:
        yield from _of_board(file, names, columns)


def _of_sent(file: str, sent: str, there: Sequence[Folder]) -> Iterator[Fault]:
    names = {folder.name for folder in there}
    marked = next((folder.name for folder in there if folder.special == "Sent"), "")
    if sent == AUTO and not marked:
        usual = [name for name in sorted(names) if _USUAL.fullmatch(name)]
        problem = "server tidak menandai folder Terkirim; jawaban dari kotak surat tidak terlihat"
        remedy = f'tulis sent = "{usual[0]}"' if usual else 'tulis nama foldernya, atau sent = ""'
        yield Fault(file, "mailbox.sent", problem, remedy, warning=True)
    elif sent not in ("", AUTO) and sent not in names:
        problem = f"tidak ada folder {sent} di server; jawaban dari kotak surat tidak terlihat"
        remedy = did_you_mean(sent, names)
        if marked:
            remedy = f'tulis sent = "auto"; server menandai folder {marked}'
        yield Fault(file, "mailbox.sent", problem, remedy)


def _of_board(file: str, names: set[str], columns: Mapping[Column, str]) -> Iterator[Fault]:
    missing = [name for name in columns.values() if name not in names]
    if missing:
        problem = f"folder papan belum ada di server: {', '.join(missing)}"
        remedy = "maild membuatnya sendiri ketika berjalan, atau mengikuti nama barunya bila"
        remedy += " foldernya diganti nama; yang dibuat di bawah folder lain tidak dibaca"
        yield Fault(file, "mailbox.papan", problem, remedy, warning=True)
