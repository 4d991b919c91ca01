"""The ledger: every mail of the server, from raw bytes (M1) to its end state (M2).

A mail is known by (account, folder, UIDVALIDITY, UID); recording it twice changes nothing. Its
bytes are on the disk before the row that names them is committed (R1).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Integer,
    Row,
    bindparam,
    select,
    text,
    tuple_,
)

from maild.model.action import Outcome
from maild.model.mail import RawMail
from maild.store.blobs import Blobs
from maild.store.database import Database
from maild.store.rows import Values
from maild.store.runner import Runner
from maild.store.tables import ATTACHMENT, FOLDER, MAIL, SET_ASIDE, UNDECIDED, UNFILED
from maild.store.values import FilingHint, FolderState, LedgerMail, MailState, Undecided

MAX_ATTEMPTS: Final = 3
# A desk that has not decided a mail by then has died (R9: 15 s a mail, in batches).
_DECIDING_FOR: Final = timedelta(minutes=10)

_WAITING = (
    select(MAIL.c.id, MAIL.c.sha256, MAIL.c.attempts, MAIL.c.internal_at, MAIL.c.size, MAIL.c.old)
    .where(
        text(UNDECIDED),
        (MAIL.c.state == MailState.FETCHED.value) | (MAIL.c.lease_until <= bindparam("now")),
    )
    .order_by(MAIL.c.id)
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
_PARK = (
    MAIL.update()
    .where(MAIL.c.id == bindparam("mail_id"))
    .values(
        state=Outcome.PARKED.value,
        note=f"{MAX_ATTEMPTS} attempts in vain",
        decided_at=bindparam("now"),
    )
)


class Ledger:
    """What intake and desk do with mails."""

    _database: Database
    blobs: Blobs

    def folder(self, account: str, folder: str) -> FolderState | None:
        """How far this folder has been read, or None when it never was."""
        with self._database.read() as connection:
            row = connection.execute(
                select(FOLDER.c.uidvalidity, FOLDER.c.next_uid, FOLDER.c.cut_over_at).where(
                    FOLDER.c.account == account, FOLDER.c.folder == folder
                )
            ).first()
        return None if row is None else FolderState(*row)

    def note_folder(self, account: str, folder: str, state: FolderState) -> None:
        """Remembers how far this folder has been read."""
        values = {
            "uidvalidity": state.uidvalidity,
            "next_uid": state.next_uid,
            "cut_over_at": state.cut_over_at,
        }
        with self._database.write() as connection:
            changed = connection.execute(
                FOLDER.update()
                .where(FOLDER.c.account == account, FOLDER.c.folder == folder)
                .values(values)
            )
            if changed.rowcount == 0:
                connection.execute(
                    FOLDER.insert().values(account=account, folder=folder, **values)
                )

    def record(
        self, mails: Sequence[RawMail], now: datetime, cut_over: datetime | None = None
    ) -> int:
        """Takes mails into the ledger in one commit; gives how many were new to it.

        Mail that arrived before `cut_over` is marked old. A mail without octets is too large:
        its header is kept and it has its end state at once. OSError when the disk is full.
        """
        if not mails:
            return 0
        digests = self.blobs.put_many(m.head if m.octets is None else m.octets for m in mails)
        rows = [
            _recorded(mail, digest, now, cut_over)
            for mail, digest in zip(mails, digests, strict=True)
        ]
        with self._database.write() as connection:
            return Runner(connection).insert(MAIL, rows, ignore=True)

    def vanished(
        self, account: str, folder: str, uidvalidity: int, uids: Iterable[int], now: datetime
    ) -> None:
        """Notes mails that were gone before they could be fetched (F034)."""
        rows: list[Values] = [
            _row(account, folder, uidvalidity, uid, now)
            | {"state": Outcome.VANISHED.value, "note": "gone before it was fetched"}
            for uid in uids
        ]
        if rows:
            with self._database.write() as connection:
                Runner(connection).insert(MAIL, rows, ignore=True)

    def known_uids(
        self, account: str, folder: str, uidvalidity: int, first: int, last: int
    ) -> set[int]:
        """The UIDs from first to last (both included) that the ledger has."""
        with self._database.read() as connection:
            return set(
                connection.scalars(
                    select(MAIL.c.uid).where(
                        *_in_folder(account, folder, uidvalidity), MAIL.c.uid.between(first, last)
                    )
                )
            )

    def to_file(self, account: str, limit: int) -> list[FilingHint]:
        """Decided mails that have not been flagged or moved on the server, oldest first."""
        with self._database.read() as connection:
            found = connection.execute(
                select(MAIL.c.id, MAIL.c.folder, MAIL.c.uidvalidity, MAIL.c.uid, MAIL.c.state)
                .where(
                    MAIL.c.account == account,
                    text(UNFILED),
                    MAIL.c.state != Outcome.VANISHED.value,
                )
                .order_by(MAIL.c.id)
                .limit(limit)
            )
            return [FilingHint(*row) for row in found]

    def filed(self, ids: Iterable[int], now: datetime) -> None:
        """Notes that the server has done what the hints said."""
        rows = [{"mail_id": id_, "now": now} for id_ in ids]
        if rows:
            statement = MAIL.update().where(MAIL.c.id == bindparam("mail_id"))
            with self._database.write() as connection:
                connection.execute(statement.values(filed_at=bindparam("now")), rows)

    def take_mails(self, limit: int, now: datetime) -> list[Undecided]:
        """Mails to decide, oldest first; the attempt is committed before they are looked at.

        A mail that has been attempted three times in vain is parked instead (R2, P5).
        """
        with self._database.write() as connection:
            run = Runner(connection)
            lines = run.all(_WAITING, {"now": now, "count": limit})
            hopeless = [line for line in lines if line[_ATTEMPTS] >= MAX_ATTEMPTS]
            hopeful = [line for line in lines if line[_ATTEMPTS] < MAX_ATTEMPTS]
            if hopeless:
                run.many(_PARK, [{"mail_id": line[0], "now": now} for line in hopeless])
            if hopeful:
                until = now + _DECIDING_FOR
                run.many(_TAKE, [{"mail_id": line[0], "until": until} for line in hopeful])
        return [
            Undecided(id_, sha256, self.blobs.path(sha256), attempts + 1, internal_at, size, old)
            for id_, sha256, attempts, internal_at, size, old in hopeful
        ]

    def put_back(self, ids: Sequence[int]) -> None:
        """Mails whose attempt failed wait again; the attempt stays counted (see `take_mails`)."""
        if ids:
            with self._database.write() as connection:
                connection.execute(
                    MAIL.update()
                    .where(MAIL.c.id.in_(ids), MAIL.c.state == MailState.DECIDING.value)
                    .values(state=MailState.FETCHED.value, lease_until=None)
                )

    def recover_mails(self) -> int:
        """At start: mails that a crashed run had taken wait again; their attempts stay counted.

        On PostgreSQL other desks may be alive; there the lease decides (see `take_mails`).
        """
        if not self._database.is_sqlite:
            return 0
        with self._database.write() as connection:
            return connection.execute(
                MAIL.update()
                .where(text(UNDECIDED), MAIL.c.state == MailState.DECIDING.value)
                .values(state=MailState.FETCHED.value, lease_until=None)
            ).rowcount

    def retry_mails(self, ids: Sequence[int]) -> int:
        """Parked and quarantined mails wait again with a fresh count; gives how many."""
        if not ids:
            return 0
        with self._database.write() as connection:
            connection.execute(ATTACHMENT.delete().where(ATTACHMENT.c.mail.in_(ids)))
            return connection.execute(
                MAIL.update()
                .where(
                    MAIL.c.id.in_(ids),
                    MAIL.c.state.in_((Outcome.PARKED.value, Outcome.QUARANTINED.value)),
                )
                .values(
                    state=MailState.FETCHED.value,
                    attempts=0,
                    note="",
                    message_id=None,
                    decided_at=None,
                    filed_at=None,
                    lease_until=None,
                )
            ).rowcount

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

    def audit_rows(
        self, account: str, folder: str, uidvalidity: int
    ) -> Iterator[tuple[int, str, str]]:
        """(uid, sha256, state) of every mail of a folder, by UID; reads a thousand at a time."""
        after = -1
        statement = (
            select(MAIL.c.uid, MAIL.c.sha256, MAIL.c.state)
            .where(*_in_folder(account, folder, uidvalidity), MAIL.c.uid > bindparam("after"))
            .order_by(MAIL.c.uid)
            .limit(1000)
        )
        while True:
            with self._database.read() as connection:
                rows = connection.execute(statement, {"after": after}).all()
            if not rows:
                return
            yield from ((row.uid, row.sha256, row.state) for row in rows)
            after = rows[-1].uid


def _in_folder(account: str, folder: str, uidvalidity: int) -> tuple[Any, ...]:
    return (
        tuple_(MAIL.c.account, MAIL.c.folder, MAIL.c.uidvalidity)
        == tuple_(account, folder, uidvalidity),
    )


def _row(account: str, folder: str, uidvalidity: int, uid: int, now: datetime) -> Values:
    return {
        "account": account,
        "folder": folder,
        "uidvalidity": uidvalidity,
        "uid": uid,
        "size": 0,
        "internal_at": now,
        "sha256": "",
        "old": False,
        "attempts": 0,
        "fetched_at": now,
        "decided_at": now,
    }


def _recorded(mail: RawMail, digest: str, now: datetime, cut_over: datetime | None) -> Values:
    oversize = mail.octets is None
    return _row(mail.account, mail.folder, mail.uidvalidity, mail.uid, now) | {
        "size": mail.size,
        "internal_at": mail.internal_at,
        "sha256": digest,
        "old": cut_over is not None and mail.internal_at < cut_over,
        "state": Outcome.OVERSIZE.value if oversize else MailState.FETCHED.value,
        "note": f"{mail.size} octets are too many" if oversize else "",
        "decided_at": now if oversize else None,
    }


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
