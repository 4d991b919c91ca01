"""The board on the server: what people moved is decided, what has changed is moved on.

A round looks into every column, decides what appeared in one where maild had not put it, and
moves each ticket's newest mail to where its ticket stands. Where a mail is to stand is committed
before it is moved, so that maild's own moves, whenever they are seen, are no orders. Nothing is
deleted or copied; what is not the newest goes to the folder of what is dealt with.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime

from maild.desk.board import column_of
from maild.desk.decide import decide
from maild.ingest.mailbox import Mailbox
from maild.model.action import SendLetter
from maild.model.board import Column
from maild.model.event import MailMoved
from maild.model.mail import RawMail
from maild.service.office import OfficeFiles
from maild.service.settings import Mailbox as MailboxSettings
from maild.service.writer import Writer
from maild.store.board import Astray, Spot
from maild.store.errors import StoreUnavailable
from maild.store.store import Store

log = logging.getLogger(__name__)


class Board:
    """One mailbox's board."""

    def __init__(
        self,
        store: Store,
        settings: MailboxSettings,
        office: Callable[[], OfficeFiles],
        writer: Writer,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._settings = settings
        self._office = office
        self._writer = writer
        self._now = now
        self._names: dict[Column, str] = {}
        self._taken = False
        self._missed: set[int] = set()  # mails that stand nowhere
        self._known_columns: dict[int, tuple[int, Column | None]] = {}  # by ticket, its version

    def look_again(self) -> None:
        """A new connection: folders may have been renamed, and mails put back."""
        self._names = {}
        self._missed.clear()

    def work(self, mailbox: Mailbox, tell: Callable[[], None]) -> None:
        """A round; selects other folders than the inbox. `tell` is called when something was
        taken in or decided."""
        for folder in self._folders(mailbox).values():
            self._look_into(mailbox, folder)
        if self._obey():
            tell()
        self._arrange(mailbox)
        self._fetch_strays(mailbox)
        if self._taken:
            self._taken = False
            tell()

    def target(self, mail_id: int) -> str:
        """The folder for a mail of the inbox that is its ticket's newest; "" for any other."""
        ticket_id = self._store.newest_of(mail_id)
        column = self._column(ticket_id) if ticket_id else None
        if ticket_id is None or column is None or not self._names:
            return ""
        self._store.expect(ticket_id, mail_id, column)
        return self._names[column]

    def _folders(self, mailbox: Mailbox) -> dict[Column, str]:
        """The columns' folders, once a connection: made where missing, followed where renamed."""
        if not self._names:
            there = {folder.name for folder in mailbox.folders()}
            names = self._store.column_names()
            for column, name in names.items():
                if name not in there:
                    strangers = there - set(names.values())
                    names[column] = self._renamed(mailbox, column, name, strangers)
            self._names = names
        return self._names

    def _renamed(self, mailbox: Mailbox, column: Column, name: str, strangers: set[str]) -> str:
        """What a column is called now: the folder that holds its mails under the same numbers, or
        its own name, made anew."""
        known = self._store.places(name)
        ours = {self._settings.inbox, self._settings.processed, self._settings.quarantine}
        for stranger in sorted(strangers - ours) if known else ():
            validity = mailbox.select(stranger).uidvalidity
            uids = mailbox.uids_from(1)
            if any((validity, uid) in known for uid in uids):
                log.warning("the board's folder %s is called %s now", name, stranger)
                self._store.folder_renamed(column, name, stranger)
                return stranger
        mailbox.ensure_folder(name)
        return name

    def _look_into(self, mailbox: Mailbox, folder: str) -> None:
        """Notes who has come and who has gone. A mail that the ledger does not know is taken in:
        somebody has moved it before maild saw it in the inbox."""
        validity = mailbox.select(folder).uidvalidity
        here = {(validity, uid) for uid in mailbox.uids_from(1, standing=True)}
        known = self._store.places(folder)
        self._store.left(folder, known.keys() - here)
        fresh = sorted(uid for _, uid in here - known.keys())
        limit = self._settings.max_mail_bytes
        for batch in mailbox.fetch(mailbox.sizes(fresh), limit) if fresh else ():
            for mail in batch:
                self._store.stands(folder, validity, mail.uid, self._known(mail))

    def _known(self, mail: RawMail) -> int:
        digest = _digest(mail)
        found = self._store.mail_with(digest)
        if found is None:
            self._store.record([mail], self._now(), None, self._settings.max_mail_bytes)
            self._taken = True
            found = self._store.mail_with(digest)
        assert found is not None
        return found

    def _obey(self) -> int:
        """Decides what people have moved, one move a ticket; gives how many.

        Where the mail also stands where it was put, or where its ticket stands by now, it has not
        been moved: it is a copy, or the move was under way while we looked, and the next round
        will see; or an order of which only the decision was committed before the service died.
        """
        columns = {folder: column for column, folder in self._names.items()}
        by_ticket: dict[int, list[Spot]] = {}
        for spot in self._store.spots():
            if spot.mail == spot.newest and spot.folder in columns:
                by_ticket.setdefault(spot.ticket, []).append(spot)
        made = 0
        for spots in by_ticket.values():
            fresh = [s for s in spots if not s.handled]
            now = self._column_at(spots[0].ticket, spots[0].version)
            home = [s for s in spots if columns[s.folder] in (s.expected, now)]
            if home:
                self._store.handled(s for s in home if not s.handled)
            elif fresh:
                made += self._try(fresh[0], columns[fresh[0].folder])
        return made

    def _try(self, spot: Spot, column: Column) -> bool:
        """An order that cannot be decided stops no other: its mail goes back (P5)."""
        try:
            self._decide(spot, column)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("the move of mail %d could not be decided", spot.mail)
            self._store.handled([spot])
            return False
        return True

    def _decide(self, spot: Spot, column: Column) -> None:
        office, now = self._office(), self._now()
        event = MailMoved(now, spot.ticket, spot.mail, column)
        with self._store.begin() as unit:
            decision = decide(event, unit.known_ticket(spot.ticket, now), office.book)
            rendered = {
                index: self._writer.write(action, decision, office, now)
                for index, action in enumerate(decision.actions)
                if isinstance(action, SendLetter)
            }
            unit.commit_decision(decision, rendered, None, None, now)
            unit.handled(spot)

    def _arrange(self, mailbox: Mailbox) -> None:
        """Moves every mail to where its ticket stands; older ones of a ticket off the board."""
        moves: dict[tuple[str, int, str], list[int]] = {}
        by_ticket: dict[int, list[Spot]] = {}
        for spot in self._store.spots():
            by_ticket.setdefault(spot.ticket, []).append(spot)
        for ticket, spots in by_ticket.items():
            column = self._column_at(ticket, spots[0].version)
            target = self._names[column] if column else self._settings.processed
            if column and column.value != spots[0].expected:
                self._store.expect(ticket, spots[0].newest, column)
            old = [s for s in spots if s.mail != s.newest]
            mine = [s for s in spots if s.mail == s.newest]
            if not any(s.folder == target for s in mine):
                for spot in [s for s in mine if s.handled][:1]:
                    key = (spot.folder, spot.uidvalidity, target)
                    moves.setdefault(key, []).append(spot.uid)
            for spot in old:
                key = (spot.folder, spot.uidvalidity, self._settings.processed)
                moves.setdefault(key, []).append(spot.uid)
        for (folder, validity, target), uids in moves.items():
            if mailbox.select(folder).uidvalidity == validity:
                mailbox.file_away(uids, target)

    def _fetch_strays(self, mailbox: Mailbox) -> None:
        """Puts the tickets onto the board that were open before it was kept, and those whose
        mail was held back until its author confirmed it. Each is looked for once a connection."""
        astray = [s for s in self._store.astray() if s.mail not in self._missed]
        for folder in (self._settings.processed, self._settings.quarantine) if astray else ():
            mailbox.select(folder)
            for stray in list(astray):
                column, uid = self._column(stray.ticket), _uid_of(mailbox, stray)
                if column and uid:
                    self._store.expect(stray.ticket, stray.mail, column)
                    mailbox.file_away([uid], self._names[column])
                    astray.remove(stray)
        self._missed |= {stray.mail for stray in astray}

    def _column_at(self, ticket_id: int, version: int) -> Column | None:
        """As `_column`, read again only when the ticket has changed: most stand in Selesai."""
        known = self._known_columns.get(ticket_id)
        if known is None or known[0] != version:
            known = self._known_columns[ticket_id] = version, self._column(ticket_id)
        return known[1]

    def _column(self, ticket_id: int) -> Column | None:
        ticket, book = self._store.ticket(ticket_id), self._office().book
        if ticket is None:
            return None
        return column_of(ticket, book.procedures.get(ticket.sop) or book.procedures[book.current])


def _uid_of(mailbox: Mailbox, stray: Astray) -> int | None:
    """The number of these very bytes in the folder that is open."""
    alike = mailbox.alike(stray.message_id, stray.size)
    for batch in mailbox.fetch(mailbox.sizes(alike)) if alike else ():
        for mail in batch:
            if mail.octets is not None and _digest(mail) == stray.sha256:
                return mail.uid
    return None


def _digest(mail: RawMail) -> str:
    return hashlib.sha256(mail.head if mail.octets is None else mail.octets).hexdigest()
