"""What the database says of itself: rows that contradict each other or that nobody will move on.

Only reads. Every finding is a line for a person: what, where, and nothing of any mail's text.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select, text

from maild.store.database import Database
from maild.store.tables import (
    ALARM,
    FOLDER,
    JOURNAL,
    LEASED,
    LETTER,
    MAIL,
    MESSAGE,
    OCTETS,
    SERIAL,
    STUCK,
    TICKET,
)
from maild.store.values import LetterState

PATIENCE: Final = timedelta(hours=1)

_NO_ALARM = (
    select(TICKET.c.number)
    .outerjoin(ALARM, ALARM.c.ticket == TICKET.c.id)
    .where(TICKET.c.closed_at.is_(None), ALARM.c.ticket.is_(None))
)
_ALARM_OF_CLOSED = (
    select(TICKET.c.number)
    .distinct()
    .join(ALARM, ALARM.c.ticket == TICKET.c.id)
    .where(TICKET.c.closed_at.is_not(None))
)
_LETTERS_BEHIND = (
    select(TICKET.c.number)
    .join(LETTER, LETTER.c.ticket == TICKET.c.id)
    .group_by(TICKET.c.id, TICKET.c.number, TICKET.c.letters)
    .having(func.max(LETTER.c.serial) > TICKET.c.letters)
)
_NO_JOURNAL = (
    select(TICKET.c.number)
    .outerjoin(JOURNAL, JOURNAL.c.ticket == TICKET.c.id)
    .where(JOURNAL.c.id.is_(None))
)
_NO_FIRST_MAIL = (
    select(TICKET.c.number)
    .outerjoin(MESSAGE, MESSAGE.c.ticket == TICKET.c.id)
    .where(MESSAGE.c.id.is_(None))
)
_MAIL_WITHOUT_TICKET = (
    select(MAIL.c.id)
    .outerjoin(TICKET, TICKET.c.id == MAIL.c.ticket)
    .where(MAIL.c.ticket.is_not(None), TICKET.c.id.is_(None))
)
_MESSAGE_WITHOUT_MAIL = (
    select(MESSAGE.c.id)
    .outerjoin(MAIL, MAIL.c.id == MESSAGE.c.mail)
    .where(MESSAGE.c.mail.is_not(None), MAIL.c.id.is_(None))
)
_WITHOUT_OCTETS = (
    select(LETTER.c.name)
    .outerjoin(OCTETS, OCTETS.c.letter == LETTER.c.name)
    .where(OCTETS.c.letter.is_(None))
)
_STRANDED = select(LETTER.c.name).where(text(LEASED), LETTER.c.lease_until < bindparam("since"))
_UNTOLD = select(LETTER.c.name).where(
    text(STUCK),
    LETTER.c.state == LetterState.FAILED.value,
    text("NOT told"),
    LETTER.c.state_at < bindparam("since"),
)
_SENT_TWICE = select(LETTER.c.message_id).group_by(LETTER.c.message_id).having(func.count() > 1)
_SERIAL_BEHIND = (
    select(TICKET.c.number)
    .outerjoin(SERIAL, SERIAL.c.year == TICKET.c.id // 1_000_000)
    .where(SERIAL.c.last < TICKET.c.id % 1_000_000)
)
_CONTRADICTIONS: Final[tuple[tuple[str, Select[Any]], ...]] = (
    ("ticket {}: open, and no alarm is set", _NO_ALARM),
    ("ticket {}: closed, and an alarm is set", _ALARM_OF_CLOSED),
    ("ticket {}: the number of a letter will be given again", _LETTERS_BEHIND),
    ("ticket {}: no line in the journal", _NO_JOURNAL),
    ("ticket {}: no message", _NO_FIRST_MAIL),
    ("ticket {}: its number will be given again", _SERIAL_BEHIND),
    ("mail {}: its ticket is not there", _MAIL_WITHOUT_TICKET),
    ("message {}: its mail is not there", _MESSAGE_WITHOUT_MAIL),
    ("letter {}: its octets are not there", _WITHOUT_OCTETS),
    ("letter {}: in nobody's hands since its courier fell silent", _STRANDED),
    ("letter {}: failed, and nobody was told", _UNTOLD),
    ("Message-ID {}: two letters have it", _SENT_TWICE),
)


class Audit:
    """The database's part of `maild audit`."""

    _database: Database

    def contradictions(self, now: datetime) -> Iterator[str]:
        """A line for each row that is not as the promises say."""
        since = now - PATIENCE
        for said, statement in _CONTRADICTIONS:
            found = self._database.all(statement, {"since": since})
            yield from (said.format(what) for (what,) in found)

    def look_again(self, account: str, folder: str, uid: int) -> None:
        """Has intake list a folder from this UID on once more; what it knows stays known."""
        with self._database.write() as connection:
            connection.execute(
                FOLDER.update()
                .where(
                    FOLDER.c.account == account,
                    FOLDER.c.folder == folder,
                    FOLDER.c.next_uid > uid,
                )
                .values(next_uid=uid)
            )
