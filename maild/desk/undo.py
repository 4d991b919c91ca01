"""`#batal`: an order is taken back for as long as none of its letters has begun to leave."""

from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.model.action import Passage, SendLetter, Withdraw
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Direction, Standing, Ticket


def remember(draft: Draft, before: Ticket, letters: list[SendLetter]) -> None:
    """Keeps where the ticket stood before an order whose letters still wait."""
    if not letters:
        return
    draft.change(
        before=Standing(
            state=before.state,
            row=before.row,
            entered_at=before.entered_at,
            due_at=before.due_at,
            asked=before.asked,
            officer=before.officer,
            solution=before.solution,
            answered_at=before.answered_at,
            answered_version=before.answered_version,
            closed_at=before.closed_at,
            escalated_at=before.escalated_at,
            letters=len(letters),
            outside=before.outside,
            outside_number=before.outside_number,
        )
    )


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
    draft.change(
        state=before.state,
        row=before.row,
        entered_at=before.entered_at,
        due_at=before.due_at,
        asked=before.asked,
        officer=before.officer,
        solution=before.solution,
        answered_at=before.answered_at,
        answered_version=before.answered_version,
        closed_at=before.closed_at,
        escalated_at=before.escalated_at,
        outside=before.outside,
        outside_number=before.outside_number,
        before=None,
    )
    draft.set_alarms()
    text = "Surat di atas ditarik kembali sebelum dikirim."
    draft.message(Direction.NOTE, HELPDESK, draft.book.office.mailbox, text, draft.now)
    draft.record(person.id, f"#batal: {len(waiting)} surat ditarik kembali")
    told = ", ".join(dict.fromkeys(letter.recipient for letter in waiting))
    report.did("#batal", f"surat kepada {told} ditarik kembali; tiket seperti sebelumnya")
