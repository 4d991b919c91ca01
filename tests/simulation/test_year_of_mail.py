"""A year of simulated mail: the rows of the recap are the tickets of the ledger, every month, in
each of the three time zones; and the report counts the same ones.

Set MAILD_YEAR to play more problems a month than the gate has time for.
"""

import csv as library
import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit.database import calm_url
from kit.year import Year
from maild.model.ticket import Kind, Ticket
from maild.recap import csv
from maild.recap.period import instants, month_of
from maild.recap.rows import rows
from maild.report.figures import figures, window
from maild.store.register import Register

# Whole hours from UTC, reckoned here without the office's calendar.
ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
A_MONTH = int(os.environ.get("MAILD_YEAR", "4"))
MONTHS = [date(2026, month, 1) for month in range(1, 13)]

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The year 2026 at the office, played to its end."""
    folder = tmp_path_factory.mktemp("year")
    (folder / "data").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "fsync", lambda _: None)
        played = Year(folder, calm_url(folder), date(2026, 1, 1), 12, A_MONTH)
        played.live()
        yield played
        played.close()


@pytest.fixture(scope="module")
def ledger(year: Year) -> list[Ticket]:
    """Every ticket there is, in the order of receipt."""
    every = year.service.store.tickets_between(year.begins - timedelta(days=9), year.ends)
    return list(every)


def local_month(at: datetime, zone: str) -> date:
    return (at.replace(tzinfo=None) + timedelta(hours=ZONES[zone])).date().replace(day=1)


def has_a_row(ticket: Ticket) -> bool:
    return not ticket.merged and ticket.assessment.kind is not Kind.NO_PROBLEM


def test_every_mail_that_began_something_is_a_ticket_once(
    year: Year, ledger: list[Ticket]
) -> None:
    first = [year.service.store.conversation(ticket.id)[0].message_id for ticket in ledger]
    assert sorted(first) == sorted(year.problems)


def test_the_year_holds_what_the_rules_are_about(year: Year, ledger: list[Ticket]) -> None:
    assert {ticket.state.is_open for ticket in ledger} == {True, False}
    assert any(ticket.answered_at for ticket in ledger)
    assert any(ticket.escalated_at and ticket.outside_number for ticket in ledger)
    assert any(ticket.assessment.kind is Kind.NO_PROBLEM for ticket in ledger)
    edges = [{local_month(ticket.received_at, zone) for zone in ZONES} for ticket in ledger]
    assert any(len(months) == 2 for months in edges)


@pytest.mark.parametrize("zone", ZONES)
def test_the_rows_of_each_month_are_the_tickets_of_the_ledger(
    year: Year, ledger: list[Ticket], tmp_path: Path, zone: str
) -> None:
    register = Register.open(year.service.settings.database_url, ZoneInfo(zone))
    shown: list[str] = []
    for month in MONTHS:
        days = month_of(month)
        path = tmp_path / f"{month}.csv"
        entries = register.entries(*instants(days, ZoneInfo(zone)))
        csv.write(path, rows(entries, days[1]))
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = list(library.DictReader(stream, delimiter=";"))
        wanted = [t for t in ledger if local_month(t.received_at, zone) == month and has_a_row(t)]
        numbers = [line["Keterangan"].partition(",")[0] for line in lines]
        assert numbers == [ticket.number for ticket in wanted]
        assert [line["No"] for line in lines] == [str(n) for n in range(1, len(lines) + 1)]
        assert [line["E-mail"] for line in lines] == [t.requester.address for t in wanted]
        finished = [bool(line["Tgl Selesai"]) for line in lines]
        assert finished == [not ticket.state.is_open for ticket in wanted]
        shown += numbers
    register.close()
    in_year = [t for t in ledger if local_month(t.received_at, zone).year == 2026]
    assert shown == [ticket.number for ticket in in_year if has_a_row(ticket)]


def test_the_report_counts_what_the_recap_shows(year: Year, ledger: list[Ticket]) -> None:
    store, book = year.service.store, year.service.parts.holder.current().book
    expected = Counter(local_month(t.received_at, "Asia/Jakarta") for t in ledger if has_a_row(t))
    days = month_of(MONTHS[-1])
    begins, ends = instants(window(days), book.office.zone)
    passages = [p for _, p in store.passages(begins, year.ends)]
    found = figures(
        days, list(store.tickets_between(begins, ends)), passages, book.procedures, book.current,
        book.worktime,
        lambda t: book.resolution(t.assessment.category, t.assessment.priority),
        year.clock.at,
    )  # fmt: skip
    assert {month.first: month.received for month in found.months[1:]} == {
        month: expected[month] for month in MONTHS
    }
