"""Puts the parts together: settings and the office's files become a service that can run."""

import logging
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from maild.ingest.access import MailboxAccess
from maild.ingest.mailbox import Mailbox
from maild.ingest.worker import Reader
from maild.replies.smtp import RelayAccess, RelayPool
from maild.rules import procedure
from maild.service import keyring
from maild.service.office import OfficeFiles, digest_of, read_office
from maild.service.settings import Settings
from maild.service.stages.board import Board
from maild.service.stages.clock import Clock
from maild.service.stages.copier import Copier
from maild.service.stages.courier import Courier
from maild.service.stages.desk import Desk
from maild.service.stages.intake import Intake
from maild.service.stages.post import Post
from maild.service.writer import Writer
from maild.store.store import Store
from maild.store.values import ClaimedLetter

log = logging.getLogger(__name__)

Now = Callable[[], datetime]


def real_time() -> datetime:
    """The machine's clock; every instant of the service starts here."""
    return datetime.now(UTC)


class OfficeHolder:
    """The book in force. A change of the office's files is taken over when it is sound as a
    whole; otherwise the book in force stays, and the faults are logged once."""

    def __init__(self, settings: Settings, office: OfficeFiles, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._office = self._with_versions(office)
        self._seen = self._fingerprint()

    def current(self) -> OfficeFiles:
        """The book in force, and its letters."""
        return self._office

    def refresh(self) -> None:
        """Takes over a change of the SOP, the table or the letters, if it is sound."""
        seen = self._fingerprint()
        if seen == self._seen:
            return
        self._seen = seen
        office, faults = read_office(self._settings)
        for fault in faults:
            log.error("not taken over: %s", fault)
        if office is not None:
            self._office = self._with_versions(office)
            log.info("the office's files have changed and are in force")

    def _with_versions(self, office: OfficeFiles) -> OfficeFiles:
        """Adds the versions of the SOP under which earlier tickets run."""
        self._store.keep_procedure(office.book.current, office.sop_text)
        procedures = dict(office.book.procedures)
        for digest, text in self._store.procedures_in_use().items():
            if digest not in procedures and digest_of(text) == digest:
                procedures[digest], _ = procedure.read(tomllib.loads(text), digest)
        return replace(office, book=replace(office.book, procedures=procedures))

    def _fingerprint(self) -> tuple[tuple[str, int, int], ...]:
        settings = self._settings
        named = {settings.sop_file, settings.priority_file}
        files = {*settings.sop_dir.glob("*"), *settings.templates_dir.glob("*.txt"), *named}
        found: list[tuple[str, int, int]] = []
        for path in sorted(files):
            with suppress(FileNotFoundError):  # being written anew at this moment
                stat = path.stat()
                found.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Doors:
    """How the world is reached; the simulation has doors of its own (R10)."""

    now: Now = real_time
    mailbox: Callable[[MailboxAccess], Mailbox] = Mailbox
    relay: Callable[[RelayAccess, int], RelayPool[ClaimedLetter]] = RelayPool
    reader: Callable[[str, frozenset[str]], Reader] = Reader


class Parts:
    """The four stages of one office, not yet running."""

    def __init__(
        self, settings: Settings, office: OfficeFiles, store: Store, doors: Doors | None = None
    ) -> None:
        doors = doors or Doors()
        now = doors.now
        self._doors = doors
        self.settings = settings
        self.store = store
        self.now = now
        self.holder = OfficeHolder(settings, office, store)
        self.writer = Writer(keyring.load(settings.key_file), self._raw_path, store.attachments)
        reader = doors.reader(settings.authserv_id, settings.directory.own_addresses)
        self.desk = Desk(store, reader, self.holder.current, self.writer, now)
        post = Post(store, self.holder.current, self.writer, settings.recap)
        self.clock = Clock(store, self.holder.current, self.writer, now, post.work)
        pool = doors.relay(relay_access(settings), settings.courier.connections)
        self.courier = Courier(store, pool, now)

    def intake(self, tell: Callable[[], None]) -> Intake:
        """The intake of the office's mailbox; `tell` is called when the ledger has grown."""
        access = mailbox_access(self.settings)
        connect = self._doors.mailbox
        mailbox, office = self.settings.mailbox, self.settings.office
        copier = None
        if mailbox.copies:
            copier = Copier(self.store, mailbox.copies, office, self.writer.ring, self.now)
        board = None
        if mailbox.papan:
            board = Board(self.store, mailbox, self.holder.current, self.writer, self.now)
        return Intake(self.store, mailbox, access, tell, self.now, connect, copier, board)

    def close(self) -> None:
        """Ends what the stages hold."""
        self.desk.close()
        self.courier.close()

    def _raw_path(self, mail_id: int) -> Path | None:
        mail = self.store.mail(mail_id)
        return self.store.blobs.path(mail.sha256) if mail else None


def mailbox_access(settings: Settings) -> MailboxAccess:
    """How to reach the mailbox."""
    server = settings.mailbox.server
    return MailboxAccess(
        account=settings.office.mailbox.address,
        host=server.host,
        port=server.port,
        tls=server.tls.value,
        user=server.user,
        password=server.password,
        ca_file=server.ca_file,
        idle=settings.mailbox.idle,
        inbox=settings.mailbox.inbox,
        processed=settings.mailbox.processed,
        quarantine=settings.mailbox.quarantine,
    )


def relay_access(settings: Settings) -> RelayAccess:
    """How to reach the relay."""
    server = settings.courier.server
    return RelayAccess(
        host=server.host,
        port=server.port,
        tls=server.tls.value,
        user=server.user,
        password=server.password,
        hello_name=settings.courier.hello_name,
        ca_file=server.ca_file,
    )
