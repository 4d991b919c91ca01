"""What people ask for is found, in order, and counted."""

from dataclasses import replace

import pytest
from store_kit import HOUR, MINUTE, NOW, SITI, arrive, commit, decide_on, open_ticket, raw

from maild.model.action import Decision, Passage, SetAlarm
from maild.model.event import AlarmKind
from maild.model.ticket import State
from maild.store import reading
from maild.store.store import Store
from maild.store.values import TicketFilter


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (TicketFilter(), [3, 2, 1]),
        (TicketFilter(limit=2), [3, 2]),
        (TicketFilter(states=("selesai",)), [2]),
        (TicketFilter(states=("selesai", "diproses")), [3, 2, 1]),
        (TicketFilter(requester="SITI@dinas.example"), [3]),
        (TicketFilter(row="10"), [2]),
        (TicketFilter(officer="rina"), [3, 2, 1]),
        (TicketFilter(officer="lain"), []),
        (TicketFilter(category="unggah_dokumen", priority="tinggi"), [3, 2, 1]),
        (TicketFilter(priority="rendah"), []),
        (TicketFilter(category="lain"), []),
        (TicketFilter(text="PENAWARAN"), [3, 2, 1]),
        (TicketFilter(text="100%_"), [2]),
        (TicketFilter(received_from=NOW), [3]),
        (TicketFilter(received_before=NOW), [2, 1]),
        (TicketFilter(due_before=NOW + 4 * HOUR + MINUTE), [1]),
    ],
)
def test_a_filter_lets_through_what_it_names(
    store: Store, wanted: TicketFilter, found: list[int]
) -> None:
    open_ticket(store, 1)
    second = open_ticket(store, 2)
    after = replace(
        second, version=2, state=State.CLOSED, row="10", due_at=None, subject="Diskon 100%_"
    )
    commit(store, second.id, Decision(after, ()))
    open_ticket(store, 3, requester=SITI, at=NOW + HOUR)
    assert [ticket.id - 2026000000 for ticket in store.tickets(wanted)] == found


def test_the_recap_streams_tickets_by_number(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PIECE", 2)
    tickets = [open_ticket(store, n, at=NOW + n * HOUR) for n in range(6)]
    start, end = tickets[1].received_at, tickets[5].received_at
    assert list(store.tickets_between(start, end)) == tickets[1:5]


def test_passages_are_reported_with_their_sop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_PIECE", 2)
    ticket = open_ticket(store, 1)
    passages = [
        Passage(ticket.id, str(n), NOW + n * HOUR, NOW + (n + 1) * HOUR, "lanjut")
        for n in range(5)
    ]
    decide_on(store, ticket, *passages)
    found = list(store.passages(NOW + HOUR, NOW + 4 * HOUR))
    assert found == [("penanganan-email@abc", passage) for passage in passages[1:4]]
    assert list(store.passages(NOW, NOW + 9 * HOUR, sop="lain")) == []
    assert len(list(store.passages(NOW, NOW + 9 * HOUR, sop="penanganan-email@abc"))) == 5


def test_counts_say_how_much_waits_and_since_when(store: Store) -> None:
    open_ticket(store, 1, SetAlarm(0, AlarmKind.DUE, NOW + HOUR, "4"))
    arrive(store, 2)
    store.record([raw(3)], NOW - HOUR)
    counts = store.counts()
    assert dict(counts.mails) == {"done": 1, "deciding": 1, "fetched": 1}
    assert dict(counts.tickets) == {"diproses": 1}
    assert dict(counts.letters) == {"ready": 1}
    assert counts.oldest_undecided_at == NOW - HOUR
    assert counts.oldest_unsent_at == NOW
    assert counts.next_alarm_at == NOW + HOUR


def test_a_procedure_is_kept_under_its_digest(store: Store) -> None:
    store.keep_procedure("penanganan-email@abc", "langkah 1")
    store.keep_procedure("penanganan-email@abc", "langkah 1")
    store.keep_procedure("lain@def", "langkah 2")
    assert store.procedure("penanganan-email@abc") == "langkah 1"
    assert store.procedure("hilang") is None
    open_ticket(store, 1)
    assert store.procedures_in_use() == {"penanganan-email@abc": "langkah 1"}


def test_a_setting_is_replaced(store: Store) -> None:
    assert store.setting("zona") is None
    store.keep_setting("zona", "WIB")
    store.keep_setting("zona", "WITA")
    assert store.setting("zona") == "WITA"


def test_an_unknown_ticket_has_no_story(store: Store) -> None:
    assert store.ticket(1) is None
    assert store.conversation(1) == ()
    assert store.journal(1) == []
    assert store.passages_of(1) == []
    assert store.mail(1) is None
    assert store.letter_octets("1.1") is None
