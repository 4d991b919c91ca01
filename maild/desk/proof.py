"""What a mail proves about the agent whose name it bears (reliability, section 5).

A From line gives no rights. What counts is the mark of our own notice to this agent (A04), or
that notice's signed Message-ID (decision 0007), with his exact address; or that he has confirmed
the mail from that address (A05). The receiving server's word can take everything away, and gives
nothing by itself (A02).
"""

from dataclasses import dataclass
from enum import IntEnum

from maild.model.event import MailArrived
from maild.model.known import Evidence, Known
from maild.model.mail import TrustLevel
from maild.model.people import HELPDESK, Directory, Person
from maild.model.ticket import Ticket
from maild.model.token import whole_version

OPERATOR = "operator"
CONFIRMING = ("konfirmasi_perintah", "bentrok", "surat_pihak_lain")


class Level(IntEnum):
    """How well an agent is proven. Replying needs MARKED, a fresh mail CONFIRMED."""

    REFUSED = -1
    NONE = 0
    DOMAIN = 2
    MARKED = 3
    CONFIRMED = 4


@dataclass(frozen=True, slots=True)
class Proof:
    """The level, why, the ticket that the mail is about, and the version that its author saw."""

    level: Level
    why: str
    ticket: Ticket | None = None
    version: int = 0


def of(event: MailArrived, known: Known, person: Person) -> Proof:
    """What this mail, which bears the address of `person`, proves about him."""
    if event.vouched in (person.id, OPERATOR):
        ticket = named_ticket(known)
        version = ticket.version if ticket else 0
        return Proof(Level.CONFIRMED, f"dikonfirmasi oleh {event.vouched}", ticket, version)
    if event.mail.trust.level is TrustLevel.FORGED:
        return Proof(Level.REFUSED, "pengirim gagal dibuktikan oleh server surel")
    marked = _by_mark(known, person) or _by_message_id(known, person)
    if marked:
        return marked
    domain = event.mail.trust.level is TrustLevel.DOMAIN
    why = "tanpa tanda balasan dari surat maild"
    return Proof(Level.DOMAIN if domain else Level.NONE, why, named_ticket(known))


def _by_mark(known: Known, person: Person) -> Proof | None:
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        mark = claim.mark
        if ticket and mark and mark.party == "a" and mark.person == person.number:
            version = whole_version(mark, ticket.version)
            if version > ticket.revoked_version:
                why = f"tanda balasan milik {person.id}"
                return Proof(Level.MARKED, why, followed(ticket, known), version)
    return None


def _by_message_id(known: Known, person: Person) -> Proof | None:
    """A Message-ID names no version; its letter's time tells what its reader had seen. Once a
    mark of the ticket was seen in foreign hands, it proves nothing."""
    letter = known.letter
    if letter is None or not letter.ticket or letter.recipient.lower() != person.address.lower():
        return None
    strong = any(c.evidence is Evidence.MESSAGE_ID for c in known.claims)
    ticket = known.tickets.get(letter.ticket)
    if not strong or ticket is None or ticket.revoked_version:
        return None
    before = ticket.answered_at is not None and letter.at < ticket.answered_at
    version = 0 if before else ticket.version
    return Proof(Level.MARKED, f"membalas surat kepada {person.id}", ticket, version)


def named_ticket(known: Known) -> Ticket | None:
    """The first ticket that the mail names at all, on whatever grounds."""
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        if ticket:
            return followed(ticket, known)
    return None


def followed(ticket: Ticket, known: Known) -> Ticket:
    """The ticket, or the one into which it was merged."""
    for _ in range(len(known.tickets)):
        into = known.tickets.get(ticket.merged)
        if into is None:
            break
        ticket = into
    return ticket


def held_mail(known: Known, person: Person) -> int | None:
    """The held mail that a reply of this person to our question would confirm: its number stands
    signed in the name of the letter, which went to his address only."""
    letter = known.letter
    if letter is None or letter.template not in CONFIRMING:
        return None
    if letter.recipient.lower() != person.address.lower():
        return None
    _, _, last = letter.name.rpartition(".")
    return int(last) if letter.name.count(".") == 2 and last.isdigit() else None


def in_foreign_hands(known: Known, sender: str, people: Directory) -> tuple[Ticket, Person] | None:
    """The ticket and the agent whose valid mark this sender shows, although he is no agent
    (A14, B118); None when there is nothing to revoke."""
    colleague = people.by_address(sender)
    if colleague and colleague.party == HELPDESK:
        return None
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        mark = claim.mark
        if ticket is None or mark is None or mark.party != "a":
            continue
        person = people.by_number(mark.person)
        if person and whole_version(mark, ticket.version) > ticket.revoked_version:
            return ticket, person
    return None
