"""The desk: from a mail in the ledger (M1) to its end state, ticket and letters (M2).

Reading happens in another process while the batch before is being decided. A backlog is decided
in one commit a batch; when anything in a batch goes wrong it is taken back whole and its mails
are decided one by one, so that one bad mail never stops the next (P5).
"""

import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from maild.desk import held, outage, outside
from maild.desk.book import Book
from maild.desk.decide import decide
from maild.ingest import thread
from maild.ingest.worker import Read, Reader, Unreadable
from maild.model.action import SendLetter, TakeUp
from maild.model.event import MailArrived
from maild.rules.incident import window_of
from maild.rules.secret import mask_secrets
from maild.service.ahead import Ahead
from maild.service.office import OfficeFiles
from maild.service.stages.sent import sent_folders
from maild.service.writer import Writer
from maild.store.desk import Unit
from maild.store.errors import StoreUnavailable
from maild.store.store import Store
from maild.store.values import RenderedLetter, Undecided

log = logging.getLogger(__name__)

BATCH = 50
_SHOWS_EXAMPLES = "tugas_baru"


@dataclass(frozen=True, slots=True)
class _Taken:
    """A mail of a batch: its row, what was read of it, and by which book it was weighed."""

    row: Undecided
    read: Read | Unreadable
    book: Book


class Desk:
    """Decides what waits. `office` gives the book in force; `now` the time."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        office: Callable[[], OfficeFiles],
        writer: Writer,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._reader = reader
        self._office = office
        self._writer = writer
        self._now = now
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self._book: Book | None = None  # by which the reader weighs
        self._taken_up = False  # whether a held mail waits again since the queue was read

    def work(self, tell: Callable[[], None], stopping: Callable[[], bool] = lambda: False) -> int:
        """Works off all that waits; gives how many mails were decided.

        `tell` is called after each batch: its letters can leave while the next is decided.
        """
        decided = 0
        reading = self._read_next()
        while reading and not stopping():
            batch = reading.result()
            reading = self._read_next()
            decided += self._decide_batch(batch)
            tell()
            if self._taken_up:
                self._taken_up = False
                reading = reading or self._read_next()
        if reading:
            self._store.give_back([taken.row.id for taken in reading.result()])
        return decided

    def warm(self) -> None:
        """Starts the reading process before the first mail is taken: what dies meanwhile is not
        a mail's fault."""
        self._weigh_by(self._office().book)
        self._reader.read_many([Path(os.devnull)])

    def close(self) -> None:
        """Ends the reading process."""
        self._thread.shutdown(wait=True)
        self._reader.close()

    def _read_next(self) -> Future[list[_Taken]] | None:
        taken = self._store.take_mails(BATCH, self._now())
        return self._thread.submit(self._read, taken) if taken else None

    def _read(self, taken: Sequence[Undecided]) -> list[_Taken]:
        """Reads a batch, and weighs those of its mails that may open a ticket."""
        book = self._office().book
        self._weigh_by(book)
        times = [None if row.old else row.internal_at for row in taken]
        answers = self._reader.read_many([row.path for row in taken], times)
        return [_Taken(row, read, book) for row, read in zip(taken, answers, strict=True)]

    def _weigh_by(self, book: Book) -> None:
        if book is not self._book:
            self._reader.weigh_by(Ahead(book.table, book.worktime))
            self._book = book

    def _decide_batch(self, batch: Sequence[_Taken]) -> int:
        readable: list[_Taken] = []
        for taken in batch:
            if isinstance(taken.read, Unreadable):
                log.warning("mail %d could not be read: %s", taken.row.id, taken.read.reason)
                self._store.put_back([taken.row.id], self._now())
            else:
                readable.append(taken)
        try:
            self._commit(readable)
        except StoreUnavailable:
            raise  # the database's trouble is not the mails' fault; the loop waits it out
        except Exception:
            if len(readable) > 1:
                return sum(self._decide_batch([taken]) for taken in readable)
            log.exception("mail %d could not be decided", readable[0].row.id)
            self._store.put_back([readable[0].row.id], self._now())
            return 0
        return len(readable)

    def _commit(self, batch: Sequence[_Taken]) -> None:
        office, sent = self._office(), sent_folders(self._store)
        with self._store.begin() as unit:
            for taken in batch:
                self._decide(unit, office, taken, sent)

    def _decide(
        self, unit: Unit, office: OfficeFiles, taken: _Taken, sent_in: frozenset[str]
    ) -> None:
        row, read, now = taken.row, taken.read, self._now()
        assert isinstance(read, Read)
        mail = unit.undressed(read.mail, now)
        ring, prefix = self._writer.ring, office.book.office.prefix
        claims = thread.claims(mail, ring, prefix, now.astimezone(UTC).date())
        claims += (*outside.claims(mail, office.book), *held.claims(row.vouched))
        known = unit.known(mail, claims, now, row.sha256, row.internal_at)
        if outside.may_be(mail, office.book):
            known = replace(known, told_of_held=unit.told_lately(held.NOTICE, now))
        # What was weighed ahead may have taken a logo for a screenshot, or gone by an older book.
        same = mail is read.mail and taken.book is office.book
        weighed = read.assessment if same else None
        event = MailArrived(row.internal_at, now, row.id, mail, row.old, weighed, row.vouched)
        if sent_in:
            event = replace(event, sent=row.folder in sent_in)
            known = unit.with_answers(known, mail, event.sent)
        decision = decide(event, known, office.book)
        rendered: dict[int, RenderedLetter] = {}
        examples = _Examples(unit, office.book)
        for index, action in enumerate(decision.actions):
            if isinstance(action, SendLetter):
                fresh = (row.id, mail.attachments)
                letter = examples.put_into(action)
                rendered[index] = self._writer.write(letter, decision, office, now, fresh)
        unit.commit_decision(decision, rendered, row.id, mail, now)
        self._taken_up |= any(isinstance(action, TakeUp) for action in decision.actions)


class _Examples:
    """Puts similar problems that were solved, and those of the same outage, into the notices of a
    new one. Looked for only here
    and once a decision: most mails bring no notice, some bring one to each agent."""

    def __init__(self, unit: Unit, book: Book) -> None:
        self._unit = unit
        self._book = book
        self._found: list[tuple[Any, ...]] | None = None
        self._outage: dict[str, Any] = {}

    def put_into(self, letter: SendLetter) -> SendLetter:
        """The letter, with examples if it shows such."""
        if letter.template != _SHOWS_EXAMPLES or letter.ticket is None:
            return letter
        if self._found is None:
            self._found = [
                (t.number, t.summary, t.answered_at or t.closed_at, mask_secrets(t.solution))
                for t in self._unit.similar(letter.ticket)
            ]
            alike = self._unit.alike(letter.ticket, window_of(self._book.table))
            self._outage = outage.proposed(alike, self._book.table)
        return replace(letter, words={**letter.words, "serupa": self._found, **self._outage})
