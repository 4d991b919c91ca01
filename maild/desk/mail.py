"""A mail has come: whether it may change anything, and who is speaking.

What must never be acted upon leaves here (B098-B111, R8): copies, machines, our own letters,
mail without a clear sender. The rest goes to the file of whoever speaks.
"""

from maild.desk import agent, outside, proof, requester, sent, unclear, undelivered
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.action import Decision, Outcome
from maild.model.event import BEFORE_START, MailArrived, SendFailed
from maild.model.known import Evidence, Known
from maild.model.mail import Nature
from maild.model.people import HELPDESK
from maild.model.ticket import Match, Ticket

# Ticket systems mark people's answers as bulk or automatic mail.
_OF_AN_OFFICE = {Nature.HUMAN, Nature.AUTO_REPLY, Nature.LIST}
_FOR_A_PERSON = {Nature.LIST, Nature.CHALLENGE, Nature.COMPLAINT, Nature.PIECE}


def decide(event: MailArrived, known: Known, book: Book) -> Decision:
    """The end state of the mail, and what it does to a ticket."""
    mail = event.mail
    if event.old:
        return _nothing(Outcome.INERT, BEFORE_START)
    if known.duplicate and not event.sent:
        return _nothing(Outcome.INERT, "salinan surel yang sudah diputuskan")
    if event.sent:
        return sent.decide(event, known, book)
    if mail.nature is Nature.BOUNCE:
        return _bounce(event, known, book)
    if stolen := _stolen(event, known, book):
        return requester.stolen_mark(event, known, book, stolen)
    if mail.nature in _OF_AN_OFFICE and (party := outside.party_of(mail, known, book)):
        decision = outside.decide(event, known, book, party)
        if decision:
            return decision
    if mail.nature in _FOR_A_PERSON and not event.vouched:
        return _nothing(Outcome.QUARANTINED, f"{mail.nature.value}: {mail.nature_reason}")
    if mail.nature is not Nature.HUMAN and mail.nature not in _FOR_A_PERSON:
        return _machine(event, known, book)
    if mail.sender is None and (decision := unclear.decide(event, known, book)):
        return decision
    if mail.sender is None:
        return _nothing(Outcome.QUARANTINED, f"pengirim tidak jelas: {mail.sender_doubt}")
    if mail.sender.address in book.directory.own_addresses:
        return _nothing(Outcome.INERT, "surel dari alamat helpdesk sendiri")
    person = book.directory.by_address(mail.sender.address)
    if person and person.party == HELPDESK:
        return agent.decide(event, known, book, person)
    if known.answered:
        return sent.answered_already(event, known, book)
    return requester.decide(event, known, book)


def _stolen(event: MailArrived, known: Known, book: Book) -> Ticket | None:
    """The ticket of which somebody who is neither its agent nor its requester shows a mark."""
    sender = event.mail.sender
    if sender is None or event.mail.nature is not Nature.HUMAN:
        return None
    found = proof.in_foreign_hands(known, sender.address, book.directory)
    return found[0] if found and found[0].requester.address != sender.address else None


def _nothing(outcome: Outcome, note: str) -> Decision:
    return Decision(None, (), (Match("surel", note),), outcome, note)


def _machine(event: MailArrived, known: Known, book: Book) -> Decision:
    """Automatic mail changes nothing; a journal line remembers it (B098, K37)."""
    mail = event.mail
    note = f"{mail.nature.value}: {mail.nature_reason}"
    person = book.directory.by_address(mail.sender.address) if mail.sender else None
    if mail.nature is Nature.AUTO_REPLY and person and person.party == HELPDESK and person.active:
        away = agent.is_away(event, known, book, person)
        if away:
            return away
    ticket = proven_ticket(known)
    if ticket is None or mail.nature is Nature.OWN:
        return _nothing(Outcome.INERT, note)
    draft = Draft(event.now, book, known, ticket)
    draft.record("maild", f"surel otomatis dicatat, tidak mengubah apa pun ({note})")
    return draft.done(Outcome.INERT, note)


def _bounce(event: MailArrived, known: Known, book: Book) -> Decision:
    """A delivery report is a note on the letter it is about; a person is told when it is final."""
    note = f"laporan pengiriman: {event.mail.nature_reason}"
    letter, bounce = known.letter, event.mail.bounce
    ticket = known.tickets.get(letter.ticket) if letter and letter.ticket else None
    if letter is None or ticket is None or bounce is None:
        return _nothing(Outcome.INERT, note)
    failed = [r for r in bounce.recipients if r.permanent]
    if failed:
        reason = "; ".join(f"{r.address} {r.status or ''} {r.reason}".strip() for r in failed)
        of_whom = (ticket.id, letter.template, letter.party, letter.recipient)
        failure = SendFailed(event.now, *of_whom, reason)
        return undelivered.decide(failure, known, book, Outcome.INERT, note)
    draft = Draft(event.now, book, known, ticket)
    draft.record("maild", f"surat {letter.template} kepada {letter.recipient}: {note}")
    return draft.done(Outcome.INERT, note)


def proven_ticket(known: Known) -> Ticket | None:
    """The ticket that a mail names by a mark which only our letters carry."""
    for claim in known.claims:
        strong = claim.evidence in (Evidence.TOKEN, Evidence.MESSAGE_ID)
        if strong and claim.ticket:
            return known.tickets.get(claim.ticket)
    return None
