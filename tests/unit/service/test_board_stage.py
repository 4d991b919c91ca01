"""The board on a simulated server: moves, races, renames, and no loop."""

from dataclasses import replace
from pathlib import Path

import pytest

from kit.office import MAILBOX
from kit.people import COMPLETE, RUDI, SARI, parsed
from kit.service import Clock, Service, written
from kit.world import Shelf, World
from maild.model.board import Column
from maild.model.ticket import State
from maild.store.values import TicketFilter


class Office(Service):
    """With a board."""

    def boarded(self) -> "Office":
        mailbox = replace(self.settings.mailbox, papan=True)
        self.settings = self.parts.settings = replace(self.settings, mailbox=mailbox)
        self.intake = self.parts.intake(lambda: None)
        return self


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Office:
    clock = Clock()
    world = World(now=clock.now)
    world.clock = clock  # type: ignore[attr-defined]
    made = Office(tmp_path, database_url, world).boarded()
    made.clock = clock  # type: ignore[attr-defined]
    yield made
    made.close()


def rounds(office: Office, number: int = 4) -> None:
    for _ in range(number):
        office.round()
        office.clock.move(minutes=1)


def where(office: Office) -> dict[str, int]:
    """How many mails stand in each folder of the board that is not empty."""
    names = {"INBOX", *(c.value for c in Column), "Ditangani"}
    shelves = office.world.shelves
    return {n: len(shelves[n].mails) for n in names if n in shelves and shelves[n].mails}


def drag(office: Office, source: str, target: str, *, copy: bool = False) -> None:
    """A person moves the only mail of a folder."""
    shelf = office.world.shelves[source]
    uid = min(shelf.mails)
    mail = shelf.mails[uid] if copy else shelf.mails.pop(uid)
    office.world.shelves[target].put(*mail)


def ticket(office: Office):
    return office.store.tickets(TicketFilter())[0]


def asked(office: Office) -> None:
    office.world.put(written(COMPLETE))
    rounds(office)


def test_a_ticket_comes_onto_the_board_and_stays_where_it_is(office: Office) -> None:
    asked(office)
    [(home, _)] = where(office).items()
    assert home in (Column.NEW.value, Column.URGENT.value)
    steps = office.world.steps.count("move")
    rounds(office, 3)
    assert office.world.steps.count("move") == steps, "nothing moves by itself"
    assert office.audit().differences == ()


@pytest.mark.parametrize(
    ("target", "state"),
    [
        (Column.DONE, State.CLOSED),
        (Column.NO_PROBLEM, State.CLOSED),
        (Column.WORKING, State.IN_PROGRESS),
    ],
)
def test_moving_a_mail_is_an_order_and_is_carried_out_once(
    office: Office, target: Column, state: State
) -> None:
    asked(office)
    [home] = where(office)
    drag(office, home, target.value)
    rounds(office)
    assert ticket(office).state is state
    assert where(office) == {target.value: 1}
    version, letters = ticket(office).version, len(office.world.arrived)
    rounds(office, 3)
    assert (ticket(office).version, len(office.world.arrived)) == (version, letters)
    assert office.audit().differences == ()


def test_an_order_that_cannot_be_obeyed_puts_the_mail_back(office: Office) -> None:
    asked(office)
    [home] = where(office)
    drag(office, home, Column.WAITING.value)
    rounds(office)
    assert where(office) == {home: 1}
    assert ticket(office).state is State.IN_PROGRESS


def test_two_copies_by_programs_that_cannot_move_are_one_order(office: Office) -> None:
    asked(office)
    [home] = where(office)
    drag(office, home, Column.NO_PROBLEM.value, copy=True)
    drag(office, home, Column.DONE.value)
    rounds(office, 6)
    assert ticket(office).state is State.CLOSED
    moves = [r for r in office.store.journal(ticket(office).id) if "dipindahkan ke" in r.text]
    assert len(moves) == 1
    assert sum(where(office).values()) == 2, "nothing is deleted"


def test_a_copy_is_no_order(office: Office) -> None:
    asked(office)
    [home] = where(office)
    before = ticket(office).version
    drag(office, home, Column.DONE.value, copy=True)
    rounds(office)
    assert (ticket(office).version, ticket(office).state) == (before, State.IN_PROGRESS)


def test_a_renamed_column_is_followed_and_no_mail_is_lost(office: Office) -> None:
    asked(office)
    [home] = where(office)
    drag(office, home, Column.WORKING.value)
    rounds(office)
    office.world.shelves["Sedang jalan"] = office.world.shelves.pop(Column.WORKING.value)
    office.intake._disconnect()
    version = ticket(office).version
    rounds(office)
    assert Column.WORKING.value not in office.world.shelves
    assert len(office.world.shelves["Sedang jalan"].mails) == 1
    assert ticket(office).version == version
    drag(office, "Sedang jalan", Column.DONE.value)
    rounds(office)
    assert ticket(office).state is State.CLOSED
    assert office.audit().differences == ()


def test_a_renumbered_column_is_read_again_and_orders_nothing(office: Office) -> None:
    asked(office)
    [home] = where(office)
    version = ticket(office).version
    office.world.shelves[home].renumber()
    rounds(office)
    assert (where(office), ticket(office).version) == ({home: 1}, version)


def test_the_newest_mail_takes_the_place_of_the_older_one(office: Office) -> None:
    asked(office)
    [home] = where(office)
    again = written(
        "Masih gagal juga, mohon segera dibantu.",
        subject="Re: Gagal unggah",
        message_id="<m2@majujaya.example>",
        In_Reply_To="<m1@majujaya.example>",
    )
    office.world.put(again)
    rounds(office)
    assert where(office) == {home: 1, "Ditangani": 1}
    assert len(office.store.tickets(TicketFilter())) == 1


def test_a_mail_that_is_moved_before_maild_has_seen_it_becomes_a_ticket(office: Office) -> None:
    rounds(office, 1)
    office.world.put(written(COMPLETE), Column.WORKING.value)
    rounds(office)
    assert ticket(office).state is State.IN_PROGRESS
    assert where(office) == {Column.WORKING.value: 1}
    assert office.audit().differences == ()
    assert office.audit().on_the_way == 0


def test_an_answer_from_the_mailbox_moves_its_mail_on(office: Office) -> None:
    office.world.shelves["Sent"] = Shelf(special="Sent")
    asked(office)
    answer = written(
        "Mohon memperkecil berkas menjadi di bawah 2 MB.",
        f"Sari Wulandari <{MAILBOX}>",
        "Re: Gagal unggah",
        "siti@majujaya.example",
        "<j1@lpse.example>",
        In_Reply_To="<m1@majujaya.example>",
    )
    office.world.put(answer, "Sent")
    rounds(office)
    assert ticket(office).state is State.ANSWERED
    assert where(office) == {Column.DONE.value: 1}


def test_tickets_from_before_the_board_come_onto_it_and_no_order_runs(
    tmp_path: Path, database_url: str
) -> None:
    world, clock = World(), Clock()
    world.now = clock.now
    office = Office(tmp_path, database_url, world)
    office.clock = clock  # type: ignore[attr-defined]
    asked(office)
    nameless = written("min sy lupa password lpse", RUDI, "lupa password", message_id="")
    office.world.put(nameless)
    rounds(office)
    assert where(office) == {"Ditangani": 2}
    letters, versions = (
        len(world.arrived),
        [t.version for t in office.store.tickets(TicketFilter())],
    )
    office.boarded()
    rounds(office)
    assert sum(where(office).values()) == 2
    assert "Ditangani" not in where(office)
    assert len(world.arrived) == letters
    assert [t.version for t in office.store.tickets(TicketFilter())] == versions
    assert office.audit().differences == ()
    office.close()


def test_a_mail_that_is_nowhere_is_looked_for_once_and_stops_nothing(office: Office) -> None:
    asked(office)
    [home] = where(office)
    office.world.shelves[home].mails.clear()
    rounds(office)
    finds = office.world.steps.count("find")
    rounds(office)
    assert office.world.steps.count("find") == finds
    assert ticket(office).state is State.IN_PROGRESS


def test_the_card_of_a_callers_ticket_comes_out_of_quarantine(office: Office) -> None:
    caller = "#baru Tono <tono@asing.example>\nLupa kata sandi akun KARYA01."
    office.world.put(written(caller, "Sari Wulandari <sari@contoh.go.id>", "Penelepon"))
    rounds(office)
    _, question = next(x for x in office.world.arrived if x[0].startswith("sari@"))
    answering = parsed(question)
    office.world.put(written("#ya", SARI, message_id="<ya@x.example>", answering=answering))
    rounds(office, 6)
    assert ticket(office).requester.address == "tono@asing.example"
    assert sum(n for f, n in where(office).items() if f in {c.value for c in Column}) == 1
    assert not office.world.shelves["Karantina"].mails


def test_a_move_that_cannot_be_decided_stops_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(office)
    [home] = where(office)

    def broken(*_: object) -> None:
        raise ValueError("for the test")

    with monkeypatch.context() as patch:
        patch.setattr("maild.service.stages.board.decide", broken)
        drag(office, home, Column.DONE.value)
        rounds(office)
    assert (where(office), ticket(office).state) == ({home: 1}, State.IN_PROGRESS)
    drag(office, home, Column.DONE.value)
    rounds(office)
    assert ticket(office).state is State.CLOSED
