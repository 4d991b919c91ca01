"""Another office, such as Helpdesk LKPP, writes about a problem that was escalated (SOP 10).

It is recognised even without threading headers: by our token, our Message-ID, References, its
own number, our number, in this order, and only from its own domain with proof (B119). What it
says goes to the officers, never straight to the requester.
"""

from collections.abc import Iterator

from maild.desk import held, relay, words
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.desk.outside_number import numbers_in
from maild.desk.reply_kind import ReplyKind, kind_of
from maild.model.action import AddMessage, Decision, Outcome, Record, SetAlarm
from maild.model.event import AlarmKind, MailArrived
from maild.model.known import Claim, Evidence, Known
from maild.model.mail import Address, Nature, ParsedMail, TrustLevel
from maild.model.party import Party
from maild.model.people import HELPDESK, LKPP, USER
from maild.model.ticket import Direction, Match, State, Ticket
from maild.rules import advance

ASKS = "tanya"  # the arrow of its row that a question takes
_ENDED = (State.ANSWERED, State.CLOSED)
_TO_US = (ReplyKind.ANSWER, ReplyKind.QUESTION, ReplyKind.CLOSED)


def claims(mail: ParsedMail, book: Book) -> tuple[Claim, ...]:
    """The other office's own numbers in a mail from one of its domains."""
    if mail.sender is None:
        return ()
    prefix = book.office.prefix
    return tuple(
        Claim(Evidence.OUTSIDE_NUMBER, number)
        for party in book.parties.values()
        if mail.sender.domain in _domains(party, book)
        for number in numbers_in(mail.subject, words.said(mail), party, prefix)
    )


def may_be(mail: ParsedMail, book: Book) -> bool:
    """Whether the sender's address or its domain is another office's."""
    if mail.sender is None:
        return False
    listed = book.directory.by_address(mail.sender.address)
    if listed:
        return listed.party not in (HELPDESK, USER)
    return any(mail.sender.domain in _domains(party, book) for party in book.parties.values())


def party_of(mail: ParsedMail, known: Known, book: Book) -> Party | None:
    """The office that the sender writes for: his address is listed, or he writes from its domain
    about a ticket that is or was escalated and not his own."""
    sender = mail.sender
    if sender is None:
        return None
    listed = book.directory.by_address(sender.address)
    if listed:
        return book.party(listed.party) if listed.party not in (HELPDESK, USER) else None
    for party in book.parties.values():
        if sender.domain not in _domains(party, book):
            continue
        for claim, ticket in _escalated(known):
            if ticket.requester.address != sender.address and (
                claim.evidence is not Evidence.TOKEN or _is_mark_of(claim, party, book)
            ):
                return party
    return None


def decide(event: MailArrived, known: Known, book: Book, party: Party) -> Decision | None:
    """What the mail is, and who is told. Without proof a person's mail waits for a person, and a
    machine's is nobody's (None)."""
    mail = event.mail
    assert mail.sender is not None
    automatic = mail.nature is not Nature.HUMAN
    ticket, why = _proven(mail, known, book, party)
    if ticket is None and event.vouched:
        ticket = _meant(event.vouched, known)
        why = f"dinyatakan sah oleh {event.vouched}"
    if ticket is None:
        if automatic:
            return None
        return held.hold(event, known, book, party, why)
    draft = Draft(event.now, book, known, ticket)
    draft.reasons.append(Match("bukti", why))
    files = mail.file_names
    text = words.said(mail)
    attached = any(a.goes_along and not a.inline for a in mail.attachments)
    kind = kind_of(text, automatic, attached, bool(files))
    draft.reasons.append(Match("jenis", kind.value))
    _learn_number(draft, mail, party)
    if kind is ReplyKind.RECEIPT:
        draft.record(party.id, "tanda terima dicatat; tidak mengubah apa pun")
        note = f"{party.name}: {kind.value}"
        return draft.done(Outcome.INERT if automatic else Outcome.DONE, note)
    draft.message(
        Direction.IN,
        party.id,
        mail.sender,
        text,
        event.at,
        mail.subject,
        mail.message_id or "",
        event.mail_id,
    )
    _hand_over(draft, party, kind, text, files, _tell_the_others(draft, kind))
    return draft.done(note=kind.value)


def of_the_same_case(draft: Draft) -> None:
    """What was said to another ticket of the same case is said to this one."""
    party = draft.outside
    said = words.last_message(draft.conversation, party.id)
    if said:
        kind = kind_of(said.text, automatic=False, files=bool(said.attachments))
        _hand_over(draft, party, kind, said.text, list(said.attachments), [])


def _hand_over(
    draft: Draft,
    party: Party,
    kind: ReplyKind,
    text: str,
    files: list[str],
    others: list[str],
) -> None:
    """Moves the ticket where it is this office's turn, reopens it where the office does, and
    tells the officers in any case."""
    extra = {
        "asal": "ditutup" if kind is ReplyKind.CLOSED else LKPP,
        "teks": text,
        "lampiran": files,
        "kasus": others,
        "rancangan": relay.proposal(text) if kind is ReplyKind.ANSWER else "",
    }
    ticket, procedure = draft.ticket, draft.procedure
    its_turn = draft.row.actor == LKPP and draft.outside.id == party.id
    word = ASKS if kind is ReplyKind.QUESTION else ""
    walk = advance.Walk(())
    if its_turn and kind in _TO_US:
        walk = advance.act(procedure, ticket.row, LKPP, word, draft.ask)
    elif ticket.state in _ENDED and kind in (ReplyKind.QUESTION, ReplyKind.REOPENED):
        draft.change(outside=party.id)
        walk = advance.act(procedure, ticket.row, LKPP, ASKS, draft.ask)
    if walk.steps:
        draft.walk(walk, party.id, extra=extra)
        return
    draft.record(party.id, f"{kind.value} dicatat di luar giliran")
    draft.letter("pesan_lanjutan", HELPDESK, extra={**extra, "catatan": _advice(draft, kind)})


def _advice(draft: Draft, kind: ReplyKind) -> str:
    if kind is ReplyKind.ANSWER and draft.ticket.state in _ENDED:
        return (
            f"Tiket ini sudah {draft.ticket.state.value}, dan tetap demikian. Balas dengan #kirim "
            "untuk menyampaikan jawaban ini juga kepada pengguna."
        )
    if kind is ReplyKind.ANSWER:
        return "Balas dengan #kirim untuk meneruskan jawaban ini kepada pengguna."
    return f"Jenis pesan: {kind.value}."


def _tell_the_others(draft: Draft, kind: ReplyKind) -> list[str]:
    """Records the mail on the other tickets of the case and rings their clocks; their numbers."""
    said = next(a for a in reversed(draft.actions) if isinstance(a, AddMessage))
    told: list[str] = []
    for other in draft.known.same_case:
        procedure = draft.book.procedures.get(other.sop)
        row = procedure.rows.get(other.row) if procedure else None
        if kind in _TO_US and row and row.actor == LKPP and other.outside == draft.ticket.outside:
            draft.actions += (
                _about(said, other),
                Record(
                    other.id,
                    draft.now,
                    said.party,
                    other.row,
                    f"pesan untuk {draft.ticket.number} menyangkut kasus yang sama",
                ),
                SetAlarm(other.id, AlarmKind.ANSWERED, draft.now, other.row),
            )
            told.append(other.number)
    return told


def _about(said: AddMessage, other: Ticket) -> AddMessage:
    return AddMessage(
        other.id,
        said.direction,
        said.party,
        said.author,
        said.text,
        said.at,
        said.subject,
        "",
        said.mail_id,
    )


def _proven(mail: ParsedMail, known: Known, book: Book, party: Party) -> tuple[Ticket | None, str]:
    """The escalated ticket that the mail is about, on the best evidence that is proof."""
    assert mail.sender is not None
    if not _is_active(mail.sender, party, book):
        return None, "tidak aktif lagi"
    if mail.trust.level is TrustLevel.FORGED:
        return None, "pengirim gagal dibuktikan oleh server surel"
    for claim, ticket in _escalated(known):
        if _is_mark_of(claim, party, book):
            return ticket, f"tanda balasan milik {party.id}"
        letter = known.letter
        if (
            claim.evidence is Evidence.MESSAGE_ID
            and letter
            and (letter.ticket, letter.party) == (claim.ticket, party.id)
        ):
            return ticket, f"membalas surat kepada {party.id}"
        if mail.trust.level is TrustLevel.DOMAIN:
            return ticket, f"domain terbukti dan menyebut {claim.evidence.value}"
    return None, "tidak membawa tanda dari surat kami"


def _meant(vouched: str, known: Known) -> Ticket | None:
    """The ticket that whoever vouches for the mail has named, or that the mail names."""
    named = {claim.value for claim in held.claims(vouched)}
    return next((t for c, t in _escalated(known) if not named or c.value in named), None)


def _escalated(known: Known) -> Iterator[tuple[Claim, Ticket]]:
    """The claims on tickets that were ever escalated, best first; of a merged ticket, the one
    that it became part of."""
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        if ticket and ticket.escalated_at:
            yield claim, known.tickets.get(ticket.merged, ticket)


def _is_mark_of(claim: Claim, party: Party, book: Book) -> bool:
    mark = claim.mark
    person = book.directory.by_number(mark.person) if mark and mark.party == "l" else None
    return bool(person and person.party == party.id)


def _is_active(sender: Address, party: Party, book: Book) -> bool:
    """An office that has left is not believed, nor is a person of it that has (B120)."""
    listed = book.directory.by_address(sender.address)
    if listed:
        return listed.active
    people = [p for p in book.directory.people if p.party == party.id]
    return not people or any(p.active for p in people)


def _domains(party: Party, book: Book) -> frozenset[str]:
    """From where the office may answer; our own domain only if it is written down for it."""
    people = [p for p in book.directory.people if p.party == party.id]
    listed = {d for p in people for d in p.domains} | set(party.domains)
    own = {p.address.rpartition("@")[2].lower() for p in people if not p.domains}
    return frozenset(listed | (own - {book.office.mail_domain}))


def _learn_number(draft: Draft, mail: ParsedMail, party: Party) -> None:
    """Learns the office's own number, once, from whichever of its mails says it first."""
    if draft.ticket.outside_number or draft.outside.id != party.id:
        return
    prefix = draft.book.office.prefix
    for number in numbers_in(mail.subject, words.said(mail), party, prefix):
        draft.change(outside_number=number)
        draft.record("maild", f"nomor tiket luar dicatat: {number}")
        return
