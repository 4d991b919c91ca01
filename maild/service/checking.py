"""`maild check`: everything that can be known to be wrong before the service starts."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from maild.ingest.access import MailboxError
from maild.ingest.mailbox import Mailbox
from maild.replies.smtp import Relay, RelayRefused
from maild.service import folders
from maild.service.load import load
from maild.service.office import read_office
from maild.service.settings import Settings
from maild.service.wiring import mailbox_access, relay_access
from maild.store.board import renamed_columns


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check; a `doubt` stops nothing but should be looked at."""

    good: bool
    text: str
    doubt: bool = False


def check(path: Path, offline: bool) -> Iterator[Finding]:
    """All faults of the files at once; then, if they are sound, the servers."""
    settings, faults = load(path, secrets=not offline)
    yield from (Finding(fault.warning, str(fault), doubt=fault.warning) for fault in faults)
    if settings is None:
        return
    office, complaints = read_office(settings)
    yield from (Finding(False, str(fault)) for fault in complaints)
    if office is None:
        return
    rows = len(office.book.procedures[office.book.current].rows)
    yield Finding(True, f"{path.name}: sound")
    yield Finding(True, f"sop/: {rows} rows, {len(office.book.table.categories)} categories")
    yield Finding(True, f"templates/: {len(office.letters.names)} letters")
    if not offline:
        yield from _imap(settings)
        yield from _smtp(settings)


def _imap(settings: Settings) -> Iterator[Finding]:
    try:
        mailbox = Mailbox(mailbox_access(settings))
    except MailboxError as error:
        yield Finding(False, f"IMAP: {error}")
        return
    try:
        columns = renamed_columns(settings.database_url)
        complaints = folders.faults(
            settings.file.name, settings.mailbox, mailbox.folders(), columns
        )
        found = [Finding(f.warning, str(f), doubt=f.warning) for f in complaints]
        yield from found
        if not all(finding.good for finding in found):
            return
        yield from (Finding(True, f"IMAP: {line}") for line in mailbox.explain_capabilities())
    except MailboxError as error:
        yield Finding(False, f"IMAP: {error}")
    finally:
        mailbox.close()


def _smtp(settings: Settings) -> Iterator[Finding]:
    async def greet() -> str:
        relay = Relay(relay_access(settings))
        try:
            return await relay.check()
        finally:
            await relay.quit()

    try:
        yield Finding(True, f"SMTP: logged in, {asyncio.run(greet())}")
    except RelayRefused as refused:
        answer = refused.answer
        yield Finding(
            False,
            f"SMTP: {answer.phase.name} {answer.code or 'no answer'}: {answer.text}. "
            "Check host, port, tls, user and password of [smtp].",
        )
