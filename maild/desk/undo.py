"""`#batal`: an order is taken back for as long as none of its letters has begun to leave."""

from dataclasses import fields

from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.model.action import Passage, SendLetter, Withdraw
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
    waiting = draft.known.cooling[-before.letters :]
    if len(waiting) < before.letters:
        report.failed("#batal", "terlambat: suratnya sudah dikirim")
        draft.change(before=None)
        return
    draft.actions.append(Withdraw(tuple(letter.name for letter in waiting)))
    draft.actions.append(
        Passage(ticket.id, ticket.row, ticket.entered_at, draft.now, "ditarik kembali")
    )
    draft.change(**{name: getattr(before, name) for name in _RESTORED}, before=None)
    draft.set_alarms()
    text = "Surat di atas ditarik kembali sebelum dikirim."
    draft.message(Direction.NOTE, HELPDESK, draft.book.office.mailbox, text, draft.now)
    draft.record(person.id, f"#batal: {len(waiting)} surat ditarik kembali")
    told = ", ".join(dict.fromkeys(letter.recipient for letter in waiting))
    report.did("#batal", f"surat kepada {told} ditarik kembali; tiket seperti sebelumnya")
