"""Letters in the hands of people: lists, uncertain and failed ones, holding and releasing.

The courier's own steps are in `outbox`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, select, text

from maild.store.database import Database
from maild.store.runner import Runner
from maild.store.tables import AUTOMATIC, CLAIMABLE, LEASED, LETTER, OCTETS, STUCK
from maild.store.values import LetterState, OutboxLetter

_LISTED = tuple(column for column in LETTER.c if column.name in OutboxLetter.__slots__)
_NAMES = tuple(column.name for column in _LISTED)

_MANY = select(*_LISTED).order_by(LETTER.c.id).limit(bindparam("count", type_=Integer))
_UNTOLD = text("NOT told")
_FAILURES = _MANY.where(text(STUCK), LETTER.c.state == LetterState.FAILED.value, _UNTOLD)
_LATE = _MANY.where(
    text(CLAIMABLE),
    LETTER.c.state == LetterState.RETRY.value,
    LETTER.c.first_try_at <= bindparam("since"),
    _UNTOLD,
)
_DOUBTS = (
    select(LETTER.c.message_id)
    .where(
        text(STUCK),
        LETTER.c.state == LetterState.UNCERTAIN.value,
        LETTER.c.state_at > bindparam("since"),
    )
    .order_by(LETTER.c.id.desc())
    .limit(bindparam("count", type_=Integer))
)

_RESEND = (
    LETTER.update()
    .where(
        text(STUCK),
        LETTER.c.state == LetterState.UNCERTAIN.value,
        LETTER.c.state_at <= bindparam("since"),
        text(f"NOT {AUTOMATIC}"),
        text("NOT resent"),
    )
    .values(
        state=LetterState.READY.value,
        state_at=bindparam("now"),
        due_at=bindparam("now"),
        resent=True,
    )
    .returning(LETTER.c.id)
)


class Letters:
    """What the operator, the audit and the desk do with letters."""

    _database: Database

    def prove_sent(self, message_ids: Collection[str], now: datetime, proof: str) -> list[int]:
        """Closes uncertain letters for which there is proof (R7a); gives their ids."""
        if not message_ids:
            return []
        with self._database.write() as connection:
            return list(
                connection.scalars(
                    LETTER.update()
                    .where(
                        LETTER.c.message_id.in_(message_ids),
                        LETTER.c.state == LetterState.UNCERTAIN.value,
                    )
                    .values(state=LetterState.SENT.value, state_at=now, sent_at=now, answer=proof)
                    .returning(LETTER.c.id)
                )
            )

    def resend_uncertain(self, since: datetime, now: datetime) -> list[int]:
        """Sends people's letters again that have been uncertain since then; once each (R7c)."""
        with self._database.write() as connection:
            lines = Runner(connection).all(_RESEND, {"since": since, "now": now})
        return [id_ for (id_,) in lines]

    def doubts(self, since: datetime, limit: int = 50) -> list[str]:
        """Message-IDs of letters that have become uncertain since then, newest first."""
        lines = self._database.all(_DOUBTS, {"since": since, "count": limit})
        return [message_id for (message_id,) in lines]

    def release_letters(self, ids: Sequence[int], now: datetime) -> int:
        """An operator wants held, failed or uncertain letters sent (again); gives how many."""
        return self._set(
            ids,
            (LetterState.HELD, LetterState.FAILED, LetterState.UNCERTAIN),
            {"state": LetterState.READY.value, "state_at": now, "due_at": now, "told": False},
        )

    def hold_letters(self, ids: Sequence[int] | None, now: datetime, note: str) -> int:
        """Keeps letters back (None: all) that no courier has begun with; gives how many."""
        return self._set(
            ids,
            (LetterState.READY, LetterState.RETRY),
            {"state": LetterState.HELD.value, "state_at": now, "answer": note},
        )

    def discard_letters(self, ids: Sequence[int], now: datetime, note: str) -> int:
        """An operator gives letters up, with a reason; nothing further is decided about them."""
        return self._set(
            ids,
            (
                LetterState.READY,
                LetterState.RETRY,
                LetterState.HELD,
                LetterState.UNCERTAIN,
                LetterState.FAILED,
            ),
            {"state": LetterState.FAILED.value, "state_at": now, "answer": note, "told": True},
        )

    def _set(
        self, ids: Sequence[int] | None, states: Iterable[LetterState], values: dict[str, Any]
    ) -> int:
        chosen = [] if ids is None else [LETTER.c.id.in_(ids)]
        with self._database.write() as connection:
            return connection.execute(
                LETTER.update()
                .where(*chosen, LETTER.c.state.in_([s.value for s in states]))
                .values(values)
            ).rowcount

    def failures(self, limit: int = 100) -> list[OutboxLetter]:
        """Failed letters about which nothing has been decided yet (see `Unit.told`)."""
        return [_listed(line) for line in self._database.all(_FAILURES, {"count": limit})]

    def late(self, since: datetime, limit: int = 100) -> list[OutboxLetter]:
        """Letters tried in vain since then or longer, of which nobody has been told (F044)."""
        lines = self._database.all(_LATE, {"since": since, "count": limit})
        return [_listed(line) for line in lines]

    def letters(
        self, state: LetterState | None = None, ticket: int | None = None, limit: int = 1000
    ) -> list[OutboxLetter]:
        """Letters of a state, of a ticket, or both; oldest first."""
        wanted: list[Any] = []
        if ticket is not None:
            wanted.append(LETTER.c.ticket == ticket)
        if state is not None:
            wanted.append(LETTER.c.state == state.value)
            # Said again in the index's own words, or the planner would not use it.
            wanted += [text(c) for c in (CLAIMABLE, LEASED, STUCK) if f"'{state.value}'" in c]
        with self._database.read() as connection:
            found = connection.execute(
                select(*_LISTED).where(*wanted).order_by(LETTER.c.id).limit(limit)
            )
            return [_listed(row) for row in found]

    def letter_octets(self, name: str) -> bytes | None:
        """The bytes of the letter with this name, for showing."""
        with self._database.read() as connection:
            return connection.execute(
                select(OCTETS.c.octets).where(OCTETS.c.letter == name)
            ).scalar()


def _listed(line: Sequence[Any]) -> OutboxLetter:
    values = dict(zip(_NAMES, line, strict=True))
    return OutboxLetter(**(values | {"state": LetterState(values["state"])}))
