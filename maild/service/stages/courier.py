"""The courier: letters from ready to sent, one claim, one body, one answer at a time.

`body_started` is committed just before the first body byte (R4). Commits of all connections that
ask at the same moment are one commit. A letter that is not ours any more is not sent (F011).
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from maild.replies.outbox import Answer, GivenUp, Phase, RetryAt, Sent, after
from maild.replies.smtp import RelayPool
from maild.service.trouble import HOLD_SECONDS, LOGINS, Trouble
from maild.store import crash
from maild.store.store import Store
from maild.store.values import ClaimedLetter, LetterResult, LetterState

log = logging.getLogger(__name__)

CLAIMS = 50
LEASE = timedelta(minutes=15)  # longer than the answer to a final dot may take
_EXPIRE_EVERY = timedelta(minutes=1)


class Courier:
    """Delivers what is due over a few connections."""

    def __init__(
        self, store: Store, pool: RelayPool[ClaimedLetter], now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._pool = pool
        self._now = now
        self._owner = uuid4().hex[:12]
        self._loop = asyncio.new_event_loop()
        self._trouble = Trouble(store, "relay", now)
        self._kept: list[LetterResult] = []
        self._refusals = 0
        self._hold_until: datetime | None = None
        self._expired_at = datetime.min.replace(tzinfo=UTC)

    def work(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Delivers all that is due; gives how many letters were attempted."""
        attempted = 0
        while not (stopping() or self._held()):
            now = self._now()
            self._note_kept()
            self._expire(now)
            letters = self._store.claim_letters(CLAIMS, self._owner, now, LEASE)
            if not letters:
                break
            self._loop.run_until_complete(self._deliver(letters))
            attempted += len(letters)
        return attempted

    def seconds_to_next(self, at_most: float) -> float:
        """How long until the next letter is due."""
        due_at = self._store.next_letter_due()
        if due_at is None or self._held():
            return at_most
        return min(at_most, max(0.0, (due_at - self._now()).total_seconds()))

    def close(self) -> None:
        """Ends the connections."""
        self._loop.run_until_complete(self._pool.close())
        self._loop.close()

    async def _deliver(self, letters: list[ClaimedLetter]) -> None:
        commits = _Together(self._store, self._now)
        renewing = asyncio.create_task(self._renew(letters))
        try:
            await self._pool.deliver_all(letters, commits.body_started, commits.finish)
        finally:
            renewing.cancel()
            self._kept = await commits.left()
        self._note_kept()
        self._note_login(commits.last_answer)

    def _note_kept(self) -> None:
        """What the relay has answered is noted even when the database failed at that moment: a
        known end must not become an uncertain one."""
        self._store.finish(self._kept)
        self._kept = []

    async def _renew(self, letters: list[ClaimedLetter]) -> None:
        """A slow server must not cost us our claims (F017); finished ones are passed over."""
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            self._store.renew_leases(letters, self._now(), LEASE)

    def _expire(self, now: datetime) -> None:
        """Takes back what a silent courier, or our own broken round, still holds. Called while
        nothing of ours is under way."""
        if now - self._expired_at >= _EXPIRE_EVERY:
            self._expired_at = now
            ready, uncertain = self._store.expire_leases(now)
            if ready or uncertain:
                log.warning("given up: %d claims; %d letters are uncertain", ready, uncertain)

    def _held(self) -> bool:
        if self._store.is_restoring():
            return True
        return self._hold_until is not None and self._now() < self._hold_until

    def _note_login(self, answer: Answer | None) -> None:
        """A login refused three times in a row is not tried for every letter (F031)."""
        if answer is None:
            return
        if answer.phase is Phase.LOGIN and 500 <= answer.code <= 599:
            self._refusals += 1
            if self._refusals >= LOGINS:
                self._hold_until = self._now() + timedelta(seconds=HOLD_SECONDS)
                self._trouble.begins(f"login refused: {answer.code} {answer.text}.")
        elif answer.phase >= Phase.MAIL:
            self._refusals, self._hold_until = 0, None
            self._trouble.over()


class _Together:
    """Gathers the outbox changes that are asked for at the same moment into one commit each."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._starting: list[tuple[ClaimedLetter, asyncio.Future[bool]]] = []
        self._results: list[LetterResult] = []
        self.last_answer: Answer | None = None
        self._committing: asyncio.Task[None] | None = None

    async def body_started(self, letter: ClaimedLetter) -> bool:
        """Commits that the body begins; False when the letter is not ours any more."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._starting.append((letter, answer))
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit())
        ours = await answer
        crash.here("body begins")
        return ours

    async def finish(self, letter: ClaimedLetter, answer: Answer) -> None:
        """Notes how an attempt ended; committed with the next commit, at the latest at the end
        of the round (`left`)."""
        crash.here("relay answered")
        self.last_answer = answer
        self._results.append(_result(letter, answer, self._now()))

    async def left(self) -> list[LetterResult]:
        """What is not committed yet."""
        if self._committing is not None:
            await self._committing
        return self._results

    async def _commit(self) -> None:
        await asyncio.sleep(0)  # lets the other connections ask too
        while self._starting:
            starting, self._starting = self._starting, []
            results, self._results = self._results, []
            try:
                letters = [letter for letter, _ in starting]
                ours = self._store.body_started(letters, self._now(), results)
            except BaseException as error:  # noqa: BLE001 (whoever waits must hear of it)
                self._results = [*results, *self._results]
                for _, waiting in starting:
                    waiting.set_exception(error)
                return
            for letter, waiting in starting:
                waiting.set_result(letter.id in ours)
            await asyncio.sleep(0)


def _result(letter: ClaimedLetter, answer: Answer, now: datetime) -> LetterResult:
    result = after(answer, letter.attempts, letter.first_try_at, now)
    match result:
        case Sent():
            return LetterResult(letter, LetterState.SENT, result.reply, now)
        case RetryAt():
            log.info("letter %s: %s; again at %s", letter.name, result.reply, result.at)
            return LetterResult(letter, LetterState.RETRY, result.reply, now, result.at)
        case GivenUp():
            log.warning("letter %s failed: %s", letter.name, result.reply)
            return LetterResult(letter, LetterState.FAILED, result.reply, now)
        case _:
            log.warning("letter %s may have been delivered twice or not: %s", letter.name, result)
            return LetterResult(letter, LetterState.UNCERTAIN, result.reply, now)
