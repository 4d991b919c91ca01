"""`#batal`: an order is taken back for as long as none of its letters has begun to leave."""

from dataclasses import fields

from maild.desk import followers
from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.model.action import Passage, SendLetter, Withdraw
from maild.model.known import SentLetter
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Direction, Standing, Ticket

# All that a Standing holds goes back into the ticket; `letters` counts those of the order.
_RESTORED = tuple(field.name for field in fields(Standing) if field.name != "letters")


def remember(draft: Draft, before: Ticket, letters: list[SendLetter]) -> None:
    """Keeps where the ticket stood before an order whose letters still wait."""
    if not letters:
        return
    stood = {name: getattr(before, name) for name in _RESTORED}
    draft.change(before=Standing(**stood, letters=len(letters)))


def take_back(draft: Draft, person: Person, report: Report) -> None:
    """Withdraws the letters of the last order and sets the ticket back to where it stood."""
    ticket, before = draft.ticket, draft.ticket.before
    if before is None:
        report.failed("#batal", "tidak ada surat yang masih dapat ditarik kembali")
        return
    if ticket.officer != person.id:
        report.failed("#batal", "hanya penulisnya yang dapat menarik surat ini kembali")
        return
    waiting = _restore(draft, person)
    if not waiting:
        report.failed("#batal", "terlambat: suratnya sudah dikirim")
        draft.change(before=None)
        return
    for own in followers.of(draft):
        if own.ticket.officer == person.id and (letters := _restore(own, person)):
            waiting += letters
            followers.take_in(draft, own)
    readers = ", ".join(dict.fromkeys(letter.recipient for letter in waiting))
    report.did("#batal", f"surat kepada {readers} ditarik kembali; tiket seperti sebelumnya")


def _restore(draft: Draft, person: Person) -> tuple[SentLetter, ...]:
    """Withdraws the letters of a ticket's last order and sets it back; () when one of them has
    begun to leave, or there are none."""
    ticket, before = draft.ticket, draft.ticket.before
    waiting = draft.known.cooling[-before.letters :] if before else ()
    if before is None or len(waiting) < before.letters:
        return ()
    draft.actions.append(Withdraw(tuple(letter.name for letter in waiting)))
    draft.actions.append(
        Passage(ticket.id, ticket.row, ticket.entered_at, draft.now, "ditarik kembali")
    )
    draft.change(**{name: getattr(before, name) for name in _RESTORED}, before=None)
    draft.set_alarms()
    text = "Surat di atas ditarik kembali sebelum dikirim."
    told = next(
        (
            m.party
            for m in reversed(draft.conversation)
            if m.direction is Direction.OUT and m.at >= waiting[0].at
        ),
        HELPDESK,
    )
    draft.message(Direction.NOTE, told, draft.book.office.mailbox, text, draft.now)
    draft.record(person.id, f"#batal: {len(waiting)} surat ditarik kembali")
    return waiting
