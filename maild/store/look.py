"""The look-ups behind `Known`: who and what a mail is about.

Each is a statement made once and a function that runs it; none of them changes anything. A new
mail without claims costs three of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, text, union_all

from maild.model.known import Claim, Evidence, SentLetter
from maild.model.mail import Nature, ParsedMail
from maild.model.ticket import Message, Ticket
from maild.store.rows import key, message_of, sent_letter_of, storable, ticket_of
from maild.store.tables import ATTACHMENT, AUTOMATIC, LETTER, MAIL, MESSAGE, TICKET

_EARLIER: Final = 10
_CONVERSATION: Final = 30
_REFERENCES: Final = 50

_COPIES = select(MAIL.c.id).where(
    MAIL.c.message_id == bindparam("message_id"), MAIL.c.content_hash == bindparam("content_hash")
)
_SAME_BYTES = select(MAIL.c.id).where(
    MAIL.c.sha256 == bindparam("sha256"), MAIL.c.state.in_(("done", "inert", "quarantined"))
)
_TICKETS = select(TICKET).where(TICKET.c.id.in_(bindparam("ids", expanding=True)))
_EARLIER_TICKETS = (
    select(TICKET)
    .where(TICKET.c.requester_address == bindparam("address"))
    .order_by(TICKET.c.id.desc())
    .limit(_EARLIER)
)
_SENT: Final[tuple[Any, ...]] = (
    LETTER.c.ticket,
    LETTER.c.name,
    LETTER.c.template,
    LETTER.c.party,
    LETTER.c.recipient,
    LETTER.c.automatic,
    LETTER.c.created_at,
)
_LATELY = (
    select(*_SENT)
    .where(
        LETTER.c.recipient == bindparam("address"),
        LETTER.c.created_at > bindparam("since"),
        text(AUTOMATIC),
    )
    .order_by(LETTER.c.created_at)
)
_AUTOMATIC_SINCE = select(func.count()).where(
    LETTER.c.created_at > bindparam("since"), text(AUTOMATIC)
)
_NAMED_LETTERS = select(*_SENT).where(LETTER.c.name.in_(bindparam("names", expanding=True)))
_LETTER_BY_ID = select(*_SENT).where(LETTER.c.message_id == bindparam("message_id"))
_IDS: Final[Any] = bindparam("message_ids", expanding=True)
_REFERRED = union_all(
    select(MESSAGE.c.message_id, MESSAGE.c.ticket).where(
        MESSAGE.c.message_id.in_(_IDS), text("message_id <> ''")
    ),
    select(LETTER.c.message_id, LETTER.c.ticket).where(LETTER.c.message_id.in_(_IDS)),
)
_OUTSIDE = select(TICKET.c.outside_number, TICKET.c.id).where(
    TICKET.c.outside_number.in_(bindparam("numbers", expanding=True)), text("outside_number <> ''")
)
_NUMBERS = select(TICKET.c.number, TICKET.c.id).where(
    TICKET.c.number.in_(bindparam("numbers", expanding=True))
)
_LAST_MESSAGES = (
    select(MESSAGE)
    .where(MESSAGE.c.ticket == bindparam("ticket"))
    .order_by(MESSAGE.c.id.desc())
    .limit(bindparam("limit"))
)
_NAMES = (
    select(ATTACHMENT.c.mail, ATTACHMENT.c.name)
    .where(ATTACHMENT.c.mail.in_(bindparam("mails", expanding=True)))
    .order_by(ATTACHMENT.c.id)
)


def is_duplicate(connection: Connection, mail: ParsedMail, sha256: str) -> bool:
    """Whether the same mail has been decided before (R8)."""
    if mail.message_id:
        values = {"message_id": key(mail.message_id), "content_hash": mail.content_hash}
        return connection.execute(_COPIES, values).first() is not None
    return connection.execute(_SAME_BYTES, {"sha256": sha256}).first() is not None


def tickets(connection: Connection, ids: Iterable[int]) -> dict[int, Ticket]:
    """The tickets with these ids, as far as there are any."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {row.id: ticket_of(row) for row in connection.execute(_TICKETS, {"ids": wanted})}


def earlier(connection: Connection, address: str, but: Iterable[int]) -> tuple[Ticket, ...]:
    """The last tickets that this address opened, newest first, without those in `but`."""
    known = set(but)
    rows = connection.execute(_EARLIER_TICKETS, {"address": storable(address)})
    return tuple(ticket_of(row) for row in rows if row.id not in known)


def lately(connection: Connection, address: str, now: datetime) -> tuple[SentLetter, ...]:
    """The automatic letters to this address in the last 24 hours, oldest first."""
    values = {"address": storable(address), "since": now - timedelta(hours=24)}
    return tuple(sent_letter_of(row) for row in connection.execute(_LATELY, values))


def automatic_last_hour(connection: Connection, now: datetime) -> int:
    """How many automatic letters were written to anybody in the last hour."""
    since = now - timedelta(hours=1)
    return int(connection.execute(_AUTOMATIC_SINCE, {"since": since}).scalar_one())


def conversation(
    connection: Connection, ticket: int, limit: int = _CONVERSATION
) -> tuple[Message, ...]:
    """The last messages of a ticket, oldest first."""
    rows = connection.execute(_LAST_MESSAGES, {"ticket": ticket, "limit": limit}).all()[::-1]
    mails = [row.mail for row in rows if row.mail is not None]
    names: dict[int, tuple[str, ...]] = {}
    if mails:
        for mail, name in connection.execute(_NAMES, {"mails": mails}):
            names[mail] = (*names.get(mail, ()), name)
    return tuple(message_of(row, names.get(row.mail, ())) for row in rows)


def resolved(
    connection: Connection, claims: Sequence[Claim]
) -> tuple[tuple[Claim, ...], dict[str, SentLetter]]:
    """The claims with their tickets, best first, and our own letters that they name.

    A claim whose letter, number or Message-ID nobody knows keeps `ticket` None.
    """
    letters: dict[str, SentLetter] = {}
    names = [c.letter for c in claims if c.evidence is Evidence.MESSAGE_ID]
    if names:
        for row in connection.execute(_NAMED_LETTERS, {"names": names}):
            letters[row.name] = sent_letter_of(row)
    referred = _pairs(connection, claims, Evidence.REFERENCE)
    outside = _pairs(connection, claims, Evidence.OUTSIDE_NUMBER)
    tags = _pairs(connection, claims, Evidence.SUBJECT_TAG) | _pairs(
        connection, claims, Evidence.BODY_TAG
    )

    def ticket_of_claim(claim: Claim) -> int | None:
        match claim.evidence:
            case Evidence.TOKEN:
                return claim.mark.ticket if claim.mark else claim.ticket
            case Evidence.MESSAGE_ID:
                letter = letters.get(claim.letter)
                return letter.ticket if letter else claim.ticket
            case Evidence.REFERENCE:
                return referred.get(key(claim.value))
            case Evidence.OUTSIDE_NUMBER:
                return outside.get(key(claim.value))
            case Evidence.SUBJECT_TAG | Evidence.BODY_TAG:
                return claim.ticket or tags.get(key(claim.value))

    order = list(Evidence)
    named = [replace(claim, ticket=ticket_of_claim(claim)) for claim in claims]
    return tuple(sorted(named, key=lambda claim: order.index(claim.evidence))), letters


def named_letter(
    connection: Connection,
    mail: ParsedMail,
    claims: Sequence[Claim],
    letters: dict[str, SentLetter],
) -> SentLetter | None:
    """The letter of ours that a mail answers, or that a delivery report or complaint is about."""
    answered = next((letters[c.letter] for c in claims if c.letter in letters), None)
    if mail.nature not in (Nature.BOUNCE, Nature.COMPLAINT):
        return answered
    original = mail.bounce.original_message_id if mail.bounce else None
    if original:
        row = connection.execute(_LETTER_BY_ID, {"message_id": key(original)}).first()
        if row is not None:
            return sent_letter_of(row)
    return answered


_LOOK_UPS: Final[dict[Evidence, tuple[Any, str]]] = {
    Evidence.REFERENCE: (_REFERRED, "message_ids"),
    Evidence.OUTSIDE_NUMBER: (_OUTSIDE, "numbers"),
    Evidence.SUBJECT_TAG: (_NUMBERS, "numbers"),
    Evidence.BODY_TAG: (_NUMBERS, "numbers"),
}


def _pairs(connection: Connection, claims: Sequence[Claim], evidence: Evidence) -> dict[str, int]:
    values = [
        key(claim.value)
        for claim in claims
        if claim.evidence is evidence and claim.value and claim.ticket is None
    ][-_REFERENCES:]
    if not values:
        return {}
    statement, name = _LOOK_UPS[evidence]
    rows = connection.execute(statement, {name: values})
    return {row[0]: row[1] for row in rows if row[1] is not None}
