"""One SMTP dialogue on a connection that is open and let in: commands out, replies in.

aiosmtplib connects, encrypts and logs in; then its transport is handed over to this protocol,
because its own one cannot read pipelined replies and raises the same errors before 354 and after
the final dot (R5). Every wait has a limit, every reply a size (F039). Nothing is decided here.
"""

import asyncio
import re
from collections import deque
from typing import cast

from maild.replies.outbox import Phase

_LONGEST_REPLY = 32_768
_CHUNK = 262_144
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")

Reply = tuple[int, str]


class Broken(Exception):  # noqa: N818
    """The dialogue cannot go on: closed, silent, or not SMTP. The message says which."""


class Dialogue(asyncio.Protocol):
    """The client's side of RFC 5321 after the greeting."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._lines: list[str] = []
        self._size = 0
        self._replies: deque[Reply] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._trouble = ""

    def take_over(self, transport: asyncio.BaseTransport) -> None:
        """Becomes the protocol of an open transport."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_protocol(self)

    @property
    def is_quiet(self) -> bool:
        """Whether the connection is open and the server has said nothing unasked, such as 421."""
        return bool(self._transport and not self._trouble and not self._replies)

    def write(self, octets: bytes) -> None:
        """Sends octets. Broken when the connection is closed."""
        if self._trouble or self._transport is None:
            raise Broken(self._trouble or "not connected")
        self._transport.write(octets)

    async def command(self, line: str, timeout: float) -> Reply:
        """Sends one command and waits for its reply; a control character is never sent."""
        self.write(encoded(line))
        return await self.reply(timeout)

    async def reply(self, timeout: float) -> Reply:
        """The next reply: code and text (lines joined by blanks), at most `timeout` seconds."""
        if not self._replies and not self._trouble:
            self._waiting = self._loop.create_future()
            timer = self._loop.call_later(timeout, self._fail, f"no answer within {timeout:g} s")
            try:
                await self._waiting
            finally:
                timer.cancel()
                self._waiting = None
        if self._replies:
            return self._replies.popleft()
        raise Broken(self._trouble)

    async def body(self, octets: bytes, timeout: float, dot_timeout: float) -> tuple[Phase, Reply]:
        """Sends a message and its final dot; gives the reply and the phase it belongs to.

        Broken carries the phase as its second argument. Until the dot has been handed over, the
        phase is BODY: the server then knows that the message is not complete (RFC 5321, 4.1.1.4).
        """
        message = stuffed(octets)
        phase = Phase.BODY
        try:
            for at in range(0, len(message) - _CHUNK, _CHUNK):
                self.write(message[at : at + _CHUNK])
                await self._drained(timeout)
                if self._replies:
                    return phase, self._replies.popleft()
            rest = (len(message) - 1) // _CHUNK * _CHUNK if message else 0
            if self._trouble:
                raise Broken(self._trouble)
            phase = Phase.DOT
            self.write(message[rest:] + b".\r\n")
            return phase, await self.reply(dot_timeout)
        except Broken as broken:
            self.abort()
            raise Broken(str(broken), phase) from None

    def abort(self) -> None:
        """Closes at once; what has not left yet never will."""
        self._trouble = self._trouble or "closed"
        if self._transport is not None:
            self._transport.abort()

    def close(self) -> None:
        """Says goodbye without waiting for an answer."""
        if self._transport is not None and not self._trouble:
            self._transport.write(b"QUIT\r\n")
            self._transport.close()
        self._trouble = self._trouble or "closed"

    async def _drained(self, timeout: float) -> None:
        if self._flowing.is_set():
            return
        try:
            await asyncio.wait_for(self._flowing.wait(), timeout)
        except TimeoutError:
            raise Broken(f"the server took nothing for {timeout:g} s") from None

    def data_received(self, data: bytes) -> None:
        """Splits what arrives into replies (RFC 5321, 4.2)."""
        self._buffer += data
        while (at := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:at]).rstrip(b"\r")
            del self._buffer[: at + 1]
            self._size += at + 1
            if self._size > _LONGEST_REPLY:
                break
            if not (line[:3].isdigit() and line[3:4] in (b"", b" ", b"-")):
                self._fail("the answer is not SMTP")
                return
            self._lines.append(line[4:].decode("utf-8", "replace"))
            if line[3:4] != b"-":
                self._replies.append((int(line[:3]), " ".join(self._lines)))
                self._lines.clear()
                self._size = 0
                self._wake()
        if self._size + len(self._buffer) > _LONGEST_REPLY:
            self._fail("the answer is too long")

    def eof_received(self) -> bool:
        """The server has closed its side."""
        self._lost("connection closed by the server")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._lost(f"connection lost: {exc}" if exc else "connection closed by the server")

    def pause_writing(self) -> None:
        """The transport holds enough for now."""
        self._flowing.clear()

    def resume_writing(self) -> None:
        """The transport takes more."""
        self._flowing.set()

    def _fail(self, trouble: str) -> None:
        self._lost(trouble)
        if self._transport is not None:
            self._transport.abort()

    def _lost(self, trouble: str) -> None:
        self._trouble = self._trouble or trouble
        self._flowing.set()
        self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


def encoded(line: str) -> bytes:
    """A command line as octets. ValueError when it holds a control character (S10)."""
    if not (line.isascii() and line.isprintable()) and any(
        character < " " or character == "\x7f" for character in line
    ):
        raise ValueError("a control character in an SMTP command")
    return line.encode() + b"\r\n"


def stuffed(octets: bytes) -> bytes:
    """A message as it stands between DATA and the final dot (RFC 5321, 4.5.2).

    Every line ends in CRLF and no other CR or LF is left, so that no server can see an end of
    message where there is none.
    """
    lines = octets.count(b"\r\n")
    if octets.count(b"\n") != lines or octets.count(b"\r") != lines:
        octets = _LINE_ENDS.sub(b"\r\n", octets)
    if octets and not octets.endswith(b"\r\n"):
        octets += b"\r\n"
    if octets.startswith(b"."):
        octets = b"." + octets
    return octets.replace(b"\r\n.", b"\r\n..")
