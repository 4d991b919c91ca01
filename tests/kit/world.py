"""A mail server without sockets: folders to read from, a relay to send through, faults on demand.

Stands in for the doors `Mailbox` and `RelayPool`; what a test does not disturb behaves like a
good server. `trouble` is asked before each step and may raise, or answer in the relay's place.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maild.ingest import parse
from maild.ingest.access import MailboxAccess, MailboxError
from maild.ingest.download import Listed
from maild.ingest.mailbox import Folder, FolderStatus
from maild.ingest.worker import Read, Unreadable, Weigher
from maild.model.mail import RawMail
from maild.replies.outbox import Answer, Phase
from maild.store.values import ClaimedLetter

TAKEN = Answer(Phase.DOT, 250, "2.0.0 taken")
SILENCE = Answer(Phase.DOT, 0, "no answer within 600 s")
TAKEN_IN_SILENCE = Answer(Phase.DOT, 0, "no answer within 600 s, though it was taken")


@dataclass
class Shelf:
    """A folder on the server: mails by UID, with the time of arrival."""

    uidvalidity: int = 1
    uidnext: int = 1
    mails: dict[int, tuple[bytes, datetime]] = field(default_factory=dict)
    special: str = ""

    def put(self, octets: bytes, at: datetime) -> int:
        """A mail arrives; gives its UID."""
        uid, self.uidnext = self.uidnext, self.uidnext + 1
        self.mails[uid] = (octets, at)
        return uid

    def renumber(self) -> None:
        """All UIDs become void, as after a restored or rebuilt mailbox (F032)."""
        self.uidvalidity += 1
        mails = list(self.mails.values())
        self.mails, self.uidnext = dict(enumerate(mails, 1)), len(mails) + 1


@dataclass
class World:
    """The server and what has left through it; `arrived` are (recipient, octets) in order."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    trouble: Callable[[str], None] = lambda step: None
    relay: Callable[[ClaimedLetter], Answer] = lambda letter: TAKEN
    shelves: dict[str, Shelf] = field(default_factory=lambda: {"INBOX": Shelf()})
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    deliver: Callable[[str, bytes], None] = lambda recipient, octets: None
    steps: list[str] = field(default_factory=list)
    changed: Callable[[], None] = lambda: None

    def step(self, name: str) -> None:
        """Every word to the server passes here."""
        self.steps.append(name)
        self.trouble(name)

    def put(self, octets: bytes, folder: str = "INBOX") -> int:
        """A mail arrives in a folder now."""
        uid = self.shelves[folder].put(octets, self.now())
        self.changed()
        return uid


def cut(step: str) -> MailboxError:
    """What a broken connection looks like."""
    return MailboxError("network", f"the connection broke ({step})", "It is tried again")


class WorldMailbox:
    """`Mailbox` on a world."""

    def __init__(self, world: World, access: MailboxAccess) -> None:
        world.step("login")
        self._world, self._account = world, access.account
        self._name = ""

    def __enter__(self) -> "WorldMailbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _shelf(self) -> Shelf:
        return self._world.shelves[self._name]

    def can(self, capability: str) -> bool:
        return capability.upper() in ("MOVE", "IDLE", "UIDPLUS")

    def folders(self) -> list[Folder]:
        self._world.step("list")
        return [Folder(name, shelf.special) for name, shelf in self._world.shelves.items()]

    def ensure_folder(self, name: str) -> None:
        self._world.step("create")
        self._world.shelves.setdefault(name, Shelf())
        self._world.changed()

    def select(self, folder: str) -> FolderStatus:
        self._world.step("select")
        self._name = folder
        shelf = self._shelf()
        return FolderStatus(shelf.uidvalidity, shelf.uidnext, len(shelf.mails), True)

    def uids_from(self, first: int, *, standing: bool = False) -> list[int]:
        del standing
        self._world.step("search")
        return sorted(uid for uid in self._shelf().mails if uid >= first)

    def sizes(self, uids: Sequence[int]) -> list[Listed]:
        self._world.step("sizes")
        mails = self._shelf().mails
        for uid in [u for u in uids if b"\r\nX-Vanishing: yes\r\n" in mails.get(u, (b"",))[0]]:
            del mails[uid]
            self._world.changed()
        return [Listed(uid, len(mails[uid][0]), mails[uid][1]) for uid in uids if uid in mails]

    def heads(self, uids: Sequence[int]) -> dict[int, bytes]:
        self._world.step("heads")
        mails = self._shelf().mails
        return {u: mails[u][0].partition(b"\r\n\r\n")[0] for u in uids if u in mails}

    def fetch(self, listed: Iterable[Listed], limit: int = 25 << 20) -> Iterator[list[RawMail]]:
        for mail in listed:
            self._world.step("fetch")
            shelf = self._shelf()
            if mail.uid not in shelf.mails:
                continue
            octets = shelf.mails[mail.uid][0]
            whole = octets if len(octets) <= limit and not self._withheld(octets) else None
            head = b"" if whole is not None else octets.partition(b"\r\n\r\n")[0]
            yield [
                RawMail(
                    self._account,
                    self._name,
                    shelf.uidvalidity,
                    mail.uid,
                    mail.internal_at,
                    mail.size,
                    whole,
                    head,
                )
            ]

    @staticmethod
    def _withheld(octets: bytes) -> bool:
        """A message that the server lists and does not give."""
        return b"\r\nX-Withheld: yes\r\n" in octets

    def holds(self, message_ids: Iterable[str]) -> set[str]:
        self._world.step("find")
        text = b"\n".join(octets for octets, _ in self._shelf().mails.values())
        return {name for name in message_ids if f"Message-ID: {name}\r\n".encode() in text}

    def alike(self, message_id: str | None, size: int) -> list[int]:
        self._world.step("find")
        name = f"Message-ID: {message_id}\r\n".encode()
        mails = self._shelf().mails.items()
        return [u for u, (o, _) in mails if (name in o if message_id else len(o) == size)]

    def append(self, folder: str, messages: Sequence[tuple[bytes, datetime]]) -> None:
        for octets, at in messages:
            self._world.step("append")
            self._world.shelves[folder].put(octets, at)
            self._world.changed()

    def file_away(self, uids: Sequence[int], folder: str) -> None:
        self._world.step("move")
        for uid in uids:
            if uid in self._shelf().mails:
                self._world.shelves[folder].put(*self._shelf().mails.pop(uid))
        self._world.changed()

    def wait(self, seconds: float, ear: Any) -> bool:
        self._world.step("wait")
        return False

    def close(self) -> None:
        pass


class WorldRelay:
    """`RelayPool` on a world: one letter after the other."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def deliver_all(
        self,
        letters: Sequence[ClaimedLetter],
        before_body: Callable[[ClaimedLetter], Awaitable[bool]],
        on_answer: Callable[[ClaimedLetter, Answer], Awaitable[None]],
    ) -> None:
        for letter in letters:
            self._world.step("send")
            answer = self._world.relay(letter)
            if answer.phase >= Phase.BODY and not await before_body(letter):
                answer = Answer(Phase.DATA, 0, "the letter is not ours any more")
            elif answer in (TAKEN, TAKEN_IN_SILENCE):
                self.take(letter)
            await on_answer(letter, answer)

    def take(self, letter: ClaimedLetter) -> None:
        """The letter is on its way, whatever the courier hears of it."""
        self._world.arrived.append((letter.recipient, letter.octets))
        self._world.changed()
        self._world.deliver(letter.recipient, letter.octets)

    async def close(self) -> None:
        pass


class NearReader:
    """`Reader` in this process, for mails that a test has made itself."""

    def __init__(self, authserv_id: str = "", own_addresses: frozenset[str] = frozenset()) -> None:
        self._authserv_id, self._own = authserv_id, own_addresses

    def weigh_by(self, weigher: Weigher) -> None:
        """Nothing is weighed ahead here."""

    def read_many(
        self, paths: Sequence[Path], received_at: Sequence[datetime | None] = ()
    ) -> list[Read | Unreadable]:
        return [self._read(path.read_bytes()) for path in paths]

    def _read(self, octets: bytes) -> Read | Unreadable:
        if b"\r\nX-Unreadable: yes\r\n" in octets:
            return Unreadable("the reader died of it")
        return Read(parse.read(octets, self._authserv_id, self._own))

    def close(self) -> None:
        pass
