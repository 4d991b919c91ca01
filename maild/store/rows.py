"""Between rows and values: the only place that knows how a ticket lies in its columns."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from maild.model.action import AddMessage, Passage, Record, SendLetter
from maild.model.mail import Address, Attachment
from maild.model.ticket import (
    Assessment,
    Direction,
    Kind,
    Match,
    Message,
    Priority,
    Role,
    Standing,
    State,
    Ticket,
)
from maild.store.values import LetterState, RenderedLetter

_LONGEST_KEY: Final = 500

_STATES: Final = {state.value: state for state in State}
_DIRECTIONS: Final = {direction.value: direction for direction in Direction}

Values = dict[str, Any]


def storable(text: str) -> str:
    """The text without what a database refuses: NUL (PostgreSQL) and lone surrogates (UTF-8)."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def key(text: str) -> str:
    """A text as it stands in an index: strangers write Message-IDs of any length."""
    if len(text) > _LONGEST_KEY:
        return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return storable(text)


def matches_json(matches: Sequence[Match]) -> str:
    """Reasons as JSON: a list of [rule, evidence]."""
    return json.dumps([(m.rule, m.evidence) for m in matches]) if matches else "[]"


def matches_of(text: str) -> tuple[Match, ...]:
    """The reasons in such a JSON text."""
    return tuple(Match(rule, evidence) for rule, evidence in json.loads(text))


def ticket_values(ticket: Ticket) -> Values:
    """The columns of a ticket's row."""
    assessment = ticket.assessment
    return {
        "id": ticket.id,
        "number": ticket.number,
        "version": ticket.version,
        "requester_name": storable(ticket.requester.name),
        "requester_address": storable(ticket.requester.address),
        "subject": storable(ticket.subject),
        "summary": storable(ticket.summary),
        "state": ticket.state.value,
        "sop": ticket.sop,
        "row": ticket.row,
        "entered_at": ticket.entered_at,
        "due_at": ticket.due_at,
        "received_at": ticket.received_at,
        "kind": assessment.kind.value,
        "category": assessment.category,
        "priority": assessment.priority.value,
        "assessment": _assessment_json(assessment),
        "asked": ticket.asked,
        "officer": storable(ticket.officer),
        "solution": storable(ticket.solution),
        "answered_at": ticket.answered_at,
        "answered_version": ticket.answered_version,
        "closed_at": ticket.closed_at,
        "escalated_at": ticket.escalated_at,
        "outside_number": key(ticket.outside_number),
        "linked": ticket.linked,
        "telephoned": storable(ticket.telephoned),
        "letters": ticket.letters,
        "merged": ticket.merged,
        "revoked_version": ticket.revoked_version,
        "before": _standing_json(ticket.before) if ticket.before else "",
        "remarks": storable(ticket.remarks),
        "rating": ticket.rating,
        "outside": ticket.outside,
        "parent": ticket.parent,
        "outage": storable(ticket.outage),
    }


def ticket_of(line: Sequence[Any]) -> Ticket:
    """The ticket in a whole line of the table."""
    (
        id_,
        number,
        version,
        requester_name,
        requester_address,
        subject,
        summary,
        state,
        sop,
        row,
        entered_at,
        due_at,
        received_at,
        kind,
        category,
        priority,
        assessment,
        *rest,
    ) = line
    asked, officer, solution, answered_at, answered_version, closed_at, *rest = rest
    escalated_at, outside_number, linked, telephoned, letters, *rest = rest
    merged, revoked_version, before, remarks, rating, outside, parent, outage = rest
    return Ticket(
        id=id_,
        number=number,
        requester=Address(requester_name, requester_address),
        subject=subject,
        summary=summary,
        state=_STATES[state],
        sop=sop,
        row=row,
        entered_at=entered_at,
        due_at=due_at,
        received_at=received_at,
        assessment=_assessment_of(kind, category, priority, assessment),
        version=version,
        asked=asked,
        officer=officer,
        solution=solution,
        answered_at=answered_at,
        answered_version=answered_version,
        closed_at=closed_at,
        escalated_at=escalated_at,
        outside_number=outside_number,
        linked=linked,
        telephoned=telephoned,
        letters=letters,
        merged=merged,
        revoked_version=revoked_version,
        before=_standing_of(before) if before else None,
        remarks=remarks,
        rating=rating,
        outside=outside,
        parent=parent,
        outage=outage,
    )


def message_values(action: AddMessage) -> Values:
    """The columns of a message's row."""
    return {
        "ticket": action.ticket,
        "direction": action.direction.value,
        "party": action.party,
        "author_name": storable(action.author.name),
        "author_address": storable(action.author.address),
        "at": action.at,
        "subject": storable(action.subject),
        "message_id": key(action.message_id),
        "mail": action.mail_id,
        "text": storable(action.text),
    }


def message_of(line: Sequence[Any], attachments: tuple[str, ...]) -> Message:
    """The message in a whole line of the table, with the names of what its mail carried."""
    _, ticket, direction, party, name, address, at, subject, message_id, mail, text = line
    return Message(
        ticket=ticket,
        direction=_DIRECTIONS[direction],
        party=party,
        author=Address(name, address),
        text=text,
        at=at,
        subject=subject,
        message_id=message_id,
        mail_id=mail,
        attachments=attachments,
    )


def letter_values(action: SendLetter, letter: RenderedLetter, now: datetime) -> Values:
    """The columns of a letter's row when it is written."""
    return {
        "name": letter.name,
        "ticket": action.ticket.id if action.ticket else None,
        "serial": action.serial,
        "template": action.template,
        "party": action.party,
        "person": action.person,
        "recipient": storable(letter.recipient).lower(),
        "sender": letter.sender,
        "message_id": key(letter.message_id),
        "automatic": action.automatic,
        "state": LetterState.READY.value,
        "state_at": now,
        "created_at": now,
        "due_at": letter.not_before or now,
        "attempts": 0,
        "claim": 0,
        "claimed_by": "",
        "answer": "",
        "resent": False,
        "told": False,
    }


def passage_values(action: Passage) -> Values:
    """The columns of a passage's row."""
    return {
        "ticket": action.ticket,
        "row": action.row,
        "entered_at": action.entered_at,
        "left_at": action.left_at,
        "exit": action.exit,
    }


def journal_values(action: Record) -> Values:
    """The columns of a journal line's row."""
    return {
        "ticket": action.ticket,
        "at": action.at,
        "actor": storable(action.actor),
        "row": action.row,
        "text": storable(action.text),
        "reasons": matches_json(action.reasons),
    }


def attachment_values(mail_id: int, attachment: Attachment) -> Values:
    """The columns of an attachment's row."""
    return {
        "mail": mail_id,
        "name": storable(attachment.name),
        "size": attachment.size,
        "type": storable(attachment.type),
        "sha256": attachment.sha256,
        "inline": attachment.inline,
        "part": attachment.part,
        "decoration": attachment.decoration,
    }


def _assessment_json(assessment: Assessment) -> str:
    """What has no column of its own; names are short, for there is one such text a ticket."""
    deadline = assessment.deadline
    return json.dumps(
        {
            "base_priority": assessment.base_priority.value,
            "urgent_deadline": assessment.urgent_deadline,
            "deadline": None if deadline is None else deadline.astimezone(UTC).isoformat(),
            "requester_role": assessment.requester_role.value,
            "missing": assessment.missing,
            "fields": dict(assessment.fields),
            "escalate": assessment.escalate,
            "confidence": assessment.confidence,
            "reasons": [(m.rule, m.evidence) for m in assessment.reasons],
            "also": assessment.also,
        }
    )


_INSTANTS: Final = ("entered_at", "due_at", "answered_at", "closed_at", "escalated_at")


def _standing_json(standing: Standing) -> str:
    values = asdict(standing)
    for name in _INSTANTS:
        values[name] = values[name] and values[name].astimezone(UTC).isoformat()
    values["solution"] = storable(standing.solution)
    return json.dumps(values)


def _standing_of(text: str) -> Standing:
    values = json.loads(text)
    for name in _INSTANTS:
        values[name] = values[name] and datetime.fromisoformat(values[name])
    return Standing(**(values | {"state": _STATES[values["state"]]}))


@lru_cache(maxsize=4096)
def _assessment_of(kind: str, category: str, priority: str, text: str) -> Assessment:
    """Remembered, for a sender's earlier tickets are read with each of his mails."""
    rest: Mapping[str, Any] = json.loads(text)
    deadline = rest["deadline"]
    return Assessment(
        kind=Kind(kind),
        category=category,
        priority=Priority(priority),
        base_priority=Priority(rest["base_priority"]),
        urgent_deadline=rest["urgent_deadline"],
        deadline=None if deadline is None else datetime.fromisoformat(deadline),
        requester_role=Role(rest["requester_role"]),
        missing=tuple(rest["missing"]),
        fields=MappingProxyType(rest["fields"]),
        escalate=rest["escalate"],
        confidence=rest["confidence"],
        reasons=tuple(Match(rule, evidence) for rule, evidence in rest["reasons"]),
        also=tuple(rest.get("also", ())),
    )
