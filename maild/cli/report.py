"""`maild report`: a month in figures and charts, or as the register of the Standar LPSE."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from maild.cli.common import fail, settings_of, store_of
from maild.cli.period import First, Last, Month, Year, days_of
from maild.cli.service import office_of

if TYPE_CHECKING:
    from maild.recap.period import Days
    from maild.report.blocks import Report
    from maild.service.office import OfficeFiles
    from maild.service.settings import Settings
    from maild.store.store import Store

_MANY_OPEN = 100_000
_A_DAY = 450  # minutes, where the office reckons days by the hour of the next one


class Layout(StrEnum):
    """What is shown."""

    FIGURES = "laporan"
    REGISTER = "register"


class Form(StrEnum):
    """How it is kept."""

    HTML = "html"
    PDF = "pdf"


def report(
    context: typer.Context,
    month: Month = None,
    first: First = None,
    last: Last = None,
    year: Year = None,
    layout: Annotated[
        Layout, typer.Option(help="Figures, or the register of the Standar LPSE.")
    ] = Layout.FIGURES,
    form: Annotated[
        Form | None, typer.Option("--format", help="html or pdf; default: by the file's name.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="File, or folder; default: named by the month.")
    ] = None,
) -> None:
    """A month in figures and charts; without a month, the last one that is over."""
    from maild.recap.period import file_name, month_before

    settings = settings_of(context, secrets=False)
    office = office_of(settings)
    now = datetime.now(UTC)
    today = now.astimezone(settings.office.zone).date()
    if month or first or last or year:
        days = days_of(first, last, month, year, today)
    else:
        days = month_before(today)
    if layout is Layout.FIGURES and (first or last or year):
        raise typer.BadParameter("figures are a month's: use --bulan, or --layout register")
    if output is None or output.is_dir():
        chosen = form or Form.HTML
        path = (output or Path()) / f"{layout}-{file_name(days)}.{chosen}"
    else:
        path, chosen = output, _named(output, form)
    with store_of(settings) as store:
        if layout is Layout.REGISTER:
            made, style = _register(settings, store, days)
        else:
            made, style = _figures(settings, office, store, days, now), ""
    _write(path, chosen, made, style, days)
    typer.echo(f"Wrote {path}")


def _named(output: Path, form: Form | None) -> Form:
    """The format that the file's name tells; it must be the one asked for."""
    said = output.suffix.removeprefix(".").lower()
    if said not in list(Form) or form not in (None, said):
        ends = f".{form}" if form else ".html or .pdf"
        raise typer.BadParameter(f"end its name with {ends}", param_hint="--output")
    return Form(said)


def _register(settings: "Settings", store: "Store", days: "Days") -> "tuple[Report, str]":
    from maild.recap.period import instants
    from maild.report import register

    table = tomllib.loads(settings.priority_file.read_text("utf-8"))
    officers = {person.id: person.name for person in settings.directory.people}
    zone = settings.office.zone
    tickets = store.tickets_between(*instants(days, zone))
    found = register.lines(tickets, register.Mapped.of(table), officers, zone)
    return register.report(settings.office, days, found), register.STYLE


def _figures(
    settings: "Settings", office: "OfficeFiles", store: "Store", days: "Days", now: datetime
) -> "Report":
    from maild.model.ticket import State
    from maild.recap.period import instants
    from maild.report import blocks, words
    from maild.report.figures import figures, window
    from maild.service.wiring import OfficeHolder
    from maild.store.values import TicketFilter

    book = OfficeHolder(settings, office, store).current().book
    begins, ends = instants(window(days), book.office.zone)
    tickets = list(store.tickets_between(begins, ends))
    states = tuple(state.value for state in State if state.is_open)
    older = TicketFilter(states=states, received_before=begins, limit=_MANY_OPEN)
    tickets += store.tickets(older)
    passages = [passage for _, passage in store.passages(instants(days, book.office.zone)[0], now)]
    found = figures(
        days,
        tickets,
        passages,
        book.procedures,
        book.current,
        book.worktime,
        lambda ticket: book.resolution(ticket.assessment.category, ticket.assessment.priority),
        now,
    )
    try:
        from maild.report import chart
    except ImportError:
        fail("The charts need a library that is not installed:", "pip install 'maild[office]'.")
    day = book.worktime.minutes_per_day or _A_DAY
    names = {name: book.category_name(name) for name in book.table.categories}
    drawings = blocks.Drawings(
        by_month=chart.by_month(found.months, [words.short_month(m.first) for m in found.months]),
        by_category=chart.by_share(
            [replace(s, name=names.get(s.name, s.name)) for s in found.categories]
        ),
        by_party=chart.by_party(
            {words.PARTIES.get(p, p): m / day for p, m in found.with_party.items()}
        ),
    )
    return blocks.monthly(book.office, found, drawings, names, day)


def _write(path: Path, form: Form, made: "Report", style: str, days: "Days") -> None:
    from maild.recap.file import replacing
    from maild.report import page, pdf

    try:
        octets = pdf.pages(made, days) if form is Form.PDF else page.page(made, style).encode()
        with replacing(path) as part:
            part.write_bytes(octets)
    except ImportError:
        fail("A PDF needs a library that is not installed:", "pip install 'maild[office]'.")
    except OSError as error:
        reason = error.strerror or str(error)
        fail(f"{path} cannot be written ({reason}).", "Choose another --output.")
