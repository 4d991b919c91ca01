"""A user asks how his ticket stands: a mail with only "status" and a number.

The ticket's own requester gets state, row of the SOP and expected time, at his stored address.
Anybody else gets one neutral sentence, the same whether the ticket exists or not (B057).
"""

import re

from maild.desk import budget, proof, words
from maild.desk.book import Book
from maild.desk.draft import Draft
from maild.model.action import Decision, Outcome, SendLetter
from maild.model.event import MailArrived
from maild.model.known import Known
from maild.model.mail import ParsedMail, TrustLevel
from maild.model.people import USER
from maild.model.ticket import Match, Ticket

_NUMBER = r"\[?[a-z]{2,10}-\d{4}-\d{6}\]?"
_ASKS = re.compile(
    rf"(?:(?:mohon|minta|cek|tanya|info)\s+)?status(?:\s+(?:tiket|ticket|nomor|no\.?))*"
    rf"\s*[:#]?\s*(?P<number>{_NUMBER})?[\s.?!]*",
    re.IGNORECASE,
)
_LONGEST = 500  # characters; who writes more says something else
_HAS_NUMBER = re.compile(_NUMBER, re.IGNORECASE)
_PREFIX = re.compile(r"^(?:(?:re|bls|balasan|fwd?|aw)\s*:\s*)+", re.IGNORECASE)


def asked(mail: ParsedMail) -> bool:
    """Whether the mail says nothing but "status" and a number; the number may stand in the
    subject, and so may the whole question."""
    said = mail.reply_text or mail.text
    if mail.file_names or len(said) > _LONGEST:
        return False
    text = " ".join(said.split())
    subject = _PREFIX.sub("", " ".join(mail.subject.split()))
    if text:
        found = _ASKS.fullmatch(text)
        return bool(found and (found["number"] or _HAS_NUMBER.search(subject)))
    found = _ASKS.fullmatch(subject)
    return bool(found and found["number"])


def decide(event: MailArrived, known: Known, book: Book) -> Decision:
    """Answers the requester; says nothing of the ticket to others. Opens no ticket."""
    mail = event.mail
    assert mail.sender is not None
    forged = mail.trust.level is TrustLevel.FORGED
    ticket = None if forged else _own(known, mail.sender.address)
    if ticket:
        draft = Draft(event.now, book, known, ticket)
        draft.record("pengguna", "menanyakan status tiket")
        row = draft.row.document.get("aktivitas", "")
        draft.letter("status_pengguna", USER, extra={"catatan": row})
        return draft.done()
    note = "menanyakan status tiket yang bukan miliknya"
    why = "pengirim gagal dibuktikan oleh server surel" if forged else ""
    why = why or budget.why_not("status_umum", mail.sender.address, known, book.limits)
    if why:
        return Decision(None, (), (Match("status", why),), Outcome.INERT, f"{note}; {why}")
    letter = SendLetter(
        template="status_umum",
        ticket=None,
        serial=event.mail_id,
        party=USER,
        person=0,
        to=mail.sender,
        words={"kantor": words.office(book)},
        automatic=True,
        reply_to_ids=(mail.message_id,) if mail.message_id else (),
    )
    return Decision(None, (letter,), (Match("status", note),), Outcome.DONE, note)


def _own(known: Known, address: str) -> Ticket | None:
    """The first named ticket that this address has opened."""
    for claim in known.claims:
        ticket = known.tickets.get(claim.ticket) if claim.ticket else None
        if ticket and ticket.requester.address == address:
            return proof.followed(ticket, known)
    return None
