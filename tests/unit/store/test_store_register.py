"""The recap's own view of the tickets: the same tickets, with the office's own days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from store_kit import MINUTE, NOW, open_ticket

from maild.model.action import Passage
from maild.model.entry import entry_of
from maild.store import register, tables
from maild.store.register import Register
from maild.store.store import Store

ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
MONTH = timedelta(days=31)


def test_the_light_table_has_the_tables_own_columns() -> None:
    assert {c.name for c in register.TICKET.c} <= {c.name for c in tables.TICKET.c}
    assert {c.name for c in register.MESSAGE.c} <= {c.name for c in tables.MESSAGE.c}
    assert {c.name for c in register.PASSAGE.c} <= {c.name for c in tables.PASSAGE.c}
    assert {c.name for c in register.PROCEDURE.c} <= {c.name for c in tables.PROCEDURE.c}


def test_an_entry_is_the_ticket_in_few_columns(store: Store) -> None:
    ticket = open_ticket(store, 1)
    (entry,) = store.register.entries(NOW - MONTH, NOW + MONTH)
    assert ticket.answered_at is not None
    assert ticket.escalated_at is not None
    assert entry == entry_of(ticket, ZoneInfo("Asia/Jakarta"))
    assert entry.received_on == date(2026, 3, 2)
    assert None not in (entry.finished_on, entry.escalated_on)


@pytest.mark.parametrize("piece", [1, 2, 3, 100])
def test_pieces_lose_and_repeat_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(register, "_PIECE", piece)
    # Two at the same instant, and the later number earlier: order is that of receipt.
    times = [NOW, NOW, NOW - MINUTE, NOW + MINUTE, NOW + MONTH]
    tickets = [open_ticket(store, n, at=at + MINUTE) for n, at in enumerate(times, 1)]
    found = [e.number for e in store.register.entries(NOW - MINUTE, NOW + MONTH)]
    assert found == [tickets[n].number for n in (2, 0, 1, 3)]
    assert store.register.number_between(NOW - MINUTE, NOW + MONTH) == 4


@pytest.mark.parametrize("zone", ZONES)
def test_midnight_is_the_offices_own(database_url: str, store: Store, zone: str) -> None:
    midnight = datetime(2026, 2, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    open_ticket(store, 1, at=midnight)  # received a minute before
    open_ticket(store, 2, at=midnight + MINUTE)
    office = Register.open(database_url, ZoneInfo(zone))
    before, after = office.entries(midnight - MONTH, midnight + MONTH)
    assert (before.received_on, after.received_on) == (date(2026, 1, 31), date(2026, 2, 1))
    office.close()


def test_whole_mails_stand_in_for_the_line_on_wish(store: Store) -> None:
    open_ticket(store, 1)
    (entry,) = store.register.entries(NOW - MONTH, NOW + MONTH, full=True)
    assert entry.problem == store.conversation(2026000001)[0].text


def test_a_database_that_is_not_of_this_schema_is_not_ready(
    empty_url: str, database_url: str
) -> None:
    assert not Register.open(empty_url, UTC).is_ready()
    assert Register.open(database_url, UTC).is_ready()


def test_the_way_of_an_escalated_ticket_is_read_along_on_wish(store: Store) -> None:
    passed = [
        Passage(0, "2", NOW - MINUTE, NOW, "lanjut"),
        Passage(0, "3", NOW, NOW, "tidak"),  # no time went by
        Passage(0, "7", NOW, NOW + MONTH, "lanjut"),
    ]
    ticket = open_ticket(store, 1, *passed)
    (without,) = store.register.entries(NOW - MONTH, NOW + MONTH)
    (entry,) = store.register.entries(NOW - MONTH, NOW + MONTH, ways=True)
    assert without.way == ""
    sop, row, received, *left = entry.way.split("\n")
    assert (sop, row, received) == (
        ticket.sop,
        ticket.row,
        f"{NOW - MINUTE:%Y-%m-%d %H:%M:%S}.000000",
    )
    assert sorted(left) == [
        f"{at:%Y-%m-%d %H:%M:%S}.000000 {row}" for at, row in ((NOW, "2"), (NOW + MONTH, "7"))
    ]
    assert store.register.way(ticket.number) == entry.way
    assert store.register.way("LPSE-2026-999999") == ""


def test_a_sop_is_found_by_its_digest_or_not_at_all(store: Store) -> None:
    assert store.register.procedure("nowhere") is None
