"""Between rows and values: the only place that knows how a ticket lies in its columns."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Row

from maild.model.action import AddMessage
from maild.model.known import SentLetter
from maild.model.mail import Address
from maild.model.ticket import (
    Assessment,
    Direction,
    Kind,
    Match,
    Message,
    Priority,
    Role,
    State,
    Ticket,
)

_LONGEST_KEY: Final = 500

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
        "closed_at": ticket.closed_at,
        "escalated_at": ticket.escalated_at,
        "outside_number": key(ticket.outside_number),
        "linked": ticket.linked,
        "telephoned": storable(ticket.telephoned),
        "letters": ticket.letters,
    }


def ticket_of(row: Row[Any]) -> Ticket:
    """The ticket in a whole row of the table."""
    return Ticket(
        id=row.id,
        number=row.number,
        requester=Address(row.requester_name, row.requester_address),
        subject=row.subject,
        summary=row.summary,
        state=State(row.state),
        sop=row.sop,
        row=row.row,
        entered_at=row.entered_at,
        due_at=row.due_at,
        received_at=row.received_at,
        assessment=_assessment_of(row),
        version=row.version,
        asked=row.asked,
        officer=row.officer,
        solution=row.solution,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        escalated_at=row.escalated_at,
        outside_number=row.outside_number,
        linked=row.linked,
        telephoned=row.telephoned,
        letters=row.letters,
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


def message_of(row: Row[Any], attachments: tuple[str, ...]) -> Message:
    """The message in a row, with the names of what its mail carried."""
    return Message(
        ticket=row.ticket,
        direction=Direction(row.direction),
        party=row.party,
        author=Address(row.author_name, row.author_address),
        text=row.text,
        at=row.at,
        subject=row.subject,
        message_id=row.message_id,
        mail_id=row.mail,
        attachments=attachments,
    )


def sent_letter_of(row: Row[Any]) -> SentLetter:
    """A letter of ours, from the columns that `SentLetter` has."""
    return SentLetter(
        ticket=row.ticket,
        name=row.name,
        template=row.template,
        party=row.party,
        recipient=row.recipient,
        automatic=row.automatic,
        at=row.created_at,
    )


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
        }
    )


def _assessment_of(row: Row[Any]) -> Assessment:
    rest: Mapping[str, Any] = json.loads(row.assessment)
    deadline = rest["deadline"]
    return Assessment(
        kind=Kind(row.kind),
        category=row.category,
        priority=Priority(row.priority),
        base_priority=Priority(rest["base_priority"]),
        urgent_deadline=rest["urgent_deadline"],
        deadline=None if deadline is None else datetime.fromisoformat(deadline),
        requester_role=Role(rest["requester_role"]),
        missing=tuple(rest["missing"]),
        fields=rest["fields"],
        escalate=rest["escalate"],
        confidence=rest["confidence"],
        reasons=tuple(Match(rule, evidence) for rule, evidence in rest["reasons"]),
    )
