"""`maild backup`, `maild restore`, `maild resume`: a copy of everything, and back from it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.common import fail, settings_of, store_of

if TYPE_CHECKING:
    from maild.service.backup import Contents, Tell

_JSON = typer.Option("--json", help="One JSON object.")
_DRY = typer.Option("--dry-run", help="Only tell what would be done.")


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to make; it must not exist.")],
    dry_run: Annotated[bool, _DRY] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Copy database, raw mails and signing keys into one file; the service may go on working."""
    from maild.service import backup as backups

    settings = settings_of(context, secrets=False)
    with plainly():
        if dry_run:
            blobs, octets = backups.plan(settings)
            _print({"file": str(file), "blobs": blobs, "octets": octets}, as_json)
            return
        with bars() as tell:
            contents = backups.make(settings, file, datetime.now(UTC), tell)
    _print({"file": str(file), **_told(contents)}, as_json)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `maild backup` has made.")],
    folder: Annotated[Path, typer.Argument(help="The data folder to make; empty or not there.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the file.")] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Lay a backup down in a new folder; nothing is sent until `maild resume`."""
    from maild.service import backup as backups
    from maild.service.restore import restore as lay_down

    with plainly():
        if dry_run:
            with bars() as tell:
                contents = backups.verified(file, tell)
            _print({"file": str(file), **_told(contents)}, as_json)
            return
        url = settings_of(context, secrets=False).database_url if context.obj.exists() else ""
        with bars() as tell:
            done = lay_down(file, folder, datetime.now(UTC), url, tell)
    told = {"folder": str(folder), **_told(done.contents), "doubtful_letters": done.doubtful}
    _print(told, as_json)
    if not as_json:
        typer.echo("Next: maild rebuild --from-mailbox, maild run, maild resume")


def resume(
    context: typer.Context,
    without_mailbox: Annotated[
        bool, typer.Option(help="The mailbox is lost too: do not ask it.")
    ] = False,
    dry_run: Annotated[bool, _DRY] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """End the restore mode: letters that the mailbox does not prove sent may leave again."""
    from maild.ingest.access import MailboxError
    from maild.ingest.mailbox import Mailbox
    from maild.service import resuming
    from maild.service.wiring import mailbox_access, real_time

    settings = settings_of(context, secrets=not without_mailbox)
    with store_of(settings) as store, plainly():
        try:
            mailbox = None if without_mailbox else Mailbox(mailbox_access(settings))
            found = resuming.resume(settings, store, mailbox, real_time(), dry_run=dry_run)
        except MailboxError as error:
            fail(str(error))
    _print(asdict(found), as_json)


@contextmanager
def plainly() -> Iterator[None]:
    """Known troubles are one line and their remedy."""
    from maild.service.backup import BackupError
    from maild.store.errors import StoreError

    try:
        yield
    except (BackupError, StoreError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or 'the disk'}: {error.strerror}.", "Check space and rights.")


@contextmanager
def bars() -> "Iterator[Tell]":
    """Tells on stderr how far a step has come, where somebody looks at it."""
    import sys

    looked_at = sys.stderr.isatty()

    def tell(what: str, done: int, of: int) -> None:
        if looked_at:
            typer.echo(f"\r{what:<10} {done:>9} / {of}", nl=False, err=True)

    yield tell
    if looked_at:
        typer.echo("", err=True)


def _told(contents: "Contents") -> dict[str, object]:
    return {**asdict(contents), "made_at": contents.made_at.isoformat()}


def _print(told: dict[str, object], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told))
        return
    for name, value in told.items():
        typer.echo(f"{name.replace('_', ' '):<18} {value}")
