"""Intake: what was on the server goes into the ledger, before anything is read (M0 to M1).

A mail is known by (account, folder, UIDVALIDITY, UID); recording it twice changes nothing. Its
bytes are on the disk before the row that names them is committed (R1).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Integer, bindparam, select, text

from maild.model.action import Outcome
from maild.model.event import BEFORE_START
from maild.model.mail import RawMail
from maild.store import crash
from maild.store.blobs import Blobs
from maild.store.database import Database
from maild.store.rows import Values, key
from maild.store.runner import Runner
from maild.store.tables import FOLDER, MAIL, UNFILED
from maild.store.values import AuditRow, FilingHint, FolderState, MailState, OldMail

_THIS_FOLDER = (
    FOLDER.c.account == bindparam("of_account"),
    FOLDER.c.folder == bindparam("in_folder"),
)
_FOLDER = select(FOLDER.c.uidvalidity, FOLDER.c.next_uid, FOLDER.c.cut_over_at).where(
    *_THIS_FOLDER
)
_NOTE = (
    FOLDER.update()
    .where(*_THIS_FOLDER)
    .values({name: bindparam(name) for name in ("uidvalidity", "next_uid", "cut_over_at")})
)
_KNOWN = select(MAIL.c.uid).where(
    MAIL.c.account == bindparam("of_account"),
    MAIL.c.folder == bindparam("in_folder"),
    MAIL.c.uidvalidity == bindparam("of_validity"),
    MAIL.c.uid.between(bindparam("first"), bindparam("last")),
)
_TO_FILE = (
    select(
        *(MAIL.c.id, MAIL.c.folder, MAIL.c.uidvalidity, MAIL.c.uid, MAIL.c.state),
        MAIL.c.old,
    )
    .where(MAIL.c.account == bindparam("of_account"), text(UNFILED))
    .order_by(MAIL.c.id)
    .limit(bindparam("count", type_=Integer))
)
_FILED = MAIL.update().where(MAIL.c.id == bindparam("mail_id")).values(filed_at=bindparam("now"))


class Intake:
    """What is done with mails on the server's side."""

    _database: Database
    blobs: Blobs

    def folder(self, account: str, folder: str) -> FolderState | None:
        """How far this folder has been read, or None when it never was."""
        line = self._database.first(_FOLDER, {"of_account": account, "in_folder": folder})
        return None if line is None else FolderState(*line)

    def note_folder(self, account: str, folder: str, state: FolderState) -> None:
        """Remembers how far this folder has been read."""
        values = {
            "uidvalidity": state.uidvalidity,
            "next_uid": state.next_uid,
            "cut_over_at": state.cut_over_at,
        }
        with self._database.write() as connection:
            run = Runner(connection)
            if not run.change(_NOTE, {"of_account": account, "in_folder": folder, **values}):
                run.insert(FOLDER, [{"account": account, "folder": folder, **values}])

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

    def note_old(
        self,
        account: str,
        folder: str,
        uidvalidity: int,
        mails: Sequence[OldMail],
        now: datetime,
    ) -> int:
        """Takes mails from before the cut-over into the ledger in one commit, with their end
        state: nobody will decide them, so their bytes stay on the server. Gives how many were
        new to it."""
        rows: list[Values] = [
            _row(account, folder, uidvalidity, mail.uid, now)
            | {
                "size": mail.size,
                "internal_at": mail.internal_at,
                "old": True,
                "state": Outcome.INERT.value,
                "note": BEFORE_START,
                "message_id": key(mail.message_id or mail.head_hash) or None,
                "content_hash": mail.head_hash or None,
                "filed_at": now,
            }
            for mail in mails
        ]
        if not rows:
            return 0
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
        values = {"of_account": account, "in_folder": folder, "of_validity": uidvalidity}
        lines = self._database.all(_KNOWN, values | {"first": first, "last": last})
        return {uid for (uid,) in lines}

    def to_file(self, account: str, limit: int) -> list[FilingHint]:
        """Decided mails that have not been flagged or moved on the server, oldest first."""
        lines = self._database.all(_TO_FILE, {"of_account": account, "count": limit})
        return [FilingHint(*line) for line in lines]

    def filed(self, ids: Iterable[int], now: datetime) -> None:
        """Notes that the server has done what the hints said."""
        rows = [{"mail_id": id_, "now": now} for id_ in ids]
        if rows:
            with self._database.write() as connection:
                Runner(connection).many(_FILED, rows)

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
