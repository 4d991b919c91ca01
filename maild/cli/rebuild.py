"""`maild rebuild`: the tickets from the mail server alone, and the drill that shows it works."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.backup import bars, plainly
from maild.cli.common import fail, settings_of, store_of

if TYPE_CHECKING:
    from maild.service.rebuilding import Report
    from maild.service.settings import Settings
    from maild.store.store import Store


def rebuild(
    context: typer.Context,
    from_mailbox: Annotated[
        bool, typer.Option("--from-mailbox", help="From the copies and mails on the server.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="A drill: into a folder that is thrown away, beside the live recap."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Make tickets, letters and recap again after a loss, or catch up after a restore; nothing
    is sent until `maild resume`."""
    if not from_mailbox:
        fail("say from what.", "Write: maild rebuild --from-mailbox", code=2)
    settings = settings_of(context)
    differences: list[str] = []
    with plainly():
        if dry_run:
            with tempfile.TemporaryDirectory(prefix="maild-") as name:
                report, differences = _drilled(settings, Path(name))
        else:
            with store_of(settings) as store:
                store.work_alone()
                report = _made(settings, store)
    told = {
        "copies": report.copies,
        **asdict(report.rebuilt),
        "refused": list(report.refused),
        "differences": differences,
    }
    if as_json:
        typer.echo(json.dumps(told))
    else:
        _print(told)
    if report.refused or differences:
        raise typer.Exit(1)


def _made(settings: "Settings", store: "Store") -> "Report":
    from maild.ingest.access import MailboxError
    from maild.ingest.mailbox import Mailbox
    from maild.service import keyring, rebuilding
    from maild.service.wiring import mailbox_access

    if not settings.key_file.is_file():
        fail(f"{settings.key_file} is missing.", "Put it back; every backup holds it.")
    try:
        ring = keyring.load(settings.key_file)
        mailbox = Mailbox(mailbox_access(settings))
        with bars() as tell:
            return rebuilding.rebuild(settings, store, mailbox, ring, datetime.now(UTC), tell)
    except (MailboxError, keyring.KeyRingError) as error:
        fail(str(error))


def _drilled(settings: "Settings", folder: Path) -> tuple["Report", list[str]]:
    """A rebuild beside the live database, and where the two recaps differ."""
    from maild.service.recaps import differences
    from maild.store.register import Register
    from maild.store.store import Store

    office = settings.office
    url = f"sqlite:///{folder / 'maild.db'}"
    with Store.open(url, folder / "mail", prefix=office.prefix, zone=office.zone) as store:
        report = _made(settings, store)
        live = Register.open(settings.database_url, office.zone)
        try:
            return report, list(differences(live, store.register)) if live.is_ready() else []
        finally:
            live.close()


def _print(told: dict[str, object]) -> None:
    for line in _lines(told):
        typer.echo(line)


def _lines(told: dict[str, object]) -> Iterator[str]:
    for name, value in told.items():
        if isinstance(value, list):
            yield f"{name:<12} {len(value)}"
            yield from (f"  {line}" for line in value)
        else:
            yield f"{name:<12} {value}"
