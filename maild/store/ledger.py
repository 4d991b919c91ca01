"""The ledger between M1 and M2: mails that wait, are being decided, or were set aside.

A mail leaves it with an end state (see `desk`), or parked after three attempts in vain.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    bindparam,
    select,
    text,
)

from maild.model.action import Outcome
from maild.store.blobs import Blobs
from maild.store.database import Database
from maild.store.runner import Runner
from maild.store.tables import ATTACHMENT, FOLDER, MAIL, SET_ASIDE, UNDECIDED
from maild.store.values import LedgerMail, MailState, Undecided

MAX_ATTEMPTS: Final = 3
MAX_DEATHS: Final = 10
# A desk that has not decided a mail by then has died (R9: 15 s a mail, in batches).
_DECIDING_FOR: Final = timedelta(minutes=10)

_WAITING = (
    select(
        *(MAIL.c.id, MAIL.c.sha256, MAIL.c.attempts, MAIL.c.internal_at, MAIL.c.size, MAIL.c.old),
        *(MAIL.c.vouched, MAIL.c.folder),
    )
    .where(
        text(UNDECIDED),
        (MAIL.c.state == MailState.FETCHED.value) | (MAIL.c.lease_until <= bindparam("now")),
    )
    .order_by(MAIL.c.old, MAIL.c.id)
    .limit(bindparam("count", type_=Integer))
    .with_for_update(skip_locked=True)
)
_ATTEMPTS: Final = 2
_TAKE = (
    MAIL.update()
    .where(MAIL.c.id == bindparam("mail_id"))
    .values(
        state=MailState.DECIDING.value,
        attempts=MAIL.c.attempts + 1,
        lease_until=bindparam("until"),
    )
)
# What a mail looks like that is to be decided anew.
AGAIN: Final = {
    "state": MailState.FETCHED.value,
    "attempts": 0,
    "note": "",
    "message_id": None,
    "decided_at": None,
    "filed_at": None,
    "lease_until": None,
}
_PARK = (
    MAIL.update()
    .where(MAIL.c.id == bindparam("mail_id"))
    .values(
        state=Outcome.PARKED.value,
        note=f"{MAX_ATTEMPTS} attempts in vain",
        decided_at=bindparam("now"),
    )
)

_RECOVER = (
    MAIL.update()
    .where(text(UNDECIDED), MAIL.c.state == MailState.DECIDING.value)
    .values(state=MailState.FETCHED.value, lease_until=None)
)


class Ledger:
    """What the desk and the operator do with mails."""

    _database: Database
    blobs: Blobs

    def take_mails(self, limit: int, now: datetime) -> list[Undecided]:
        """Mails to decide, oldest first, those from before the cut-over last (T07); the attempt is
        committed before they are looked at.

        A mail at which the service itself has died ten times is parked instead (P5); fewer are
        no proof, for a service is also killed from outside (P8). See `put_back` for a mail that
        fails by itself. One that has been attempted before is taken alone: when a run dies, its
        whole batch has, and only the mail that it dies of again may be parked for it.
        """
        with self._database.write() as connection:
            run = Runner(connection)
            lines = run.all(_WAITING, {"now": now, "count": limit})
            hopeless = [line for line in lines if line[_ATTEMPTS] >= MAX_DEATHS]
            hopeful = [line for line in lines if line[_ATTEMPTS] < MAX_DEATHS]
            if hopeful and hopeful[0][_ATTEMPTS]:
                hopeful = hopeful[:1]
            else:
                hopeful = list(takewhile(lambda line: not line[_ATTEMPTS], hopeful))
            if hopeless:
                run.many(_PARK, [{"mail_id": line[0], "now": now} for line in hopeless])
            if hopeful:
                until = now + _DECIDING_FOR
                run.many(_TAKE, [{"mail_id": line[0], "until": until} for line in hopeful])
        return [
            Undecided(id_, sha256, self.blobs.path(sha256), attempts + 1, *rest)
            for id_, sha256, attempts, *rest in hopeful
        ]

    def give_back(self, ids: Sequence[int]) -> None:
        """Mails that were taken and not looked at wait again, as if they had not been taken."""
        if ids:
            mine = MAIL.c.id.in_(ids), MAIL.c.state == MailState.DECIDING.value
            with self._database.write() as connection:
                connection.execute(
                    MAIL.update()
                    .where(*mine)
                    .values(
                        state=MailState.FETCHED.value,
                        attempts=MAIL.c.attempts - 1,
                        lease_until=None,
                    )
                )

    def put_back(self, ids: Sequence[int], now: datetime) -> None:
        """Mails whose attempt failed wait again, or are parked after the third (R2, P5)."""
        if not ids:
            return
        mine = MAIL.c.id.in_(ids), MAIL.c.state == MailState.DECIDING.value
        with self._database.write() as connection:
            tired = select(MAIL.c.id).where(*mine, MAIL.c.attempts >= MAX_ATTEMPTS)
            if parked := list(connection.scalars(tired)):
                Runner(connection).many(_PARK, [{"mail_id": id_, "now": now} for id_ in parked])
            connection.execute(
                MAIL.update().where(*mine).values(state=MailState.FETCHED.value, lease_until=None)
            )

    def recover_mails(self) -> int:
        """At start: mails that a crashed run had taken wait again; their attempts stay counted.

        On PostgreSQL other desks may be alive; there the lease decides (see `take_mails`).
        """
        if not self._database.is_sqlite:
            return 0
        with self._database.write() as connection:
            return Runner(connection).change(_RECOVER, {})

    def retry_mails(self, ids: Sequence[int], vouched: str = "") -> int:
        """Parked and quarantined mails wait again with a fresh count; gives how many.

        One of which only the header is here, as it was too large or the server did not give it,
        is forgotten, so that intake finds it again. `vouched` says who vouches for the others
        (`MailArrived.vouched`).
        """
        if not ids:
            return 0
        set_aside = (
            MAIL.c.id.in_(ids),
            MAIL.c.state.in_((Outcome.PARKED.value, Outcome.QUARANTINED.value)),
        )
        with self._database.write() as connection:
            forgotten = _forget(connection, ids)
            # They are written again with the new decision.
            connection.execute(
                ATTACHMENT.delete().where(
                    ATTACHMENT.c.mail.in_(select(MAIL.c.id).where(*set_aside))
                )
            )
            again = connection.execute(
                MAIL.update().where(*set_aside).values(**AGAIN, vouched=vouched)
            )
            return forgotten + again.rowcount

    def parked(self, limit: int = 1000) -> list[LedgerMail]:
        """Mails that could not be decided, oldest first."""
        return self.mails(Outcome.PARKED.value, limit)

    def mails(self, state: str, limit: int = 1000) -> list[LedgerMail]:
        """Mails in this state (a MailState or an Outcome), oldest first."""
        states: list[Any] = [MAIL.c.state == state]
        # Said again in the index's own words, or the planner would not use it.
        states += [text(c) for c in (UNDECIDED, SET_ASIDE) if f"'{state}'" in c]
        with self._database.read() as connection:
            found = connection.execute(
                select(MAIL).where(*states).order_by(MAIL.c.id).limit(limit)
            )
            return [_ledger_mail(row) for row in found]

    def mail(self, mail_id: int) -> LedgerMail | None:
        """One row of the ledger."""
        with self._database.read() as connection:
            row = connection.execute(select(MAIL).where(MAIL.c.id == mail_id)).first()
        return None if row is None else _ledger_mail(row)


def _forget(connection: Connection, ids: Sequence[int]) -> int:
    """Takes mails that were never fetched off the ledger, and intake back to the first of them."""
    never_fetched = (
        MAIL.c.id.in_(ids),
        MAIL.c.attempts == 0,
        MAIL.c.state.in_((Outcome.PARKED.value, Outcome.OVERSIZE.value)),
    )
    found = connection.execute(
        select(MAIL.c.id, MAIL.c.account, MAIL.c.folder, MAIL.c.uidvalidity, MAIL.c.uid).where(
            *never_fetched
        )
    ).all()
    for row in found:
        connection.execute(
            FOLDER.update()
            .where(
                FOLDER.c.account == row.account,
                FOLDER.c.folder == row.folder,
                FOLDER.c.uidvalidity == row.uidvalidity,
                FOLDER.c.next_uid > row.uid,
            )
            .values(next_uid=row.uid)
        )
    connection.execute(MAIL.delete().where(MAIL.c.id.in_([row.id for row in found])))
    return len(found)


def _ledger_mail(row: Row[Any]) -> LedgerMail:
    return LedgerMail(
        id=row.id,
        account=row.account,
        folder=row.folder,
        uidvalidity=row.uidvalidity,
        uid=row.uid,
        size=row.size,
        internal_at=row.internal_at,
        sha256=row.sha256,
        state=row.state,
        note=row.note,
        attempts=row.attempts,
        message_id=row.message_id or "",
        ticket=row.ticket,
        fetched_at=row.fetched_at,
        decided_at=row.decided_at,
    )
