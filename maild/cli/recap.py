"""`maild recap`: the SOP's recap of a period, on the screen or as a file to sign and to keep."""

import json
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.common import fail, settings_of, store_of

if TYPE_CHECKING:
    from maild.recap.rows import Cover, Row

_DAY = ["%Y-%m-%d"]


class Format(StrEnum):
    """How the recap is given."""

    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"


class Which(StrEnum):
    """Which tickets have a row."""

    ALL = "semua"
    FINISHED = "selesai"


def recap(
    context: typer.Context,
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=_DAY, metavar="DATE", help="First day, such as 2026-01-01."
        ),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=_DAY, metavar="DATE", help="Last day, included."),
    ] = None,
    month: Annotated[
        datetime | None,
        typer.Option(
            "--month",
            "--bulan",
            formats=["%Y-%m"],
            metavar="MONTH",
            help="A month, such as 2026-01.",
        ),
    ] = None,
    year: Annotated[
        datetime | None,
        typer.Option(
            "--year", "--tahun", formats=["%Y"], metavar="YEAR", help="A year, such as 2026."
        ),
    ] = None,
    formats: Annotated[
        list[Format] | None,
        typer.Option("--format", metavar="FORMAT", help="table, csv or xlsx; may be repeated."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File, or folder in which files are named by the period.")
    ] = None,
    state: Annotated[Which, typer.Option(help="All tickets, or finished ones only.")] = Which.ALL,
    delimiter: Annotated[str, typer.Option(help="Between the fields of a CSV file.")] = ";",
    signed_on: Annotated[
        datetime | None,
        typer.Option(
            formats=_DAY, metavar="DATE", help="Date above the signature; default: a blank line."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a row.")] = False,
) -> None:
    """The recap of the tickets received in a period; without a period, in this month."""
    settings = settings_of(context)
    zone = settings.office.zone
    period = _period(first, last, month, year, datetime.now(zone).date())
    wanted = _formats(formats, output)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise typer.BadParameter("must be one character", param_hint="--delimiter")

    from maild.recap.rows import Cover, rows

    cover = Cover(settings.office, *period, signed_on.date() if signed_on else None)
    with store_of(settings) as store:

        def read() -> "Iterator[Row]":
            edges = (cover.first, cover.last + timedelta(days=1))
            begins, ends = (datetime.combine(day, time(0), zone).astimezone(UTC) for day in edges)
            found = store.tickets_between(begins, ends)
            return rows((t for t in found if state is Which.ALL or not t.state.is_open), zone)

        if as_json:
            _print_json(read())
            return
        for form in wanted:
            _give(form, read, cover, output, delimiter)


def _period(
    first: datetime | None,
    last: datetime | None,
    month: datetime | None,
    year: datetime | None,
    today: date,
) -> tuple[date, date]:
    """First and last day; one way of naming the period at most."""
    if sum((bool(first or last), bool(month), bool(year))) > 1:
        raise typer.BadParameter("give --from and --to, or --month, or --year")
    if year:
        return date(year.year, 1, 1), date(year.year, 12, 31)
    if first or last:
        if not (first and last):
            raise typer.BadParameter("--from and --to go together")
        if last < first:
            raise typer.BadParameter("--to lies before --from")
        return first.date(), last.date()
    return _month_of(month.date() if month else today)


def _month_of(day: date) -> tuple[date, date]:
    begins = day.replace(day=1)
    return begins, (begins + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _formats(formats: list[Format] | None, output: Path | None) -> list[Format]:
    """The formats asked for, or the one that the file's name tells."""
    if formats:
        files = [form for form in formats if form is not Format.TABLE]
        if files and output is None:
            raise typer.BadParameter("a file needs --output", param_hint="--format")
        if len(files) > 1 and output is not None and not output.is_dir():
            raise typer.BadParameter("several formats need a folder", param_hint="--output")
        return formats
    if output is None:
        return [Format.TABLE]
    if output.is_dir():
        return [Format.CSV, Format.XLSX]
    try:
        return [Format(output.suffix.removeprefix(".").lower())]
    except ValueError:
        raise typer.BadParameter("name a .csv or .xlsx file", param_hint="--output") from None


def _give(
    form: Format,
    read: "Callable[[], Iterator[Row]]",
    cover: "Cover",
    output: Path | None,
    delimiter: str,
) -> None:
    if form is Format.TABLE or output is None:
        _print_table(read(), cover)
        return
    path = output / f"{_name(cover)}.{form.value}" if output.is_dir() else output
    try:
        if form is Format.CSV:
            from maild.recap import csv

            csv.write(path, read(), delimiter)
        else:
            from maild.recap import xlsx

            xlsx.write(path, read(), cover)
    except OSError as error:
        fail(f"{path} cannot be written ({error.strerror or error}).", "Choose another --output.")
    typer.echo(f"Wrote {path}")


def _name(cover: "Cover") -> str:
    if (cover.first, cover.last) == _month_of(cover.first):
        return f"rekap-{cover.first:%Y-%m}"
    return f"rekap-{cover.first}-{cover.last}"


def _print_table(rows: "Iterator[Row]", cover: "Cover") -> None:
    from maild.model.dates import written_period
    from maild.recap.rows import HEADING
    from maild.recap.screen import table

    typer.echo(HEADING)
    typer.echo(f"{cover.office.name}, {written_period(cover.first, cover.last)}\n")
    for line in table(rows):
        typer.echo(line)


def _print_json(rows: "Iterator[Row]") -> None:
    from maild.recap.rows import COLUMNS

    for row in rows:
        values = dict(zip(COLUMNS, astuple(row), strict=True))
        typer.echo(json.dumps(values, ensure_ascii=False, default=str))
