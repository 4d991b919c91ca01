"""The tables of the ledger, the tickets and the outbox; one class a table.

Owns names, columns, keys and indexes, and nothing else: rows never leave this folder, and the
hot paths use the `Table` objects at the end of this page, not objects of these classes.
A change here needs a migration (migrations/versions) and a new `SCHEMA`.
"""

from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, Column, Index, Integer, Table, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

SCHEMA: Final = "0010"

# Texts, not expressions: the planner takes a partial index only for literally the same words.
UNDECIDED: Final = "state IN ('fetched', 'deciding')"
UNFILED: Final = "filed_at IS NULL AND decided_at IS NOT NULL"
SET_ASIDE: Final = "state IN ('quarantined', 'parked', 'oversize')"
CLAIMABLE: Final = "state IN ('ready', 'retry')"
LEASED: Final = "state IN ('claimed', 'body_started')"
STUCK: Final = "state IN ('failed', 'uncertain', 'held')"
AUTOMATIC: Final = "automatic"
SHOWN: Final = "inline"

# In SQLite only INTEGER PRIMARY KEY is the row's own address, whatever its size.
_BIG: Final = BigInteger().with_variant(Integer(), "sqlite")


def _partial(name: str, *columns: str, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _number(*, primary: bool = False, nullable: bool = False, index: bool = False) -> Any:
    if primary:
        return Field(default=None, sa_column=Column(_BIG, primary_key=True))
    return Field(default=None, sa_column=Column(_BIG, nullable=nullable, index=index))


class MailRow(SQLModel, table=True):
    """The ledger: a mail from its raw bytes (M1) to its end state (M2)."""

    __tablename__: ClassVar[str] = "mail"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("account", "folder", "uidvalidity", "uid", name="mail_key"),
        _partial("mail_undecided", "old", "id", where=UNDECIDED),
        _partial("mail_unfiled", "account", "id", where=UNFILED),
        _partial("mail_set_aside", "state", "id", where=SET_ASIDE),
        _partial("mail_message_id", "message_id", where="message_id IS NOT NULL"),
        Index("mail_sha256", "sha256"),
    )
    id: int = _number(primary=True)
    account: str
    folder: str
    uidvalidity: int = _number()
    uid: int = _number()
    size: int = _number()
    internal_at: datetime
    sha256: str
    state: str
    old: bool
    attempts: int
    note: str
    message_id: str | None
    content_hash: str | None
    ticket: int | None = _number(nullable=True)
    lease_until: datetime | None
    fetched_at: datetime
    decided_at: datetime | None
    filed_at: datetime | None
    vouched: str = Field(sa_column_kwargs={"server_default": text("''")})


class AttachmentRow(SQLModel, table=True):
    """What a mail carried, by name; the bytes are read again from the raw mail."""

    __tablename__: ClassVar[str] = "attachment"
    __table_args__: ClassVar[Any] = (_partial("attachment_shown", "sha256", "mail", where=SHOWN),)
    id: int = _number(primary=True)
    mail: int = Field(foreign_key="mail.id", index=True, sa_type=BigInteger)
    name: str
    size: int = _number()
    type: str
    sha256: str
    inline: bool
    part: str
    decoration: bool = Field(sa_column_kwargs={"server_default": false()})


class TicketRow(SQLModel, table=True):
    """A ticket as `model.ticket.Ticket` has it; columns for what is searched for."""

    __tablename__: ClassVar[str] = "ticket"
    id: int = _number(primary=True)
    number: str = Field(unique=True)
    version: int
    requester_name: str
    requester_address: str = Field(index=True)
    subject: str
    summary: str
    state: str = Field(index=True)
    sop: str
    row: str
    entered_at: datetime
    due_at: datetime | None
    received_at: datetime
    kind: str
    category: str
    priority: str
    assessment: str
    asked: int
    officer: str
    solution: str
    answered_at: datetime | None
    answered_version: int
    closed_at: datetime | None
    escalated_at: datetime | None
    outside_number: str
    linked: str
    telephoned: str
    letters: int
    merged: int = Field(default=0, sa_column=Column(_BIG, nullable=False, server_default="0"))
    revoked_version: int = Field(sa_column_kwargs={"server_default": "0"})
    before: str = Field(sa_column_kwargs={"server_default": text("''")})
    remarks: str = Field(sa_column_kwargs={"server_default": text("''")})
    rating: int = Field(sa_column_kwargs={"server_default": "0"})
    outside: str = Field(sa_column_kwargs={"server_default": text("''")})
    parent: int = Field(default=0, sa_column=Column(_BIG, nullable=False, server_default="0"))
    outage: str = Field(sa_column_kwargs={"server_default": text("''")})
    __table_args__: ClassVar[Any] = (
        Index("ticket_received", "received_at", "id"),
        _partial("ticket_outside_number", "outside_number", where="outside_number <> ''"),
        _partial("ticket_parent", "parent", where="parent <> 0"),
        _partial("ticket_outage", "outage", "received_at", where="outage <> ''"),
    )


class MessageRow(SQLModel, table=True):
    """The conversation of a ticket."""

    __tablename__: ClassVar[str] = "message"
    __table_args__: ClassVar[Any] = (
        _partial("message_message_id", "message_id", where="message_id <> ''"),
    )
    id: int = _number(primary=True)
    ticket: int = Field(foreign_key="ticket.id", index=True, sa_type=BigInteger)
    direction: str
    party: str
    author_name: str
    author_address: str
    at: datetime
    subject: str
    message_id: str
    mail: int | None = _number(nullable=True)
    text: str


class LetterRow(SQLModel, table=True):
    """The outbox: to whom a letter goes, and how far it has gone."""

    __tablename__: ClassVar[str] = "letter"
    __table_args__: ClassVar[Any] = (
        _partial("letter_claimable", "automatic", "due_at", "id", where=CLAIMABLE),
        _partial("letter_leased", "lease_until", where=LEASED),
        _partial("letter_stuck", "state", "id", where=STUCK),
        _partial("letter_lately", "recipient", "created_at", where=AUTOMATIC),
        _partial("letter_automatic", "created_at", where=AUTOMATIC),
    )
    id: int = _number(primary=True)
    name: str = Field(unique=True)
    ticket: int | None = Field(foreign_key="ticket.id", index=True, sa_type=BigInteger)
    serial: int
    template: str
    party: str
    person: int
    recipient: str
    sender: str
    message_id: str = Field(index=True)
    automatic: bool
    state: str
    state_at: datetime
    created_at: datetime
    due_at: datetime
    attempts: int
    claim: int
    claimed_by: str
    lease_until: datetime | None
    first_try_at: datetime | None
    sent_at: datetime | None
    answer: str
    resent: bool
    told: bool


class OctetsRow(SQLModel, table=True):
    """A letter's octets, fixed when it was decided. Apart from its row, which is written anew at
    every step on its way."""

    __tablename__: ClassVar[str] = "octets"
    letter: str = Field(foreign_key="letter.name", primary_key=True)
    octets: bytes


class AlarmRow(SQLModel, table=True):
    """What the clock must not forget; one of a kind a ticket."""

    __tablename__: ClassVar[str] = "alarm"
    ticket: int = Field(foreign_key="ticket.id", primary_key=True, sa_type=BigInteger)
    kind: str = Field(primary_key=True)
    at: datetime = Field(index=True)
    row: str


class AbsenceRow(SQLModel, table=True):
    """Who is away, by directory number: his own automatic reply has said so."""

    __tablename__: ClassVar[str] = "absence"
    person: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    since: datetime


class PassageRow(SQLModel, table=True):
    """A passage through a row of the SOP, for the report of actual against standard time."""

    __tablename__: ClassVar[str] = "passage"
    __table_args__: ClassVar[Any] = (Index("passage_entered", "entered_at", "id"),)
    id: int = _number(primary=True)
    ticket: int = Field(foreign_key="ticket.id", index=True, sa_type=BigInteger)
    row: str
    entered_at: datetime
    left_at: datetime
    exit: str


class JournalRow(SQLModel, table=True):
    """What was done, by whom and why."""

    __tablename__: ClassVar[str] = "journal"
    id: int = _number(primary=True)
    ticket: int = Field(foreign_key="ticket.id", index=True, sa_type=BigInteger)
    at: datetime
    actor: str
    row: str
    text: str
    reasons: str


class ProcedureRow(SQLModel, table=True):
    """Every version of a SOP under which a ticket was ever opened."""

    __tablename__: ClassVar[str] = "procedure"
    digest: str = Field(primary_key=True)
    text: str


class SerialRow(SQLModel, table=True):
    """The last ticket number of each year."""

    __tablename__: ClassVar[str] = "serial"
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class FolderRow(SQLModel, table=True):
    """How far a folder of the mailbox has been read."""

    __tablename__: ClassVar[str] = "folder"
    account: str = Field(primary_key=True)
    folder: str = Field(primary_key=True)
    uidvalidity: int = _number()
    next_uid: int = _number()
    cut_over_at: datetime


class MemoRow(SQLModel, table=True):
    """A decision that waits to be copied into the mailbox, with its letter if there is one."""

    __tablename__: ClassVar[str] = "memo"
    id: int = _number(primary=True)
    letter: str
    text: str


class PlaceRow(SQLModel, table=True):
    """A mail in a folder of the board; `handled` once its appearing there was decided upon."""

    __tablename__: ClassVar[str] = "place"
    folder: str = Field(primary_key=True)
    uidvalidity: int = Field(primary_key=True, sa_type=BigInteger)
    uid: int = Field(primary_key=True, sa_type=BigInteger)
    mail: int = Field(sa_type=BigInteger)
    handled: bool


class BoardRow(SQLModel, table=True):
    """The column into which maild has put, or is putting, a ticket's newest mail."""

    __tablename__: ClassVar[str] = "board"
    ticket: int = Field(primary_key=True, sa_type=BigInteger)
    mail: int = Field(sa_type=BigInteger)
    column: str


class SettingRow(SQLModel, table=True):
    """Small facts the service keeps for itself."""

    __tablename__: ClassVar[str] = "setting"
    key: str = Field(primary_key=True)
    value: str


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


MAIL: Final = _table("mail")
ATTACHMENT: Final = _table("attachment")
TICKET: Final = _table("ticket")
MESSAGE: Final = _table("message")
LETTER: Final = _table("letter")
OCTETS: Final = _table("octets")
ALARM: Final = _table("alarm")
ABSENCE: Final = _table("absence")
PASSAGE: Final = _table("passage")
JOURNAL: Final = _table("journal")
PROCEDURE: Final = _table("procedure")
SERIAL: Final = _table("serial")
FOLDER: Final = _table("folder")
SETTING: Final = _table("setting")
PLACE: Final = _table("place")
BOARD: Final = _table("board")
MEMO: Final = _table("memo")
