"""Intake: what was on the server goes into the ledger, before anything is read (M0 to M1).

A mail is known by (account, folder, UIDVALIDITY, UID); recording it twice changes nothing. Its
bytes are on the disk before the row that names them is committed (R1).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, text, tuple_

from maild.model.action import Outcome
from maild.model.mail import RawMail
from maild.store import crash
from maild.store.blobs import Blobs
from maild.store.database import Database
from maild.store.rows import Values
from maild.store.runner import Runner
from maild.store.tables import FOLDER, MAIL, UNFILED
from maild.store.values import AuditRow, FilingHint, FolderState, MailState


class Intake:
    """What is done with mails on the server's side."""

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
        self,
        mails: Sequence[RawMail],
        now: datetime,
        cut_over: datetime | None = None,
        limit: int = 0,
    ) -> int:
        """Takes mails into the ledger in one commit; gives how many were new to it.

        Mail that arrived before `cut_over` is marked old. A mail without octets has its end
        state at once, and its header is kept: oversize above `limit` octets, otherwise parked,
        as the server did not give it. OSError when the disk is full.
        """
        if not mails:
            return 0
        digests = self.blobs.put_many(m.head if m.octets is None else m.octets for m in mails)
        crash.here("bytes kept")
        rows = [
            _recorded(mail, digest, now, cut_over, limit)
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
            | {
                "state": Outcome.VANISHED.value,
                "note": "gone before it was fetched",
                "filed_at": now,
            }
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
                .where(MAIL.c.account == account, text(UNFILED))
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

    def folders(self, account: str) -> dict[str, FolderState]:
        """How far each folder has been read that ever was."""
        with self._database.read() as connection:
            found = connection.execute(
                select(
                    FOLDER.c.folder, FOLDER.c.uidvalidity, FOLDER.c.next_uid, FOLDER.c.cut_over_at
                ).where(FOLDER.c.account == account)
            )
            return {folder: FolderState(*rest) for folder, *rest in found}

    def audit_rows(self, account: str) -> Iterator[AuditRow]:
        """Every mail of an account, oldest first; reads a thousand at a time."""
        after = 0
        statement = (
            select(
                *(MAIL.c.id, MAIL.c.folder, MAIL.c.uidvalidity, MAIL.c.uid),
                *(MAIL.c.sha256, MAIL.c.state, MAIL.c.fetched_at),
            )
            .where(MAIL.c.account == account, MAIL.c.id > bindparam("after"))
            .order_by(MAIL.c.id)
            .limit(1000)
        )
        while True:
            with self._database.read() as connection:
                rows = connection.execute(statement, {"after": after}).all()
            if not rows:
                return
            yield from (AuditRow(*row) for row in rows)
            after = rows[-1].id


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


def _recorded(
    mail: RawMail, digest: str, now: datetime, cut_over: datetime | None, limit: int
) -> Values:
    state, note = MailState.FETCHED.value, ""
    if mail.octets is None and mail.size > limit:
        state, note = Outcome.OVERSIZE.value, f"{mail.size} octets are too many"
    elif mail.octets is None:
        state, note = Outcome.PARKED.value, "the server does not give it"
    return _row(mail.account, mail.folder, mail.uidvalidity, mail.uid, now) | {
        "size": mail.size,
        "internal_at": mail.internal_at,
        "sha256": digest,
        "old": cut_over is not None and mail.internal_at < cut_over,
        "state": state,
        "note": note,
        "decided_at": now if mail.octets is None else None,
    }
