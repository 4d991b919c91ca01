"""Values for tests of the desk: mails, marks, tickets in any row, and what is known of them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from kit.office import MONDAY, SITI, book, letters
from maild.desk import played_mail
from maild.desk.book import Book
from maild.desk.decide import decide
from maild.model.action import AddMessage, Decision, Record, SendLetter, SetAlarm
from maild.model.event import AlarmKind, AlarmRang, MailArrived
from maild.model.known import Claim, Evidence, Known, SentLetter
from maild.model.mail import Address, Attachment, Nature, ParsedMail, Trust, TrustLevel
from maild.model.people import Person
from maild.model.ticket import Assessment, Direction, Kind, Message, Priority, Role, State, Ticket
from maild.model.token import Mark

TICKET_ID = 2026000042
NUMBER = "LPSE-2026-000042"
FORGED = Trust(TrustLevel.FORGED, ("dmarc=fail",))
UNPROVEN = Trust()
PROVEN = Trust(TrustLevel.DOMAIN, ("dmarc=pass",))

COMPLETE = (
    "Yth. Helpdesk, kami CV Maju Jaya gagal upload dokumen penawaran pada tender 12345678 "
    'tadi pukul 08.30, muncul pesan "Error 500 Internal Server Error". Tangkapan layar terlampir. '
    "NPWP 01.234.567.8-912.000, HP 0812-3456-7890."
)
INCOMPLETE = "min sy lupa password lpse, mohon dibantu"


def mail(
    text: str,
    sender: Address | Person | None = SITI,
    subject: str = "Gagal unggah dokumen penawaran",
    nature: Nature = Nature.HUMAN,
    files: tuple[str, ...] = (),
    **fields: Any,
) -> ParsedMail:
    """A mail as the reader would give it; commands are read from its text."""
    if isinstance(sender, Person):
        sender = Address(sender.name, sender.address)
    nobody = Address("", "")
    plain = replace(
        played_mail.written(sender or nobody, {"perihal": subject}, text, automatic=False),
        sender=sender,
        sender_doubt="" if sender else "dua baris From",
        message_id="<m1@majujaya.example>",
        attachments=tuple(
            Attachment(name, 1000, "image/png", "", False, str(n)) for n, name in enumerate(files)
        ),
        nature=nature,
        nature_reason="" if nature is Nature.HUMAN else "Auto-Submitted: auto-replied",
        content_hash="h1",
    )
    return replace(plain, **fields)


def arrived(
    text: str | ParsedMail, now: datetime = MONDAY, old: bool = False, **how: Any
) -> MailArrived:
    """A mail has arrived at this moment."""
    written = text if isinstance(text, ParsedMail) else mail(text, **how)
    return MailArrived(now, now, 7, written, old)


def ticket(row: str = "7", state: State | None = None, **fields: Any) -> Ticket:
    """Siti's ticket, standing in a row of the shipped SOP."""
    rows = book().procedures[book().current].rows
    base = Ticket(
        id=TICKET_ID,
        number=NUMBER,
        requester=SITI,
        subject="Gagal unggah dokumen penawaran",
        summary="Gagal unggah dokumen penawaran",
        state=state or rows[row].state,
        sop=book().current,
        row=row,
        entered_at=MONDAY - timedelta(hours=1),
        due_at=MONDAY + timedelta(days=1),
        received_at=MONDAY - timedelta(hours=1),
        assessment=assessment(),
        version=3,
        letters=2,
    )
    return replace(base, **fields)


def assessment(**fields: Any) -> Assessment:
    """Complete data, middle priority."""
    base = Assessment(
        kind=Kind.COMPLAINT,
        category=next(iter(book().table.categories)),
        priority=Priority.MEDIUM,
        base_priority=Priority.MEDIUM,
        urgent_deadline=False,
        deadline=None,
        requester_role=Role.VENDOR,
        missing=(),
        fields={},
        escalate="lpse",
        confidence=1.0,
        reasons=(),
    )
    return replace(base, **fields)


def known(*tickets: Ticket, claims: tuple[Claim, ...] = (), **fields: Any) -> Known:
    """What the store says; the conversation holds the requester's first mail."""
    first = tuple(
        message("pengguna", t.requester, "Gagal unggah dokumen.", "<awal@majujaya.example>")
        for t in tickets[:1]
    )
    base = Known(
        claims=claims,
        tickets={t.id: t for t in tickets},
        conversation=first,
        next_id=2026000099,
        next_number="LPSE-2026-000099",
    )
    return replace(base, **fields)


def message(
    party: str, author: Address, text: str, message_id: str = "", way: Direction = Direction.IN
) -> Message:
    """One message of the ticket's conversation; it is ledger row 5."""
    at = MONDAY - timedelta(hours=1)
    return Message(TICKET_ID, way, party, author, text, at, "", message_id, 5)


def mark(of: Ticket, who: Person | None = None, version: int | None = None) -> Claim:
    """The token of a letter about this ticket to the requester (None) or to a person."""
    party = "u" if who is None else {"helpdesk": "a"}.get(who.party, "l")
    number = who.number if who else 0
    seen = of.version if version is None else version
    return Claim(
        Evidence.TOKEN, "helpdesk+x@lpse", of.id, Mark(party, of.id, number, seen, date.max)
    )


def label(of: Ticket, where: Evidence = Evidence.SUBJECT_TAG) -> Claim:
    """Only the ticket's number, which anybody may write."""
    return Claim(where, of.number, of.id)


def sent(
    template: str = "tanda_terima", recipient: str = SITI.address, of: int | None = None
) -> SentLetter:
    """A letter that left an hour ago."""
    at = MONDAY - timedelta(hours=1)
    return SentLetter(of, "x.1", template, "pengguna", recipient, True, at)


def rang(
    of: Ticket, kind: AlarmKind = AlarmKind.DUE, row: str | None = None, now: datetime = MONDAY
) -> AlarmRang:
    """An alarm of the ticket's row rings."""
    return AlarmRang(now, of.id, kind, of.row if row is None else row)


def from_agent(
    text: str, of: Ticket, who: Person, version: int | None = None, with_book: Book | None = None
) -> Decision:
    """What follows when this person answers his notice with this text."""
    facts = known(of, claims=(mark(of, who, version),))
    return decide(arrived(text, sender=who), facts, with_book or book())


def sent_letters(decision: Decision) -> list[SendLetter]:
    """The letters of a decision."""
    return [a for a in decision.actions if isinstance(a, SendLetter)]


def posted(decision: Decision) -> list[str]:
    """`template -> party` of every letter, in order."""
    return [f"{a.template} -> {a.party}" for a in sent_letters(decision)]


def journal(decision: Decision) -> str:
    """All journal lines."""
    return "\n".join(a.text for a in decision.actions if isinstance(a, Record))


def alarms(decision: Decision) -> dict[AlarmKind, datetime]:
    """The alarms that a decision sets."""
    return {a.kind: a.at for a in decision.actions if isinstance(a, SetAlarm)}


def messages(decision: Decision) -> list[AddMessage]:
    """The messages that a decision adds."""
    return [a for a in decision.actions if isinstance(a, AddMessage)]


def words_of(letter: SendLetter) -> str:
    """The letter as its reader sees it."""
    text = letters().render(letter.template, letter.words)
    return f"{text.subject}\n{text.text}"


def receipt(decision: Decision) -> str:
    """The text of the receipt that an officer gets."""
    return next(words_of(a) for a in sent_letters(decision) if a.template == "resi")
