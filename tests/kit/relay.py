"""An SMTP server in the test's own loop that goes wrong where the test says, and a loop whose
clock the server can push forward, so that no test waits for a time-out."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from maild.replies.outbox import Phase
from maild.replies.smtp import RelayAccess

HOST = "127.0.0.1"
MESSAGE = b"Subject: Halo\r\n\r\nSatu\r\n.dua\r\n"
EXTENSIONS = (
    "PIPELINING",
    "8BITMIME",
    "SIZE 30000000",
    "SMTPUTF8",
    "STARTTLS",
    "AUTH PLAIN LOGIN",
)
_GOOD = {
    Phase.CONNECT: b"220 relay.example ESMTP",
    Phase.TLS: b"220 2.0.0 go ahead",
    Phase.LOGIN: b"235 2.7.0 welcome",
    Phase.MAIL: b"250 2.1.0 ok",
    Phase.RCPT: b"250 2.1.5 ok",
    Phase.DATA: b"354 go ahead",
    Phase.DOT: b"250 2.0.0 queued as 4XYZ",
}
_VERBS = {
    b"EHLO": Phase.HELLO,
    b"STAR": Phase.TLS,
    b"AUTH": Phase.LOGIN,
    b"MAIL": Phase.MAIL,
    b"RCPT": Phase.RCPT,
    b"DATA": Phase.DATA,
}


@dataclass(frozen=True)
class Letter:
    """What a relay needs of a letter."""

    recipient: str = "siti@majujaya.example"
    octets: bytes = MESSAGE
    sender: str = "helpdesk@lpse.contoh.go.id"


async def go_on(_letter: Letter) -> bool:
    """Nothing to commit before the body."""
    return True


class WarpLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps when told to."""

    offset = 0.0

    def time(self) -> float:
        return super().time() + self.offset


def run(test: Coroutine[Any, Any, Any]) -> Any:
    """Runs a test on a WarpLoop."""
    with asyncio.Runner(loop_factory=WarpLoop) as runner:
        return runner.run(test)


class Peer:
    """One connection, as the server sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @property
    def gone(self) -> bool:
        return self.writer.transport.is_closing() or self.reader.at_eof()

    def say(self, octets: bytes) -> None:
        self.writer.write(octets + b"\r\n")


Trouble = Callable[[Peer], Coroutine[Any, Any, None]]


def says(octets: bytes) -> Trouble:
    """The server answers this instead."""

    async def trouble(peer: Peer) -> None:
        peer.say(octets)

    return trouble


def says_and_closes(octets: bytes) -> Trouble:
    """The server says this, without a line end of its own, and closes."""

    async def trouble(peer: Peer) -> None:
        peer.writer.write(octets)
        peer.writer.close()

    return trouble


async def cuts(peer: Peer) -> None:
    """The connection is reset."""
    sock = peer.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    peer.writer.transport.abort()


async def pause(seconds: float) -> None:
    """Time passes for everybody."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, WarpLoop)
    await asyncio.sleep(0)
    loop.offset += seconds
    for _ in range(3):
        await asyncio.sleep(0)


def stays_silent(first: bytes = b"") -> Trouble:
    """The server says no more than this and lets hours pass."""

    async def trouble(peer: Peer) -> None:
        peer.writer.write(first)
        for _ in range(10):
            await pause(700)
        peer.writer.close()

    return trouble


class FakeRelay:
    """Takes mail as a relay does. `troubles` replace its answer in a phase; `once` holds those
    that happen on the first connection only.

    `messages` are those taken, still dot-stuffed; `commands` all command lines, `connections`
    how many there were.
    """

    def __init__(
        self,
        troubles: dict[Phase, Trouble] | None = None,
        extensions: tuple[str, ...] = EXTENSIONS,
        *,
        once: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.troubles = troubles or {}
        self.messages: list[bytes] = []
        self.commands: list[str] = []
        self.connections = 0
        self._extensions = extensions
        self._once = once
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "FakeRelay":
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        listener.bind((HOST, 0))
        self.port: int = listener.getsockname()[1]
        self._server = await asyncio.start_server(self._accept, sock=listener)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for _ in range(1000):
            if all(task.done() for task in self._tasks):
                break
            await asyncio.sleep(0)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def access(self, **fields: Any) -> RelayAccess:
        """How to reach it."""
        given = {"tls": "none", "user": "", "password": "", "hello_name": "maild.example"}
        return RelayAccess(HOST, self.port, **{**given, **fields})

    def count(self, verb: str) -> int:
        """How often a command came."""
        return sum(line.upper().startswith(verb) for line in self.commands)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._tasks.add(asyncio.create_task(self._session(Peer(reader, writer))))

    async def _session(self, peer: Peer) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._serve(peer)
        peer.writer.close()

    async def _answer(self, peer: Peer, phase: Phase) -> bool:
        """Whether the good answer was given."""
        trouble = self.troubles.get(phase)
        if trouble is not None and not (self._once and self.connections > 1):
            await trouble(peer)
            return False
        if phase is Phase.HELLO:
            for line in ("relay.example", *self._extensions[:-1]):
                peer.say(f"250-{line}".encode())
            peer.say(f"250 {self._extensions[-1]}".encode())
        else:
            peer.say(_GOOD[phase])
        return True

    async def _serve(self, peer: Peer) -> None:
        await self._answer(peer, Phase.CONNECT)
        while not peer.gone and (line := await peer.reader.readuntil(b"\r\n")):
            self.commands.append(line.decode().rstrip())
            verb = line[:4].upper()
            if verb == b"QUIT":
                peer.say(b"221 bye")
                return
            if verb not in _VERBS:
                peer.say(b"250 ok")
                continue
            good = await self._answer(peer, _VERBS[verb])
            if verb == b"STAR" and good:
                assert self._tls
                await peer.writer.start_tls(self._tls)
            if verb == b"DATA" and good:
                await self._message(peer)

    async def _message(self, peer: Peer) -> None:
        if Phase.BODY in self.troubles:
            await peer.reader.readexactly(1000)
            await self._answer(peer, Phase.BODY)
        taken = bytearray()
        while not taken.endswith(b"\r\n.\r\n") and taken != b".\r\n":
            part = await peer.reader.read(262_144)
            if not part:
                return
            taken += part
        if await self._answer(peer, Phase.DOT):
            self.messages.append(bytes(taken[:-3]))
