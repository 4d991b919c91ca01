"""The look-ups behind `Known`: who and what a mail is about.

Each is a statement made once and a function that runs it; none of them changes anything. A new
mail without claims costs three of them.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Integer, Select, bindparam, func, select, text

from maild.model.action import Passage
from maild.model.known import Claim, Evidence, SentLetter
from maild.model.mail import Attachment, Nature, ParsedMail
from maild.model.ticket import Message, State, Ticket
from maild.store.rows import key, message_of, storable, ticket_of
from maild.store.runner import Line, Runner
from maild.store.tables import (
    ABSENCE,
    ATTACHMENT,
    AUTOMATIC,
    CLAIMABLE,
    LETTER,
    MAIL,
    MESSAGE,
    PASSAGE,
    SET_ASIDE,
    SHOWN,
    TICKET,
)

_EARLIER: Final = 10
_CONVERSATION: Final = 30
_REFERENCES: Final = 50
# A logo is in the third further ticket after weeks; the screenshot of an outage, that day only.
_SHOWN: Final = 60
_LOGO_TICKETS: Final = 3
_LOGO_SINCE: Final = timedelta(days=14)
_MAIL_OF_MESSAGE: Final = list(MESSAGE.c).index(MESSAGE.c.mail)

_COPY = (
    select(MAIL.c.id)
    .where(
        MAIL.c.message_id == bindparam("message_id"),
        MAIL.c.content_hash.in_([bindparam("content_hash"), bindparam("head_hash")]),
    )
    .limit(1)
)
_SAME_BYTES = (
    select(MAIL.c.id)
    .where(
        MAIL.c.sha256 == bindparam("sha256"),
        text("state IN ('done', 'inert', 'quarantined')"),
    )
    .limit(1)
)
_EARLIER_TICKETS = (
    select(TICKET)
    .where(TICKET.c.requester_address == bindparam("address"))
    .order_by(TICKET.c.id.desc())
    .limit(_EARLIER)
)
# In the order of SentLetter's fields.
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
_WRITTEN_SINCE = _AUTOMATIC_SINCE.where(LETTER.c.template == bindparam("template"))
# Written by a person's order, not yet begun with, and not yet due.
_COOLING = (
    select(*_SENT)
    .where(
        LETTER.c.ticket == bindparam("ticket"),
        LETTER.c.due_at > bindparam("now"),
        text(CLAIMABLE),
        LETTER.c.state == "ready",
        text(f"NOT {AUTOMATIC}"),
    )
    .order_by(LETTER.c.id)
)
_ABSENT = select(ABSENCE.c.person)
_OPEN = select(TICKET).where(TICKET.c.state != State.CLOSED.value).order_by(TICKET.c.id)
ASIDE = (
    select(MAIL.c.state, func.count())
    .where(text(SET_ASIDE), ~MAIL.c.old, MAIL.c.decided_at > bindparam("since"))
    .group_by(MAIL.c.state)
)
_PASSAGES = (
    select(*(column for column in PASSAGE.c if column.name != "id"))
    .where(PASSAGE.c.ticket == bindparam("ticket"))
    .order_by(PASSAGE.c.id)
)
_SAME_CASE = (
    select(TICKET)
    .where(
        TICKET.c.outside_number == bindparam("number"),
        text("outside_number <> ''"),
        TICKET.c.id != bindparam("ticket"),
    )
    .order_by(TICKET.c.id)
    .limit(_EARLIER)
)
# Where a picture was shown before: in how many tickets, and since when.
_SHOWN_BEFORE = (
    select(MAIL.c.ticket, MAIL.c.internal_at)
    .join(ATTACHMENT, ATTACHMENT.c.mail == MAIL.c.id)
    .where(ATTACHMENT.c.sha256 == bindparam("sha256"), text(SHOWN))
    .order_by(ATTACHMENT.c.mail)
    .limit(_SHOWN)
    .subquery()
)
_HOW_OFTEN = select(
    func.count(_SHOWN_BEFORE.c.ticket.distinct()), func.min(_SHOWN_BEFORE.c.internal_at)
)
_FILES: Final[tuple[Any, ...]] = (
    ATTACHMENT.c.mail,
    ATTACHMENT.c.name,
    ATTACHMENT.c.id,
    ATTACHMENT.c.part,
    ATTACHMENT.c.decoration,
)
_LETTER_BY_ID = select(*_SENT).where(LETTER.c.message_id == bindparam("message_id")).limit(1)
_LAST_MESSAGES = (
    select(MESSAGE)
    .where(MESSAGE.c.ticket == bindparam("ticket"))
    .order_by(MESSAGE.c.id.desc())
    .limit(bindparam("count", type_=Integer))
)


@cache
def _listed(number: int, *columns: Any, among: Any) -> Select[Any]:
    """The columns of the rows in which `among` is one of so many values."""
    values = [bindparam(f"v{n}", type_=among.type) for n in range(number)]
    statement = select(*columns).where(among.in_(values))
    # Said again in the index's own words, or the planner would not use it.
    if among is MESSAGE.c.message_id or among is TICKET.c.outside_number:
        statement = statement.where(text(f"{among.name} <> ''"))
    return statement


def is_duplicate(run: Runner, mail: ParsedMail, sha256: str) -> bool:
    """Whether the same mail has been decided before (R8)."""
    name = mail.message_id or mail.head_hash
    if not mail.message_id and run.first(_SAME_BYTES, {"sha256": sha256}) is not None:
        return True
    values = {"content_hash": mail.content_hash, "head_hash": mail.head_hash}
    return bool(name) and run.first(_COPY, values | {"message_id": key(name)}) is not None


def tickets(run: Runner, ids: Iterable[int]) -> dict[int, Ticket]:
    """The tickets with these ids, as far as there are any, and those they were merged into."""
    found = {line[0]: ticket_of(line) for line in _among(run, (TICKET,), TICKET.c.id, ids)}
    further = {ticket.merged for ticket in found.values() if ticket.merged} - found.keys()
    return found | tickets(run, further) if further else found


def earlier(run: Runner, address: str, but: Container[int]) -> tuple[Ticket, ...]:
    """The last tickets that this address opened, newest first, without those in `but`."""
    lines = run.all(_EARLIER_TICKETS, {"address": storable(address)})
    return tuple(ticket_of(line) for line in lines if line[0] not in but)


def lately(run: Runner, address: str, now: datetime) -> tuple[SentLetter, ...]:
    """The automatic letters to this address in the last 24 hours, oldest first."""
    values = {"address": storable(address), "since": now - timedelta(hours=24)}
    return tuple(SentLetter(*line) for line in run.all(_LATELY, values))


def written_lately(run: Runner, template: str, now: datetime) -> int:
    """How many automatic letters of this kind were written in the last 24 hours."""
    line = run.first(_WRITTEN_SINCE, {"template": template, "since": now - timedelta(hours=24)})
    return int(line[0]) if line else 0


def cooling(run: Runner, ticket: int, now: datetime) -> tuple[SentLetter, ...]:
    """The letters about a ticket that may still be taken back, oldest first."""
    return tuple(SentLetter(*line) for line in run.all(_COOLING, {"ticket": ticket, "now": now}))


def absent(run: Runner) -> frozenset[int]:
    """The directory numbers of those who are away."""
    return frozenset(line[0] for line in run.all(_ABSENT))


def open_tickets(run: Runner) -> tuple[Ticket, ...]:
    """Every ticket that is not closed, oldest first."""
    return tuple(ticket_of(line) for line in run.all(_OPEN))


def set_aside(run: Runner, since: datetime) -> dict[str, int]:
    """How many mails wait for a person since then, by their end state; old mail does not."""
    return dict(map(tuple, run.all(ASIDE, {"since": since})))


def conversation(run: Runner, ticket: int, count: int = _CONVERSATION) -> tuple[Message, ...]:
    """The last messages of a ticket, oldest first."""
    lines = run.all(_LAST_MESSAGES, {"ticket": ticket, "count": count})[::-1]
    mails = {line[_MAIL_OF_MESSAGE] for line in lines} - {None}
    names: dict[int, tuple[str, ...]] = {}
    files = sorted(_among(run, _FILES, ATTACHMENT.c.mail, mails), key=itemgetter(2))
    for mail, name, _, part, decoration in files:
        if Attachment(name, 0, "", "", False, part, decoration).goes_along:
            names[mail] = (*names.get(mail, ()), name)
    return tuple(message_of(line, names.get(line[_MAIL_OF_MESSAGE], ())) for line in lines)


def undressed(run: Runner, mail: ParsedMail, now: datetime) -> ParsedMail:
    """The mail, with those of its pictures called decoration that its page has in common with
    many others: logos of signatures that no mark of the page gives away (B086)."""

    def is_logo(file: Attachment) -> bool:
        line = run.first(_HOW_OFTEN, {"sha256": file.sha256})
        return bool(line and line[0] >= _LOGO_TICKETS and now - line[1] >= _LOGO_SINCE)

    if not any(file.inline and not file.decoration for file in mail.attachments):
        return mail
    files = tuple(
        replace(file, decoration=file.decoration or (file.inline and is_logo(file)))
        for file in mail.attachments
    )
    return replace(mail, attachments=files) if files != mail.attachments else mail


def passages(
    run: Runner, ticket: int | None, unwritten: Iterable[Mapping[str, Any]]
) -> tuple[Passage, ...]:
    """The way of a ticket through its SOP, in order, with steps that are not written yet."""
    if ticket is None:
        return ()
    written = run.all(_PASSAGES, {"ticket": ticket})
    later = (Passage(**line) for line in unwritten if line["ticket"] == ticket)
    return (*(Passage(*line) for line in written), *later)


def same_case(run: Runner, ticket: Ticket) -> tuple[Ticket, ...]:
    """Other tickets that the other office has under the same number, oldest first."""
    if not ticket.outside_number:
        return ()
    values = {"number": key(ticket.outside_number), "ticket": ticket.id}
    return tuple(ticket_of(line) for line in run.all(_SAME_CASE, values))


def resolved(
    run: Runner, claims: Sequence[Claim]
) -> tuple[tuple[Claim, ...], dict[str, SentLetter]]:
    """The claims with their tickets, best first, and our own letters that they name.

    A claim whose letter, number or Message-ID nobody knows keeps `ticket` None.
    """

    def values(*evidence: Evidence) -> list[str]:
        return [key(c.value) for c in claims if c.evidence in evidence][-_REFERENCES:]

    def pairs(value: Any, ticket: Any, among: Iterable[str]) -> dict[str, int]:
        return {v: t for v, t in _among(run, (value, ticket), value, among) if t is not None}

    names = [c.letter for c in claims if c.evidence is Evidence.MESSAGE_ID]
    letters = {line[1]: SentLetter(*line) for line in _among(run, _SENT, LETTER.c.name, names)}
    references = values(Evidence.REFERENCE)
    referred = pairs(LETTER.c.message_id, LETTER.c.ticket, references)
    referred |= pairs(MESSAGE.c.message_id, MESSAGE.c.ticket, references)
    outside = pairs(TICKET.c.outside_number, TICKET.c.id, values(Evidence.OUTSIDE_NUMBER))
    tags = pairs(TICKET.c.number, TICKET.c.id, values(Evidence.SUBJECT_TAG, Evidence.BODY_TAG))

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
    run: Runner, mail: ParsedMail, claims: Sequence[Claim], letters: Mapping[str, SentLetter]
) -> SentLetter | None:
    """The letter of ours that a mail answers, or that a delivery report or complaint is about."""
    original = mail.bounce.original_message_id if mail.bounce else None
    if original and mail.nature in (Nature.BOUNCE, Nature.COMPLAINT):
        line = run.first(_LETTER_BY_ID, {"message_id": key(original)})
        if line is not None:
            return SentLetter(*line)
    return next((letters[c.letter] for c in claims if c.letter in letters), None)


def _among(
    run: Runner, columns: tuple[Any, ...], column: Any, values: Iterable[Any]
) -> Iterator[Line]:
    """The columns of all rows in which `column` has one of these values, in no order."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), _REFERENCES):
        some = wanted[start : start + _REFERENCES]
        statement = _listed(len(some), *columns, among=column)
        yield from run.all(statement, {f"v{n}": value for n, value in enumerate(some)})
