"""Writes into the database what the mailbox knows and it does not: after a restore what came
later, after a loss everything. One commit, so that a kill leaves it as it was.

A decision counts once, by its text; of a ticket the highest version counts. Decisions that the
database has already are passed over.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, func, select, text
from sqlmodel.sql.sqltypes import UTCDateTime

from maild.model.action import Outcome
from maild.model.event import AlarmKind
from maild.store import look, similar
from maild.store.database import Database, serialise
from maild.store.rebuilt import CopiedLetter, FoundMail, Rebuilt
from maild.store.restoring import enter
from maild.store.runner import Runner
from maild.store.tables import (
    ABSENCE,
    ALARM,
    ATTACHMENT,
    FOLDER,
    JOURNAL,
    LETTER,
    MAIL,
    MESSAGE,
    OCTETS,
    PASSAGE,
    PROCEDURE,
    SERIAL,
    SETTING,
    TICKET,
    UNDECIDED,
)
from maild.store.values import FolderState, LetterState, MailState

Told = Mapping[str, Any]  # a memo (see `memo`), read

_SERIALS_A_YEAR: Final = 1_000_000
_PIECE: Final = 500
_KEEPS_STATE: Final = (LetterState.SENT.value, LetterState.FAILED.value)


class Rebuilding:
    """The database's part of `maild rebuild`."""

    _database: Database
    _prefix: str

    def is_empty(self) -> bool:
        """Whether nothing has happened in this database yet."""
        with self._database.read() as connection:
            return all(
                connection.execute(select(table.c.id).limit(1)).first() is None
                for table in (TICKET, MAIL, LETTER)
            )

    def known_digests(self) -> set[str]:
        """Of the raw mails that have their end state."""
        with self._database.read() as connection:
            return set(
                connection.scalars(select(MAIL.c.sha256).where(MAIL.c.decided_at.is_not(None)))
            )

    def rebuild(
        self,
        memos: Sequence[Told],
        mails: Sequence[FoundMail],
        letters: Iterable[CopiedLetter],
        account: str,
        read: Mapping[str, FolderState],
        since: datetime,
        now: datetime,
    ) -> Rebuilt:
        """Writes it all; `since` as in `begin_restoring`. `read` are the folders that intake
        reads: of these only what a decision names is taken, the rest is intake's. `letters` may
        be a generator: their octets are not kept. The database is in restore mode afterwards."""
        with self._database.write() as connection:
            serialise(connection, 2)
            work = _Work(connection, account, read, since, now)
            work.mails(memos, mails)
            work.decisions(memos)
            work.letters(memos, letters)
            work.end(self._prefix)
            for folder, state in read.items():
                _note_folder(connection, account, folder, state)
            enter(connection, since, caught_up=True)
        return work.done


class _Work:
    """One rebuild."""

    def __init__(
        self,
        connection: Connection,
        account: str,
        read: Mapping[str, FolderState],
        since: datetime,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._account = account
        self._read = read.keys()
        self._cut_over_at = max(state.cut_over_at for state in read.values())
        self._since = since
        self._now = now
        self._base: dict[int, int] = self._pairs(select(TICKET.c.id, TICKET.c.version))
        self._versions = dict(self._base)
        self._mail_ids: dict[str, int] = {}
        self._alarms: dict[int, dict[str, dict[str, Any]]] = {}
        self.done = Rebuilt()

    def mails(self, memos: Sequence[Told], found: Sequence[FoundMail]) -> None:
        """The ledger: mails that a decision names are decided, the others will be."""
        decided: dict[str, tuple[Told, Told]] = {
            memo["mail"]["sha256"]: (memo["mail"], memo) for memo in memos if memo.get("mail")
        }
        known = self._pairs(select(MAIL.c.sha256, MAIL.c.id).where(MAIL.c.decided_at.is_not(None)))
        self._mail_ids |= known
        waiting = select(MAIL.c.id, MAIL.c.sha256).where(text(UNDECIDED))
        for id_, sha256 in self._pairs(waiting).items():
            if sha256 in decided and sha256 not in self._mail_ids:
                self._decide(id_, sha256, *decided[sha256])
        for mail in found:
            if mail.sha256 in known or (mail.folder in self._read and mail.sha256 not in decided):
                continue
            self.done.mails += 1
            id_ = self._record(mail)
            if id_ is None:
                continue
            if mail.sha256 in decided and mail.sha256 not in self._mail_ids:
                self._decide(id_, mail.sha256, *decided[mail.sha256])
                filed = None if mail.folder in self._read else self._now
                self._connection.execute(
                    MAIL.update().where(MAIL.c.id == id_).values(filed_at=filed)
                )
            else:
                self.done.again += mail.whole
        self.done.gone = sorted(decided.keys() - self._mail_ids.keys())

    def _record(self, mail: FoundMail) -> int | None:
        """A row for a mail that the ledger does not have by this key; its id."""
        key = (
            MAIL.c.account == self._account,
            MAIL.c.folder == mail.folder,
            MAIL.c.uidvalidity == mail.uidvalidity,
            MAIL.c.uid == mail.uid,
        )
        if self._connection.execute(select(MAIL.c.id).where(*key)).first() is not None:
            return None
        state = MailState.FETCHED.value if mail.whole else Outcome.OVERSIZE.value
        values = {
            "account": self._account,
            "folder": mail.folder,
            "uidvalidity": mail.uidvalidity,
            "uid": mail.uid,
            "size": mail.size,
            "internal_at": mail.internal_at,
            "sha256": mail.sha256,
            "state": state,
            "old": mail.internal_at < self._cut_over_at,
            "attempts": 0,
            "note": "",
            "fetched_at": self._now,
            "decided_at": None if mail.whole else self._now,
            "filed_at": None if mail.whole else self._now,
        }
        return self._inserted(MAIL, values)

    def _decide(self, id_: int, sha256: str, mail: Told, memo: Told) -> None:
        ticket = memo.get("ticket")
        self._mail_ids[sha256] = id_
        self._connection.execute(
            MAIL.update()
            .where(MAIL.c.id == id_)
            .values(
                state=mail["state"],
                note=mail["note"],
                message_id=mail["message_id"],
                content_hash=mail["content_hash"],
                ticket=ticket["id"] if ticket else None,
                attempts=1,
                decided_at=_instant(memo["at"]),
                lease_until=None,
            )
        )
        for file in mail["files"]:
            self._inserted(ATTACHMENT, {**file, "mail": id_})

    def decisions(self, memos: Sequence[Told]) -> None:
        """Tickets, messages, passages, journal and alarms, in the order of the decisions."""
        for memo in memos:
            if "sop" in memo:
                self._procedure(*memo["sop"])
                continue
            if self._is_known(memo):
                continue
            self.done.decisions += 1
            for ticket in (memo["ticket"], *memo["also"]):
                if ticket is not None:
                    self._ticket(ticket)
            sha256 = (memo["mail"] or {}).get("sha256", "")
            for message in memo["messages"]:
                mail = self._mail_ids.get(sha256) if message["mail"] else None
                self._inserted(MESSAGE, message | {"mail": mail})
            for table, name in ((PASSAGE, "passages"), (JOURNAL, "journal")):
                for values in memo[name]:
                    self._inserted(table, values)
            self._ring(memo)
            self._keep(memo)

    def _is_known(self, memo: Told) -> bool:
        """Whether the database had this decision before."""
        ticket = memo["ticket"]
        if ticket is None:
            return False
        base = self._base.get(ticket["id"], 0)
        at = _instant(memo["at"])
        return bool(ticket["version"] < base or (ticket["version"] == base and at <= self._since))

    def _keep(self, memo: Told) -> None:
        """The service's own facts, and who is away."""
        for name, value in memo["settings"].items():
            self._connection.execute(SETTING.delete().where(SETTING.c.key == name))
            self._connection.execute(SETTING.insert().values(key=name, value=value))
        for person, since in memo["absent"]:
            self._connection.execute(ABSENCE.delete().where(ABSENCE.c.person == person))
            if since is not None:
                self._inserted(ABSENCE, {"person": person, "since": since})

    def _procedure(self, digest: str, content: str) -> None:
        there = select(PROCEDURE.c.digest).where(PROCEDURE.c.digest == digest)
        if self._connection.execute(there).first() is None:
            self._connection.execute(PROCEDURE.insert().values(digest=digest, text=content))

    def _ticket(self, ticket: Told) -> None:
        id_, version = ticket["id"], ticket["version"]
        before = self._versions.get(id_)
        if before is None:
            self._inserted(TICKET, ticket)
        elif version > before:
            self._connection.execute(
                TICKET.update().where(TICKET.c.id == id_).values(_columns(TICKET, ticket))
            )
        self._versions[id_] = max(version, before or 0)

    def _ring(self, memo: Told) -> None:
        for ticket, kind in memo["rung"]:
            self._set(ticket).pop(kind, None)
        for ticket in memo["cleared"]:
            self._set(ticket).clear()
        for alarm in memo["alarms"]:
            self._set(alarm["ticket"])[alarm["kind"]] = _columns(ALARM, alarm)
        if memo["ticket"] is not None:
            self._set(memo["ticket"]["id"])

    def _set(self, ticket: int) -> dict[str, dict[str, Any]]:
        """The alarms of a ticket, as far as the decisions have come."""
        if ticket not in self._alarms:
            found = self._connection.execute(select(ALARM).where(ALARM.c.ticket == ticket))
            self._alarms[ticket] = {row.kind: dict(row._mapping) for row in found}
        return self._alarms[ticket]

    def letters(self, memos: Sequence[Told], copies: Iterable[CopiedLetter]) -> None:
        """The outbox: what has a copy has left, or failed for good."""
        named = {letter["name"]: letter for m in memos for letter in m.get("letters", ())}
        rows = select(LETTER.c.name, LETTER.c.state)
        there = self._pairs(rows)
        for copy in copies:
            if copy.name not in named:
                continue
            ended = {
                "state": copy.state,
                "state_at": copy.at,
                "sent_at": copy.at if copy.state == LetterState.SENT.value else None,
                "answer": copy.answer,
                "told": True,
            }
            if copy.name not in there:
                rest = {"due_at": copy.at, "attempts": 1, "claim": 0, "claimed_by": ""}
                rest |= {"resent": False}
                self._connection.execute(
                    LETTER.insert().values(_columns(LETTER, named[copy.name]) | rest | ended)
                )
                self._connection.execute(
                    OCTETS.insert().values(letter=copy.name, octets=copy.octets)
                )
                self.done.letters += 1
            elif there[copy.name] not in _KEEPS_STATE:
                mine = LETTER.update().where(LETTER.c.name == copy.name)
                self._connection.execute(mine.values(ended))
                self.done.letters += 1
            there[copy.name] = copy.state
        self.done.unproved = [
            f"{name} {letter['template']} -> {letter['recipient']}"
            for name, letter in sorted(named.items())
            if name not in there
        ]

    def end(self, prefix: str) -> None:
        """What follows from the rest: alarms, the last numbers, the index of solved tickets."""
        run = Runner(self._connection)
        ids = sorted(self._alarms)
        self.done.tickets = len(ids)
        for at in range(0, len(ids), _PIECE):
            tickets = look.tickets(run, ids[at : at + _PIECE])
            for id_, ticket in tickets.items():
                self._connection.execute(ALARM.delete().where(ALARM.c.ticket == id_))
                alarms = list(self._alarms[id_].values()) if ticket.closed_at is None else []
                if ticket.closed_at is None and not alarms:
                    due = max(ticket.due_at or self._now, self._now)
                    kind = AlarmKind.DUE.value
                    alarms = [{"ticket": id_, "kind": kind, "at": due, "row": ticket.row}]
                if alarms:
                    self._connection.execute(ALARM.insert(), alarms)
                if ticket.answered_at is not None:
                    similar.keep(run, ticket)
        self.done.gaps = list(self._numbers(prefix))

    def _numbers(self, prefix: str) -> Iterator[str]:
        """Sets the last number of each year; gives those below it that no ticket has."""
        year = TICKET.c.id // _SERIALS_A_YEAR
        last = select(year, func.max(TICKET.c.id), func.count()).group_by(year)
        for of_year, highest, count in self._connection.execute(last):
            serial = highest % _SERIALS_A_YEAR
            mine = SERIAL.update().where(SERIAL.c.year == of_year, SERIAL.c.last < serial)
            if self._connection.execute(select(SERIAL).where(SERIAL.c.year == of_year)).first():
                self._connection.execute(mine.values(last=serial))
            else:
                self._connection.execute(SERIAL.insert().values(year=of_year, last=serial))
            if count == serial:
                continue
            base = of_year * _SERIALS_A_YEAR
            there = select(TICKET.c.id).where(TICKET.c.id.between(base, base + serial))
            missing = set(range(1, serial + 1)) - {
                id_ - base for id_ in self._connection.scalars(there)
            }
            yield from (f"{prefix}-{of_year}-{n:06d}" for n in sorted(missing))

    def _pairs(self, statement: Select[Any]) -> dict[Any, Any]:
        return {row[0]: row[1] for row in self._connection.execute(statement)}

    def _inserted(self, table: Table, values: Told) -> int:
        done = self._connection.execute(table.insert().values(_columns(table, values)))
        return int(done.inserted_primary_key[0]) if done.inserted_primary_key else 0


def read(text_: str) -> Told:
    """A memo from its text."""
    told: Told = json.loads(text_)
    return told


def _columns(table: Table, values: Told) -> dict[str, Any]:
    """The values that the table has a column for, with instants as such; a memo may be of an
    older or newer maild."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name not in table.c:
            continue
        is_instant = isinstance(table.c[name].type, UTCDateTime) and isinstance(value, str)
        found[name] = _instant(value) if is_instant else value
    return found


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _note_folder(connection: Connection, account: str, folder: str, state: FolderState) -> None:
    """From where intake reads on, unless it is known."""
    mine = select(FOLDER).where(FOLDER.c.account == account, FOLDER.c.folder == folder)
    if connection.execute(mine).first() is None:
        connection.execute(
            FOLDER.insert().values(
                account=account,
                folder=folder,
                uidvalidity=state.uidvalidity,
                next_uid=state.next_uid,
                cut_over_at=state.cut_over_at,
            )
        )
