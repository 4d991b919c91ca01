"""`maild recap`: the SOP's recap of a period, on the screen or as a file to sign and to keep."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import filterfalse
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.common import fail, register_of
from maild.cli.period import DAY, First, Last, Month, Year, days_of
from maild.recap.files import CannotWrite, Form, write
from maild.recap.mask import masked
from maild.recap.period import file_name, instants
from maild.recap.rows import COLUMNS, HEADING, Cover, Tally, is_open, rows

if TYPE_CHECKING:
    from maild.recap.rows import Row
    from maild.store.register import Register

_TABLE = "table"
_MANY = 5_000  # rows from which on a bar shows how far a file has come
_STEP = 1_000
_MOST_WAYS = 200_000  # tickets; more than that is read by a program, which has the dates


class Which(StrEnum):
    """Which tickets have a row."""

    ALL = "semua"
    FINISHED = "selesai"


def recap(
    context: typer.Context,
    first: First = None,
    last: Last = None,
    month: Month = None,
    year: Year = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, csv, xlsx, pdf, ods or html; several with commas or repeated.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File, or folder in which files are named by the period.")
    ] = None,
    state: Annotated[Which, typer.Option(help="All tickets, or finished ones only.")] = Which.ALL,
    mask: Annotated[
        bool, typer.Option("--mask", help="Hide names, addresses and personal numbers.")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", "--lengkap", help="Whole mails in Permasalahan.")
    ] = False,
    delimiter: Annotated[str, typer.Option(help="Between the fields of a CSV file.")] = ";",
    signed_on: Annotated[
        datetime | None,
        typer.Option(
            parser=DAY, metavar="DATE", help="Date above the signature; default: a blank line."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a row.")] = False,
) -> None:
    """The recap of the tickets received in a period; without a period, in this month."""
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise typer.BadParameter(
            "must be one character, such as ; or , (a tab in the shell: $'\\t')",
            param_hint="--delimiter",
        )
    if as_json and (formats or output):
        raise typer.BadParameter(
            "goes to the screen: leave out --format and --output", param_hint="--json"
        )
    with register_of(context) as (register, office):
        from maild.service.laying import laying

        today = datetime.now(office.zone).date()
        days = days_of(first, last, month, year, today)
        wanted = _formats(formats, output)
        cover = Cover(office, *days, signed_on.date() if signed_on else None)

        def read() -> "Iterator[Row]":
            span = instants(days, office.zone)
            ways = register.number_between(*span) <= _MOST_WAYS
            entries = register.entries(*span, full=full, ways=ways)
            if state is Which.FINISHED:
                entries = filterfalse(is_open, entries)
            on = min(today, cover.last)
            lay = laying(register, on, datetime.now(office.zone), office.zone)
            found = rows(entries, on, full=full, laying=lay)
            return masked(found) if mask else found

        if as_json:
            _print_json(read())
            return
        for form in wanted:
            if output is None or form is None:
                _print_table(read(), cover)
            else:
                _write(form, _path(output, form, cover), read, cover, register, delimiter)


def _formats(given: list[str] | None, output: Path | None) -> list[Form | None]:
    """The formats asked for (None: the screen), or the one that the file's name tells."""
    words = [word.strip().lower() for part in given or () for word in part.split(",")]
    if words:
        try:
            wanted = [None if word == _TABLE else Form(word) for word in words]
        except ValueError:
            known = ", ".join((_TABLE, *Form))
            raise typer.BadParameter(f"is one of {known}", param_hint="--format") from None
        if any(wanted) and output is None:
            raise typer.BadParameter("a file needs --output FILE or FOLDER", param_hint="--format")
        if len(wanted) > 1 and output is not None and not output.is_dir():
            raise typer.BadParameter(
                "several formats need a folder that exists", param_hint="--output"
            )
        if output is not None and not output.is_dir():
            _agree(output, wanted[0])
        return wanted
    if output is None:
        return [None]
    if output.is_dir():
        return [Form.CSV, Form.XLSX]
    try:
        return [Form(output.suffix.removeprefix(".").lower())]
    except ValueError:
        names = ", ".join(f".{form}" for form in Form)
        raise typer.BadParameter(
            f"end its name with one of {names}", param_hint="--output"
        ) from None


def _agree(output: Path, form: Form | None) -> None:
    """A file's name must not promise another format than the one asked for."""
    said = output.suffix.removeprefix(".").lower()
    if form is not None and said != form and said in list(Form):
        raise typer.BadParameter(
            f"the name ends with .{said}: leave out --format, or end it with .{form}",
            param_hint="--output",
        )


def _path(output: Path, form: Form, cover: Cover) -> Path:
    if not output.is_dir():
        return output
    return output / f"rekap-{file_name((cover.first, cover.last))}.{form}"


def _write(
    form: Form,
    path: Path,
    read: "Callable[[], Iterator[Row]]",
    cover: Cover,
    register: "Register",
    delimiter: str,
) -> None:
    """Writes a file; a bar on the terminal shows how far a long one has come."""
    count = register.number_between(*instants((cover.first, cover.last), cover.office.zone))
    try:
        if count < _MANY:
            write(form, path, read(), cover, delimiter)
        else:
            with typer.progressbar(length=count, label=path.name) as bar:
                write(form, path, _told(read(), bar.update), cover, delimiter)
    except CannotWrite as error:
        fail(str(error))
    typer.echo(f"Wrote {path}")


def _told(found: "Iterable[Row]", tell: Callable[[int], None]) -> "Iterator[Row]":
    for count, row in enumerate(found, 1):
        yield row
        if count % _STEP == 0:
            tell(_STEP)


def _print_table(found: "Iterable[Row]", cover: Cover) -> None:
    from maild.model.dates import written_period
    from maild.recap.screen import table

    typer.echo(HEADING)
    typer.echo(f"{cover.office.name}, {written_period(cover.first, cover.last)}\n")
    tally = Tally()
    for line in table(tally.of(found)):
        typer.echo(line)
    typer.echo(f"\n{tally}")


def _print_json(found: "Iterable[Row]") -> None:
    for row in found:
        values = dict(zip(COLUMNS, row, strict=True))
        typer.echo(json.dumps(values, ensure_ascii=False, default=str))
