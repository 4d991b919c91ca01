"""The SMTP door: letters delivered phase by phase over kept connections, one recipient a mail.

"Before the final dot" and "after it" are told apart (R5). aiosmtplib stands in `smtp_connect`,
the dialogue itself in `smtp_wire`; what an answer means is `outbox`'s to say.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from maild.replies.outbox import Answer, Phase
from maild.replies.recipient import why_refused
from maild.replies.smtp_connect import (
    LONGEST_TEXT,
    RelayAccess,
    RelayRefused,
    Session,
    check_access,
    connect,
)
from maild.replies.smtp_wire import Broken, encoded

__all__ = ["Letter", "Relay", "RelayAccess", "RelayPool", "RelayRefused"]

MAILS_A_CONNECTION = 50
IDLE_SECONDS = 50.0


class Letter(Protocol):
    """What a relay needs of a letter; an empty `sender` is the null path."""

    @property
    def sender(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def octets(self) -> bytes: ...


L = TypeVar("L", bound=Letter)


class Relay:
    """One connection, opened when needed, kept for the next letter, dropped after trouble.

    ValueError for access without TLS to another machine, or an unknown `tls`.
    """

    def __init__(self, access: RelayAccess) -> None:
        check_access(access)
        self._access = access
        self._session: Session | None = None

    async def check(self) -> str:
        """Connects and logs in; gives the server's greeting. RelayRefused when it fails."""
        session, _ = await self._connected()
        return session.greeting

    async def deliver(self, letter: L, before_body: Callable[[L], Awaitable[bool]]) -> Answer:
        """Delivers one letter; gives the last answer and its phase, never raises on the wire.

        `before_body` is awaited after 354 and before the first body byte; False stops there, and
        what it raises is raised here, with the connection dropped.
        """
        if why := why_refused(letter.recipient):
            return Answer(Phase.RCPT, 553, f"5.1.3 {why}")
        while True:
            try:
                session, reused = await self._connected()
            except RelayRefused as refused:
                return refused.answer
            try:
                answer = await self._transaction(session, letter, before_body)
            except BaseException:
                self.drop()
                raise
            # A kept connection may have been closed while idle: that says nothing about a letter.
            stale = answer.phase is Phase.MAIL and answer.code in (0, 421)
            if not (reused and stale):
                return answer

    def drop(self) -> None:
        """Closes the connection at once."""
        if self._session is not None:
            self._session.dialogue.abort()
            self._session = None

    async def quit(self) -> None:
        """Says goodbye, if connected."""
        if self._session is not None:
            self._session.dialogue.close()
            self._session = None
            await asyncio.sleep(0)

    async def _transaction(
        self, session: Session, letter: L, before_body: Callable[[L], Awaitable[bool]]
    ) -> Answer:
        dialogue = session.dialogue
        parameters, lacking = _parameters(letter, session.extensions)
        if lacking:
            return lacking
        answer = await self._envelope(session, letter, parameters)
        if answer.phase is Phase.DATA and answer.code == 354:
            if not await before_body(letter):
                self.drop()
                return Answer(Phase.DATA, 0, "the letter is not ours any more")
            try:
                phase, (code, text) = await dialogue.body(
                    letter.octets, self._access.timeout, self._access.dot_timeout
                )
                answer = Answer(phase, code, text[:LONGEST_TEXT])
            except Broken as broken:
                answer = Answer(broken.args[1], 0, str(broken.args[0]))
            session.used += 1
            session.used_at = time.monotonic()
        taken = answer.phase is Phase.DOT and 200 <= answer.code <= 299
        refused = answer.phase is not Phase.BODY and 400 <= answer.code <= 599
        if answer.code == 421 or not (taken or refused):
            self.drop()
        session.unclean = not taken
        return answer

    async def _envelope(self, session: Session, letter: Letter, parameters: str) -> Answer:
        """MAIL, RCPT, DATA, in one write where the server allows it (RFC 2920): the first answer
        that is not a yes, or 354."""
        dialogue, timeout = session.dialogue, self._access.timeout
        commands = [
            (Phase.MAIL, f"MAIL FROM:<{letter.sender}>{parameters}"),
            (Phase.RCPT, f"RCPT TO:<{letter.recipient}>"),
            (Phase.DATA, "DATA"),
        ]
        together = "PIPELINING" in session.extensions
        phase = Phase.MAIL
        refused: Answer | None = None
        try:
            if session.unclean and (await dialogue.command("RSET", timeout))[0] != 250:
                return Answer(Phase.MAIL, 421, "RSET was refused")
            session.unclean = False
            if together:
                dialogue.write(b"".join(encoded(line) for _, line in commands))
            for phase, line in commands:
                if not together:
                    dialogue.write(encoded(line))
                code, text = await dialogue.reply(timeout)
                answer = Answer(phase, code, text[:LONGEST_TEXT])
                if not (code == 354 if phase is Phase.DATA else 200 <= code <= 299):
                    refused = refused or answer
                    if not together or code == 421:
                        return refused
                elif phase is Phase.DATA and refused:
                    # It wants a message without a recipient: only a new connection is safe.
                    self.drop()
        except Broken as broken:
            return refused or Answer(phase, 0, str(broken))
        except ValueError:
            return Answer(Phase.MAIL, 553, "5.1.7 our own address cannot stand in a command")
        return refused or Answer(Phase.DATA, 354, "")

    async def _connected(self) -> tuple[Session, bool]:
        session = self._session
        if session is not None:
            worn = session.used >= MAILS_A_CONNECTION
            idle = time.monotonic() - session.used_at > IDLE_SECONDS
            if worn or idle or not session.dialogue.is_quiet:
                await self.quit()
        if self._session is not None:
            return self._session, True
        self._session = await connect(self._access)
        return self._session, False


def _parameters(letter: Letter, extensions: Mapping[str, str]) -> tuple[str, Answer | None]:
    """What MAIL must say about the letter, or why this server cannot take it (B045)."""
    size = len(letter.octets)
    parameters = ""
    if "SIZE" in extensions:
        most = extensions["SIZE"].strip()
        if most.isdigit() and 0 < int(most) < size:
            return "", Answer(Phase.MAIL, 552, f"5.3.4 {size} octets; the relay takes {most}")
        parameters += f" SIZE={size}"
    if not letter.octets.isascii():
        if "8BITMIME" not in extensions:
            return "", Answer(Phase.MAIL, 554, "5.6.3 the relay takes no 8-bit mail")
        parameters += " BODY=8BITMIME"
    if not (letter.recipient.isascii() and letter.sender.isascii()):
        if "SMTPUTF8" not in extensions:
            return "", Answer(Phase.RCPT, 553, "5.6.7 the relay takes ASCII addresses only")
        parameters += " SMTPUTF8"
    return parameters, None


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
        """Delivers letters, in order, over all connections; each answer is reported at once and
        every letter gets one.

        A connection that the relay refuses leaves its letter to the others. When none is left,
        the rest share the last refusal: a wrong password is not tried for every letter (F031).
        """
        waiting = deque(letters)
        refusals: list[Answer] = []

        async def serve(relay: Relay) -> None:
            while waiting:
                letter = waiting.popleft()
                answer = await relay.deliver(letter, before_body)
                if answer.phase < Phase.MAIL:
                    waiting.appendleft(letter)
                    refusals.append(answer)
                    return
                await on_answer(letter, answer)

        try:
            if letters:
                await self._relays[0].check()  # alone, so that a wrong login is tried once
        except RelayRefused as refused:
            refusals.append(refused.answer)
        else:
            serving = (serve(relay) for relay in self._relays[: len(letters)])
            # What one of them raises must not leave the others running on unheard.
            for ended in await asyncio.gather(*serving, return_exceptions=True):
                if isinstance(ended, BaseException):
                    raise ended
        for letter in waiting:
            await on_answer(letter, refusals[-1])

    async def close(self) -> None:
        """Ends all connections."""
        await asyncio.gather(*(relay.quit() for relay in self._relays))
