"""Many mails about one outage: proposed to the officer, put together by him, answered at once.

`#gabung semua` makes the tickets of the outage follow the one that he answers: each keeps its
requester, its row in the recap and its way through the SOP, and gets the same answer. Only open
tickets with the same mark (`rules.incident.outage_of`) ever follow another requester's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from maild.desk import followers, undo
from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.model.action import SendLetter
from maild.model.known import ALIKE_SHOWN, Alike
from maild.model.people import HELPDESK, USER, Person
from maild.model.ticket import Direction, Ticket
from maild.rules import advance
from maild.rules.incident import alike, is_outage
from maild.rules.priorities import PriorityTable

EVERYTHING = "#gabung semua"
_INFORMED = "pemberitahuan_eskalasi"


def means_all(argument: str) -> bool:
    """Whether `#gabung` asks for all tickets of the outage."""
    return argument.strip().lower() == "semua"


def told_of(ticket: Ticket, others: Iterable[Ticket], table: PriorityTable) -> Alike:
    """What the store would tell of these tickets (`Unit.alike`)."""
    found = alike(ticket, others, table)
    people = {other.requester.address for other in found} - {ticket.requester.address}
    newest = found[: -ALIKE_SHOWN - 1 : -1]
    shown = tuple((t.number, t.summary, t.received_at) for t in newest)
    return Alike(len(found), len(people), shown)


def proposed(found: Alike, table: PriorityTable) -> dict[str, Any]:
    """The words of the notice about what seems to be one outage: the newest of the other tickets,
    and how many more there are. Nothing while fewer people than the table asks for have
    written, the requester included."""
    if not is_outage(found.people + 1, table):
        return {}
    return {"serentak": found.newest, "serentak_lain": found.tickets - len(found.newest)}


def gather(draft: Draft, person: Person, report: Report) -> None:
    """All open tickets of the outage follow this one."""
    tickets = [t for known in draft.known.outage for t in known.tickets.values()]
    found = {t.id for t in alike(draft.ticket, tickets, draft.book.table)}
    numbers: list[str] = []
    for known in draft.known.outage:
        for ticket in known.tickets.values():
            if ticket.id in found or ticket.parent in found:
                numbers.append(ticket.number)
                _lead(draft, Draft(draft.now, draft.book, known, ticket), person)
    if not numbers:
        report.failed(EVERYTHING, "tidak ada tiket terbuka lain dari gangguan yang sama")
        return
    draft.change(parent=0)
    draft.record(person.id, f"satu gangguan; diikuti {', '.join(numbers)}")
    result = "mengikuti tiket ini; jawaban atas tiket ini dikirim kepada semua penggunanya"
    report.did(EVERYTHING, f"{', '.join(numbers)} {result}")


def _lead(draft: Draft, own: Draft, person: Person) -> None:
    """One further ticket follows the draft's; what is known of it is kept for the answer."""
    own.change(parent=draft.ticket.id, linked=draft.ticket.number)
    own.record(person.id, f"mengikuti tiket {draft.ticket.number} (satu gangguan)")
    followers.take_in(draft, own)
    ticket = replace(own.ticket, version=own.ticket.version + 1)
    others = (k for k in draft.known.followers if ticket.id not in k.tickets)
    known = replace(own.known, tickets={ticket.id: ticket})
    draft.known = replace(draft.known, followers=(*others, known))


def follow(draft: Draft, person: Person, into: Ticket, report: Report) -> None:
    """`#gabung NOMOR` names another requester's ticket of the same outage."""
    label = f"#gabung {into.number}"
    if not into.state.is_open or into.merged:
        report.failed(label, f"tiket {into.number} sudah dijawab atau ditutup")
        return
    draft.change(parent=into.parent or into.id, linked=into.number)
    for own in followers.of(draft):
        own.change(parent=draft.ticket.parent, linked=into.number)
        followers.take_in(draft, own)
    draft.record(person.id, f"mengikuti tiket {into.number} (satu gangguan)")
    report.did(label, "satu gangguan; jawaban atas tiket itu dikirim juga kepada pengguna ini")


def share(ticket: Ticket, other: Ticket) -> bool:
    """Whether two tickets are of one outage, as far as their mails tell."""
    return bool(ticket.outage) and ticket.outage == other.outage


def pass_on(
    draft: Draft,
    officer: str,
    word: str,
    extra: Mapping[str, Any],
    enclose: tuple[int, ...],
    not_before: datetime | None,
    report: Report,
) -> list[SendLetter]:
    """The answer just given goes to the requester of every open follower too."""
    letters: list[SendLetter] = []
    for own in followers.of(draft):
        ticket = own.ticket
        walk = advance.act(own.procedure, ticket.row, HELPDESK, word, own.ask)
        if not (ticket.state.is_open and walk.steps):
            continue
        own.change(officer=officer)
        own.walk(
            walk, officer, automatic=False, extra=extra, enclose=enclose, not_before=not_before
        )
        own.message(Direction.OUT, HELPDESK, draft.book.office.mailbox, extra["teks"], draft.now)
        own.change(
            answered_version=ticket.version + 1,
            solution=draft.ticket.solution,
            answered_at=draft.now,
        )
        letters += _sent(draft, own, ticket, not_before)
    if letters:
        report.did("satu gangguan", f"jawaban yang sama untuk {len(letters)} tiket lain")
    return letters


def inform(draft: Draft, officer: str, not_before: datetime | None) -> None:
    """The problem went to another office: the requesters of the followers are told too."""
    for own in followers.of(draft):
        ticket = own.ticket
        if ticket.state.is_open:
            own.change(outside=draft.ticket.outside, officer=officer)
            own.letter(_INFORMED, USER, automatic=False, not_before=not_before)
            _sent(draft, own, ticket, not_before)


def _sent(
    draft: Draft, own: Draft, before: Ticket, not_before: datetime | None
) -> list[SendLetter]:
    letters = own.outward(0)
    undo.remember(own, before, letters if not_before else [])
    followers.take_in(draft, own)
    return letters
