"""M1 for the shared mailbox: killed at every commit and after every change on the server while
the board and the Sent folder are being read, maild starts again and ends as if nothing had been.

A morning of its own: tickets from before the board, mails dragged by people and by programs that
only copy, a renamed folder, answers sent from the mailbox before and after maild knew the
question. The world outlives the process; `test_crashes` has the rest of the service.
"""

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
from branches import killed_at
from morning import steps

from kit.office import MAILBOX, MONDAY
from kit.people import COMPLETE, FOR_LKPP, HENDRA, INCOMPLETE, RUDI, SITI, parsed
from kit.quick import Place, quick
from kit.service import Clock, Service, written
from kit.world import Shelf, World
from maild.model.board import Column
from maild.store import crash
from maild.store.values import TicketFilter

ROUNDS, MINUTES = 20, 11
BOARD_FROM = 2  # the round in which the office switches it on
SENT, RENAMED = "Terkirim", "Sedang jalan"
TONO, DEWI = "Tono <tono@asing.example>", "Dewi <dewi@lain.example>"
# Every commit of the board must be one of the steps, and these of the reading of the Sent folder.
WANTED = {
    f"{name}.{when}"
    for name in (
        *("Board._decide", "Board.expect", "Board.folder_renamed", "Board.handled"),
        *("Board.left", "Board.stands", "Intake.record", "Desk._commit"),
    )
    for when in ("before", "after")
} | {"the server has changed"}


@dataclass
class Outside:
    """What is not maild and so survives its death; `acted` is the round whose people have."""

    at: datetime = MONDAY
    rounds: int = 0
    acted: int = -1
    shelves: dict[str, Shelf] = field(default_factory=dict)
    arrived: list[tuple[str, bytes]] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What a person sees in the end."""

    tickets: list[tuple[str, str, str, str, str]]
    moves: Counter[tuple[str, str]]
    stands: dict[str, list[str]]
    letters: Counter[tuple[str, str]]
    differences: tuple[str, ...]


def mail(who: str, text: str, number: int = 1, **fields: str) -> bytes:
    """A mail of a requester; its Message-ID says whose it is."""
    name = who.partition(" ")[0].lower()
    subject = fields.pop("subject", "Mohon bantuan")
    return written(text, who, subject, message_id=f"<{number}@{name}.example>", **fields)


def answer(number: int, to: str) -> bytes:
    """What an officer has sent from the mailbox itself."""
    name = to.partition(" ")[0].lower()
    return written(
        "Mohon memperkecil berkas menjadi di bawah 2 MB.",
        f"Sari Wulandari <{MAILBOX}>",
        "Re: Mohon bantuan",
        to,
        f"<j{number}@lpse.example>",
        In_Reply_To=f"<1@{name}.example>",
    )


def begin(folder: Path) -> None:
    """Siti, Rudi and Hendra have written; Dewi too, and has her answer; Tono's mail was moved
    into a column before maild saw it."""
    shelves = {"INBOX": Shelf(), SENT: Shelf(special="Sent"), Column.WORKING.value: Shelf()}
    for octets in (mail(SITI, COMPLETE), mail(RUDI, INCOMPLETE), mail(HENDRA, FOR_LKPP)):
        shelves["INBOX"].put(octets, MONDAY)
    shelves["INBOX"].put(mail(DEWI, COMPLETE.replace("12345678", "22345678")), MONDAY)
    shelves[SENT].put(answer(1, DEWI), MONDAY)
    tono = mail(TONO, COMPLETE.replace("12345678", "32345678"))
    shelves[Column.WORKING.value].put(tono, MONDAY)
    save(folder, Outside(shelves=shelves))


def drag(world: World, whose: str, *targets: str) -> None:
    """Somebody's mail is moved to a folder, or copied to several and then deleted."""
    name = f"Message-ID: <1@{whose}.example>\r\n".encode()
    for shelf in list(world.shelves.values()):
        for uid, (octets, at) in list(shelf.mails.items()):
            if name in octets:
                del shelf.mails[uid]
                for target in targets:
                    world.shelves[target].put(octets, at)
                return
    raise AssertionError(f"the mail of {whose} is nowhere")


def act(world: World, number: int) -> bool:
    """What people do before this round; tells whether they do anything."""
    match number:
        case 4:
            drag(world, "siti", Column.WORKING.value)
            drag(world, "hendra", Column.OUTSIDE.value)
        case 7:
            world.shelves[RENAMED] = world.shelves.pop(Column.WORKING.value)
        case 10:
            again = {"subject": "Re: Mohon bantuan", "In_Reply_To": "<1@siti.example>"}
            world.put(mail(SITI, "Masih gagal juga.", 2, **again))
            drag(world, "rudi", Column.NO_PROBLEM.value)
        case 13:
            world.put(answer(2, SITI), SENT)
            drag(world, "tono", Column.DONE.value, Column.NO_PROBLEM.value)
        case 16:
            drag(world, "dewi", RENAMED)
        case _:
            return False
    return True


def story(folder: Path, url: str) -> Iterator[Service | None]:
    """Goes on from where the world is, to the end; stands still before the service starts and
    before each of its steps."""
    outside = load(folder)
    clock = Clock(outside.at)
    world = World(clock.now, shelves=outside.shelves, arrived=outside.arrived)

    def changed() -> None:
        save(folder, outside)
        if world.steps[-1] != "send":
            crash.here("the server has changed")

    yield None
    service = Service(folder, url, world)
    service.recover()
    while outside.rounds < ROUNDS:
        if outside.acted < outside.rounds:
            world.changed = lambda: None
            if act(world, outside.rounds):
                service.intake._disconnect()
            outside.acted = outside.rounds
            save(folder, outside)
            world.changed = changed
        if outside.rounds >= BOARD_FROM and not service.parts.settings.mailbox.papan:
            mailbox = replace(service.settings.mailbox, papan=True)
            service.settings = service.parts.settings = replace(service.settings, mailbox=mailbox)
            service.intake = service.parts.intake(lambda: None)
        for step in service.steps():
            yield service
            step()
        clock.move(minutes=MINUTES)
        outside.at, outside.rounds = clock.at, outside.rounds + 1
        save(folder, outside)
    service.close()


def outcome(folder: Path, url: str) -> Outcome:
    """What has come of it."""
    outside = load(folder)
    world = World(lambda: outside.at, shelves=outside.shelves, arrived=outside.arrived)
    service = Service(folder, url, world)
    mailbox = replace(service.settings.mailbox, papan=True)
    service.settings = replace(service.settings, mailbox=mailbox)
    tickets = service.store.tickets(TicketFilter())
    people = {t.id: t.requester.address for t in tickets}
    found = Outcome(
        sorted((people[t.id], t.state.value, t.row, t.officer, t.solution) for t in tickets),
        Counter(
            (people[t.id], line.text)
            for t in tickets
            for line in service.store.journal(t.id)
            if "dipindahkan ke" in line.text or "dari kotak surat" in line.text
        ),
        {
            name: sorted(str(parsed(octets)["Message-ID"]) for octets, _ in shelf.mails.values())
            for name, shelf in outside.shelves.items()
            if name != service.settings.mailbox.copies
        },
        Counter((to, str(parsed(octets)["Subject"])) for to, octets in outside.arrived),
        service.audit().differences,
    )
    service.close()
    return found


def save(folder: Path, outside: Outside) -> None:
    (folder / "outside").unlink(missing_ok=True)
    (folder / "outside").write_bytes(pickle.dumps(outside))


def load(folder: Path) -> Outside:
    found = pickle.loads((folder / "outside").read_bytes())
    assert isinstance(found, Outside)
    return found


@pytest.fixture(scope="session")
def calm(session_place: Place) -> tuple[list[Counter[str]], Outcome]:
    """The morning in which nobody dies: how often it comes to each step between two places where
    it stands still, and its outcome."""
    folder, url = session_place.folder, session_place.anew()
    begin(folder)
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        reached = steps(story(folder, url))
        return reached, outcome(folder, url)


def test_the_calm_morning_comes_to_every_step_and_ends_well(
    calm: tuple[list[Counter[str]], Outcome],
) -> None:
    reached, found = calm
    assert set(sum(reached, Counter())) >= WANTED
    assert found.differences == ()
    who = [address.partition("@")[0] for address, *_ in found.tickets]
    assert who == ["dewi", "hendra", "rudi", "siti", "tono"]
    states = [state for _, state, *_ in found.tickets]
    assert states == ["diproses", "diproses", "selesai", "dijawab", "selesai"]
    assert set(found.moves.values()) == {1}
    assert {name: ids for name, ids in found.stands.items() if ids} == {
        SENT: ["<j1@lpse.example>", "<j2@lpse.example>"],
        "Ditangani": ["<1@siti.example>"],
        Column.NEW.value: ["<1@hendra.example>"],  # LKPP's form is incomplete: it went back
        Column.DONE.value: ["<1@tono.example>", "<2@siti.example>"],  # a copy, and nothing lost
        Column.NO_PROBLEM.value: ["<1@rudi.example>", "<1@tono.example>"],
        RENAMED: ["<1@dewi.example>"],
    }


def survive(
    place: Place, calm: tuple[list[Counter[str]], Outcome], step: str, comings: Iterable[int]
) -> int:
    """Is killed at these comings to the step, starts again, and ends as if it had not been; gives
    how many were killed."""
    url, killed = place.anew(), 0
    begin(place.folder)
    reached, wanted = calm
    for found in killed_at(place, url, story, outcome, [x[step] for x in reached], step, comings):
        assert found == wanted
        killed += 1
    return killed


@pytest.mark.parametrize("step", sorted(WANTED))
def test_a_kill_at_a_step_changes_nothing_of_the_end(
    place: Place, calm: tuple[list[Counter[str]], Outcome], step: str
) -> None:
    times = sum(reached[step] for reached in calm[0])
    assert survive(place, calm, step, [(times + 1) // 2]) == 1


@pytest.mark.long
@pytest.mark.parametrize("step", sorted(WANTED))
def test_a_kill_at_any_coming_to_a_step_changes_nothing_of_the_end(
    place: Place,
    calm: tuple[list[Counter[str]], Outcome],
    record_property: Callable[[str, object], None],
    step: str,
) -> None:
    times = sum(reached[step] for reached in calm[0])
    assert survive(place, calm, step, range(1, times + 1)) == times
    record_property("kills", times)
