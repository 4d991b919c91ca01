"""The table and the calendar with which commands weigh mails, without the rest of the office."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from maild.cli.common import fail

if TYPE_CHECKING:
    from maild.model.worktime import WorkTime
    from maild.rules.table import PriorityTable


def table_of(path: Path, taught: bool = True) -> "PriorityTable":
    """A priority table, with what was learnt beside it (if `taught`); its faults end the
    command."""
    from maild.service.fault import Fault
    from maild.service.office import read_priorities

    faults: list[Fault] = []
    table = read_priorities(path, faults, taught)
    for fault in faults:
        typer.echo(str(fault), err=True)
    if table is None or faults:
        raise typer.Exit(1)
    return table


def table_file(config: Path) -> Path:
    """The office's own table where there is one, else the one that is shipped."""
    from maild.service.load import priority_file_of
    from maild.service.office import TABLE, shipped

    own = priority_file_of(config)
    return own if own.is_file() else shipped() / "sop" / TABLE


def calendar_of(config: Path) -> "WorkTime":
    """The office's own calendar where there is one, else the one that is shipped."""
    from maild.service.load import worktime_of
    from maild.service.office import shipped

    today = datetime.now(UTC).date()
    worktime = worktime_of(config, today) if config.is_file() else None
    worktime = worktime or worktime_of(shipped() / "config.toml", today)
    if worktime is None:
        fail("the calendar of config.toml cannot be used.", "Run: maild check")
    return worktime
