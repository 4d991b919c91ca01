"""A requester writes: SOP 1 (a new problem), SOP 5 and 6 (the data asked for), or something more.

A ticket number is a label, not a key (B057): only our own marks, or the number together with the
requester's own address, join a mail to a ticket. Who else writes with a valid mark is a third
party: noted and shown, never answered, never added (B059, B114).
"""

from maild.desk import again, budget, proof, rating, relay, status
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.desk.opening import First, open_ticket
from maild.desk.problem import first_problem, further_problem, words_of
from maild.desk.thanks import is_thanks
from maild.model.action import Decision, Outcome
from maild.model.event import MailArrived
from maild.model.known import Evidence, Known
from maild.model.mail import TrustLevel
from maild.model.people import HELPDESK, USER
from maild.model.ticket import Assessment, Direction, State, Ticket
from maild.rules import advance
from maild.rules.assess import assess, with_more
from maild.rules.incident import outage_of
from maild.rules.secret import mask_secrets

_LABELS = (Evidence.SUBJECT_TAG, Evidence.BODY_TAG)
_THIRD_PARTY = "pihak ketiga"


def decide(event: MailArrived, known: Known, book: Book) -> Decision:
    """Joins the mail to its ticket, reopens one, or opens a new one."""
    if status.asked(event.mail):
        return status.decide(event, known, book)
    ticket, is_requester = _belongs_to(event, known)
    if ticket is None:
        return _open(event, known, book)
    if not is_requester:
        return _third_party(event, known, book, ticket)
    if given := rating.given(event, known, ticket):
        return rating.decide(event, known, book, ticket, given)
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
            return proof.followed(ticket, known), True
        if marked or claim.evidence is Evidence.REFERENCE:
            return proof.followed(ticket, known), False
    return None, False


def _silent(event: MailArrived) -> str:
    """Why this sender gets no automatic mail at all, whatever the budget."""
    if event.mail.trust.level is TrustLevel.FORGED:
        return "pengirim gagal dibuktikan oleh server surel"
    return ""


def _open(event: MailArrived, known: Known, book: Book, linked: str = "") -> Decision:
    """A new problem, unless its sender has asked it already; a ticket that it only names, or may
    be about, is noted as a link."""
    mail = event.mail
    if budget.floods(known, book.limits) and (last := _last_open(known)):
        return _collect(event, known, book, last)
    named = linked or next((c.value for c in known.claims if c.evidence in _LABELS), "")
    problem, found, perhaps = first_problem(mail, event.at), event.assessment, ""
    if known.earlier and not named and not _silent(event):
        found = found or assess(problem, book.table, book.worktime)
        ticket, perhaps = again.about(problem, found, known, book)
        if ticket:
            return _continue(event, known, book, ticket, anew=True)
    first = First(problem, words_of(mail), mail.message_id or "", event.mail_id, found)
    return open_ticket(
        event,
        known,
        book,
        first,
        linked=named.strip("[]"),
        perhaps=perhaps,
        silent=_silent(event),
        words={"lampiran": event.mail.file_names},
    ).done()


def _continue(
    event: MailArrived, known: Known, book: Book, ticket: Ticket, anew: bool = False
) -> Decision:
    """A further mail of the requester: data (SOP 6), an objection, or a message to pass on;
    `anew` when he has asked the same again in a fresh mail."""
    draft = Draft(event.now, book, known, ticket, _silent(event))
    text = words_of(event.mail)
    hear(draft, event)
    _revoke(draft, event)
    ended = ticket.state in (State.CLOSED, State.ANSWERED)
    waits_for_him = ended or ticket.state is State.WAITING_DATA
    if waits_for_him and is_thanks(text) and not event.mail.file_names:
        draft.record("pengguna", "ucapan terima kasih; tidak mengubah apa pun")
        return draft.done()
    found = _reassessed(draft, event)
    draft.change(assessment=found, outage=outage_of(found, book.table))
    extra = {
        "lampiran": event.mail.file_names,
        "asal": "keberatan" if ended and ticket.solution else "data",
    }
    if ticket.state is State.CLOSED:
        walk = advance.reopen(draft.procedure, draft.ticket.row, draft.ask)
    else:
        walk = advance.act(draft.procedure, draft.ticket.row, USER, "", draft.ask)
    if walk.steps:
        draft.walk(walk, "pengguna", extra=extra)
        return draft.done()
    note = relay.waiting_note(draft)
    if anew:
        again.remind(draft, ticket.assessment)
        note = f"{again.NOTE} {note}".strip()
    else:
        draft.retime()
        draft.record("pengguna", "pesan lanjutan ditambahkan pada tiket")
    extra = {"asal": USER, "lampiran": event.mail.file_names, "catatan": note}
    draft.letter("pesan_lanjutan", HELPDESK, extra=extra)
    return draft.done()


def _last_open(known: Known) -> Ticket | None:
    """The sender's newest ticket that is open."""
    return next((t for t in known.earlier if t.state.is_open and not t.merged), None)


def _collect(event: MailArrived, known: Known, book: Book, ticket: Ticket) -> Decision:
    """A flood: what a sender writes above his limit is kept in his last ticket, and no letter
    leaves but one alarm to the officers (B094)."""
    draft = Draft(event.now, book, known, ticket, "banjir surel")
    hear(draft, event)
    if not known.alarmed_of_sender:
        draft.alarm("banyak surel dari pengguna ini dalam satu jam")
    draft.record("pengguna", "banjir surel: dicatat pada tiket ini, tanpa surat")
    return draft.done(note="banjir surel")


def stolen_mark(event: MailArrived, known: Known, book: Book, ticket: Ticket) -> Decision:
    """A stranger shows an agent's mark: it proves nothing any more, and his mail waits (B118)."""
    draft = Draft(event.now, book, known, ticket)
    _revoke(draft, event)
    return draft.done(Outcome.QUARANTINED, "tanda balasan petugas dipakai orang lain")


def _revoke(draft: Draft, event: MailArrived) -> None:
    """Takes away all marks of the ticket's agents, of which a foreign sender shows one, and
    gives its owner a new one (A14)."""
    sender = event.mail.sender.address if event.mail.sender else ""
    found = proof.in_foreign_hands(draft.known, sender, draft.book.directory)
    if found is None or found[0].id != draft.ticket.id:
        return
    draft.change(revoked_version=draft.ticket.version)
    draft.record("maild", f"tanda balasan {found[1].id} dipakai {sender}; semua tanda dicabut")
    if found[1].active:
        draft.letter("tanda_baru", HELPDESK, extra={"kepada": sender}, to=found[1])


def _third_party(event: MailArrived, known: Known, book: Book, ticket: Ticket) -> Decision:
    draft = Draft(event.now, book, known, ticket)
    hear(draft, event, _THIRD_PARTY)
    sender = event.mail.sender
    draft.record("maild", f"pihak ketiga {sender} menulis pada tiket ini; peserta tidak diubah")
    extra = {
        "asal": _THIRD_PARTY,
        "lampiran": event.mail.file_names,
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


def hear(draft: Draft, event: MailArrived, party: str = USER) -> None:
    """Adds what the mail says to the conversation, as said by its sender for this party."""
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
