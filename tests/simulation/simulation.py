"""M3: the whole service in one process, on a simulated server, clock and office life, with faults.

One seed is one life: the same seed plays the same mails, faults and kills again. After every
round the invariants are looked at; at the end the faults stop, all is worked off, and the audit
must find nothing.

    maild-sim --seed 7
"""

import heapq
import random
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from invariants import at_every_moment, at_the_end
from strangers import Strangers

from kit.office import MONDAY
from kit.people import head_of
from kit.service import Clock, Service
from kit.world import SILENCE, TAKEN, TAKEN_IN_SILENCE, Shelf, World, cut
from maild.ingest.access import MailboxError
from maild.replies.outbox import Answer, Phase
from maild.store import crash
from maild.store.errors import StoreUnavailable
from maild.store.values import ClaimedLetter

DAYS = 3
# Commits that only take something in hand or give it back: no invariant speaks of those.
CLAIMS = (
    "Outbox._recover",
    "Outbox.claim_letters",
    "Ledger.take_mails",
    "Ledger.recover_mails",
    "Reading.keep_procedure",
)
_NO = Answer(Phase.RCPT, 550, "5.1.1 no such user")
_LATER = Answer(Phase.RCPT, 451, "4.7.1 later")
_CUT = Answer(Phase.BODY, 0, "connection lost")


class Killed(BaseException):
    """The process is gone."""


class Simulation:
    """One life. `log` tells what happened, a line each. Happenings (mails, faults, jumps) are
    numbered as they are drawn; those in `dropped` are drawn and left out."""

    def __init__(
        self,
        seed: int,
        folder: Path,
        url: str,
        days: float = DAYS,
        dropped: frozenset[int] = frozenset(),
    ) -> None:
        self.days = days
        self.happenings = 0
        self._dropped = dropped
        self._changed = True
        self.chance = random.Random(seed)
        self.clock = Clock(MONDAY - timedelta(hours=1))
        self.world = World(self.clock.now, shelves={"INBOX": Shelf()})
        self.world.trouble, self.world.relay = self._trouble, self._relay
        self.world.deliver = self._delivered
        if self.chance.random() < 0.5:
            self.world.shelves["Terkirim"] = Shelf(special="Sent")
        self.strangers = Strangers(self.chance)
        self.log: list[str] = []
        self.written: list[bytes] = []
        self._rates = dict.fromkeys(("cut", "relay", "store", "kill"), 0.0)
        for kind in self._rates:
            if self.chance.random() < 0.6:
                self._rates[kind] = self.chance.choice((0.002, 0.01, 0.04))
        self._post: list[tuple[datetime, int, bytes]] = []
        self._order = count()
        self._folder, self._url = folder, url
        self.service = self._started()

    def live(self) -> None:
        """Some days with faults, then as long without as everything needs to come to an end."""
        end = self.clock.at + timedelta(days=self.days)
        crash.arm(crash.Armed(reached=self._at_commit))
        try:
            while self.clock.at < end:
                self._tick(self.chance.choice((1, 3, 9, 27, 81)))
            self.say("the faults end")
            self._rates = dict.fromkeys(self._rates, 0.0)
            for minutes in (*(20,) * 24, *(480,) * 12, 20, 20):
                self._tick(minutes, writing=False)
        finally:
            crash.arm(None)
        self.service.round()
        self.service.round()  # what the last one sent stands in the Sent folder, and is read
        at_the_end(self.service, self.world, self.written)

    def close(self) -> None:
        """Gives everything back."""
        self.service.close()

    def say(self, what: str) -> None:
        """For whoever replays a seed."""
        self.log.append(f"{self.clock.at:%m-%d %H:%M} {what}")

    def _tick(self, minutes: float, *, writing: bool = True) -> None:
        self.clock.move(minutes=minutes)
        if writing:
            self._write()
        while self._post and self._post[0][0] <= self.clock.at:
            self._put(heapq.heappop(self._post)[2])
        steps = list(self.service.steps())
        self.chance.shuffle(steps)
        try:
            for step in steps:
                self._attempt(step)
        except Killed:
            self.say("killed")
            self.service.store.close()
            self.service = self._started()
        if self._changed:
            self._changed = False
            at_every_moment(self.service, self.clock.at)

    def _write(self) -> None:
        if self.chance.random() < 0.15:
            self._drawn(self.strangers.problem())
        if self.chance.random() < 0.03:
            self._drawn(self.strangers.noise())
        if self.written and self.chance.random() < 0.02:
            twice = self.chance.choice(self.written)
            if self._stays():
                self.say("a mail comes twice")
                self.world.put(twice)
        if self.chance.random() < 0.01 and self._stays():
            self.say("renumbered")
            self.world.shelves["INBOX"].renumber()
        if self.chance.random() < 0.005:
            hours = self.chance.choice((-1, 5))
            if self._stays():
                self.say("the clock jumps")
                self.clock.move(hours=hours)

    def _stays(self) -> bool:
        """Whether the happening that was just drawn is not left out."""
        self.happenings += 1
        return self.happenings not in self._dropped

    def _drawn(self, octets: bytes) -> None:
        if self._stays():
            self._put(octets)

    def _put(self, octets: bytes) -> None:
        self.written.append(octets)
        self.world.put(octets)

    def _delivered(self, recipient: str, octets: bytes) -> None:
        if "Terkirim" in self.world.shelves:
            self.world.put(octets, "Terkirim")
        for minutes, mail in self.strangers.reaction(recipient, head_of(octets)):
            at = self.clock.at + timedelta(minutes=minutes)
            heapq.heappush(self._post, (at, next(self._order), mail))

    def _started(self) -> Service:
        while True:
            with suppress(StoreUnavailable, Killed), ExitStack() as stack:
                service = Service(self._folder, self._url, self.world)
                stack.callback(service.store.close)
                service.recover()
                stack.pop_all()
                return service

    def _attempt(self, step: Callable[[], Any]) -> None:
        try:
            step()
        except MailboxError:
            self.service.intake._disconnect()
        except StoreUnavailable:
            return

    def _happens(self, kind: str) -> bool:
        return self.chance.random() < self._rates[kind] and self._stays()

    def _trouble(self, step: str) -> None:
        if self._happens("cut") and step != "send":
            self.say(f"cut at {step}")
            raise cut(step)

    def _at_commit(self, name: str) -> None:
        self._changed = self._changed or not name.startswith(CLAIMS)
        if name.endswith((".before", ".after")) and self._happens("store"):
            self.say(f"the database refuses {name}")
            raise StoreUnavailable(f"refused: {name}")
        if self._happens("kill"):
            raise Killed(name)

    def _relay(self, letter: ClaimedLetter) -> Answer:
        if not self._happens("relay"):
            return TAKEN
        answer = self.chance.choice((_NO, _LATER, _CUT, SILENCE, TAKEN_IN_SILENCE))
        self.say(f"the relay says {answer.code} to {letter.name}")
        return answer
