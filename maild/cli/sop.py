"""`maild sop` and `maild rehearse`: the procedure, printed back and played."""

from pathlib import Path
from typing import Annotated

import typer

from maild.cli.common import settings_of
from maild.cli.service import office_of

app = typer.Typer(help="The office's procedure.", no_args_is_help=True)


@app.command()
def show(
    context: typer.Context,
    diagram: Annotated[bool, typer.Option(help="The flow instead of the table.")] = False,
    markdown: Annotated[bool, typer.Option(help="As a Markdown table.")] = False,
) -> None:
    """Print the SOP's own table again."""
    from maild.desk import sheet

    office = office_of(settings_of(context, secrets=False))
    procedure = office.book.procedures[office.book.current]
    if diagram:
        typer.echo(sheet.diagram(procedure))
    elif markdown:
        typer.echo(sheet.as_markdown(procedure))
    else:
        typer.echo(sheet.as_text(procedure))


@app.command("check")
def check_sop(context: typer.Context) -> None:
    """Check the office's files without asking any server."""
    office = office_of(settings_of(context, secrets=False))
    rows = len(office.book.procedures[office.book.current].rows)
    typer.echo(f"ok: {rows} rows, {len(office.letters.names)} letters")


def rehearse(
    context: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Conversations; default: all beside the SOP.")
    ] = None,
) -> None:
    """Play conversations through the procedure, in memory; nothing is sent or stored."""
    from maild.desk.rehearsal import Rehearsal

    settings = settings_of(context, secrets=False)
    office = office_of(settings)
    found = files or sorted(settings.sop_dir.glob("*.percakapan"))
    faults = 0
    for path in found:
        rehearsal = Rehearsal(
            office.book, lambda name, words: office.letters.render(name, words).text
        )
        failures = rehearsal.play(path.read_text("utf-8"))
        for failure in failures:
            typer.echo(f"{path.name}: {failure}")
        faults += len(failures)
        letters, tickets = len(rehearsal.posted), len(rehearsal.tickets)
        typer.echo(f"{path.name}: {tickets} tiket, {letters} surat, {len(failures)} kegagalan")
    if faults:
        raise typer.Exit(1)
