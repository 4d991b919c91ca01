"""A year of tickets: every one stands in exactly one month, in each of the three time zones."""

import random
from calendar import monthrange
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kit import builders as a
from maild.model.action import Decision
from maild.model.ticket import Kind, Ticket
from maild.recap.period import instants, month_of
from maild.recap.rows import rows
from maild.store.register import Register
from maild.store.store import Store

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
COUNT = 240


def instants_of_a_year() -> list[datetime]:
    """Anywhere in 2026, and around every midnight at a month's edge in each zone."""
    chance = random.Random(2026)
    start = datetime(2026, 1, 1, 12, tzinfo=UTC)
    anywhere = [start + timedelta(minutes=chance.randrange(350 * 1440)) for _ in range(COUNT)]
    edges = [
        datetime(2026, month, monthrange(2026, month)[1], hour, 59, 59, tzinfo=UTC)
        + timedelta(seconds=after)
        for month in range(1, 12)
        for hour in (14, 15, 16)
        for after in (0, 1)
    ]
    return sorted(anywhere + edges)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Ticket]]:
    """A database of the year, and its tickets; some no problem, some merged, numbers shuffled."""
    folder = tmp_path_factory.mktemp("year")
    url = f"sqlite:///{folder / 'maild.db'}"
    tickets: list[Ticket] = []
    with Store.open(url, Path(folder) / "mail") as store, store.begin() as unit:
        now = datetime(2026, 12, 31, 1, tzinfo=UTC)
        for n, at in enumerate(instants_of_a_year(), 1):
            facts = unit.known_ticket(0, now)
            kind = Kind.NO_PROBLEM if n % 11 == 0 else Kind.COMPLAINT
            ticket = replace(
                a.ticket(received_at=at, assessment=a.assessment(kind=kind)),
                id=facts.next_id,
                number=facts.next_number,
                merged=tickets[0].id if n % 13 == 0 else 0,
            )
            unit.commit_decision(Decision(ticket, ()), {}, None, None, now)
            tickets.append(ticket)
    return url, tickets


@pytest.mark.parametrize("zone", ZONES)
def test_the_rows_of_the_months_are_the_tickets_of_the_ledger(
    ledger: tuple[str, list[Ticket]], zone: str
) -> None:
    url, tickets = ledger
    office = ZoneInfo(zone)
    register = Register.open(url, office)
    expected = Counter(t.received_at.astimezone(office).month for t in tickets)
    seen: list[str] = []
    for month in range(1, 13):
        days = month_of(date(2026, month, 1))
        entries = list(register.entries(*instants(days, office)))
        assert len(entries) == expected[month]
        shown = list(rows(entries, days[1]))
        without = sum(bool(e.merged) or e.kind == Kind.NO_PROBLEM for e in entries)
        assert len(shown) + without == len(entries)
        assert [row.no for row in shown] == list(range(1, len(shown) + 1))
        assert all(days[0] <= row.received_on <= days[1] for row in shown)
        seen += [entry.number for entry in entries]
    assert seen == [ticket.number for ticket in tickets]
    register.close()


def test_the_zones_disagree_about_the_edges_only(ledger: tuple[str, list[Ticket]]) -> None:
    _, tickets = ledger
    months = {
        zone: [t.received_at.astimezone(ZoneInfo(zone)).month for t in tickets] for zone in ZONES
    }
    assert len({tuple(found) for found in months.values()}) == 3
