"""A short morning, played in a process of its own that may be killed at any step.

The world outlives the process: server, clock and what people have seen are on the disk.
"""

import os
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import text

from kit.office import MONDAY
from kit.people import People, Said, as_always, first_mails
from kit.service import CUT_OVER, Clock, Service, written
from kit.world import SILENCE, TAKEN, TAKEN_IN_SILENCE, Shelf, World
from maild.ingest.access import MailboxError
from maild.replies.outbox import Answer, Phase
from maild.store import crash
from maild.store.errors import StoreUnavailable
from maild.store.values import ClaimedLetter, TicketFilter

SENT = "Terkirim"
MINUTES = (*(11,) * 18, *(1080,) * 20)  # the first hours closely, then two weeks
GREY = Answer(Phase.RCPT, 451, "4.7.1 greylisted")
NO = Answer(Phase.RCPT, 550, "5.1.1 no such user")


@dataclass
class Outside:
    """What is not maild and so survives its death."""

    at: datetime
    rounds: int
    minutes: tuple[float, ...]
    shelves: dict[str, Shelf]
    arrived: list[tuple[str, bytes]]
    seen: set[str]
    refused: set[str]


@dataclass(frozen=True)
class Outcome:
    """What counts in the end, without times and numbers of attempts. `uncertain` are letters that
    are or have been; `listed` those that still are; `sent` those of which maild says so."""

    mails: dict[str, int]
    tickets: list[tuple[str, str, str, str, str]]
    letters: Counter[tuple[str, str, str]]
    uncertain: set[str]
    listed: set[str]
    sent: set[str]
    arrivals: Counter[str]
    differences: tuple[str, ...]

    def lost(self) -> set[str]:
        """Letters of which nobody knows, and which have not come. Notices are not sent again, and
        letters of people once (R7): whoever waits for such a one does nothing then."""
        return self.uncertain - set(self.arrivals)

    def is_honest(self) -> bool:
        """What is said to be sent has come; what is lost, or came twice, is uncertain."""
        twice = {name for name, times in self.arrivals.items() if times > 1}
        come = set(self.arrivals)
        return self.sent <= come and self.lost() <= self.listed and twice <= self.uncertain


def bad_mails() -> list[bytes]:
    """An empty mail, one that vanishes and one that nobody can read."""
    return [
        b"\r\n",
        written("x", "a@b.example", message_id="<v@b.example>", X_Vanishing="yes"),
        written("x", "a@b.example", message_id="<u@b.example>", X_Unreadable="yes"),
    ]


def old_mail() -> bytes:
    """One that lay in the inbox before the service's first day."""
    return written("Lama.", "lama@lama.example", message_id="<l@lama.example>", X_Old="yes")


def begin(folder: Path, mails: Sequence[bytes] = (), minutes: tuple[float, ...] = MINUTES) -> None:
    """These mails lie in the inbox, by default three problems, three bad ones and an old one;
    `minutes` lie between the rounds."""
    inbox = Shelf()
    for octets in mails or (*first_mails(), *bad_mails(), old_mail()):
        old = b"\r\nX-Old: yes\r\n" in octets
        inbox.put(octets, CUT_OVER - timedelta(days=1) if old else MONDAY)
    shelves = {"INBOX": inbox, SENT: Shelf(special="Sent")}
    _save(folder, Outside(MONDAY, 0, minutes, shelves, [], set(), set()))


def story(
    folder: Path,
    url: str,
    trouble: Callable[[str], None] = lambda step: None,
    says: Callable[[str, EmailMessage, int], Iterable[Said]] = as_always,
    gone: str = "budi@",
    **otherwise: Any,
) -> Iterator[Service | None]:
    """Goes on from where the outside world is, to the end of the morning; stands still before the
    service starts, which is then None, and before each of its steps. `trouble` is asked before
    each word to the servers. People answer as `says` has it; whose address begins with `gone` has
    left; settings are `otherwise`."""
    path, outside = _outside(folder), _load(folder)
    clock = Clock(outside.at)
    world = World(clock.now, shelves=outside.shelves, arrived=outside.arrived)
    people = People(world, outside.seen, says)

    def save() -> None:
        outside.at = clock.at
        _save(folder, outside)

    def relay(letter: ClaimedLetter) -> Answer:
        """Greylists Siti once; nobody has the address of who is gone; two answers end in silence
        once, of which the one to Rudi has arrived."""
        if letter.template == "jawaban" and letter.name not in outside.refused:
            outside.refused.add(letter.name)
            save()
            if letter.recipient.startswith("rudi@"):
                return TAKEN_IN_SILENCE
            if letter.recipient.startswith("hendra@"):
                return SILENCE
        if letter.recipient.startswith(gone):
            return NO
        if letter.recipient.startswith("siti@") and letter.name not in outside.refused:
            outside.refused.add(letter.name)
            save()
            return GREY
        return TAKEN

    def keep_a_copy(_recipient: str, octets: bytes) -> None:
        world.put(octets, SENT)

    world.deliver = keep_a_copy
    world.relay = relay
    world.changed = save
    world.trouble = trouble
    yield None
    service = _start(folder, url, world, **otherwise)
    while outside.rounds < len(outside.minutes):
        people.act()
        save()
        for step in service.steps():
            yield service
            _attempt(service, step)
        outside.rounds += 1
        if outside.rounds < len(outside.minutes):
            clock.move(minutes=outside.minutes[outside.rounds])
        save()
    service.close()
    assert path.exists()


def _start(folder: Path, url: str, world: World, **otherwise: Any) -> Service:
    """A service that cannot start ends, and is started again by whoever watches over it."""
    for _ in range(3):
        try:
            service = Service(folder, url, world, **otherwise)
            service.recover()
        except (OSError, StoreUnavailable):
            continue
        return service
    raise AssertionError("the service does not start")


def _attempt(service: Service, step: Callable[[], Any]) -> None:
    """Trouble of the mailbox, the database or the disk is waited out, as the loops do."""
    try:
        step()
    except MailboxError:
        service.intake._disconnect()
    except (OSError, StoreUnavailable):
        return


def outcome(folder: Path, url: str) -> Outcome:
    """What has come of it."""
    outside = _load(folder)
    world = World(lambda: outside.at, shelves=outside.shelves, arrived=outside.arrived)
    service = Service(folder, url, world)
    letters = service.store.letters()
    tickets = service.store.tickets(TicketFilter())
    result = Outcome(
        _ends(service),
        sorted((t.number, t.requester.address, t.state.value, t.row, t.solution) for t in tickets),
        Counter((x.name.partition(".")[0], x.template, x.recipient) for x in letters),
        _named(
            service,
            "resent OR state = 'uncertain' OR answer LIKE 'proved%' OR answer LIKE 'stands in%'",
        ),
        _named(service, "state = 'uncertain'"),
        _named(service, "state = 'sent'"),
        Counter(_message_id(octets) for _, octets in outside.arrived),
        service.audit().differences,
    )
    service.close()
    return result


def _ends(service: Service) -> dict[str, int]:
    """How many mails came to which end, without the copies of our own letters: a letter that may
    have been lost on its way has none."""
    with service.store._database.read() as connection:
        found = connection.execute(
            text("SELECT state, count(*) FROM mail WHERE folder <> :sent GROUP BY state"),
            {"sent": SENT},
        )
        return {str(state): int(number) for state, number in found}


def _named(service: Service, condition: str) -> set[str]:
    """Letters of which this is so."""
    with service.store._database.read() as connection:
        found = connection.execute(text(f"SELECT message_id FROM letter WHERE {condition}"))
        return {_name(row.message_id) for row in found}


def _message_id(octets: bytes) -> str:
    line = next(x for x in octets.split(b"\r\n") if x.lower().startswith(b"message-id:"))
    return _name(line.partition(b":")[2].strip().decode())


def _name(message_id: str) -> str:
    """Ticket and serial; the rest is signed with the key of one office."""
    return ".".join(message_id.strip("<>").split(".")[:2])


def steps(telling: Iterator[object]) -> list[Counter[str]]:
    """How often a story comes to each step, from one place where it stands to the next."""
    reached: Counter[str] = Counter()

    def note(name: str) -> None:
        reached[name] += 1

    crash.arm(crash.Armed(reached=note))
    try:
        return counted(telling, reached)[1:]
    finally:
        crash.arm(None)


def counted(telling: Iterator[object], count: Counter[str]) -> list[Counter[str]]:
    """Tells a story to its end; gives what was counted from one standing still to the next."""
    found, ended = [], False
    while not ended:
        count.clear()
        ended = next(telling, telling) is telling
        found.append(count.copy())
    return found


def _outside(folder: Path) -> Path:
    return folder / "outside"


def _save(folder: Path, outside: Outside) -> None:
    # In its place, for nobody is killed in here: a new file costs more than what is in it.
    with os.fdopen(os.open(_outside(folder), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
        out.write(pickle.dumps(outside))
        out.truncate()


def _load(folder: Path) -> Outside:
    found = pickle.loads(_outside(folder).read_bytes())
    assert isinstance(found, Outside)
    return found
