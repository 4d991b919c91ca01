"""Another office, such as Helpdesk LKPP, answers an escalation (SOP 10).

Its answer goes to the agent, never straight to the requester, who gets it when the agent releases
it. It counts only from the office's own domain and with a mark of ours, or with its number or
our reference when the receiving server vouches for the domain (B119).
"""

import re

from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.action import Decision, Outcome
from maild.model.event import MailArrived
from maild.model.known import Known
from maild.model.mail import Address, ParsedMail, TrustLevel
from maild.model.people import HELPDESK, USER, Person
from maild.model.ticket import Direction, Match, Ticket
from maild.rules import advance

_NUMBER = re.compile(
    r"(?:no(?:mor)?\.?\s*)?(?:tiket|ticket|laporan|pengaduan)\s*(?:anda|number|no\.?|nomor|id)?"
    r"\s*(?:adalah|is)?\s*[:#]?\s*([A-Z0-9][A-Z0-9./-]{2,30}\d)",
    re.IGNORECASE,
)


def office_of(sender: Address, known: Known, book: Book) -> Person | None:
    """The office that this sender writes for: listed by address, or by its own domain when the
    mail bears a mark that we gave to that office."""
    listed = book.directory.by_address(sender.address)
    if listed:
        return listed if listed.party not in (HELPDESK, USER) else None
    for claim in known.claims:
        if claim.mark and claim.mark.party == "l":
            person = book.directory.by_number(claim.mark.person)
            if person and sender.domain in _domains(person):
                return person
    return None


def _domains(person: Person) -> tuple[str, ...]:
    return person.domains or (person.address.rpartition("@")[2].lower(),)


def decide(event: MailArrived, known: Known, book: Book, office: Person) -> Decision:
    """The answer goes to the agents; without proof it waits for a person."""
    mail = event.mail
    assert mail.sender is not None
    ticket, why = _proven(known, office, mail)
    if ticket is None:
        reasons = (Match("bukti", why),)
        return Decision(None, (), reasons, Outcome.QUARANTINED, f"mengaku {office.name}: {why}")
    draft = Draft(event.now, book, known, ticket)
    draft.reasons.append(Match("bukti", why))
    text = mail.reply_text or mail.text
    draft.message(
        Direction.IN,
        office.party,
        mail.sender,
        text,
        event.at,
        mail.subject,
        mail.message_id or "",
        event.mail_id,
    )
    learn_number(draft, mail)
    names = [a.name for a in mail.attachments if not a.inline]
    extra = {"asal": office.party, "teks": text, "lampiran": names}
    walk = advance.act(draft.procedure, draft.ticket.row, office.party, "", draft.ask)
    if walk.steps:
        draft.walk(walk, office.id, extra=extra)
    else:
        draft.record(office.id, "jawaban dicatat di luar giliran")
        draft.letter("pesan_lanjutan", HELPDESK, extra=extra)
    return draft.done()


def _proven(known: Known, office: Person, mail: ParsedMail) -> tuple[Ticket | None, str]:
    if not office.active:
        return None, "tidak aktif lagi"
    if mail.trust.level is TrustLevel.FORGED:
        return None, "pengirim gagal dibuktikan oleh server surel"
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        if ticket is None or ticket.escalated_at is None:
            continue
        mark = claim.mark
        if mark and mark.party == "l" and mark.person == office.number:
            return ticket, f"tanda balasan milik {office.id}"
        letter = known.letter
        if letter and letter.ticket == ticket.id and letter.party == office.party:
            return ticket, f"membalas surat kepada {office.id}"
        if mail.trust.level is TrustLevel.DOMAIN:
            return ticket, f"domain terbukti dan menyebut {claim.evidence.value}"
    return None, "tidak membawa tanda dari surat kami"


def learn_number(draft: Draft, mail: ParsedMail) -> None:
    """Learns the other office's own ticket number from its answer or its automatic receipt."""
    if draft.ticket.outside_number or draft.ticket.escalated_at is None:
        return
    for found in _NUMBER.finditer(f"{mail.subject}\n{mail.reply_text or mail.text}"):
        if draft.book.office.prefix not in found[1].upper():
            draft.change(outside_number=found[1])
            draft.record("maild", f"nomor tiket luar dicatat: {found[1]}")
            return
