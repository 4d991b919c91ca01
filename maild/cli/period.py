"""The options by which a recap or a report is told its days."""

from datetime import date, datetime
from typing import Annotated

import typer

from maild.recap.period import Days, month_of, year_of

DAY = ["%Y-%m-%d"]
_YEARS = range(2000, 2101)  # of which a calendar is known on both sides

First = Annotated[
    datetime | None,
    typer.Option("--from", formats=DAY, metavar="DATE", help="First day, such as 2026-01-01."),
]
Last = Annotated[
    datetime | None,
    typer.Option("--to", formats=DAY, metavar="DATE", help="Last day, included."),
]
Month = Annotated[
    datetime | None,
    typer.Option(
        "--month",
        "--bulan",
        formats=["%Y-%m"],
        metavar="MONTH",
        help="A month, such as 2026-01.",
    ),
]
Year = Annotated[
    datetime | None,
    typer.Option(
        "--year", "--tahun", formats=["%Y"], metavar="YEAR", help="A year, such as 2026."
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
