"""Mails that belong together: many people about one outage, one person about one thing again.

Proposes only: an officer puts tickets of an outage together, and what is doubtful stays apart.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from rapidfuzz import fuzz

from maild.model.ticket import Assessment, Kind, Ticket
from maild.rules.assess import Problem
from maild.rules.priorities import Cue, PriorityTable
from maild.rules.summary import summary_line

_ALIKE = 80.0  # per cent: the same thing said again
_NUMBER = re.compile(r"\d+")
_CODE = re.compile(r"\b(?:[45]\d\d|0x[0-9a-f]+|err_\w+|\w+exception)\b")
# Two mails that give different ones are about different things.
_TELLING = ("kode_paket", "kode_rup", "identitas_akun", "email_baru")


def fingerprint(found: Assessment, table: PriorityTable) -> str:
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
        return f"{found.category} {' '.join(codes)}"
    words = _NUMBER.sub("#", " ".join(re.findall(r"\w+", said)))
    return f"{found.category} {words}" if " " in words else ""


def same_outage(new: Ticket, others: Iterable[Ticket], table: PriorityTable) -> tuple[Ticket, ...]:
    """The tickets, `new` among them, that seem to be of one outage, oldest first: the first is the
    one to be proposed as parent. Empty when fewer people than `[serentak]` asks for wrote within
    its window."""
    mark = fingerprint(new.assessment, table)
    if not mark:
        return ()
    window = timedelta(minutes=table.outages.minutes)
    alike = {
        ticket.id: ticket
        for ticket in (*others, new)
        if abs(ticket.received_at - new.received_at) <= window
        and fingerprint(ticket.assessment, table) == mark
    }
    if len({ticket.requester.address for ticket in alike.values()}) < table.outages.people:
        return ()
    return tuple(sorted(alike.values(), key=lambda ticket: (ticket.received_at, ticket.id)))


class Agreement(StrEnum):
    """How a person's new mail stands to an open ticket of his."""

    SAME = "sama"
    DOUBTFUL = "ragu"
    OTHER = "lain"


def agreement(
    problem: Problem, found: Assessment, ticket: Ticket, table: PriorityTable
) -> Agreement:
    """Whether a new mail (`found` is its assessment) asks about this ticket again.

    SAME when nothing contradicts and the package or the words agree, or it says itself that it is
    a reminder; DOUBTFUL when only the topic agrees; OTHER when a code, an account or the topic
    differs.
    """
    known = ticket.assessment
    if any(
        found.fields.get(name)
        and known.fields.get(name)
        and found.fields[name] != known.fields[name]
        for name in _TELLING
    ):
        return Agreement.OTHER
    if found.kind is Kind.NO_PROBLEM:
        return Agreement.OTHER
    reading = table.normaliser.read(problem.subject, problem.text)
    owners = {hit.phrase.owner for hit in table.matcher.find(reading)}
    reminds = f"isyarat.{Cue.REMINDER}" in owners
    if found.category not in (known.category, table.fallback):
        return Agreement.DOUBTFUL if reminds else Agreement.OTHER
    shared = any(
        found.fields.get(name) and found.fields.get(name) == known.fields.get(name)
        for name in _TELLING
    )
    said = summary_line(problem.subject, problem.text).lower()
    alike = fuzz.token_set_ratio(said, ticket.summary.lower()) >= _ALIKE
    same = reminds or (found.category == known.category and (shared or alike))
    return Agreement.SAME if same else Agreement.DOUBTFUL
