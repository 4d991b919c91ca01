"""Nobody knows for sure who wrote: From names several people, or readers differ about it.

His problem is taken up, for an officer to look at; on his word nothing else happens, and no
automatic mail is ever sent to him (B027, B047). Where From shows nobody at all there is no ticket
(B026).
"""

from dataclasses import replace

from maild.desk import proof
from maild.desk.book import Book
from maild.desk.opening import First, open_ticket
from maild.desk.problem import first_problem, words_of
from maild.model.action import Decision
from maild.model.event import MailArrived
from maild.model.known import Known


def decide(event: MailArrived, known: Known, book: Book) -> Decision | None:
    """A ticket of its own, whatever the mail names; None when From shows none but us."""
    mail, people = event.mail, book.directory
    strangers = [
        author
        for author in mail.authors
        if author.address not in people.own_addresses and not people.by_address(author.address)
    ]
    if not strangers:
        return None
    shown = ", ".join(author.address for author in mail.authors)
    several = len(mail.authors) > 1
    doubt = f"surel itu menyebut {shown}" if several else "alamat pengirimnya dapat dibaca berbeda"
    problem = first_problem(replace(mail, sender=strangers[0]), event.at)
    named = proof.named_ticket(known)
    first = First(
        problem, words_of(mail), mail.message_id or "", event.mail_id, event.assessment, doubt
    )
    return open_ticket(
        event,
        replace(known, conversation=(), passages=()),
        book,
        first,
        linked=named.number if named else "",
        words={"lampiran": mail.file_names},
    ).done(note=f"pengirim tidak jelas: {mail.sender_doubt}")
