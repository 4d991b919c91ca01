"""A mail stands in the Sent folder of the mailbox: somebody has answered from there (A08).

Whoever can put a mail there has logged in to the mailbox; that is the proof, and what he wrote
has left already. So it is recorded and never sent again, and no command word in it is run (see
docs/decisions/0015). A mail that was delivered is not believed, whatever folder it is in.
"""

from collections.abc import Iterable
from dataclasses import replace

from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.desk.opening import First, open_ticket
from maild.desk.problem import first_problem, words_of
from maild.desk.proof import followed
from maild.desk.reply_kind import ReplyKind, kind_of
from maild.desk.requester import hear
from maild.model.action import Action, AwaitQuestion, Decision, Outcome, PlaceAnswer, SendLetter
from maild.model.event import MailArrived
from maild.model.known import Evidence, Known
from maild.model.mail import Address, Nature, ParsedMail, TrustLevel
from maild.model.people import HELPDESK, LKPP, USER, Person
from maild.model.ticket import Direction, Match, State, Ticket
from maild.recap.solution import without_courtesies
from maild.rules import advance

SHARED = "kotak bersama"
_MACHINES = (Nature.AUTO_REPLY, Nature.RECEIPT, Nature.CALENDAR, Nature.EMPTY)
_IN_BETWEEN = (ReplyKind.NEWS, ReplyKind.RECEIPT)
_OF_THE_THREAD = (Evidence.MESSAGE_ID, Evidence.REFERENCE, Evidence.TOKEN)
_EARLY = "sudah dijawab langsung dari kotak surat"


def decide(event: MailArrived, known: Known, book: Book) -> Decision:
    """Records an answer, an escalation or a word to somebody else, each as sent by hand."""
    mail = event.mail
    if why := _why_not(mail, known, book):
        return _inert(why)
    readers = {reader.address for reader in (*mail.to, *mail.cc)}
    found = _ticket(known, readers)
    waits = _waits_for_its_question(event, known)
    if found is None:
        note = "tidak menyangkut tiket yang dikenal"
        return Decision(None, waits, (Match("terkirim", note),), Outcome.INERT, note)
    ticket, person = followed(found, known), author(mail, book)
    if any(m.message_id == mail.message_id for m in known.conversation if mail.message_id):
        return _inert("surel terkirim ini sudah dicatat")
    # As it was then: the rows' times are those of the answer, not of our reading it.
    at = min(max(event.at, ticket.entered_at), event.now)
    draft = Draft(at, book, known, ticket)
    if ticket.requester.address in readers:
        _to_requester(draft, mail, person)
    elif office := _other_office(book, readers):
        _to_other_office(draft, person, office)
    else:
        draft.record(actor(person), f"surel dari kotak surat kepada {', '.join(sorted(readers))}")
        _message(draft, event, person, Direction.NOTE, HELPDESK)
        return draft.done()
    party = USER if ticket.requester.address in readers else LKPP
    _message(draft, event, person, Direction.OUT, HELPDESK if party == USER else draft.outside.id)
    draft.actions += waits
    return draft.done()


def answered_already(event: MailArrived, known: Known, book: Book) -> Decision:
    """A requester's mail that was answered before maild read it: kept with its ticket, or the
    first of a new one; no letter is sent about it."""
    mail = event.mail
    assert mail.sender is not None
    place = tuple(PlaceAnswer(mail_id) for mail_id in known.answered)
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        if ticket and ticket.requester.address == mail.sender.address:
            draft = Draft(event.now, book, known, followed(ticket, known))
            hear(draft, event)
            draft.record(USER, f"pesan ditambahkan; {_EARLY}")
            draft.actions += place
            return draft.done()
    problem = first_problem(mail, event.at)
    first = First(problem, words_of(mail), mail.message_id or "", event.mail_id, event.assessment)
    draft = open_ticket(event, known, book, first, silent=_EARLY)
    draft.actions = [*_without_letters(draft.actions), *place]
    return draft.done()


def author(mail: ParsedMail, book: Book) -> Person | None:
    """The agent who wrote it, where his mail program tells: by From or Sender, by the name
    beside the address, or by a line of the signature."""
    agents = [p for p in book.directory.people if p.party == HELPDESK]
    addresses = {a.address for a in mail.authors} | {mail.submitter}
    named = [p for p in agents if p.address.lower() in addresses]
    if not named:
        shown = _plain(" ".join(a.name for a in mail.authors))
        named = [p for p in agents if f" {_plain(p.name).strip()} " in shown]
    if not named:
        lines = {_plain(line) for line in mail.signature.splitlines()}
        named = [p for p in agents if _plain(p.name) in lines]
    return named[0] if len(named) == 1 else None


def actor(person: Person | None) -> str:
    """Who stands in the journal, and as the ticket's officer."""
    return person.id if person else SHARED


def _plain(text: str) -> str:
    """Words alone, in lower case, with a blank on either side."""
    kept = "".join(c if c.isalnum() else " " for c in text.casefold())
    return f" {' '.join(kept.split())} "


def _why_not(mail: ParsedMail, known: Known, book: Book) -> str:
    if known.ours or mail.sent_nature is Nature.OWN:
        return "surat maild sendiri"
    if mail.sent_nature in _MACHINES:
        return f"bukan jawaban orang: {mail.sent_nature.value}"
    if mail.delivered_to or mail.trust.level is TrustLevel.FORGED:
        return "pernah diantar kepada kotak surat ini; bukan surel yang dikirim dari sini"
    ours = book.directory.own_addresses
    agents = {p.address.lower() for p in book.directory.people if p.party == HELPDESK}
    if mail.sender is None or mail.sender.address not in ours | agents:
        return "penulisnya bukan helpdesk"
    return ""


def _inert(note: str) -> Decision:
    return Decision(None, (), (Match("terkirim", note),), Outcome.INERT, note)


def _ticket(known: Known, readers: set[str]) -> Ticket | None:
    """The ticket of the thread; a number in the subject counts only towards its requester."""
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        to_him = ticket is not None and ticket.requester.address in readers
        if ticket and (
            claim.evidence in _OF_THE_THREAD or (to_him and claim.evidence is Evidence.SUBJECT_TAG)
        ):
            return ticket
    return None


def _waits_for_its_question(event: MailArrived, known: Known) -> tuple[Action, ...]:
    """Remembers what this mail answers, unless that has been decided already."""
    heard = {message.message_id for message in known.conversation}
    return tuple(
        AwaitQuestion(parent, event.mail_id)
        for parent in event.mail.in_reply_to[:1]
        if parent not in heard and not any(c.value == parent and c.letter for c in known.claims)
    )


def _other_office(book: Book, readers: set[str]) -> Person | None:
    people = (p for p in book.directory.people if p.party not in (USER, HELPDESK))
    return next((p for p in people if p.address.lower() in readers), None)


def _to_requester(draft: Draft, mail: ParsedMail, person: Person | None) -> None:
    """The answer (SOP 8 and 9), unless it only says that work goes on, or all is done already."""
    text, ticket = _text(mail), draft.ticket
    if not ticket.state.is_open:
        draft.record(actor(person), "surel susulan kepada pengguna dari kotak surat")
        return
    if kind_of(text, automatic=False) in _IN_BETWEEN and not mail.attachments:
        draft.change(officer=ticket.officer or actor(person))
        draft.record(actor(person), "kabar sementara kepada pengguna dari kotak surat")
        return
    walk = advance.act(draft.procedure, ticket.row, HELPDESK, "jawab", draft.ask)
    officer = person.id if person else ticket.officer or SHARED
    walk_by_hand(draft, walk, officer, USER)
    draft.change(
        answered_version=ticket.version + 1,
        solution=without_courtesies(text),
        answered_at=draft.now if draft.ticket.state in (State.ANSWERED, State.CLOSED) else None,
    )
    draft.record(actor(person), "dijawab langsung dari kotak surat; maild tidak mengirim apa pun")


def _to_other_office(draft: Draft, person: Person | None, office: Person) -> None:
    """Forwarded by hand (SOP 10): the requester is told, the other office has it already."""
    ticket = draft.ticket
    held = draft.row.actor == LKPP
    walk = advance.act(draft.procedure, ticket.row, HELPDESK, "eskalasi", draft.ask)
    if ticket.state.is_open and not held and walk.steps:
        draft.change(outside=office.party)
        officer = person.id if person else ticket.officer or SHARED
        walk_by_hand(draft, walk, officer, LKPP)
        draft.change(answered_version=ticket.version + 1)
    draft.record(actor(person), f"surel kepada {office.name} dari kotak surat")


def walk_by_hand(draft: Draft, walk: advance.Walk, officer: str, by_hand: str) -> None:
    """Goes on in the SOP without the letters to the party that has its mail already."""
    written = len(draft.actions)
    draft.change(officer=officer)
    draft.walk(walk, officer, automatic=False, hand_over=_already_there)
    if by_hand == USER:
        kept = [a for a in draft.actions[written:] if not _is_to_requester(a)]
        draft.actions[written:] = kept


def _already_there(_template: str, _ends_at: object) -> None:
    """The letter to the other office is the one that was sent by hand."""


def _is_to_requester(action: Action) -> bool:
    return isinstance(action, SendLetter) and action.party == USER


def _without_letters(actions: Iterable[Action]) -> list[Action]:
    return [action for action in actions if not isinstance(action, SendLetter)]


def _text(mail: ParsedMail) -> str:
    return (mail.answer_text or mail.reply_text or mail.text).strip()


def _message(
    draft: Draft, event: MailArrived, person: Person | None, way: Direction, party: str
) -> None:
    mail = event.mail
    mailbox = draft.book.office.mailbox
    name = person.name if person else mailbox.name
    draft.message(
        way,
        party,
        Address(name, mailbox.address) if way is Direction.OUT else replace(mailbox, name=name),
        _text(mail),
        min(event.at, event.now),
        mail.subject,
        mail.message_id or "",
        event.mail_id,
    )
    if mail.commands:
        draft.record("maild", "baris perintah dalam surel kepada orang lain tidak dijalankan")
