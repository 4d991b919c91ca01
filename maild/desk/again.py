"""A requester writes a fresh mail about what he has asked already: it joins the open ticket as a
reminder when text and fields agree (see `rules.incident`); in doubt it stays apart, with a link.

What is joined was written from the requester's own address; a sender whom the mail server calls
forged never comes here.
"""

from dataclasses import replace

from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.known import Known
from maild.model.people import USER
from maild.model.ticket import Assessment, Ticket
from maild.rules.adjust import reminded
from maild.rules.assess import Problem
from maild.rules.incident import Agreement, agreement

NOTE = (
    "Pengguna menanyakan lagi permasalahan ini dengan surel baru. Bila ternyata permasalahan "
    "lain, balas dengan #pisah."
)


def about(
    problem: Problem, found: Assessment, known: Known, book: Book
) -> tuple[Ticket | None, str]:
    """The open ticket that a fresh mail (`found` is its assessment) asks about again; or None,
    and the number of the one that it may be about ("" for none)."""
    doubtful: list[Ticket] = []
    same: list[Ticket] = []
    for ticket in known.earlier:
        if ticket.state.is_open and not ticket.merged:
            verdict = agreement(problem, found, ticket, book.table)
            same += [ticket] * (verdict is Agreement.SAME)
            doubtful += [ticket] * (verdict is Agreement.DOUBTFUL)
    if len(same) == 1:
        return same[0], ""
    return None, next((ticket.number for ticket in (*same, *doubtful)), "")


def remind(draft: Draft, before: Assessment) -> None:
    """Raises the priority as the table says, and tells the requester how his ticket stands."""
    now = draft.ticket.assessment
    level, why = reminded(before, draft.book.table)
    if level.level < now.priority.level:
        now = replace(now, priority=level)
        draft.change(assessment=now)
    draft.retime()
    draft.record("pengguna", "menanyakan lagi dengan surel baru; dicatat sebagai pengingat", why)
    activity = draft.row.document.get("aktivitas", "")
    draft.letter("status_pengguna", USER, extra={"catatan": activity})
