"""The desk: from a mail in the ledger (M1) to its end state, ticket and letters (M2).

Reading happens in another process while the batch before is being decided. A backlog is decided
in one commit a batch; when anything in a batch goes wrong it is taken back whole and its mails
are decided one by one, so that one bad mail never stops the next (P5).
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

from maild.desk.decide import decide
from maild.ingest import thread
from maild.ingest.worker import Reader, Unreadable
from maild.model.action import SendLetter
from maild.model.event import MailArrived
from maild.model.mail import ParsedMail
from maild.service.office import OfficeFiles
from maild.service.writer import Writer
from maild.store.desk import Unit
from maild.store.errors import StoreUnavailable
from maild.store.store import Store
from maild.store.values import RenderedLetter, Undecided

log = logging.getLogger(__name__)

BATCH = 50

Read = list[tuple[Undecided, ParsedMail | Unreadable]]


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
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="reader")

    def work(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Works off all that waits; gives how many mails were decided."""
        decided = 0
        reading = self._read_next()
        while reading and not stopping():
            batch = reading.result()
            reading = self._read_next()
            decided += self._decide_batch(batch)
        if reading:
            self._store.put_back([mail.id for mail, _ in reading.result()])
        return decided

    def close(self) -> None:
        """Ends the reading process."""
        self._ahead.shutdown(wait=True)
        self._reader.close()

    def _read_next(self) -> Future[Read] | None:
        taken = self._store.take_mails(BATCH, self._now())
        return self._ahead.submit(self._read, taken) if taken else None

    def _read(self, taken: Sequence[Undecided]) -> Read:
        read = self._reader.read_many([mail.path for mail in taken])
        return list(zip(taken, read, strict=True))

    def _decide_batch(self, batch: Read) -> int:
        readable: list[tuple[Undecided, ParsedMail]] = []
        for mail, read in batch:
            if isinstance(read, Unreadable):
                log.warning("mail %d could not be read: %s", mail.id, read.reason)
                self._store.put_back([mail.id])
            else:
                readable.append((mail, read))
        try:
            self._commit(readable)
        except StoreUnavailable:
            raise  # the database's trouble is not the mails' fault; the loop waits it out
        except Exception:
            if len(readable) > 1:
                return sum(self._decide_batch([(mail, read)]) for mail, read in readable)
            log.exception("mail %d could not be decided", readable[0][0].id)
            self._store.put_back([readable[0][0].id])
            return 0
        return len(readable)

    def _commit(self, batch: Sequence[tuple[Undecided, ParsedMail]]) -> None:
        office = self._office()
        with self._store.begin() as unit:
            for mail, read in batch:
                self._decide(unit, office, mail, read)

    def _decide(self, unit: Unit, office: OfficeFiles, mail: Undecided, read: ParsedMail) -> None:
        now = self._now()
        ring, prefix = self._writer.ring, office.book.office.prefix
        claims = thread.claims(read, ring, prefix, now.astimezone(UTC).date())
        known = unit.known(read, claims, now, mail.sha256)
        event = MailArrived(mail.internal_at, now, mail.id, read, mail.old)
        decision = decide(event, known, office.book)
        rendered: dict[int, RenderedLetter] = {}
        for index, action in enumerate(decision.actions):
            if isinstance(action, SendLetter):
                fresh = (mail.id, read.attachments)
                rendered[index] = self._writer.write(action, decision, office, now, fresh)
        unit.commit_decision(decision, rendered, mail.id, read, now)
