"""Reading for people: lists, one ticket's story, the recap, the counts of `maild status`.

Nothing here changes anything. Long lists come in pieces, each from its own short transaction,
so that the write-ahead log is not held up by a slow reader (F019).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, Integer, Select, bindparam, func, or_, select, text, tuple_

from maild.model.action import Passage, Record
from maild.model.event import AlarmKind
from maild.model.mail import Attachment
from maild.model.ticket import Message, Ticket
from maild.store import look, memo
from maild.store.database import Database
from maild.store.rows import matches_of, ticket_of
from maild.store.runner import Line, Runner
from maild.store.tables import (
    ALARM,
    ATTACHMENT,
    CLAIMABLE,
    JOURNAL,
    LETTER,
    MAIL,
    MEMO,
    PASSAGE,
    PROCEDURE,
    SETTING,
    TICKET,
    UNDECIDED,
)
from maild.store.values import Counts, DueAlarm, TicketFilter

_PIECE: Final = 2000
_WHOLE: Final = 1_000_000


def _in_pieces(columns: tuple[Any, ...], at: Column[Any], id_: Column[Any]) -> Select[Any]:
    """From where the last piece ended to `end`, along the index on (at, id)."""
    return (
        select(*columns)
        .where(
            tuple_(at, id_)
            > tuple_(bindparam("at", type_=at.type), bindparam("id", type_=id_.type))
        )
        .where(at < bindparam("end"))
        .order_by(at, id_)
        .limit(bindparam("count", type_=Integer))
    )


_RECEIVED = _in_pieces((TICKET,), TICKET.c.received_at, TICKET.c.id)
_RECEIVED_AT: Final = list(TICKET.c).index(TICKET.c.received_at)
# The id, then in the order of Passage's fields, then the ticket's SOP version.
_ENTERED = _in_pieces(
    (
        PASSAGE.c.id,
        PASSAGE.c.ticket,
        PASSAGE.c.row,
        PASSAGE.c.entered_at,
        PASSAGE.c.left_at,
        PASSAGE.c.exit,
        TICKET.c.sop,
    ),
    PASSAGE.c.entered_at,
    PASSAGE.c.id,
).where(TICKET.c.id == PASSAGE.c.ticket)
_ENTERED_AT: Final = 3
# In the order of DueAlarm's fields.
_ALARM = select(ALARM.c.ticket, ALARM.c.kind, ALARM.c.at, ALARM.c.row).order_by(ALARM.c.at)
_DUE = _ALARM.where(ALARM.c.at <= bindparam("now")).limit(bindparam("count", type_=Integer))
_NEXT_ALARM = select(func.min(ALARM.c.at))
_PROCEDURE = select(PROCEDURE.c.text).where(PROCEDURE.c.digest == bindparam("of_digest"))
_IN_USE = select(PROCEDURE.c.digest, PROCEDURE.c.text).where(
    PROCEDURE.c.digest.in_(select(TICKET.c.sop).distinct())
)
_SETTING = select(SETTING.c.value).where(SETTING.c.key == bindparam("of_key"))


class Reading:
    """What the command line, the recap and the clock read."""

    _database: Database
    _copied: bool

    def tickets(self, wanted: TicketFilter) -> list[Ticket]:
        """The tickets that a filter lets through, newest first."""
        with self._database.read() as connection:
            return [ticket_of(row) for row in connection.execute(_filtered(wanted))]

    def ticket(self, ticket_id: int) -> Ticket | None:
        """The ticket with this id."""
        with self._database.read() as connection:
            return look.tickets(Runner(connection), (ticket_id,)).get(ticket_id)

    def ticket_by_number(self, number: str) -> Ticket | None:
        """The ticket with this number, such as LPSE-2026-000042."""
        with self._database.read() as connection:
            row = connection.execute(select(TICKET).where(TICKET.c.number == number)).first()
        return None if row is None else ticket_of(row)

    def tickets_between(self, start: datetime, end: datetime) -> Iterator[Ticket]:
        """Tickets received in [start, end), in that order, read in pieces of two thousand."""
        yield from map(ticket_of, self._pieces(_RECEIVED, start, end, _RECEIVED_AT))

    def conversation(self, ticket_id: int) -> tuple[Message, ...]:
        """All messages of a ticket, oldest first."""
        with self._database.read() as connection:
            return look.conversation(Runner(connection), ticket_id, _WHOLE)

    def journal(self, ticket_id: int) -> list[Record]:
        """The journal of a ticket, oldest first."""
        with self._database.read() as connection:
            found = connection.execute(
                select(JOURNAL).where(JOURNAL.c.ticket == ticket_id).order_by(JOURNAL.c.id)
            )
            return [
                Record(r.ticket, r.at, r.actor, r.row, r.text, matches_of(r.reasons))
                for r in found
            ]

    def attachments(self, mail_id: int) -> tuple[Attachment, ...]:
        """What a decided mail carried, in the mail's own order."""
        with self._database.read() as connection:
            found = connection.execute(
                select(ATTACHMENT).where(ATTACHMENT.c.mail == mail_id).order_by(ATTACHMENT.c.id)
            )
            return tuple(
                Attachment(r.name, r.size, r.type, r.sha256, r.inline, r.part, r.decoration)
                for r in found
            )

    def passages(
        self, start: datetime, end: datetime, sop: str | None = None
    ) -> Iterator[tuple[str, Passage]]:
        """(SOP version, passage) for rows entered in [start, end); of one version if named."""
        for _, *passage, version in self._pieces(_ENTERED, start, end, _ENTERED_AT):
            if sop is None or version == sop:
                yield version, Passage(*passage)

    def _pieces(
        self, statement: Select[Any], start: datetime, end: datetime, place: int
    ) -> Iterator[Line]:
        """All lines of a statement that is ordered by an instant (at `place`) and the id."""
        values = {"at": start, "id": -1, "end": end, "count": _PIECE}
        while True:
            with self._database.read() as connection:
                lines = Runner(connection).all(statement, values)
            yield from lines
            if len(lines) < _PIECE:
                return
            values |= {"at": lines[-1][place], "id": lines[-1][0]}

    def passages_of(self, ticket_id: int) -> list[Passage]:
        """The way of a ticket through its SOP, in order."""
        with self._database.read() as connection:
            found = connection.execute(
                select(PASSAGE).where(PASSAGE.c.ticket == ticket_id).order_by(PASSAGE.c.id)
            )
            return [Passage(r.ticket, r.row, r.entered_at, r.left_at, r.exit) for r in found]

    def due_alarms(self, now: datetime, limit: int) -> list[DueAlarm]:
        """Alarms whose time has come, earliest first; `Unit.take_alarm` takes them off."""
        lines = self._database.all(_DUE, {"now": now, "count": limit})
        return [DueAlarm(ticket, AlarmKind(kind), at, row) for ticket, kind, at, row in lines]

    def alarms(self, ticket_id: int) -> list[DueAlarm]:
        """The alarms that are set for a ticket, earliest first, due or not."""
        with self._database.read() as connection:
            found = connection.execute(
                select(ALARM).where(ALARM.c.ticket == ticket_id).order_by(ALARM.c.at)
            )
            return [DueAlarm(r.ticket, AlarmKind(r.kind), r.at, r.row) for r in found]

    def next_alarm_at(self) -> datetime | None:
        """When the next alarm rings, or None when none is set."""
        line = self._database.first(_NEXT_ALARM)
        return line[0] if line else None

    def absent(self) -> frozenset[int]:
        """The directory numbers of those who are away."""
        with self._database.read() as connection:
            return look.absent(Runner(connection))

    def counts(self) -> Counts:
        """Rows by state and the ages of the oldest that wait."""
        with self._database.read() as connection:

            def by_state(column: Any) -> dict[str, int]:
                found = connection.execute(select(column, func.count()).group_by(column))
                return {state: number for state, number in found}  # noqa: C416

            return Counts(
                mails=by_state(MAIL.c.state),
                tickets=by_state(TICKET.c.state),
                letters=by_state(LETTER.c.state),
                oldest_undecided_at=connection.execute(
                    select(func.min(MAIL.c.fetched_at)).where(text(UNDECIDED))
                ).scalar(),
                oldest_unsent_at=connection.execute(
                    select(func.min(LETTER.c.created_at)).where(text(CLAIMABLE))
                ).scalar(),
                next_alarm_at=connection.execute(select(func.min(ALARM.c.at))).scalar(),
            )

    def keep_procedure(self, digest: str, content: str) -> None:
        """Keeps the text of a SOP version for as long as tickets run under it."""
        with self._database.write() as connection:
            run = Runner(connection)
            if run.first(_PROCEDURE, {"of_digest": digest}) is None:
                run.insert(PROCEDURE, [{"digest": digest, "text": content}])
                if self._copied:
                    text = memo.written({"sop": [digest, content]})
                    run.insert(MEMO, [{"letter": "", "text": text}])

    def procedure(self, digest: str) -> str | None:
        """The text of this SOP version."""
        line = self._database.first(_PROCEDURE, {"of_digest": digest})
        return line[0] if line else None

    def procedures_in_use(self) -> dict[str, str]:
        """Digest and text of every SOP version that some ticket runs under."""
        return dict(self._database.all(_IN_USE))

    def set_aside(self, since: datetime) -> dict[str, int]:
        """How many mails have come to wait for a person since then, by their end state."""
        return dict(self._database.all(look.ASIDE, {"since": since}))

    def setting(self, key: str) -> str | None:
        """A fact that the service keeps for itself."""
        line = self._database.first(_SETTING, {"of_key": key})
        return line[0] if line else None

    def keep_setting(self, key: str, value: str) -> None:
        """Keeps such a fact, in place of what it was."""
        with self._database.write() as connection:
            changed = connection.execute(
                SETTING.update().where(SETTING.c.key == key).values(value=value)
            )
            if changed.rowcount == 0:
                connection.execute(SETTING.insert().values(key=key, value=value))


def _filtered(wanted: TicketFilter) -> Select[Any]:
    statement = select(TICKET)
    if wanted.states:
        statement = statement.where(TICKET.c.state.in_(wanted.states))
    for column, value in (
        (TICKET.c.requester_address, wanted.requester.lower()),
        (TICKET.c.category, wanted.category),
        (TICKET.c.priority, wanted.priority),
        (TICKET.c.row, wanted.row),
        (TICKET.c.officer, wanted.officer),
    ):
        if value:
            statement = statement.where(column == value)
    if wanted.text:
        statement = statement.where(
            or_(
                *(
                    column.icontains(wanted.text, autoescape=True)
                    for column in (TICKET.c.subject, TICKET.c.summary)
                )
            )
        )
    if wanted.received_from:
        statement = statement.where(TICKET.c.received_at >= wanted.received_from)
    if wanted.received_before:
        statement = statement.where(TICKET.c.received_at < wanted.received_before)
    if wanted.due_before:
        statement = statement.where(TICKET.c.due_at < wanted.due_before)
    return statement.order_by(TICKET.c.id.desc()).limit(wanted.limit)
