"""Mails that belong together: many people about one outage, one person about one thing again.

Proposes only: an officer puts tickets of an outage together, and what is doubtful stays apart.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from rapidfuzz import fuzz

from maild.model.ticket import Assessment, Kind, State, Ticket
from maild.rules.assess import Problem
from maild.rules.priorities import Cue, PriorityTable
from maild.rules.summary import summary_line

_ALIKE = 80.0  # per cent: the same thing said again
_NUMBER = re.compile(r"\d+")
_CODE = re.compile(r"\b(?:[45]\d\d|0x[0-9a-f]+|err_\w+|\w+exception)\b")
_LONGEST_MARK = 120
# Two mails that give different ones are about different things.
_TELLING = ("kode_paket", "kode_rup", "identitas_akun", "email_baru")


def outage_of(found: Assessment, table: PriorityTable) -> str:
    """What tells one outage from another: its category, and the error where one was told.

    "" where the mail cannot be of an outage: no complaint, or of a category that `[serentak]` does
    not name, or an error of an application that nobody quotes.
    """
    outages = table.outages
    if found.kind is not Kind.COMPLAINT or found.category not in outages.categories:
        return ""
    if found.category in outages.whole:
        return found.category
    said = found.fields.get("bukti_error", "").lower()
    if codes := sorted(set(_CODE.findall(said))):
        return f"{found.category} {' '.join(codes)}"[:_LONGEST_MARK]
    words = _NUMBER.sub("#", " ".join(re.findall(r"\w+", said)))
    return f"{found.category} {words}"[:_LONGEST_MARK] if " " in words else ""


def window_of(table: PriorityTable) -> timedelta:
    """How far apart the mails of one outage may be received."""
    return timedelta(minutes=table.outages.minutes)


def alike(ticket: Ticket, others: Iterable[Ticket], table: PriorityTable) -> tuple[Ticket, ...]:
    """The other open tickets with the same mark, received within the table's window of this one,
    oldest first."""
    window = window_of(table)
    found = [
        other
        for other in others
        if ticket.outage == other.outage != ""
        and other.id != ticket.id
        and other.state.is_open
        and not other.merged
        and abs(other.received_at - ticket.received_at) <= window
    ]
    return tuple(sorted(found, key=lambda t: (t.received_at, t.id)))


def is_outage(people: int, table: PriorityTable) -> bool:
    """Whether so many people as the table asks for have written."""
    return people >= table.outages.people


class Agreement(StrEnum):
    """How a person's new mail stands to an open ticket of his."""

    SAME = "sama"
    DOUBTFUL = "ragu"
    OTHER = "lain"


def agreement(
    problem: Problem, found: Assessment, ticket: Ticket, table: PriorityTable
) -> Agreement:
    """Whether a new mail (`found` is its assessment) asks about this ticket again.

    SAME when no field contradicts, the topic agrees, and the mail says the same thing again, says
    that it is a reminder, or gives data that were asked for; DOUBTFUL when only the topic agrees,
    or only the reminder; OTHER when a code, an account or the topic differs.
    """
    known = ticket.assessment
    if Kind.NO_PROBLEM in (found.kind, known.kind) or any(
        found.fields.get(name)
        and known.fields.get(name)
        and found.fields[name] != known.fields[name]
        for name in _TELLING
    ):
        return Agreement.OTHER
    reminds = _reminds(problem, table)
    unsure = table.fallback in (found.category, known.category)
    if found.category != known.category and not unsure:
        return Agreement.DOUBTFUL if reminds else Agreement.OTHER
    asked_for = ticket.state is State.WAITING_DATA and found.category == known.category
    if asked_for and any(found.fields.get(name) for name in known.missing):
        return Agreement.SAME  # the answer to our letter, in a mail of its own
    said = summary_line(problem.subject, problem.text).lower()
    if reminds or fuzz.token_set_ratio(said, ticket.summary.lower()) >= _ALIKE:
        return Agreement.SAME
    return Agreement.DOUBTFUL if found.category == known.category else Agreement.OTHER


def _reminds(problem: Problem, table: PriorityTable) -> bool:
    reading = table.normaliser.read(problem.subject, problem.text)
    wanted = f"isyarat.{Cue.REMINDER}"
    return any(hit.phrase.owner == wanted for hit in table.matcher.find(reading))
