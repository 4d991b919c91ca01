"""Another office writes, and nothing in its mail is a mark of ours: the mail is held (B119), the
officers on duty are told once, and one of them says by reply which ticket it is about.

`#untuk NOMOR` lets the mail be decided again, on that officer's word and for that ticket. So many
notices a day: whoever forges such mail must not flood the officers.
"""

from maild.desk import assignment, words
from maild.desk.book import Book
from maild.model.action import Decision, Outcome, SendLetter, TakeUp
from maild.model.event import MailArrived
from maild.model.known import Claim, Evidence, Known
from maild.model.mail import Address, TrustLevel
from maild.model.party import Party
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Match, Ticket
from maild.rules.secret import mask_secrets

NOTICE = "surat_pihak_lain"
WORD = "untuk"
_MOST_A_DAY = 10


def hold(event: MailArrived, known: Known, book: Book, party: Party, why: str) -> Decision:
    """Holds the mail, and tells those on duty unless the server calls it forged."""
    mail, note = event.mail, f"mengaku {party.name}: {why}"
    reasons = (Match("bukti", why),)
    people = assignment.on_duty(book, known.absent)
    full = known.told_of_held + len(people) > _MOST_A_DAY * len(people)
    if mail.trust.level is TrustLevel.FORGED or event.vouched or full or mail.sender is None:
        return Decision(None, (), reasons, Outcome.QUARANTINED, note)
    year = event.now.astimezone(book.office.zone).year
    letters = tuple(
        SendLetter(
            template=NOTICE,
            ticket=None,
            serial=person.number,  # each officer's letter has a name of its own
            party=HELPDESK,
            person=person.number,
            to=Address(person.name, person.address),
            words={
                "petugas": person.name,
                "asal": party.name,
                "kapan": event.at,
                "kepada": mail.sender.address,
                "catatan": mask_secrets(" ".join(mail.subject.split()))[:250],
                "teks": mask_secrets(words.said(mail)),
                "lampiran": mail.file_names,
                "kata": f"{book.office.prefix}-{year}-000042",
                "kantor": words.office(book),
            },
            automatic=True,
            confirms=event.mail_id,
        )
        for person in people
    )
    return Decision(None, letters, reasons, Outcome.QUARANTINED, note)


def claims(vouched: str) -> tuple[Claim, ...]:
    """The ticket that an officer has named for a held mail."""
    _, _, number = vouched.partition(" ")
    return (Claim(Evidence.SUBJECT_TAG, number),) if number else ()


def assigned(event: MailArrived, known: Known) -> str | None:
    """The number behind `#untuk` in a reply to the notice; None without the word."""
    orders = [c for c in event.mail.commands if c.known and c.word == WORD]
    answers = known.letter is not None and known.letter.template == NOTICE
    return orders[0].argument.strip(" []").upper() if answers and len(orders) == 1 else None


def assign(mail_id: int, number: str, known: Known, person: Person) -> Decision | str:
    """Takes the held mail up for this ticket; or why not."""
    ticket = _named(number, known)
    if ticket is None:
        return f"tiket {number or '(tanpa nomor)'} tidak ada"
    if ticket.escalated_at is None:
        return f"tiket {number} tidak pernah diteruskan kepada pihak lain"
    note = f"{person.id}: surel {mail_id} menyangkut {number}"
    take = TakeUp(mail_id, f"{person.id} {number}")
    return Decision(None, (take,), (Match("konfirmasi", note),), Outcome.DONE, note)


def _named(number: str, known: Known) -> Ticket | None:
    return next((t for t in known.tickets.values() if t.number == number), None)
