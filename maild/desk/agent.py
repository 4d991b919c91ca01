"""An agent answers from his own mail client.

A From line gives no rights (P7): his answer counts when it comes back with a mark that only our
notice to him carried, and his exact address. A plain reply is an answer to the requester; command
words above it do the rest. Every mail of an agent gets a receipt.
"""

from maild.desk import orders, requester, words
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.action import Decision, Outcome, SendLetter
from maild.model.event import MailArrived
from maild.model.known import Evidence, Known
from maild.model.mail import Address, TrustLevel
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Match, Ticket
from maild.model.token import whole_version

_MOST_WARNINGS_A_DAY = 3


def decide(event: MailArrived, known: Known, book: Book, person: Person) -> Decision:
    """Runs a proven agent's mail; holds anything else that claims to be one."""
    mail = event.mail
    ticket, mark_version = _proof(known, person)
    if not person.active:
        return _hold(event, known, book, person, "petugas ini sudah tidak aktif")
    if mail.trust.level is TrustLevel.FORGED:
        return _hold(event, known, book, person, "pengirim gagal dibuktikan oleh server surel")
    if ticket is None:
        if mail.commands or known.claims:
            return _hold(event, known, book, person, "tanpa tanda balasan dari surat maild")
        return requester.decide(event, known, book)
    draft = Draft(event.now, book, known, ticket)
    draft.reasons.append(Match("bukti", f"tanda balasan milik {person.id}"))
    report = orders.Report()
    if _overtaken(draft, person, mark_version):
        report.failed("surat ini", orders.overtaken(draft))
        draft.record(person.id, "jawaban ditahan: sudah ada jawaban petugas lain")
    else:
        orders.carry_out(draft, event, person, report)
    draft.letter("resi", HELPDESK, extra=report.words(), to=person)
    return draft.done()


def _proof(known: Known, person: Person) -> tuple[Ticket | None, int]:
    """The ticket whose mark this person's mail carries, and the ticket's version in the mark."""
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        mark = claim.mark
        if ticket and mark and mark.party == "a" and mark.person == person.number:
            return ticket, whole_version(mark, ticket.version)
    letter = known.letter
    if letter and letter.ticket and letter.recipient.lower() == person.address.lower():
        strong = any(c.evidence is Evidence.MESSAGE_ID for c in known.claims)
        ticket = known.tickets.get(letter.ticket)
        if strong and ticket:
            # A Message-ID names no version; its letter's time tells what its reader had seen.
            before = ticket.answered_at is not None and letter.at < ticket.answered_at
            return ticket, 0 if before else ticket.version
    return None, 0


def _overtaken(draft: Draft, person: Person, mark_version: int) -> bool:
    """Whether another officer has answered since the notice that this mail replies to."""
    ticket = draft.ticket
    answered_later = mark_version < ticket.answered_version
    return answered_later and ticket.officer not in ("", person.id)


def _hold(event: MailArrived, known: Known, book: Book, person: Person, why: str) -> Decision:
    """Quarantine, and the real person is told at his own address (B112), at most thrice a day."""
    reasons = (Match("petugas", why),)
    warned = sum(1 for letter in known.lately if letter.template == "karantina")
    if warned >= _MOST_WARNINGS_A_DAY or not person.active:
        return Decision(None, (), reasons, Outcome.QUARANTINED, why)
    letter = SendLetter(
        template="karantina",
        ticket=None,
        serial=event.mail_id,
        party=HELPDESK,
        person=person.number,
        to=Address(person.name, person.address),
        words={
            "petugas": person.name,
            "alasan": [why],
            "kapan": event.at,
            "kepada": person.address,
            "tiket": {"nomor": ""},
            "kantor": words.office(book),
        },
        automatic=True,
    )
    return Decision(None, (letter,), reasons, Outcome.QUARANTINED, why)
