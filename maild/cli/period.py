"""The options by which a recap or a report is told its days."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from maild.recap.period import Days, month_of, year_of

_YEARS = range(2000, 2101)  # of which a calendar is known on both sides


def _reading(what: str, form: str, example: str) -> Callable[[str], datetime]:
    """Reads a day, a month or a year; what is none is told with an example."""

    def read(text: str) -> datetime:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            raise typer.BadParameter(f"'{text}' is no {what}; write it like {example}") from None

    return read


DAY = _reading("day", "%Y-%m-%d", "2026-01-31")
First = Annotated[
    datetime | None,
    typer.Option("--from", parser=DAY, metavar="DATE", help="First day, such as 2026-01-01."),
]
Last = Annotated[
    datetime | None,
    typer.Option("--to", parser=DAY, metavar="DATE", help="Last day, included."),
]
Month = Annotated[
    datetime | None,
    typer.Option(
        "--month",
        "--bulan",
        parser=_reading("month", "%Y-%m", "2026-01"),
        metavar="MONTH",
        help="A month, such as 2026-01.",
    ),
]
Year = Annotated[
    datetime | None,
    typer.Option(
        "--year",
        "--tahun",
        parser=_reading("year", "%Y", "2026"),
        metavar="YEAR",
        help="A year, such as 2026.",
    ),
]


def days_of(
    first: datetime | None,
    last: datetime | None,
    month: datetime | None,
    year: datetime | None,
    today: date,
) -> Days:
    """First and last day; one way of naming the period at most, this month without any."""
    if any(day and day.year not in _YEARS for day in (first, last, month, year)):
        raise typer.BadParameter(f"give a year from {_YEARS[0]} to {_YEARS[-1]}")
    if sum((bool(first or last), bool(month), bool(year))) > 1:
        raise typer.BadParameter("give --from and --to, or --month, or --year")
    if year:
        return year_of(year.date())
    if first or last:
        if not (first and last):
            raise typer.BadParameter("--from and --to go together: give both, or --month")
        if last < first:
            raise typer.BadParameter("--to lies before --from: exchange them")
        return first.date(), last.date()
    return month_of(month.date() if month else today)
