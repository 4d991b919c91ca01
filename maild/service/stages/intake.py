"""Intake: from the server (M0) into the ledger (M1), and hints back to the server.

Nothing on the server is touched before raw bytes and ledger row are committed (R1). Filing what
has been decided is a hint that may be repeated (R3).
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from maild.ingest import identity
from maild.ingest.access import MailboxAccess, MailboxError
from maild.ingest.download import Listed
from maild.ingest.mailbox import FolderStatus, Mailbox
from maild.model.action import Outcome
from maild.service.bell import WireBell
from maild.service.settings import Mailbox as MailboxSettings
from maild.service.stages.backlog import Backlog
from maild.service.stages.board import Board
from maild.service.stages.copier import Copier
from maild.service.stages.doubt import Doubt
from maild.service.stages.sent import AUTO, Sent
from maild.service.trouble import HOLD_SECONDS, LOGINS, Trouble
from maild.store import crash
from maild.store.errors import StoreUnavailable
from maild.store.store import Store
from maild.store.values import FilingHint, FolderState, OldMail

log = logging.getLogger(__name__)

AT_ONCE = 500
_REST = 30.0  # seconds
_PATIENCE = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0)


class Intake:
    """One mailbox, one thread. `tell` is called whenever the ledger has grown."""

    def __init__(
        self,
        store: Store,
        settings: MailboxSettings,
        access: MailboxAccess,
        tell: Callable[[], None],
        now: Callable[[], datetime],
        connect: Callable[[MailboxAccess], Mailbox] = Mailbox,
        copier: Copier | None = None,
        board: Board | None = None,
    ) -> None:
        self._store = store
        self._connect = connect
        self._settings = settings
        self._access = access
        self._tell = tell
        self._now = now
        self._doubt = Doubt(store, settings.sent or AUTO, now)
        self._sent = Sent(store, settings.sent)
        self._copier = copier
        self._board = board
        self._trouble = Trouble(store, "mailbox", now)
        self._backlog = Backlog(store, now)
        self.bell = WireBell()
        self._mailbox: Mailbox | None = None
        self._grown = False  # whether the ledger has, since the connection broke last
        self._stopping: Callable[[], bool] = lambda: False

    def run(self, stopping: Callable[[], bool]) -> None:
        """Reads the mailbox until told to stop; trouble with server and database is waited out."""
        self._stopping = stopping
        while not stopping():
            try:
                with self.alone() as mine:
                    if mine:
                        self._poll(stopping)
                    else:
                        self._rest(_REST, stopping)
            except StoreUnavailable as trouble:
                log.error("intake rests for %.0f s: %s", _REST, trouble)
                self._rest(_REST, stopping)
        self.close()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process is the one that reads the mailbox for as long as the context lasts.

        Others on the same database wait for it to end or to lose the database.
        """
        with self._store.polling(self._access.account) as mine:
            if not mine:
                log.info("another maild reads the mailbox")
            yield mine

    def _poll(self, stopping: Callable[[], bool]) -> None:
        """Round after round. StoreUnavailable ends it: with the database the right to read the
        mailbox may have been lost."""
        failures = refusals = 0
        while not stopping():
            try:
                self.bell.hush()  # before the work: a ring during it is work for the next round
                self.work()
                failures = refusals = 0
                self._wait(self._settings.poll_seconds)
            except MailboxError as error:
                self._disconnect()
                # A server that breaks off now and then in years of mail is not a dead one.
                failures, self._grown = 0 if self._grown else failures, False
                refusals = refusals + 1 if error.kind == "auth" else 0
                if refusals >= LOGINS:
                    self._trouble.begins(str(error))
                    seconds = HOLD_SECONDS
                else:
                    seconds = _PATIENCE[min(failures, len(_PATIENCE) - 1)]
                    seconds *= random.uniform(0.8, 1.2)  # noqa: S311 (jitter, not a secret)
                failures += 1
                log.warning("mailbox: %s; again in %.0f s", error, seconds)
                self._rest(seconds, stopping)
            except OSError as error:
                log.error("intake rests for %.0f s: %s", _REST, error)  # F015: a full disk
                self._rest(_REST, stopping)

    def work(self) -> int:
        """Takes in what is new and files what is decided; gives how many mails were new."""
        mailbox = self._connected()
        taken = self._take_in_sent(mailbox)
        status = mailbox.select(self._settings.inbox)
        taken += self._take_in(mailbox, status, self._settings.inbox)
        if self._stopping():
            return taken
        self._file(mailbox, status)
        if self._board is not None:
            self._board.work(mailbox, self._tell)
            mailbox.select(self._settings.inbox)
        if self._doubt.due():
            self._doubt.settle(mailbox)
            mailbox.select(self._settings.inbox)
        self._copy(mailbox)
        self._trouble.over()
        return taken

    def file(self) -> None:
        """Files what has been decided meanwhile."""
        mailbox = self._connected()
        self._file(mailbox, mailbox.select(self._settings.inbox))
        self._copy(mailbox)

    def _copy(self, mailbox: Mailbox) -> None:
        if self._copier is not None and self._copier.work(mailbox):
            mailbox.select(self._settings.inbox)

    def close(self) -> None:
        """Ends the connection and the bell."""
        self._disconnect()
        self.bell.close()

    def _take_in_sent(self, mailbox: Mailbox) -> int:
        """Before the inbox: what was answered already must be known when its question comes."""
        folder = self._sent.folder(mailbox)
        if not folder:
            return 0
        inbox = self._store.folder(self._access.account, self._settings.inbox)
        since = inbox.cut_over_at if inbox else None
        return self._take_in(mailbox, mailbox.select(folder), folder, since)

    def _take_in(
        self, mailbox: Mailbox, status: FolderStatus, folder: str, since: datetime | None = None
    ) -> int:
        account = self._access.account
        state = self._state(status, folder, since)
        taken = 0
        uids = mailbox.uids_from(state.next_uid)
        for start in range(0, len(uids), AT_ONCE):
            if len(uids) > AT_ONCE and self._backlog.due():
                self._backlog.tell(folder, start, len(uids))
                again = mailbox.select(self._settings.inbox)
                taken += self._take_in_recent(mailbox, again)
                if folder != self._settings.inbox:
                    again = mailbox.select(folder)
                if again.uidvalidity != status.uidvalidity:
                    return taken
            if start and self._stopping():
                return taken
            some = uids[start : start + AT_ONCE]
            new = self._new(some, status, folder)
            taken += self._fetch(mailbox, new, mailbox.sizes(new), state, folder)
            state = FolderState(status.uidvalidity, some[-1] + 1, state.cut_over_at)
            self._store.note_folder(account, folder, state)
        self._backlog.over(folder)
        return taken

    def _take_in_recent(self, mailbox: Mailbox, status: FolderStatus) -> int:
        """Mail of the selected inbox since the cut-over: it does not wait behind the old (T07).

        Looked for from the newest back to the first old one, or to where it was looked last.
        """
        folder = self._settings.inbox
        state = self._state(status, folder)
        recent: list[Listed] = []
        for some in self._backlog.newest(mailbox, status, state.next_uid, AT_ONCE):
            listed = mailbox.sizes(self._new(some, status, folder))
            found = [mail for mail in listed if mail.internal_at >= state.cut_over_at]
            recent = found + recent
            if len(found) < len(listed):
                break
        taken = 0
        for start in range(0, len(recent), AT_ONCE):
            if self._stopping():
                break
            part = recent[start : start + AT_ONCE]
            taken += self._fetch(mailbox, [mail.uid for mail in part], part, state, folder)
        return taken

    def _new(self, uids: list[int], status: FolderStatus, folder: str) -> list[int]:
        """Those of the UIDs, which ascend, that the ledger does not have."""
        known = self._store.known_uids(
            self._access.account, folder, status.uidvalidity, uids[0], uids[-1]
        )
        return [uid for uid in uids if uid not in known]

    def _fetch(
        self,
        mailbox: Mailbox,
        new: list[int],
        listed: list[Listed],
        state: FolderState,
        folder: str,
    ) -> int:
        """A mail that is gone before it could be fetched has its end state too (F034)."""
        account = self._access.account
        limit = self._settings.max_mail_bytes
        old = self._old(mailbox, listed, state.cut_over_at)
        taken = self._store.note_old(account, folder, state.uidvalidity, old, self._now())
        self._grown |= taken > 0
        noted = {mail.uid for mail in old}
        missing = set(new) - noted
        wanted = [mail for mail in listed if mail.uid not in noted]
        for batch in mailbox.fetch(wanted, limit):
            taken += self._store.record(batch, self._now(), state.cut_over_at, limit)
            self._grown = True
            missing -= {mail.uid for mail in batch}
            self._tell()
        if missing:
            self._store.vanished(account, folder, state.uidvalidity, sorted(missing), self._now())
        return taken

    @staticmethod
    def _old(mailbox: Mailbox, listed: list[Listed], cut_over_at: datetime) -> list[OldMail]:
        """Those from before the cut-over. Nobody will ever decide them, so only what names them
        is fetched; one whose header the server does not give goes the way of all others."""
        old = [mail for mail in listed if mail.internal_at < cut_over_at]
        heads = mailbox.heads([mail.uid for mail in old]) if old else {}
        return [
            OldMail(mail.uid, mail.size, mail.internal_at, *identity.of(heads[mail.uid]))
            for mail in old
            if mail.uid in heads
        ]

    def _state(
        self, status: FolderStatus, folder: str, since: datetime | None = None
    ) -> FolderState:
        """How far the folder has been read. A new UIDVALIDITY means: list all of it again; the
        ledger knows each mail by Message-ID and content (F032)."""
        account = self._access.account
        state = self._store.folder(account, folder)
        if state is None:
            cut_over_at = since or self._settings.cut_over_at or self._now()
            state = FolderState(status.uidvalidity, 1, cut_over_at)
            self._store.note_folder(account, folder, state)
        elif state.uidvalidity != status.uidvalidity:
            log.warning("folder %s was renumbered; it is read from its start", folder)
            state = FolderState(status.uidvalidity, 1, state.cut_over_at)
        return state

    def _file(self, mailbox: Mailbox, status: FolderStatus) -> None:
        while not self._stopping() and (
            hints := self._store.to_file(self._access.account, AT_ONCE)
        ):
            key = (self._settings.inbox, status.uidvalidity)
            here = [h for h in hints if (h.folder, h.uidvalidity) == key]
            targets: dict[str, list[int]] = {}
            for hint in here:
                targets.setdefault(self._target(hint), []).append(hint.uid)
            for folder, uids in targets.items():
                if folder:
                    mailbox.file_away(uids, folder)
                    crash.here("mail moved")
            self._store.filed([h.id for h in hints], self._now())

    def _target(self, hint: FilingHint) -> str:
        """The folder for a mail with this end state; "" for one that stays where it is."""
        if hint.old:
            return ""
        match Outcome(hint.outcome):
            case Outcome.DONE | Outcome.INERT:
                column = self._board.target(hint.id) if self._board else ""
                return column or self._settings.processed
            case Outcome.QUARANTINED:
                return self._settings.quarantine
            case Outcome.PARKED | Outcome.OVERSIZE | Outcome.VANISHED:
                return ""

    def _connected(self) -> Mailbox:
        if self._mailbox is None:
            mailbox = self._connect(self._access)
            copies = [self._copier.folder] if self._copier else []
            for folder in (self._settings.processed, self._settings.quarantine, *copies):
                mailbox.ensure_folder(folder)
            self._sent.look_again()
            if self._board is not None:
                self._board.look_again()
            self._mailbox = mailbox
        return self._mailbox

    def _disconnect(self) -> None:
        if self._mailbox is not None:
            self._mailbox.close()
            self._mailbox = None

    def _wait(self, seconds: float) -> None:
        self._connected().wait(seconds, self.bell.ear)

    def _rest(self, seconds: float, stopping: Callable[[], bool]) -> None:
        """Only the end of the service cuts a rest short: work to be filed does not."""
        end = time.monotonic() + seconds
        while not stopping() and (left := end - time.monotonic()) > 0:
            self.bell.hear(left)
            self.bell.hush()
