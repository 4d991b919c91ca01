"""An agent brings somebody else's problem: `#baru nama <alamat>` for a caller or a visitor, or a
user's mail that reached the agent's own box, forwarded inline or as an attachment.

The user becomes the requester. Only a confirmed mail comes here: whom it names gets letters.
"""

import re
from email.utils import parseaddr

from maild.desk.book import Book
from maild.desk.opening import First, open_ticket
from maild.desk.problem import LONGEST_SUBJECT, subject_of
from maild.desk.report import Report
from maild.model.action import Decision
from maild.model.event import MailArrived
from maild.model.known import Known
from maild.model.mail import Address, ParsedMail
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Match
from maild.rules.assess import Problem

WANTED = "tulis nama dan alamat pengguna, misalnya: #baru Siti Aminah <siti@contoh.co.id>"
_SPEC = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")
_LONGEST = 400  # a name and an address; in an endless one the library descends too deep


def wanted(mail: ParsedMail) -> bool:
    """Whether the mail asks for a ticket in somebody else's name."""
    ordered = any(c.known and c.word == "baru" for c in mail.commands)
    return ordered or (mail.forwarded is not None and not mail.commands)


def requester_of(mail: ParsedMail) -> Address | None:
    """Who would be the requester; None when the mail names nobody with a usable address."""
    for command in mail.commands:
        if command.known and command.word == "baru":
            name, address = parseaddr(command.argument[:_LONGEST])
            found = Address(" ".join(name.split()), address.lower())
            return found if _SPEC.fullmatch(found.address) else None
    return mail.forwarded.sender if mail.forwarded else None


def decide(
    event: MailArrived, known: Known, book: Book, person: Person, reason: Match
) -> Decision | None:
    """Opens the ticket; the agent gets the receipt, the requester what SOP 2 and 4 send. None
    when the mail names nobody to whom a letter could go."""
    mail = event.mail
    who = requester_of(mail)
    if who is None or who.address in book.directory.own_addresses:
        return None
    passed_on = mail.forwarded if not mail.commands else None
    text = passed_on.text if passed_on else mail.answer_text.strip() or mail.text
    subject = (passed_on.subject if passed_on else "") or subject_of(mail)
    problem = Problem(
        subject=subject[:LONGEST_SUBJECT],
        text=text,
        sender=who,
        attachments=mail.attachments,
        received_at=event.at,
    )
    first = First(problem, text, "", event.mail_id)
    draft = open_ticket(
        event, known, book, first, by=person.id, words={"lampiran": mail.file_names}
    )
    draft.reasons.append(reason)
    report = Report()
    how = "surel yang diteruskan" if passed_on else "#baru"
    report.did(how, f"tiket {draft.ticket.number} dibuka atas nama {who}")
    if passed_on and mail.answer_text.strip() and mail.answer_text.strip() not in passed_on.text:
        report.did("catatan", "teks Bapak/Ibu di atas terusan tidak dikirim kepada pengguna")
    draft.letter("resi", HELPDESK, extra=report.words(), to=person)
    return draft.done()
