"""The recap sends itself: the month's on the first working day, the open tickets once a week.

Real letters through the outbox, with the file attached. A letter's name says its period and its
reader, and is unique: after a crash the same letter cannot be written twice, and a day on which
the service stood still is made up for.
"""

import logging
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from maild.desk import words
from maild.desk.book import Book
from maild.model.action import Decision, File, SendLetter
from maild.model.dates import written_date, written_instant, written_period
from maild.model.entry import Entry, entry_of
from maild.model.mail import Address
from maild.model.ticket import Match, State, Ticket
from maild.recap.files import CannotWrite, Form, write
from maild.recap.period import file_name, instants, month_before
from maild.recap.rows import Cover, rows
from maild.service.laying import laying
from maild.service.office import OfficeFiles
from maild.service.settings import RecapPost
from maild.service.writer import Writer
from maild.store.errors import Conflict
from maild.store.store import Store
from maild.store.values import TicketFilter

log = logging.getLogger(__name__)

COORDINATOR = "koordinator"
MOST_OCTETS = 10_000_000  # of all files of a letter; larger ones many a mail server refuses
_MONTHLY, _WEEKLY = "rekap bulanan", "rekap mingguan"
_MOST_LINES = 40
# Serials say the month (yymm) or the week (yymmdd) and the reader, far above the ledger's numbers.
_FIRST_SERIAL, _MOST_READERS = 1_000_000_000, 100
_MOST_OPEN = 5_000
_TYPES = {
    Form.CSV: "text/csv",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PDF: "application/pdf",
    Form.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Form.HTML: "application/octet-stream",
}


@dataclass(frozen=True, slots=True)
class _Issue:
    """What goes to every reader of one recap. `serial` numbers its letters from there on."""

    template: str
    serial: int
    period: str
    lines: list[tuple[str, str]]
    files: tuple[File, ...]
    example: str


class Post:
    """Sends what `plan` wants when its day has come."""

    def __init__(
        self,
        store: Store,
        office: Callable[[], OfficeFiles],
        writer: Writer,
        plan: RecapPost,
    ) -> None:
        self._store = store
        self._office = office
        self._writer = writer
        self._plan = plan
        self._done: dict[str, str] = {}

    def work(self, now: datetime) -> int:
        """Writes the letters that are due, within service hours; gives how many."""
        office = self._office()
        book = office.book
        if not (self._plan.monthly or self._plan.weekly) or not book.worktime.is_open(now):
            return 0
        today = now.astimezone(book.office.zone).date()
        monday = today - timedelta(days=today.weekday())
        sent = 0
        for kind, readers, begins, issue in (
            (_MONTHLY, self._plan.monthly, today.replace(day=1), self._month),
            (_WEEKLY, self._plan.weekly, monday, self._week),
        ):
            if readers and self._is_due(kind, begins, today, book):
                sent += self._send(issue(now, today, book), readers, now, office)
                self._note(kind, begins)
        return sent

    def _is_due(self, kind: str, begins: date, today: date, book: Book) -> bool:
        """Whether this month's or week's first working day has come and nothing was sent yet. A
        service that was set up later in the month begins with the next one."""
        if self._done.get(kind) == str(begins):
            return False
        noted = self._store.setting(kind)
        first = book.worktime.add_workdays(begins, 0)
        if noted == str(begins) or (noted is None and today > first):
            self._note(kind, begins)
            return False
        return today >= first

    def _note(self, kind: str, begins: date) -> None:
        if self._store.setting(kind) != str(begins):
            self._store.keep_setting(kind, str(begins))
        self._done[kind] = str(begins)

    def _month(self, now: datetime, today: date, book: Book) -> _Issue:
        days = month_before(today)
        month = instants(days, book.office.zone)
        entries = list(self._store.register.entries(*month, ways=True))
        shown = list(rows(entries, days[1]))
        lines = [
            ("Diterima", str(len(shown))),
            ("Selesai", str(sum(row.finished_on is not None for row in shown))),
            ("Masih terbuka", str(sum(row.finished_on is None for row in shown))),
            ("Dieskalasi", str(sum("dieskalasi ke " in row.remarks for row in shown))),
        ]
        kinds = Counter(row.problem.partition(":")[0].lower() for row in shown)
        if kinds:
            lines.append(("Jenis", ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())))
        cover = Cover(book.office, *days)
        files, missing = self._files(f"rekap-{file_name(days)}", entries, cover, now)
        serial = _FIRST_SERIAL + int(f"{days[0]:%y%m}") * _MOST_READERS
        example = entries[0].number if entries else ""
        return _Issue("rekap", serial, written_period(*days), lines + missing, files, example)

    def _week(self, now: datetime, today: date, book: Book) -> _Issue:
        zone = book.office.zone
        states = tuple(state.value for state in State if state.is_open)
        newest_first = self._store.tickets(TicketFilter(states=states, limit=_MOST_OPEN))
        tickets = sorted(newest_first, key=lambda ticket: (ticket.received_at, ticket.id))
        late = [ticket for ticket in tickets if _is_late(ticket, now, book)]
        others = [ticket for ticket in tickets if ticket not in late]
        lines = [("Terbuka", str(len(tickets))), ("Lewat waktu", str(len(late)))]
        listed = [*late, *others][:_MOST_LINES]
        lines += [(ticket.number, _standing(ticket, now, book)) for ticket in listed]
        register = self._store.register
        entries = [
            entry_of(t, zone)._replace(way=register.way(t.number) if t.escalated_at else "")
            for t in tickets
        ]
        first = entries[0].received_on if entries else today
        cover = Cover(book.office, first, today)
        files, missing = self._files(f"tiket-terbuka-{today}", entries, cover, now)
        monday = today - timedelta(days=today.weekday())
        serial = _FIRST_SERIAL + int(f"{monday:%y%m%d}") * _MOST_READERS
        example = entries[0].number if entries else ""
        period = written_date(today)
        return _Issue("rekap_mingguan", serial, period, lines + missing, files, example)

    def _files(
        self, name: str, entries: Iterable[Entry], cover: Cover, now: datetime
    ) -> tuple[tuple[File, ...], list[tuple[str, str]]]:
        """The files, and a line for each that could not be made or is too large to be sent."""
        files: list[File] = []
        missing: list[tuple[str, str]] = []
        lay = laying(self._store.register, cover.last, now, cover.office.zone)
        with tempfile.TemporaryDirectory() as folder:
            for word in self._plan.formats:
                form = Form(word)
                path = Path(folder) / f"{name}.{form}"
                try:
                    write(form, path, rows(entries, cover.last, laying=lay), cover)
                except CannotWrite as trouble:
                    log.error("%s", trouble)
                    missing.append((path.name, "tidak dapat dibuat; lihat catatan layanan"))
                    continue
                octets = path.read_bytes()
                if sum(len(file.octets) for file in files) + len(octets) > MOST_OCTETS:
                    missing.append((path.name, "terlalu besar; buat dengan perintah maild recap"))
                else:
                    files.append(File(path.name, _TYPES[form], octets))
        return tuple(files), missing

    def _send(
        self, issue: _Issue, readers: tuple[str, ...], now: datetime, office: OfficeFiles
    ) -> int:
        written = 0
        for nth, address in enumerate(readers):
            letter = _letter(issue, nth, address, office.book)
            decision = Decision(None, (letter,), (Match("rekap", issue.period),))
            try:
                with self._store.begin() as unit:
                    rendered = {0: self._writer.write(letter, decision, office, now)}
                    unit.commit_decision(decision, rendered, None, None, now)
                written += 1
            except Conflict:
                log.info("the recap %d is in the outbox already", letter.serial)
        return written


def _letter(issue: _Issue, nth: int, address: str, book: Book) -> SendLetter:
    person = book.directory.by_address(address)
    return SendLetter(
        template=issue.template,
        ticket=None,
        serial=issue.serial + nth,
        party=person.party if person else COORDINATOR,
        person=person.number if person else 0,
        to=Address(person.name if person else "", address),
        words={
            "petugas": person.name if person else "",
            "kantor": words.office(book),
            "periode": issue.period,
            "contoh": issue.example or f"{book.office.prefix}-2026-000042",
            "baris": issue.lines,
            "lampiran": [file.name for file in issue.files],
        },
        automatic=True,
        files=issue.files,
    )


def _is_late(ticket: Ticket, now: datetime, book: Book) -> bool:
    """Whether its row's time is up, or it stands where the SOP leads when time was up."""
    procedure = book.procedures.get(ticket.sop)
    rows = procedure.rows.values() if procedure else ()
    return (ticket.due_at is not None and ticket.due_at <= now) or ticket.row in {
        row.late for row in rows
    }


def _standing(ticket: Ticket, now: datetime, book: Book) -> str:
    """Priority, state, officer, since when or until when, and what it is about."""
    level, late = ticket.assessment.priority.level, _is_late(ticket, now, book)
    officer = next((p.name for p in book.directory.people if p.id == ticket.officer), "")
    parts = [f"prioritas {level}", ticket.state.value, officer or "belum ada petugasnya"]
    if ticket.due_at:
        at = written_instant(ticket.due_at, book.office.zone)
        over = ticket.due_at <= now
        parts.append(
            f"lewat waktu sejak {at}"
            if over
            else f"lewat waktu, batas berikutnya {at}"
            if late
            else f"sampai {at}"
        )
    return f"{', '.join(parts)}; {' '.join((ticket.summary or ticket.subject).split())[:90]}"
