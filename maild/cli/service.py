"""`maild run`, `maild init`, `maild check`, `maild status`, `maild audit`: the service itself."""

import json
import logging
import shutil
import signal
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.common import fail, settings_of, store_of

if TYPE_CHECKING:
    from maild.service.office import OfficeFiles
    from maild.service.settings import Settings

_JSON = typer.Option("--json", help="One JSON object.")


def office_of(settings: "Settings") -> "OfficeFiles":
    """The office's files; their faults go to stderr and end the command."""
    from maild.service.office import read_office

    office, faults = read_office(settings)
    if office is None:
        for fault in faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(1)
    return office


def run(
    context: typer.Context,
    once: Annotated[bool, typer.Option(help="Work off what waits and end.")] = False,
    verbose: Annotated[bool, typer.Option(help="Also log what goes well.")] = False,
) -> None:
    """Run the service: read the mailbox, decide, send, watch the clock."""
    from maild.ingest.access import MailboxError
    from maild.service import selftest
    from maild.service.daemon import Daemon
    from maild.service.keyring import KeyRingError
    from maild.service.wiring import Parts, real_time

    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(threadName)s %(message)s",
    )
    if unsafe := selftest.faults(real_time()):
        fail("; ".join(unsafe))
    settings = settings_of(context)
    office = office_of(settings)
    with store_of(settings) as store:
        restored = store.restored()
        if restored is not None and not restored.caught_up:
            fail("the database was restored.", "Run first: maild rebuild --from-mailbox")
        store.work_alone()
        try:
            daemon = Daemon(Parts(settings, office, store))
        except KeyRingError as error:
            fail(str(error))

        def stop(_number: int, _frame: FrameType | None) -> None:
            daemon.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        try:
            if once:
                typer.echo(f"{daemon.run_once()} new mails")
            else:
                daemon.run()
        except MailboxError as error:
            fail(str(error))


def init(
    folder: Annotated[Path, typer.Argument(help="Where the new office's files will stand.")],
) -> None:
    """Make a new office: config.toml, sop/ and templates/ to edit; nothing is overwritten."""
    from maild.service.office import shipped

    root = shipped()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    for name in ("config.toml", "sop", "templates"):
        target = folder / name
        if target.exists():
            typer.echo(f"kept   {target}")
            continue
        if (root / name).is_dir():
            shutil.copytree(root / name, target)
        else:
            shutil.copyfile(root / name, target)
            target.chmod(0o600)
        made.append(target)
        typer.echo(f"made   {target}")
    typer.echo(
        f"Next: edit {folder / 'config.toml'}, then: maild --config {folder / 'config.toml'} check"
    )


def check(
    context: typer.Context,
    offline: Annotated[bool, typer.Option(help="Leave out the servers.")] = False,
) -> None:
    """Check settings, SOPs, priority table and letters, then log in to IMAP and SMTP."""
    from maild.service import checking

    path: Path = context.obj
    good = True
    for line in checking.check(path, offline):
        good = good and line.good
        label = "NOTE " if line.doubt else "ok   " if line.good else "FAULT"
        typer.echo(f"{label}  {line.text}")
    if not good:
        raise typer.Exit(1)


def status(context: typer.Context, as_json: Annotated[bool, _JSON] = False) -> None:
    """How many mails, tickets and letters stand where; how old the oldest is; what is wrong."""
    from maild.service.stages.backlog import PROGRESS
    from maild.service.trouble import troubles

    settings = settings_of(context)
    with store_of(settings) as store:
        reading = {"reading": store.setting(PROGRESS) or ""}
        counts = asdict(store.counts()) | reading | {"trouble": troubles(store)}
    if as_json:
        typer.echo(json.dumps(counts, default=str))
        return
    for name, value in counts.items():
        if isinstance(value, dict):
            inside = ", ".join(f"{k} {v}" for k, v in sorted(value.items())) or "none"
            typer.echo(f"{name:<20} {inside}")
        else:
            shown = value.isoformat() if isinstance(value, datetime) else value or "none"
            typer.echo(f"{name:<20} {shown}")
    if counts["trouble"]:
        raise typer.Exit(1)


def audit(
    context: typer.Context,
    repair: Annotated[
        bool, typer.Option(help="First mend what is provably safe; stop the service before.")
    ] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Compare mailbox, ledger, raw mails and outbox; 0 differences is the promise."""
    from maild.ingest.access import MailboxError
    from maild.ingest.mailbox import Mailbox
    from maild.service import auditing, repairing
    from maild.service.wiring import mailbox_access, real_time

    settings = settings_of(context)
    with store_of(settings) as store:
        try:
            if repair:
                store.work_alone()
                mailbox = Mailbox(mailbox_access(settings))
                for line in repairing.repair(settings, store, mailbox, real_time()):
                    typer.echo(line, err=True)
            mailbox = Mailbox(mailbox_access(settings))
            found = auditing.audit(settings, store, mailbox, real_time())
        except MailboxError as error:
            fail(str(error))
    if as_json:
        typer.echo(json.dumps(asdict(found)))
    else:
        for line in found.differences:
            typer.echo(line)
        on_the_way = f", {found.on_the_way} mails on the way" if found.on_the_way else ""
        typer.echo(f"{len(found.differences)} differences{on_the_way}")
    if found.differences:
        raise typer.Exit(1)
