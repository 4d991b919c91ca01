"""The statements of the deciding transaction, written once and prepared at their first use."""

from sqlalchemy import bindparam, select, text

from maild.store.ledger import AGAIN
from maild.store.tables import (
    ABSENCE,
    ATTACHMENT,
    LETTER,
    MAIL,
    PLACE,
    SERIAL,
    SETTING,
    TICKET,
    UNDECIDED,
)
from maild.store.values import LetterState

UPDATE_TICKET = (
    TICKET.update()
    .where(TICKET.c.id == bindparam("ticket_id"), TICKET.c.version == bindparam("version_before"))
    .values({column.name: bindparam(column.name) for column in TICKET.c if column.name != "id"})
)
DECIDE_MAIL = (
    MAIL.update()
    .where(
        MAIL.c.id == bindparam("mail_id"),
        text(UNDECIDED),
    )
    .values(
        state=bindparam("outcome"),
        note=bindparam("remark"),
        ticket=bindparam("ticket_id"),
        decided_at=bindparam("now"),
        lease_until=None,
    )
)
DECIDE_READ_MAIL = DECIDE_MAIL.values(
    message_id=bindparam("rfc_id"), content_hash=bindparam("hash")
)
LAST_SERIAL = select(SERIAL.c.last).where(SERIAL.c.year == bindparam("of_year"))
SET_SERIAL = (
    SERIAL.update().where(SERIAL.c.year == bindparam("of_year")).values(last=bindparam("now_last"))
)
FORGET_ABSENCE = ABSENCE.delete().where(ABSENCE.c.person == bindparam("who"))
_HELD = (MAIL.c.id == bindparam("mail_id"), text("state = 'quarantined'"))
TAKE_UP = MAIL.update().where(*_HELD, MAIL.c.vouched == "")
TAKE_UP = TAKE_UP.values(**AGAIN, vouched=bindparam("voucher"))
PLACE_ANSWER = (
    MAIL.update()
    .where(MAIL.c.id == bindparam("mail_id"), text("state = 'inert' AND ticket IS NULL"))
    .values(**AGAIN)
)
HANDLED = (
    PLACE.update()
    .where(
        PLACE.c.folder == bindparam("in_folder"),
        PLACE.c.uidvalidity == bindparam("validity"),
        PLACE.c.uid == bindparam("of_uid"),
    )
    .values(handled=True)
)
FORGET_FILES = ATTACHMENT.delete().where(ATTACHMENT.c.mail == bindparam("mail_id"))
WITHDRAW = (
    LETTER.update()
    .where(LETTER.c.name == bindparam("letter_name"), LETTER.c.state == LetterState.READY.value)
    .values(
        state=LetterState.FAILED.value,
        state_at=bindparam("now"),
        answer="taken back by its author",
        told=True,
    )
)
# A reply or report that names a letter, or the letter itself coming back, proves it left (R7a).
PROVE = (
    LETTER.update()
    .where(
        LETTER.c.message_id == bindparam("rfc_id"),
        LETTER.c.state == LetterState.UNCERTAIN.value,
    )
    .values(
        state=LetterState.SENT.value,
        state_at=bindparam("now"),
        sent_at=bindparam("now"),
        answer="proved by a mail that names it",
    )
)
KEEP_SETTING = (
    SETTING.update()
    .where(SETTING.c.key == bindparam("of_key"))
    .values(value=bindparam("now_value"))
)
TOLD = LETTER.update().where(LETTER.c.id == bindparam("letter_id")).values(told=True)
