"""Mails that are no ticket, and of which nobody would hear but by looking for them (P4, B092).

What the reader cannot read or what is too large for it is told at once to whoever is on duty: it
may be the problem of somebody who has an hour left. What is held back is mostly a newsletter: the
morning's digest tells of it, and of the others once more.
"""

from collections.abc import Mapping
from typing import Final

from maild.desk import assignment, words
from maild.desk.book import Book
from maild.model.action import Decision, Outcome, SendLetter
from maild.model.event import MailsSetAside
from maild.model.known import Known
from maild.model.mail import Address
from maild.model.people import HELPDESK
from maild.model.ticket import Match

_WHY: Final = {
    Outcome.QUARANTINED: "ditahan sampai ada yang memeriksanya",
    Outcome.PARKED: "tidak dapat dibaca",
    Outcome.OVERSIZE: "terlalu besar dan tetap di kotak surat",
}

_AT_ONCE: Final = (Outcome.PARKED, Outcome.OVERSIZE)


def urgent(counts: Mapping[str, int]) -> dict[str, int]:
    """Those of the mails that were set aside, by end state, of which to tell at once."""
    return {state: counts[state] for state in _AT_ONCE if counts.get(state)}


def lines(known: Known) -> list[tuple[str, int, str]]:
    """Why mails wait for a person, how many, and room for an address."""
    return [(why, known.aside[state], "") for state, why in _WHY.items() if known.aside.get(state)]


def decide(event: MailsSetAside, known: Known, book: Book) -> Decision:
    """A letter to everybody on duty."""
    letters = tuple(
        SendLetter(
            template="tersisih",
            ticket=None,
            serial=person.number,
            party=HELPDESK,
            person=person.number,
            to=Address(person.name, person.address),
            words={
                "petugas": person.name,
                "kapan": event.now,
                "kantor": words.office(book),
                "tersisih": lines(known),
            },
            automatic=True,
        )
        for person in assignment.on_duty(book, known.absent)
    )
    return Decision(None, letters, (Match("tersisih", f"{len(letters)} surat"),))
