"""A requester writes: SOP 1 (a new problem), SOP 5 and 6 (the data asked for), or something more.

A ticket number is a label, not a key (B057): only our own marks, or the number together with the
requester's own address, join a mail to a ticket. Who else writes with a valid mark is a third
party: noted and shown, never answered, never added (B059, B114).
"""

from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.desk.problem import first_problem, further_problem, subject_of, words_of
from maild.desk.thanks import is_thanks
from maild.model.action import Decision
from maild.model.event import MailArrived
from maild.model.known import Evidence, Known
from maild.model.mail import TrustLevel
from maild.model.people import HELPDESK, USER
from maild.model.ticket import Assessment, Direction, Kind, State, Ticket
from maild.rules import advance
from maild.rules.assess import assess, with_more
from maild.rules.secret import mask_secrets
from maild.rules.summary import summary_line

_LABELS = (Evidence.SUBJECT_TAG, Evidence.BODY_TAG)
_THIRD_PARTY = "pihak ketiga"


def decide(event: MailArrived, known: Known, book: Book) -> Decision:
    """Joins the mail to its ticket, reopens one, or opens a new one."""
    ticket, is_requester = _belongs_to(event, known)
    if ticket is None:
        return _open(event, known, book)
    if not is_requester:
        return _third_party(event, known, book, ticket)
    if ticket.state is State.CLOSED:
        ended_at = ticket.closed_at or event.now
        if event.now > book.worktime.add(ended_at, book.limits.reopen):
            return _open(event, known, book, linked=ticket.number)
    return _continue(event, known, book, ticket)


def _belongs_to(event: MailArrived, known: Known) -> tuple[Ticket | None, bool]:
    """The ticket, and whether the sender is its requester. A bare number of a stranger is none."""
    sender = event.mail.sender
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        if ticket is None or sender is None:
            continue
        marked = claim.evidence in (Evidence.TOKEN, Evidence.MESSAGE_ID)
        forged = event.mail.trust.level is TrustLevel.FORGED
        if ticket.requester.address == sender.address and (marked or not forged):
            return ticket, True
        if marked or claim.evidence is Evidence.REFERENCE:
            return ticket, False
    return None, False


def _silent(event: MailArrived, assessment: Assessment | None = None) -> str:
    """Why this sender gets no automatic mail at all, whatever the budget."""
    if event.mail.trust.level is TrustLevel.FORGED:
        return "pengirim gagal dibuktikan oleh server surel"
    if assessment and assessment.kind is Kind.NO_PROBLEM:
        return "bukan permasalahan"
    return ""


def _open(event: MailArrived, known: Known, book: Book, linked: str = "") -> Decision:
    """SOP 1 and 2: the ticket is born, its priority set, and the procedure begins."""
    mail = event.mail
    assert mail.sender is not None
    text, subject = words_of(mail), subject_of(mail)
    assessment = event.assessment or assess(
        first_problem(mail, event.at), book.table, book.worktime
    )
    procedure = book.procedures[book.current]
    named = next((c.value for c in known.claims if c.evidence in _LABELS), "")
    ticket = Ticket(
        id=known.next_id,
        number=known.next_number,
        requester=mail.sender,
        subject=subject,
        summary=summary_line(subject, text),
        state=State.NEW,
        sop=book.current,
        row=procedure.start,
        entered_at=event.at,
        due_at=None,
        received_at=event.at,
        assessment=assessment,
        version=0,
        linked=linked or named,
    )
    draft = Draft(event.now, book, known, ticket, _silent(event, assessment))
    draft.reasons += assessment.reasons
    _add(draft, event)
    draft.record("pengguna", "tiket dibuka", assessment.reasons)
    if ticket.linked:
        draft.record("maild", f"menyebut tiket {ticket.linked}; dicatat sebagai tautan saja")
    extra = {"lampiran": _names(event), "asal": "baru"}
    draft.walk(advance.begin(procedure, draft.ask), "maild", extra=extra)
    return draft.done()


def _continue(event: MailArrived, known: Known, book: Book, ticket: Ticket) -> Decision:
    """A further mail of the requester: data (SOP 6), an objection, or a message to pass on."""
    draft = Draft(event.now, book, known, ticket, _silent(event))
    text = words_of(event.mail)
    _add(draft, event)
    ended = ticket.state in (State.CLOSED, State.ANSWERED)
    waits_for_him = ended or ticket.state is State.WAITING_DATA
    if waits_for_him and is_thanks(text) and not event.mail.attachments:
        draft.record("pengguna", "ucapan terima kasih; tidak mengubah apa pun")
        return draft.done()
    draft.change(assessment=_reassessed(draft, event))
    extra = {
        "lampiran": _names(event),
        "asal": "keberatan" if ended and ticket.solution else "data",
    }
    if ticket.state is State.CLOSED:
        walk = advance.reopen(draft.procedure, draft.ticket.row, draft.ask)
    else:
        walk = advance.act(draft.procedure, draft.ticket.row, USER, "", draft.ask)
    if walk.steps:
        draft.walk(walk, "pengguna", extra=extra)
        return draft.done()
    draft.retime()
    draft.record("pengguna", "pesan lanjutan ditambahkan pada tiket")
    draft.letter("pesan_lanjutan", HELPDESK, extra={"asal": USER, "lampiran": _names(event)})
    return draft.done()


def _third_party(event: MailArrived, known: Known, book: Book, ticket: Ticket) -> Decision:
    draft = Draft(event.now, book, known, ticket)
    _add(draft, event, _THIRD_PARTY)
    sender = event.mail.sender
    draft.record("maild", f"pihak ketiga {sender} menulis pada tiket ini; peserta tidak diubah")
    extra = {
        "asal": _THIRD_PARTY,
        "lampiran": _names(event),
        "teks": mask_secrets(words_of(event.mail)),
        "catatan": f"Penulisnya bukan pengguna tiket ini: {sender}. Jawaban hanya dikirim kepada "
        "pengguna.",
    }
    draft.letter("pesan_lanjutan", HELPDESK, extra=extra)
    return draft.done(note="pihak ketiga")


def _reassessed(draft: Draft, event: MailArrived) -> Assessment:
    further = further_problem(event.mail, event.at)
    table, worktime = draft.book.table, draft.book.worktime
    return with_more(draft.ticket.assessment, further, table, worktime)


def _add(draft: Draft, event: MailArrived, party: str = USER) -> None:
    mail = event.mail
    assert mail.sender is not None
    draft.message(
        Direction.IN,
        party,
        mail.sender,
        words_of(mail),
        event.at,
        mail.subject,
        mail.message_id or "",
        event.mail_id,
    )


def _names(event: MailArrived) -> list[str]:
    return [a.name for a in event.mail.attachments if not a.inline]
