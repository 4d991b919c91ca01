"""`maild demo`: the whole service at work, on servers inside this process."""

import logging
import shutil
import signal
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.common import fail

if TYPE_CHECKING:
    from maild.service.settings import Settings


def demo(
    folder: Annotated[
        Path | None, typer.Option(help="Where the demo's office stands; default: a new folder.")
    ] = None,
    letters: Annotated[bool, typer.Option(help="Print every letter in full.")] = False,
    serve: Annotated[
        bool,
        typer.Option(help="Keep the servers up for a real mail program, and do nothing else."),
    ] = False,
    imap_port: Annotated[int, typer.Option(help="With --serve: IMAP port; 0: any.")] = 1143,
    smtp_port: Annotated[int, typer.Option(help="With --serve: SMTP port; 0: any.")] = 1025,
) -> None:
    """Play a morning at an LPSE: mails arrive, agents and LKPP answer, the recap is made."""
    from maild.service.demo import Demo
    from maild.service.embedded import MissingExtraError

    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    where = folder or Path(tempfile.mkdtemp(prefix="maild-demo-"))
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (where / "data").exists():
        fail(f"{where} has been used before.", "Choose another --folder.", code=2)
    play = Demo(where, typer.echo, letters)
    try:
        if serve:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            play.serve(imap_port, smtp_port, _until_interrupted)
        else:
            settings = play.play()
            _recap(settings, where)
    except MissingExtraError as error:
        fail(str(error))
    finally:
        if serve and folder is None:
            shutil.rmtree(where)


def _until_interrupted() -> None:
    try:
        signal.pause()
    except KeyboardInterrupt:
        typer.echo("\nEnded.")


def _recap(settings: "Settings", folder: Path) -> None:
    """The recap on the screen, and as the two files that an office keeps."""
    from maild.cli.common import store_of
    from maild.model.dates import written_period
    from maild.recap import csv, xlsx
    from maild.recap.period import instants
    from maild.recap.rows import HEADING, Cover, rows
    from maild.recap.screen import table

    days = date(2026, 2, 1), date(2026, 2, 28)
    with store_of(settings) as store:
        entries = list(store.register.entries(*instants(days, settings.office.zone)))
    found = list(rows(entries, days[1]))
    cover = Cover(settings.office, *days, signed_on=days[1])
    typer.echo(f"\n{HEADING}\n{settings.office.name}, {written_period(*days)}\n")
    for line in table(found):
        typer.echo(line)
    csv.write(folder / "rekap-2026-02.csv", found)
    xlsx.write(folder / "rekap-2026-02.xlsx", found, cover)
    typer.echo(f"\nWrote {folder / 'rekap-2026-02.csv'} and {folder / 'rekap-2026-02.xlsx'}")
    typer.echo(
        f"The demo's office stays in {folder}; try: "
        f"maild --config {folder / 'config.toml'} ticket list --all"
    )
