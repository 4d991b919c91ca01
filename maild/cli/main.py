"""The `maild` command: holds the app and mounts one module a command group.

A new group: write `maild/cli/<group>.py` and add a line at the end of this file.
"""

from pathlib import Path
from typing import Annotated

import typer

from maild import __version__
from maild.cli import (
    agent,
    backup,
    demo,
    explain,
    rebuild,
    recap,
    report,
    rules,
    service,
    sop,
    ticket,
    waiting,
)

app = typer.Typer(
    name="maild",
    help="An e-mail helpdesk that runs a written procedure (SOP) by mail alone.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def common(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option(envvar="MAILD_CONFIG", help="The office's settings.")
    ] = Path("config.toml"),
) -> None:
    """Keeps the path of the config file for the command that follows."""
    context.obj = config


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(f"maild {__version__}")


for command in (
    demo.demo,
    service.init,
    service.check,
    service.run,
    service.status,
    service.audit,
    backup.backup,
    backup.restore,
    rebuild.rebuild,
    backup.resume,
    explain.explain,
    sop.rehearse,
    recap.recap,
    report.report,
    waiting.retry,
):
    app.command()(command)
app.add_typer(sop.app, name="sop")
app.add_typer(rules.app, name="rules")
app.add_typer(agent.app, name="agent")
app.add_typer(ticket.app, name="ticket")
for group, name in waiting.GROUPS:
    app.add_typer(group, name=name)
