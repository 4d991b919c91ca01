"""A letter of ours did not reach its reader: those who can still do something about it are told.

Of a letter to a requester or another office the ticket's officers are told (B107). Of one to an
officer those on duty besides him are: he may be the only one who was to know of the ticket. What
tells of a failure and fails itself is only journalled: two dead addresses must not go on (B110).
"""

from dataclasses import replace
from typing import Final

from maild.desk import assignment, words
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.action import Decision, Outcome
from maild.model.event import SendFailed
from maild.model.known import Known
from maild.model.people import HELPDESK

_TOLD_BY: Final = "surat_gagal"


def decide(
    event: SendFailed, known: Known, book: Book, outcome: Outcome | None = None, note: str = ""
) -> Decision:
    """A letter was refused for good, came back, or is late. `outcome` and `note` are those of the
    mail that says so, if one does."""
    how = "tertunda" if event.late else "gagal"
    theirs = event.party == HELPDESK
    if theirs:
        known = _without(event.recipient, known, book)
    draft = Draft(event.now, book, known, known.tickets[event.ticket])
    draft.record("maild", f"surat {event.template} kepada {event.recipient} {how}: {event.reason}")
    if not theirs or _is_worth_telling(event, known, book):
        extra = words.failure(event.recipient, event.template, event.reason)
        draft.letter(_TOLD_BY, HELPDESK, extra=extra | {"asal": "petugas" if theirs else how})
    return draft.done(outcome, note)


def _without(address: str, known: Known, book: Book) -> Known:
    """As if this officer were away: what tells of his mailbox must not go into it."""
    person = book.directory.by_address(address)
    return replace(known, absent=known.absent | {person.number}) if person else known


def _is_worth_telling(event: SendFailed, known: Known, book: Book) -> bool:
    """Whether somebody else should hear now of a letter to an officer. A late one may still come,
    and mostly all are late then."""
    others = any(p.address != event.recipient for p in assignment.present(book, known.absent))
    return others and not event.late and event.template != _TOLD_BY
