"""The outbox: letters from ready to sent, so that a crash never sends twice unseen (R4-R7).

A claim gives letters to one courier for a while; every later step names the claim's number and
changes nothing when the letter has since gone to somebody else (fencing, F011).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Boolean, Integer, and_, bindparam, func, select, text

from maild.store.database import Database
from maild.store.rows import storable
from maild.store.runner import Line, Runner
from maild.store.tables import CLAIMABLE, LEASED, LETTER, OCTETS
from maild.store.values import ClaimedLetter, LetterResult, LetterState

# In the order of ClaimedLetter's fields, but for its owner.
_DUE = (
    select(
        LETTER.c.id,
        LETTER.c.claim + 1,
        LETTER.c.name,
        LETTER.c.ticket,
        LETTER.c.template,
        LETTER.c.party,
        LETTER.c.person,
        LETTER.c.recipient,
        LETTER.c.sender,
        LETTER.c.message_id,
        OCTETS.c.octets,
        LETTER.c.automatic,
        LETTER.c.attempts + 1,
        LETTER.c.created_at,
        LETTER.c.first_try_at,
    )
    .join(OCTETS, OCTETS.c.letter == LETTER.c.name)
    .where(text(CLAIMABLE), LETTER.c.due_at <= bindparam("now"))
    .order_by(LETTER.c.automatic, LETTER.c.due_at, LETTER.c.id)
    .limit(bindparam("count", type_=Integer))
    .with_for_update(skip_locked=True, of=LETTER)
)
_CLAIM = (
    LETTER.update()
    .where(LETTER.c.id == bindparam("letter_id"))
    .values(
        state=LetterState.CLAIMED.value,
        state_at=bindparam("now"),
        claimed_by=bindparam("courier"),
        lease_until=bindparam("until"),
        claim=LETTER.c.claim + 1,
        attempts=LETTER.c.attempts + 1,
        first_try_at=bindparam("first"),
    )
)
_MINE = (
    LETTER.c.id == bindparam("letter_id"),
    LETTER.c.claim == bindparam("claim_number"),
    LETTER.c.claimed_by == bindparam("courier"),
)
_START_BODY = (
    LETTER.update()
    .where(*_MINE, LETTER.c.state == LetterState.CLAIMED.value)
    .values(state=LetterState.BODY_STARTED.value, state_at=bindparam("now"))
)
_FINISH = (
    LETTER.update()
    .where(
        *_MINE,
        text(LEASED),
    )
    .values(
        state=bindparam("new_state"),
        state_at=bindparam("now"),
        answer=bindparam("reply"),
        due_at=func.coalesce(bindparam("due", type_=LETTER.c.due_at.type), LETTER.c.due_at),
        sent_at=bindparam("sent", type_=LETTER.c.sent_at.type),
        lease_until=None,
        # Of a lateness one is told once; that it is given up is news again.
        told=and_(LETTER.c.told, bindparam("still_told", type_=Boolean)),
    )
)
# What couriers hold that will not come back.
_ALL_SILENT = (
    LETTER.update()
    .where(text(LEASED), LETTER.c.state == bindparam("before"))
    .values(state=bindparam("after"), state_at=bindparam("now"), claimed_by="", lease_until=None)
)
_SILENT = _ALL_SILENT.where(LETTER.c.lease_until <= bindparam("now"))
_NEXT_DUE = select(func.min(LETTER.c.due_at)).where(text(CLAIMABLE))
_FINAL: Final = (
    LetterState.SENT,
    LetterState.RETRY,
    LetterState.FAILED,
    LetterState.UNCERTAIN,
    LetterState.HELD,
)


class Outbox:
    """What the courier does with letters."""

    _database: Database

    def claim_letters(
        self, limit: int, owner: str, now: datetime, lease_for: timedelta
    ) -> list[ClaimedLetter]:
        """Letters that are due, for this courier alone; people's before automatic ones (F043)."""
        with self._database.write() as connection:
            run = Runner(connection)
            lines = run.all(_DUE, {"now": now, "count": limit})
            letters = [_claimed(line, owner, now) for line in lines]
            if letters:
                common = {"now": now, "courier": owner, "until": now + lease_for}
                run.many(
                    _CLAIM,
                    [common | {"letter_id": x.id, "first": x.first_try_at} for x in letters],
                )
        return letters

    def body_started(
        self,
        letters: Sequence[ClaimedLetter],
        now: datetime,
        finished: Sequence[LetterResult] = (),
    ) -> frozenset[int]:
        """To be called just before the first body byte; gives the ids that may be sent.

        A letter that is missing from the answer is not ours any more and must not be sent.
        `finished` are attempts that have ended meanwhile (see `finish`), in the same commit.
        """
        _check(finished)
        with self._database.write() as connection:
            run = Runner(connection)
            for result in finished:
                run.change(_FINISH, _finished(result))
            return frozenset(
                letter.id
                for letter in letters
                if run.change(_START_BODY, _mine(letter) | {"now": now}) == 1
            )

    def finish(self, results: Sequence[LetterResult]) -> frozenset[int]:
        """How attempts ended, in one commit; gives the ids that were still ours.

        RETRY needs `due_at`. From CLAIMED nothing is sent yet; from BODY_STARTED an attempt
        without a clear answer is UNCERTAIN, which only the caller can know.
        """
        _check(results)
        if not results:
            return frozenset()
        with self._database.write() as connection:
            run = Runner(connection)
            return frozenset(
                result.letter.id
                for result in results
                if run.change(_FINISH, _finished(result)) == 1
            )

    def renew_leases(
        self, letters: Sequence[ClaimedLetter], now: datetime, lease_for: timedelta
    ) -> None:
        """Keeps claims while a slow server is still talking (F017)."""
        statement = LETTER.update().where(*_MINE, text(LEASED)).values(lease_until=now + lease_for)
        if letters:
            with self._database.write() as connection:
                connection.execute(statement, [_mine(letter) for letter in letters])

    def recover_letters(self, now: datetime) -> tuple[int, int]:
        """At start: what a crash left. Gives how many are ready again and how many uncertain.

        On PostgreSQL other couriers may be alive; there only expired leases count.
        """
        return self._recover(now, all_of_them=self._database.is_sqlite)

    def expire_leases(self, now: datetime) -> tuple[int, int]:
        """From time to time: the same for couriers that have fallen silent."""
        return self._recover(now, all_of_them=False)

    def _recover(self, now: datetime, *, all_of_them: bool) -> tuple[int, int]:
        silent = _ALL_SILENT if all_of_them else _SILENT
        with self._database.write() as connection:
            run = Runner(connection)
            ready, uncertain = (
                run.change(silent, {"before": before.value, "after": after.value, "now": now})
                for before, after in (
                    (LetterState.CLAIMED, LetterState.READY),
                    (LetterState.BODY_STARTED, LetterState.UNCERTAIN),
                )
            )
        return ready, uncertain

    def next_letter_due(self) -> datetime | None:
        """When the next letter may be claimed, or None when none waits."""
        line = self._database.first(_NEXT_DUE)
        return line[0] if line else None


def _claimed(line: Line, owner: str, now: datetime) -> ClaimedLetter:
    id_, claim, *rest, first_try_at = line
    return ClaimedLetter(*(id_, claim, owner, *rest, first_try_at or now))


def _check(results: Sequence[LetterResult]) -> None:
    if any(result.state not in _FINAL for result in results):
        raise ValueError("an attempt ends sent, retry, failed, uncertain or held")
    if any(result.state is LetterState.RETRY and not result.due_at for result in results):
        raise ValueError("a retry needs its time")


def _mine(letter: ClaimedLetter) -> dict[str, Any]:
    return {"letter_id": letter.id, "claim_number": letter.claim, "courier": letter.owner}


def _finished(result: LetterResult) -> dict[str, Any]:
    return _mine(result.letter) | {
        "now": result.at,
        "new_state": result.state.value,
        "reply": storable(result.answer),
        "due": result.due_at,
        "still_told": result.state is not LetterState.FAILED,
        "sent": result.at if result.state is LetterState.SENT else None,
    }
