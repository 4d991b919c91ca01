"""An officer corrects the recap by answering the letter that brought it.

Lines such as `LPSE-2026-000042 solusi: ...` and `... keterangan: ...`, each with what follows up
to the next such line. The proof is the letter itself: it went to his address alone, and its signed
Message-ID comes back. The journal of each ticket keeps who and when; he gets the rows as they are
now.
"""

import re
from dataclasses import replace
from datetime import date

from maild.desk import words
from maild.desk.book import Book
from maild.desk.report import Report
from maild.model.action import Action, Amend, Decision, Outcome, Record, SendLetter
from maild.model.dates import written_short
from maild.model.entry import entry_of
from maild.model.event import MailArrived
from maild.model.known import Evidence, Known
from maild.model.mail import Address
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Match, Ticket
from maild.recap.rows import COLUMNS, Row, rows

RECAPS = ("rekap", "rekap_mingguan")
_HOW = "tulis misalnya: {}-2026-000042 solusi: teks yang benar"
_LONGEST = 5_000


def answers_recap(known: Known, person: Person) -> bool:
    """Whether the mail is this person's reply to a recap that was sent to his own address."""
    letter = known.letter
    if letter is None or letter.template not in RECAPS:
        return False
    signed = any(
        c.evidence is Evidence.MESSAGE_ID and c.letter == letter.name for c in known.claims
    )
    return signed and letter.recipient.lower() == person.address.lower()


def decide(event: MailArrived, known: Known, book: Book, person: Person) -> Decision:
    """Every correction that can be made is made; the receipt shows the rows, and what was not
    understood."""
    report = Report()
    changed: dict[int, Ticket] = {}
    actions: list[Action] = []
    tickets = {ticket.number: ticket for ticket in known.tickets.values()}
    for number, column, text in _corrections(event.mail.answer_text, book.office.prefix):
        label = f"{number} {column}"
        ticket = tickets.get(number)
        if ticket is None:
            report.failed(
                label, "tiket ini tidak ada; paling banyak sepuluh tiket dalam satu surel"
            )
        elif not text and column == "solusi":
            report.failed(label, "teksnya kosong")
        else:
            now = changed.get(ticket.id, replace(ticket, version=ticket.version + 1))
            said = text[:_LONGEST]
            changed[ticket.id] = (
                replace(now, solution=said) if column == "solusi" else replace(now, remarks=said)
            )
            done = f"{column} rekap diganti melalui balasan rekap"
            actions.append(Record(ticket.id, event.now, person.id, ticket.row, done))
    if not changed and not report.failures:
        report.failed("surel ini", _HOW.format(book.office.prefix))
    actions += [Amend(ticket) for ticket in changed.values()]
    today = event.now.astimezone(book.office.zone).date()
    for ticket in changed.values():
        report.did(ticket.number, _shown(ticket, book, today))
    actions.append(_receipt(event, book, person, report))
    why = Match("bukti", f"membalas rekap kepada {person.id}")
    return Decision(None, tuple(actions), (why,), Outcome.DONE, "koreksi rekap")


def _corrections(text: str, prefix: str) -> list[tuple[str, str, str]]:
    """Number, column and text of each correction, in order."""
    start = re.compile(
        rf"^[ \t]*\[?({re.escape(prefix)}-\d{{4}}-\d{{6}})\]?[ \t]+(solusi|keterangan)[ \t]*:",
        re.IGNORECASE | re.MULTILINE,
    )
    found = list(start.finditer(text))
    ends = [*(match.start() for match in found), len(text)][1:]
    return [
        (match[1].upper(), match[2].lower(), text[match.end() : end].strip())
        for match, end in zip(found, ends, strict=True)
    ]


def _shown(ticket: Ticket, book: Book, today: date) -> str:
    """The row as it stands in the recap from now on."""
    row = next(rows([entry_of(ticket, book.office.zone)], today), None)
    if row is None:
        return "diganti; tiket ini tidak mempunyai baris dalam rekap"
    shown = ((name, text.replace("\n", "\n    ")) for name, text in _cells(row) if text)
    cells = [f"{name}: {text}" for name, text in shown if name != "No"]
    return "\n".join(("baris rekap sekarang", *(f"  - {cell}" for cell in cells)))


def _cells(row: Row) -> list[tuple[str, str]]:
    finished = written_short(row.finished_on) if row.finished_on else ""
    texts = (*map(str, row[:5]), written_short(row.received_on), finished, row.remarks)
    return list(zip(COLUMNS, texts, strict=True))


def _receipt(event: MailArrived, book: Book, person: Person, report: Report) -> SendLetter:
    return SendLetter(
        template="resi",
        ticket=None,
        serial=event.mail_id,
        party=HELPDESK,
        person=person.number,
        to=Address(person.name, person.address),
        words={**report.words(), "petugas": person.name, "kantor": words.office(book)},
        automatic=True,
    )
