"""An agent answers from his own mail client.

His mail counts when it proves itself (see `proof`): a reply by the mark that only our notice to
him carried, a fresh mail by his confirmation. A plain reply is an answer to the requester; command
words above it do the rest. What is not proven is held, and the real agent is told or asked.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from maild.desk import amend, entry, join, orders, proof, requester, words
from maild.desk import held as unmarked
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.desk.proof import Level, Proof
from maild.desk.report import Report
from maild.model.action import Decision, NoteAbsence, Outcome, SendLetter, TakeUp
from maild.model.event import MailArrived
from maild.model.known import Known
from maild.model.mail import Address, TrustLevel
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Match, Ticket

# Warnings of one kind to one agent a day (A11). Questions may be about work of his own, such as
# tickets for callers; a flood of forged orders must not become a flood of questions.
_MOST_A_DAY = {"karantina": 3, "konfirmasi_perintah": 10}
_VOUCHED_FOR = 50
YES, NO = "ya", "batal"


def decide(event: MailArrived, known: Known, book: Book, person: Person) -> Decision:
    """Runs a proven agent's mail; holds anything else that claims to be one."""
    shown = proof.of(event, known, person)
    if not person.active:
        return _refuse(event, known, book, person, "petugas ini sudah tidak aktif")
    if shown.level is Level.REFUSED:
        return _refuse(event, known, book, person, shown.why)
    held = proof.held_mail(known, person)
    if amend.answers_recap(known, person):
        return _back(amend.decide(event, known, book, person), known, person)
    if held is not None and (number := unmarked.assigned(event, known)) is not None:
        done = unmarked.assign(held, number, known, person)
        if isinstance(done, str):
            return _letter_only(event, known, book, person, "resi", done, Outcome.DONE)
        return _back(done, known, person)
    if held is not None and (answer := _answer(event)):
        if answer == NO:
            return _back(_discarded(event, known, book, person, held), known, person)
        return _confirmed(held, person, known)
    if held is not None and shown.level < Level.MARKED:
        return _letter_only(event, known, book, person, "resi", _NO_ANSWER, Outcome.DONE)
    if shown.level >= Level.MARKED:
        return _back(_run(event, known, book, person, shown), known, person)
    if event.mail.commands or event.mail.forwarded or _names_ours(known):
        return _ask(event, known, book, person, shown)
    return requester.decide(event, known, book)


def _names_ours(known: Known) -> bool:
    """Whether the mail answers or names anything of ours: then it is meant as an order."""
    return any(c.mark or c.letter or c.ticket for c in known.claims)


def _run(event: MailArrived, known: Known, book: Book, person: Person, shown: Proof) -> Decision:
    reason = Match("bukti", shown.why)
    fresh = entry.wanted(event.mail)
    if fresh and shown.level is Level.CONFIRMED:
        opened = entry.decide(event, known, book, person, reason)
        return opened or _letter_only(
            event, known, book, person, "resi", entry.WANTED, Outcome.DONE
        )
    if shown.ticket is None:
        return _letter_only(event, known, book, person, "resi", _WITHOUT_TICKET, Outcome.DONE)
    if [c.word for c in event.mail.commands if c.known] == ["pisah"]:
        draft, why = join.split(event, known, book, person, shown.ticket)
        if draft:
            draft.reasons.append(reason)
            report = Report()
            report.did("#pisah", f"pesan terakhir menjadi tiket {draft.ticket.number}")
            draft.letter("resi", HELPDESK, extra=report.words(), to=person)
            return draft.done()
        draft = Draft(event.now, book, known, shown.ticket)
        report = Report()
        report.failed("#pisah", why)
        draft.letter("resi", HELPDESK, extra=report.words(), to=person)
        return draft.done()
    draft = Draft(event.now, book, known, shown.ticket)
    draft.reasons.append(reason)
    if _overtaken(draft, person, shown.version) and orders.moves(event):
        _collide(draft, event, person)
        return draft.done(Outcome.QUARANTINED, "ditahan: petugas lain sudah menangani tiket ini")
    orders.carry_out(draft, event, person)
    return draft.done()


_NO_ANSWER = f"tidak ada yang dijalankan; balas dengan satu baris: #{YES} atau #{NO}"
_WITHOUT_TICKET = "surel ini tidak menyebut tiket; balas surel tugasnya, atau tulis nomor tiketnya"


def _back(decision: Decision, known: Known, person: Person) -> Decision:
    """Who writes himself is not away any more."""
    if person.number not in known.absent:
        return decision
    return replace(decision, actions=(*decision.actions, NoteAbsence(person.number, None)))


# --- two officers at once ------------------------------------------------------------------------


def _overtaken(draft: Draft, person: Person, seen_version: int) -> bool:
    """Whether another officer has answered since the notice that this mail replies to."""
    ticket = draft.ticket
    return seen_version < ticket.answered_version and ticket.officer not in ("", person.id)


def _collide(draft: Draft, event: MailArrived, person: Person) -> None:
    """Holds the mail; its author sees what his colleague did and says whether to go on."""
    ticket = draft.ticket
    people = draft.book.directory.people
    first = next((p.name for p in people if p.id == ticket.officer), ticket.officer)
    ours = next((m for m in reversed(draft.conversation) if m.party == HELPDESK and m.text), None)
    extra = {
        "asal": first,
        "kapan": ours.at if ours else draft.now,
        "catatan": ours.text if ours else "",
        "teks": _orders_of(event),
        "kata": f"#{YES}",
    }
    draft.letter("bentrok", HELPDESK, extra=extra, to=person, confirms=event.mail_id)
    draft.record(person.id, f"surel ditahan: {first} sudah menangani tiket ini lebih dahulu")


def _orders_of(event: MailArrived) -> str:
    """What a held mail would do, as its author wrote it."""
    mail = event.mail
    lines = [command.line for command in mail.commands]
    return "\n".join([*lines, mail.answer_text]).strip()


# --- what is not proven --------------------------------------------------------------------------


def _answer(event: MailArrived) -> str:
    """The word with which an agent answers our question; typed by himself, above any quote."""
    words_ = [command.word for command in event.mail.commands if command.known]
    return words_[0] if len(words_) == 1 and words_[0] in (YES, NO) else ""


def _discarded(
    event: MailArrived, known: Known, book: Book, person: Person, held: int
) -> Decision:
    """Leaves the held mail where it is, and says so."""
    note = f"{person.id} membatalkan surel {held} yang ditahan"
    lines = [(f"#{NO}", "surel yang ditahan tidak dijalankan")]
    said = {"baris": lines, "gagal": ()}
    return _letter_only(event, known, book, person, "resi", note, Outcome.DONE, said)


def _confirmed(held: int, person: Person, known: Known) -> Decision:
    """Lets the held mail run, once; its own receipt tells the rest."""
    note = f"{person.id} mengonfirmasi surel {held}"
    decision = Decision(
        None, (TakeUp(held, person.id),), (Match("konfirmasi", note),), Outcome.DONE, note
    )
    return _back(decision, known, person)


def _ask(event: MailArrived, known: Known, book: Book, person: Person, shown: Proof) -> Decision:
    """A fresh mail with an order runs when its author confirms it from his address (A05)."""
    lines = [(c.line, "") for c in event.mail.commands]
    if who := entry.requester_of(event.mail):
        lines.append((f"tiket baru atas nama {who}", ""))
    text = event.mail.answer_text.strip()
    if text:
        cut = text[:200] + ("..." if len(text) > 200 else "")
        lines.append((f'teks: "{" ".join(cut.split())}"', ""))
    extra = {"baris": lines, "kata": f"#{YES}", "tiket": _label(shown.ticket)}
    why = f"menunggu konfirmasi: {shown.why}"
    return _letter_only(
        event, known, book, person, "konfirmasi_perintah", why, Outcome.QUARANTINED, extra
    )


def _label(ticket: Ticket | None) -> dict[str, str]:
    return {"nomor": ticket.number if ticket else ""}


def _refuse(event: MailArrived, known: Known, book: Book, person: Person, why: str) -> Decision:
    """Quarantine; the real person is told at his own address (B112), unless he has left."""
    if not person.active:
        return Decision(None, (), (Match("petugas", why),), Outcome.QUARANTINED, why)
    return _letter_only(event, known, book, person, "karantina", why, Outcome.QUARANTINED)


def _letter_only(
    event: MailArrived,
    known: Known,
    book: Book,
    person: Person,
    template: str,
    why: str,
    outcome: Outcome,
    extra: Mapping[str, Any] | None = None,
) -> Decision:
    """One letter about no ticket, to the agent's own address; so many a day."""
    reasons = (Match("petugas", why),)
    told = sum(1 for letter in known.lately if letter.template == template)
    vouched = event.mail.trust.level is TrustLevel.DOMAIN
    if told >= (_VOUCHED_FOR if vouched else _MOST_A_DAY.get(template, _VOUCHED_FOR)):
        return Decision(None, (), reasons, outcome, why)
    letter = SendLetter(
        template=template,
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
            "gagal": [("surel ini", why)],
            **(extra or {}),
        },
        automatic=True,
        confirms=event.mail_id if template in proof.CONFIRMING else None,
    )
    return Decision(None, (letter,), reasons, outcome, why)


# --- an agent's machine --------------------------------------------------------------------------


def is_away(event: MailArrived, known: Known, book: Book, person: Person) -> Decision | None:
    """His own out-of-office answers nobody and owns nothing: the ticket of the notice that it
    answers goes to those on duty, and so do further ones until he writes himself (B105, B120).
    None when nothing proves that it is his."""
    shown = proof.of(event, known, person)
    if shown.level < Level.MARKED or shown.ticket is None:
        return None
    away = NoteAbsence(person.number, event.now)
    ticket = shown.ticket
    known = replace(known, absent=known.absent | {person.number})
    draft = Draft(event.now, book, known, ticket)
    draft.actions.append(away)
    draft.record("maild", f"{person.id} sedang tidak di tempat: {event.mail.nature_reason}")
    if ticket.officer == person.id and draft.row.actor == HELPDESK:
        draft.change(officer="")
        draft.letter("tugas_baru", HELPDESK, extra={"asal": "cuti"})
    return draft.done(Outcome.INERT, f"{person.id} sedang tidak di tempat")
