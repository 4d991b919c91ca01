"""What of a mail is weighed: the person's own words, with the facts of his signature."""

from dataclasses import replace
from datetime import datetime

from maild.model.mail import Address, ParsedMail
from maild.rules.assess import Problem

LONGEST_SUBJECT = 250  # B067


def subject_of(mail: ParsedMail) -> str:
    """The subject in one line, as it is shown and kept."""
    return " ".join(mail.subject.split())[:LONGEST_SUBJECT]


def words_of(mail: ParsedMail) -> str:
    """What the person wrote himself; everything, when nothing but quotes can be made out."""
    return mail.reply_text or mail.text


def first_problem(mail: ParsedMail, received_at: datetime) -> Problem:
    """The problem of a mail that opens a ticket (SOP 1)."""
    problem = _problem(mail, received_at, subject_of(mail))
    return replace(problem, quoted=mail.quoted) if mail.quoted else problem


def further_problem(mail: ParsedMail, received_at: datetime) -> Problem:
    """What a further mail says by itself; its subject is that of our letter (SOP 5)."""
    return _problem(mail, received_at, "")


def _problem(mail: ParsedMail, received_at: datetime, subject: str) -> Problem:
    """A problem as the rules weigh it: company, telephone and the like stand in the signature."""
    words = words_of(mail)
    return Problem(
        subject=subject,
        text=f"{words}\n\n{mail.signature}" if mail.signature else words,
        sender=mail.sender or Address("", ""),
        attachments=mail.attachments,
        received_at=received_at,
    )
