"""The SMTP door: aiosmtplib drives the dialogue, one recipient a mail, phase by phase.

MAIL, RCPT, DATA and the body are sent one by one, so that "before the first body byte" and
"after the final dot" can be told apart (R5). TLS is required and checked (S11); without it only
this machine's own servers are spoken to.
"""

import asyncio
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import aiosmtplib

from maild.replies.outbox import Answer, Phase

MAILS_A_CONNECTION = 50
IDLE_SECONDS = 50.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_DOT = re.compile(rb"(?m)^\.")
_ADDRESS = re.compile(r"[^\s<>\"(),:;\\@\x00-\x1f\x7f]{1,64}@(?=.*\.)[^\s<>\"(),:;\\@\[\]]{1,255}")


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """A relay and our account on it. `tls` is "starttls", "implicit" or "none" (loopback only).

    Times are seconds; `dot_timeout` is how long the answer to the final dot may take (RFC 5321,
    4.5.3.2.6).
    """

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    hello_name: str = "localhost"
    ca_file: Path | None = None
    timeout: float = 60.0
    dot_timeout: float = 600.0


class Letter(Protocol):
    """What a relay needs of a letter."""

    @property
    def sender(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def octets(self) -> bytes: ...


L = TypeVar("L", bound=Letter)


class RelayRefused(Exception):  # noqa: N818
    """The relay could not be reached or did not let us in; `answer` says in which phase."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self.answer = answer


class Relay:
    """One connection, opened when needed, kept for the next letter, dropped after any trouble."""

    def __init__(self, access: RelayAccess) -> None:
        if access.tls == "none" and access.host not in _LOOPBACK:
            raise ValueError(
                f"{access.host}: mail without TLS is only sent to this machine; use starttls"
            )
        self._access = access
        self._client: aiosmtplib.SMTP | None = None
        self._sent = 0
        self._used_at = 0.0

    async def check(self) -> str:
        """Connects and logs in; gives the server's greeting. RelayRefused when it fails."""
        client = await self._connected()
        reply = client.last_ehlo_response
        return reply.message.partition("\n")[0] if reply else ""

    async def deliver(self, letter: L, before_body: Callable[[L], Awaitable[bool]]) -> Answer:
        """Delivers one letter; gives the last answer and its phase, never raises on the wire.

        `before_body` is awaited after 354 and before the first body byte; False stops there.
        """
        if not is_safe(letter.recipient):
            return Answer(Phase.RCPT, 553, "not an address that mail can be sent to")
        try:
            client = await self._connected()
        except RelayRefused as refused:
            return refused.answer
        phase = Phase.MAIL
        try:
            phase = Phase.MAIL
            await client.mail(letter.sender, encoding="utf-8")
            phase = Phase.RCPT
            await client.rcpt(letter.recipient, encoding="utf-8")
            phase = Phase.DATA
            go = await client.execute_command(b"DATA")
            if go.code != 354:
                return self._over(phase, go.code, go.message)
            if not await before_body(letter):
                self.drop()
                return Answer(Phase.DATA, 0, "the letter is not ours any more")
            phase = Phase.BODY
            protocol = client.protocol
            if protocol is None:
                return self._over(phase, 0, "connection lost")
            protocol.write(_DOT.sub(b"..", letter.octets) + b".\r\n")
            reply = await protocol.read_response(timeout=self._access.dot_timeout)
        except aiosmtplib.SMTPResponseException as refused:
            return self._over(phase, refused.code, refused.message)
        except (aiosmtplib.SMTPException, OSError, ValueError, RuntimeError) as broken:
            self.drop()
            return Answer(phase, 0, f"{type(broken).__name__}: {broken}")
        self._sent += 1
        self._used_at = time.monotonic()
        return self._over(phase, reply.code, reply.message)

    def drop(self) -> None:
        """Closes the connection without a word."""
        if self._client is not None:
            self._client.close()
            self._client = None

    async def quit(self) -> None:
        """Says goodbye, if connected."""
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            try:
                await client.quit(timeout=5)
            except (aiosmtplib.SMTPException, OSError):
                client.close()

    def _over(self, phase: Phase, code: int, text: str) -> Answer:
        # After 421 aiosmtplib still believes it is connected; after a refusal the dialogue may
        # stand anywhere. A new connection is cheaper than a wrong state.
        if not 200 <= code <= 299:
            self.drop()
        return Answer(phase, code, text.replace("\n", " ")[:500])

    async def _connected(self) -> aiosmtplib.SMTP:
        worn = self._sent >= MAILS_A_CONNECTION
        idle = time.monotonic() - self._used_at > IDLE_SECONDS
        if self._client is not None and (worn or idle or not self._client.is_connected):
            await self.quit()
        if self._client is None:
            self._client = await self._connect()
            self._sent = 0
            self._used_at = time.monotonic()
        return self._client

    async def _connect(self) -> aiosmtplib.SMTP:
        access = self._access
        context = None
        if access.tls != "none":
            context = ssl.create_default_context(
                cafile=str(access.ca_file) if access.ca_file else None
            )
        client = aiosmtplib.SMTP(
            hostname=access.host,
            port=access.port,
            local_hostname=access.hello_name,
            timeout=access.timeout,
            use_tls=access.tls == "implicit",
            start_tls=access.tls == "starttls",
            tls_context=context,
        )
        phase = Phase.CONNECT
        try:
            await client.connect()
            phase = Phase.HELLO
            await client.ehlo()
            if access.user:
                phase = Phase.LOGIN
                await client.login(access.user, access.password)
        except aiosmtplib.SMTPResponseException as refused:
            client.close()
            raise RelayRefused(Answer(phase, refused.code, refused.message)) from refused
        except (aiosmtplib.SMTPException, OSError, ValueError) as broken:
            client.close()
            text = f"{type(broken).__name__}: {broken}"
            raise RelayRefused(Answer(phase, 0, text)) from broken
        return client


class RelayPool(Generic[L]):
    """A few connections to one relay, used side by side."""

    def __init__(self, access: RelayAccess, size: int) -> None:
        self._relays = [Relay(access) for _ in range(size)]

    async def deliver_all(
        self,
        letters: Sequence[L],
        before_body: Callable[[L], Awaitable[bool]],
        on_answer: Callable[[L, Answer], Awaitable[None]],
    ) -> None:
        """Delivers letters, in order, over all connections; each answer is reported at once."""
        waiting = iter(letters)

        async def serve(relay: Relay) -> None:
            for letter in waiting:
                await on_answer(letter, await relay.deliver(letter, before_body))

        await asyncio.gather(*(serve(relay) for relay in self._relays[: len(letters)]))

    async def close(self) -> None:
        """Ends all connections."""
        await asyncio.gather(*(relay.quit() for relay in self._relays))


def is_safe(address: str) -> bool:
    """Whether this may stand in RCPT: one plain mailbox, no literal, no control (B049, B052)."""
    return len(address) <= 254 and bool(_ADDRESS.fullmatch(address))
