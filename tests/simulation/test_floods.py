"""T09, B094, B095: floods. Everything is taken in, nothing is lost, no officer's mailbox is filled
with notices, and other people are answered in time.

MAILD_FLOOD mails are played in the short run; the long one plays 30,000 of one sender (50 a second
for ten minutes) and 5,000 senders.
"""

import os
import resource
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from kit.database import POSTGRES
from kit.people import COMPLETE, head_of
from kit.service import Clock, Service, written
from kit.world import World
from maild.model.known import FLOOD_ALARM
from maild.store.values import TicketFilter

SHORT = int(os.environ.get("MAILD_FLOOD", "300"))
FLOODER = "banjir@penuh.example"
OFFICERS = ("sari@contoh.go.id", "budi@contoh.go.id")
MINUTE = timedelta(minutes=1)


class Flood:
    """An office under a flood: so many mails, `seconds` long, in rounds of ten seconds; every
    minute somebody else writes, as any day."""

    def __init__(self, folder: Path, url: str) -> None:
        self.clock = Clock()
        self.world = World(self.clock.now, deliver=self._delivered)
        self.service = Service(folder, url, self.world)
        self.letters: Counter[tuple[str, str]] = Counter()
        self.waited: dict[str, timedelta] = {}
        self._wrote: dict[str, object] = {}
        self.most_mb = 0

    def play(self, mails: list[bytes], seconds: int) -> None:
        rounds = seconds // 10
        for turn in range(rounds):
            for octets in mails[turn * len(mails) // rounds : (turn + 1) * len(mails) // rounds]:
                self.world.put(octets)
            if turn % 6 == 0:
                who = f"warga{turn}@lain{turn}.example"
                self._wrote[who] = self.clock.at
                text = COMPLETE.replace("12345678", str(20_000_000 + turn))
                self.world.put(written(text, who, message_id=f"<{who}>"))
            self.clock.move(seconds=10)
            self.service.round()
        self.service.round()
        self.most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10

    def _delivered(self, recipient: str, octets: bytes) -> None:
        template = str(head_of(octets)["Subject"])
        kind = FLOOD_ALARM if template.startswith("Banyak surel sekaligus") else "surat"
        self.letters[recipient, kind] += 1
        if recipient in self._wrote and recipient not in self.waited:
            self.waited[recipient] = self.clock.at - self._wrote[recipient]  # type: ignore[operator]

    def told(self, what: str) -> str:
        counts = self.service.store.counts()
        officers = {who: (self.letters[who, "surat"], self.letters[who, FLOOD_ALARM])
                    for who in OFFICERS}  # fmt: skip
        waits = max((w.total_seconds() for w in self.waited.values()), default=0)
        return (
            f"{what}: {dict(counts.mails)}, letters and alarms to officers {officers}, "
            f"{len(self.waited)} of {len(self._wrote)} others answered within {waits:.0f} s, "
            f"{self.most_mb} MB"
        )


def of_one(count: int, text: str = "") -> list[bytes]:
    """Mails of one sender, each about another tender, or all with the same text."""
    return [
        written(
            text or COMPLETE.replace("12345678", str(40_000_000 + n)),
            FLOODER,
            f"Gagal unggah {n}",
            message_id=f"<{n}@penuh.example>",
        )
        for n in range(count)
    ]


def of_many(count: int) -> list[bytes]:
    """One mail each of so many senders."""
    return [
        written(
            COMPLETE.replace("12345678", str(40_000_000 + n)),
            f"orang{n}@ramai{n}.example",
            message_id=f"<{n}@ramai.example>",
        )
        for n in range(count)
    ]


def keeps_everything(flood: Flood, mails: list[bytes]) -> None:
    """P1: each mail is done, with its words in a conversation; the audit finds nothing."""
    others = len(flood._wrote)
    assert flood.service.store.counts().mails == {"done": len(mails) + others}
    with flood.service.store._database.read() as connection:
        said = connection.exec_driver_sql(
            "SELECT count(DISTINCT mail) FROM message WHERE direction = 'masuk'"
        ).scalar()
    assert said == len(mails) + others
    assert flood.service.audit().differences == ()


def flood_of_one(flood: Flood, mails: list[bytes], seconds: int) -> None:
    limits = flood.service.settings.limits
    flood.play(mails, seconds)
    print(flood.told(f"{len(mails)} mails of one sender in {seconds} s"))  # noqa: T201
    keeps_everything(flood, mails)
    assert flood.letters[FLOODER, "surat"] <= limits.automatic_per_pair_day
    others = len(flood._wrote)
    for who in OFFICERS:
        assert flood.letters[who, FLOOD_ALARM] == 1
        assert flood.letters[who, "surat"] <= limits.notices_per_sender_hour + others
    assert len(flood.waited) == others
    assert max(flood.waited.values()) <= MINUTE


@pytest.fixture
def flood(tmp_path: Path, database_url: str) -> Flood:
    return Flood(tmp_path, database_url)


def test_a_flood_of_one_sender_is_collected_and_alarms_once(flood: Flood) -> None:
    flood_of_one(flood, of_one(SHORT), 600)
    tickets = flood.service.store.tickets(TicketFilter(limit=100_000))
    mine = [t for t in tickets if t.requester.address == FLOODER]
    assert len(mine) == flood.service.settings.limits.notices_per_sender_hour


def test_a_flood_of_the_same_words_is_one_ticket(flood: Flood) -> None:
    flood_of_one(flood, of_one(SHORT, COMPLETE), 600)
    tickets = flood.service.store.tickets(TicketFilter(limit=100_000))
    assert len([t for t in tickets if t.requester.address == FLOODER]) == 1


def test_after_the_flood_its_sender_is_heard_again(flood: Flood) -> None:
    flood.play(of_one(60), 60)
    before = len(flood.service.store.tickets(TicketFilter(limit=1000)))
    flood.clock.move(hours=2)
    text = COMPLETE.replace("12345678", "55555555")
    flood.world.put(written(text, FLOODER, "Lelang lain", message_id="<lagi@penuh.example>"))
    letters = flood.letters[OFFICERS[0], "surat"]
    flood.service.round()
    assert len(flood.service.store.tickets(TicketFilter(limit=1000))) == before + 1
    assert flood.letters[OFFICERS[0], "surat"] > letters


def flood_of_many(flood: Flood, mails: list[bytes], seconds: int) -> None:
    limits = flood.service.settings.limits
    flood.play(mails, seconds)
    print(flood.told(f"{len(mails)} senders once each in {seconds} s"))  # noqa: T201
    keeps_everything(flood, mails)
    outside = sum(n for (to, _), n in flood.letters.items() if to not in OFFICERS)
    assert outside <= limits.automatic_per_hour, "the breaker opens"
    for who in OFFICERS:
        assert flood.letters[who, FLOOD_ALARM] == 1
        assert flood.letters[who, "surat"] <= limits.notices_per_hour
    tickets = flood.service.store.tickets(TicketFilter(limit=100_000))
    assert len(tickets) == len(mails) + len(flood._wrote), "each has a ticket of his own"


def test_a_flood_of_many_senders_opens_the_breaker_and_intake_goes_on(flood: Flood) -> None:
    flood_of_many(flood, of_many(max(SHORT, 260)), 600)


@pytest.mark.long
@pytest.mark.skipif(POSTGRES, reason="SQLite")
def test_thirty_thousand_mails_of_one_sender(flood: Flood) -> None:
    flood_of_one(flood, of_one(30_000), 600)


@pytest.mark.long
@pytest.mark.skipif(POSTGRES, reason="SQLite")
def test_five_thousand_senders(flood: Flood) -> None:
    flood_of_many(flood, of_many(5_000), 600)
