"""What waits to be copied into the mailbox, and that it has been.

A letter's row waits until it has ended; a decision without a letter need not wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Integer, bindparam, or_, select, text

from maild.store.database import Database
from maild.store.runner import Runner
from maild.store.tables import LETTER, MEMO, OCTETS
from maild.store.values import LetterState

_ENDED: Final = f"letter.state IN ('{LetterState.SENT.value}', '{LetterState.FAILED.value}')"
_WAITING = (
    select(
        *(MEMO.c.id, MEMO.c.text, MEMO.c.letter),
        *(LETTER.c.message_id, OCTETS.c.octets, LETTER.c.state, LETTER.c.state_at),
        LETTER.c.answer,
    )
    .outerjoin(LETTER, LETTER.c.name == MEMO.c.letter)
    .outerjoin(OCTETS, OCTETS.c.letter == MEMO.c.letter)
    .where(or_(MEMO.c.letter == "", text(_ENDED)))
    .order_by(MEMO.c.id)
    .limit(bindparam("count", type_=Integer))
)
_COPIED = MEMO.delete().where(MEMO.c.id == bindparam("memo_id"))


@dataclass(frozen=True, slots=True)
class Memo:
    """A decision's text (see `memo`), and the letter that goes with it as it ended, if any."""

    id: int
    text: str
    letter: str
    message_id: str | None
    octets: bytes | None
    state: str | None
    state_at: datetime | None
    answer: str | None


class Copies:
    """What the copier of letters reads and notes."""

    _database: Database

    def memos(self, limit: int) -> list[Memo]:
        """What waits to be copied, oldest first."""
        return [Memo(*line) for line in self._database.all(_WAITING, {"count": limit})]

    def copied(self, ids: Sequence[int]) -> None:
        """These stand in the mailbox."""
        with self._database.write() as connection:
            Runner(connection).many(_COPIED, [{"memo_id": id_} for id_ in ids])
