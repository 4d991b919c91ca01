"""After a restore or a rebuild: nothing leaves until a person has looked (F021).

What the copy knew of its letters may be old: a letter that was waiting in it may have been sent
since. Such letters are uncertain until the mailbox proves them sent.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select, text

from maild.store.database import Database
from maild.store.tables import CLAIMABLE, LEASED, LETTER, MAIL, SETTING
from maild.store.values import LetterState

_SINCE: Final = "restored from"
_CAUGHT_UP: Final = "caught up"
_PERHAPS_SENT: Final = "restored from a copy: perhaps sent since it was made"
_DEALT_WITH: Final = "its mail had been dealt with before the loss: a person decides"

_MODE = select(SETTING.c.key, SETTING.c.value).where(
    or_(SETTING.c.key == bindparam("since"), SETTING.c.key == bindparam("caught_up"))
)


@dataclass(frozen=True, slots=True)
class Restored:
    """Since when the mailbox may know more than the database, and whether it has been asked."""

    since: datetime
    caught_up: bool


class Restoring:
    """The mode between a restore and its release."""

    _database: Database
    _ended = False

    def begin_restoring(self, since: datetime, now: datetime) -> int:
        """Enters the mode; `since` is when the copy was made. Gives how many letters of it may
        have been sent since."""
        with self._database.write() as connection:
            doubtful = connection.execute(
                LETTER.update()
                .where(text(f"({CLAIMABLE}) OR ({LEASED})"))
                .values(
                    state=LetterState.UNCERTAIN.value,
                    state_at=now,
                    answer=_PERHAPS_SENT,
                    claimed_by="",
                    lease_until=None,
                )
            ).rowcount
            enter(connection, since, caught_up=False)
        return doubtful

    def restored(self) -> Restored | None:
        """How far a restore has come; None in ordinary service."""
        found: dict[str, str] = dict(
            self._database.all(_MODE, {"since": _SINCE, "caught_up": _CAUGHT_UP})
        )
        if _SINCE not in found:
            return None
        return Restored(datetime.fromisoformat(found[_SINCE]), _CAUGHT_UP in found)

    def is_restoring(self) -> bool:
        """Whether nothing may leave. The mode is entered while no service runs, so a service
        that has seen it over need not ask again."""
        if not self._ended:
            self._ended = self.restored() is None
        return not self._ended

    def waiting_letters(self) -> dict[str, str]:
        """Message-ID and name of all letters that have not been sent for sure."""
        waiting = f"({CLAIMABLE}) OR state = '{LetterState.UNCERTAIN.value}'"
        with self._database.read() as connection:
            found = connection.execute(
                select(LETTER.c.message_id, LETTER.c.name).where(text(waiting))
            )
            return {row.message_id: row.name for row in found}

    def prove_waiting(self, message_ids: set[str], now: datetime, proof: str) -> int:
        """Letters of which a copy was found are sent; gives how many."""
        with self._database.write() as connection:
            return connection.execute(
                LETTER.update()
                .where(
                    LETTER.c.message_id.in_(message_ids),
                    text(f"({CLAIMABLE}) OR state = '{LetterState.UNCERTAIN.value}'"),
                )
                .values(state=LetterState.SENT.value, state_at=now, sent_at=now, answer=proof)
            ).rowcount

    def end_restoring(self, folders: tuple[str, ...], now: datetime) -> tuple[int, int]:
        """Leaves the mode. Letters that come from mails of these folders, which had been dealt
        with once before, are held. Gives how many are held, and how many may leave now."""
        again = select(LETTER.c.id).join(
            MAIL, (MAIL.c.ticket == LETTER.c.ticket) & (MAIL.c.decided_at == LETTER.c.created_at)
        )
        with self._database.write() as connection:
            held = connection.execute(
                LETTER.update()
                .where(text(CLAIMABLE), LETTER.c.id.in_(again.where(MAIL.c.folder.in_(folders))))
                .values(state=LetterState.HELD.value, state_at=now, answer=_DEALT_WITH)
            ).rowcount
            leave = len(connection.execute(select(LETTER.c.id).where(text(CLAIMABLE))).all())
            connection.execute(SETTING.delete().where(SETTING.c.key.in_((_SINCE, _CAUGHT_UP))))
        return held, leave


def enter(connection: Connection, since: datetime, *, caught_up: bool) -> None:
    """Notes the mode in a transaction of somebody else."""
    noted = {_SINCE: since.isoformat()} | ({_CAUGHT_UP: "yes"} if caught_up else {})
    connection.execute(SETTING.delete().where(SETTING.c.key.in_((_SINCE, _CAUGHT_UP))))
    connection.execute(SETTING.insert(), [{"key": k, "value": v} for k, v in noted.items()])
