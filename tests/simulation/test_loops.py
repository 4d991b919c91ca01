"""T11, B098 to B111: twelve machines that answer everything, for thirty days; and two maild.

Each begins every morning with a new problem; then everybody answers everything at once.
MAILD_LOOP_DAYS days are played (30 in the long run).
"""

import os
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from partners import MARKED, PARTNERS

import kit.service
from kit.database import POSTGRES
from kit.people import COMPLETE, parsed
from kit.service import Clock, Service, written
from kit.world import World
from maild.store.values import TicketFilter

DAYS = int(os.environ.get("MAILD_LOOP_DAYS", "2"))
DAY = timedelta(days=1)
OFFICE = ("@contoh.go.id", "@lkpp.example")
ROUNDS_A_DAY = 24


class Loop:
    """An office, and a machine behind every address outside it."""

    def __init__(self, folder: Path, url: str, names: tuple[str, ...]) -> None:
        self.clock = Clock()
        self.world = World(self.clock.now)
        self.world.deliver = self._delivered
        self.service = Service(folder, url, self.world)
        self.letters: dict[str, list[datetime]] = defaultdict(list)
        self.notices: Counter[str] = Counter()
        self.mails: Counter[str] = Counter()
        self._coming: list[bytes] = []
        self._names = names

    def live(self, days: int) -> None:
        """Every quarter of an hour what has come is read and answered."""
        for day in range(days):
            for number, name in enumerate(self._names):
                text = COMPLETE.replace("12345678", str(30_000_000 + 100 * day + number))
                mid = f"<{name}.{day}@mula.example>"
                self._came(name, written(text, address(name), f"Gagal {day}", message_id=mid))
            for _ in range(ROUNDS_A_DAY):
                self.clock.move(minutes=24 * 60 / ROUNDS_A_DAY)
                coming, self._coming = self._coming, []
                for octets in coming:
                    self.world.put(octets)
                self.service.round()

    def _came(self, name: str, octets: bytes) -> None:
        self.mails[name] += 1
        self._coming.append(octets)

    def _delivered(self, recipient: str, octets: bytes) -> None:
        if recipient.endswith(OFFICE):
            self.notices[recipient] += 1
            return
        name = recipient.partition("@")[0].removeprefix("mesin.")
        self.letters[name].append(self.clock.at)
        mid = f"<{name}.{len(self.letters[name])}@mesin.example>"
        for answer in PARTNERS[name](address(name), parsed(octets), mid):
            self._came(name, answer)


def address(name: str) -> str:
    return f"mesin.{name}@{name}.example"


def is_bounded(loop: Loop, days: int) -> None:
    """At most two letters to an address in any 24 hours, and so no growth of anything."""
    for name, times in loop.letters.items():
        for first, third in zip(times, times[2:], strict=False):
            assert third - first >= DAY, (name, times)
        assert len(times) <= 2 * days + 2
    for name in MARKED:
        assert len(loop.letters[name]) <= days, f"{name} was answered"
    found = loop.service.store.tickets(TicketFilter(limit=100_000))
    assert len(found) <= sum(loop.mails.values())
    assert all(count <= 24 * days * 20 for count in loop.notices.values())
    assert set(loop.service.store.counts().mails) <= {"done", "inert", "quarantined"}


def told(loop: Loop, days: int) -> str:
    found = loop.service.store.tickets(TicketFilter(limit=100_000))
    each = ", ".join(f"{name} {len(loop.letters[name])}" for name in PARTNERS)
    return (
        f"{days} days: {sum(loop.mails.values())} mails of machines, letters to them: {each}; "
        f"{len(found)} tickets, {sum(loop.notices.values())} letters in the office"
    )


@pytest.fixture
def loop(tmp_path: Path, database_url: str) -> Loop:
    return Loop(tmp_path, database_url, tuple(PARTNERS))


def test_twelve_machines_that_answer_everything_start_no_loop(loop: Loop) -> None:
    assert len(PARTNERS) == 12
    loop.live(DAYS)
    print(told(loop, DAYS))  # noqa: T201
    is_bounded(loop, DAYS)


def test_of_machines_that_show_what_they_are_none_gets_an_answer(loop: Loop) -> None:
    """What they sent after the problem with which each began changes nothing."""
    loop.live(1)
    for name in MARKED:
        assert loop.mails[name] > 1
        mine = [t for t in loop.service.store.tickets(TicketFilter(limit=1000))
                if t.requester.address == address(name)]  # fmt: skip
        assert len(mine) == 1, name
        assert len(loop.letters[name]) == 1, name


@pytest.mark.long
@pytest.mark.skipif(POSTGRES, reason="SQLite")
def test_thirty_days_of_it(tmp_path: Path, database_url: str) -> None:
    loop = Loop(tmp_path, database_url, tuple(PARTNERS))
    loop.live(30)
    print(told(loop, 30))  # noqa: T201
    is_bounded(loop, 30)


@pytest.mark.skipif(POSTGRES, reason="two databases")
@pytest.mark.parametrize("marks", [True, False], ids=["marked", "marks stripped"])
def test_two_helpdesks_that_write_to_each_other_come_to_rest(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, marks: bool
) -> None:
    """B101. Even where a gateway takes every mark away, each sends two automatic mails a day."""
    days = max(DAYS, 3)
    clock = Clock()
    names = ("satu", "dua")
    inboxes = {name: f"helpdesk@{name}.example" for name in names}
    worlds = {name: World(clock.now) for name in names}
    sent: dict[str, list[datetime]] = {name: [] for name in names}
    coming: list[tuple[str, bytes]] = []
    services = {}
    plain = kit.service.settings_in
    for name, other in zip(names, reversed(names), strict=True):
        folder = tmp_path / name
        (folder / "data").mkdir(parents=True, mode=0o700)

        def settings_in(folder: Path, url: str, *rest, own=inboxes[name]):
            from dataclasses import replace

            from maild.model.mail import Address

            settings = plain(folder, url, *rest)
            office = replace(settings.office, mailbox=Address("Helpdesk", own))
            directory = replace(settings.directory, own_addresses=frozenset({own}))
            return replace(settings, office=office, directory=directory)

        monkeypatch.setattr(kit.service, "settings_in", settings_in)
        service = Service(folder, f"sqlite:///{folder}/data/maild.db", worlds[name])
        service.parts.holder._office = _at_home(service, inboxes[name])
        services[name] = service

        def deliver(recipient: str, octets: bytes, name=name, other=other) -> None:
            if recipient == inboxes[other]:
                sent[name].append(clock.at)
                coming.append((other, octets if marks else _stripped(octets)))

        worlds[name].deliver = deliver
    worlds["satu"].put(
        written(COMPLETE, f"Helpdesk <{inboxes['dua']}>", to=inboxes["satu"], message_id="<0@x>")
    )
    end = clock.at + days * DAY
    while clock.at < end:
        clock.move(minutes=60)
        arriving, coming[:] = list(coming), []
        for name, octets in arriving:
            worlds[name].put(octets)
        for service in services.values():
            service.round()
    print({name: len(times) for name, times in sent.items()}, f"letters in {days} days")  # noqa: T201
    assert sent["satu"], "it has begun"
    for times in sent.values():
        for first, third in zip(times, times[2:], strict=False):
            assert third - first >= DAY
    if marks:
        assert not sent["dua"], "our own mark is not answered"
    for service in services.values():
        service.close()


def _at_home(service: Service, own: str):
    """The office's book, at its own address."""
    from dataclasses import replace

    from maild.model.mail import Address

    files = service.parts.holder.current()
    office = replace(files.book.office, mailbox=Address("Helpdesk", own))
    directory = replace(files.book.directory, own_addresses=frozenset({own}))
    return replace(files, book=replace(files.book, office=office, directory=directory))


def _stripped(octets: bytes) -> bytes:
    """As a gateway leaves it that knows five fields and numbers the mails itself."""
    letter = parsed(octets)
    body = letter.get_body(("plain",))
    kept = str(letter["Message-ID"]).replace("<", "<gw.")
    sender = str(letter["From"])
    text = str(body.get_content()) if body else ""
    return written(text, sender, " ".join(str(letter["Subject"]).split()), str(letter["To"]), kept)
