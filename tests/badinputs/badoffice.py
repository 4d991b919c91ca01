"""An office to which bad mail comes, one row of the research at a time.

Each row has a new office. Beside its mail comes one of a plain neighbour, in the same batch, and
another at the end: both must be answered as if nothing had happened. What holds for every row is
asserted here (reliability, section 3): one end state a mail, its octets as they came, no letter
but those named, nothing in a header that does not belong there, no other ticket changed.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import letterhead
from badmail import SIDE, head, octets
from reading import TwoReaders

import kit.service
from kit.office import ROOT, office
from kit.people import COMPLETE, parsed
from kit.quick import Place
from kit.service import Clock, Service, settings_in, written
from kit.world import TAKEN, World
from maild.ingest import parse
from maild.model.event import BEFORE_START
from maild.model.mail import ParsedMail
from maild.model.ticket import Ticket
from maild.replies import smtp
from maild.replies.outbox import Answer, Phase
from maild.replies.recipient import why_refused
from maild.service.fault import Fault
from maild.service.office import OfficeFiles, read_letters
from maild.store.values import ClaimedLetter, LedgerMail, TicketFilter

DONE, INERT, HELD, PARKED, OVERSIZE = "done", "inert", "quarantined", "parked", "oversize"
SARI, BUDI = "sari@contoh.go.id", "budi@contoh.go.id"
BY_SARI = f"Sari Wulandari <{SARI}>"
SITI = "siti@majujaya.example"
TOLD = tuple(f"tugas_baru {who}" for who in (BUDI, SARI))
NOTED = tuple(f"pesan_lanjutan {who}" for who in (BUDI, SARI))
CALL = tuple(f"tugas_telepon {who}" for who in (BUDI, SARI))  # who has no telephone at hand
FAILED = tuple(f"surat_gagal {who}" for who in (BUDI, SARI))
ANSWERED = (f"jawaban {SITI}", f"resi {SARI}")  # an officer answered Siti
_NEIGHBOURS = ("wati@tetangga.example", "yudi@sebelah.example")


@dataclass(frozen=True)
class Zone:
    """Where the machine stands, and where the office."""

    machine: str
    office: str


ZONES = (
    Zone("UTC", "Asia/Jakarta"),
    Zone("Asia/Jayapura", "Asia/Jayapura"),
    Zone("America/St_Johns", "Asia/Makassar"),
)


def acknowledged(who: str = SIDE) -> tuple[str, ...]:
    """The letters of a complete problem that a person wrote."""
    return (f"tanda_terima {who}", *TOLD)


@dataclass(frozen=True)
class Came:
    """What followed from mails that came: their rows, the tickets they opened, the letters."""

    mails: tuple[LedgerMail, ...]
    tickets: tuple[Ticket, ...]
    letters: tuple[tuple[str, EmailMessage], ...]

    @property
    def ticket(self) -> Ticket:
        """The one ticket that was opened."""
        (only,) = self.tickets
        return only

    def letter(self, of: str) -> EmailMessage:
        """The one letter of that name (`tanda_terima siti@...`)."""
        (found,) = [letter for name, letter in self.letters if name == of]
        return found


def otherwise(**settings: Any) -> Callable[[Any], Any]:
    """Marks a row whose office has these settings otherwise than the shipped one."""

    def marked(row: Any) -> Any:
        row.otherwise = settings
        return row

    return marked


class BadOffice:
    """One row's office, with settings as the row needs them."""

    def __init__(self, place: Place, zone: Zone, **otherwise: Any) -> None:
        url = place.anew()
        self.folder, self.zone = place.folder, ZoneInfo(zone.office)
        self.clock = Clock()
        self.world = World(self.clock.now, relay=_our_relay)
        self.log: list[logging.LogRecord] = []
        self.came: dict[int, bytes] = {}  # by UID
        self._named: set[str] = set()
        self._neighbours: list[str] = []
        standard = settings_in(place.folder, url)
        settings = {"office": replace(standard.office, zone=self.zone), **otherwise}
        with (
            patch.object(kit.service, "office", lambda: _office_in(self.zone)),
            patch.object(kit.service, "NearReader", TwoReaders),
        ):
            self.service = Service(place.folder, url, self.world, **settings)
        self.service.recover()

    # --- mail comes ------------------------------------------------------------------------------

    def comes(
        self,
        *mails: bytes,
        end: str | Sequence[str] = DONE,
        letters: Sequence[str] = (),
        opens: int | None = None,
        touches: Iterable[Ticket] = (),
        folder: str = "INBOX",
        at: datetime | None = None,
    ) -> Came:
        """These mails come. They end as `end` says (one state for all, or one each); just the
        named `letters` leave (`template recipient`); `opens` tickets are new, by default one for
        each mail that is done when letters leave, else none; only `touches` are changed."""
        before, posted = self.tickets(), len(self.world.arrived)
        uids = [self._put(mail, folder, at) for mail in mails]
        if not self._neighbours:
            self._neighbour()
        self._work()
        ends = [end] * len(mails) if isinstance(end, str) else list(end)
        found_rows = {(row.folder, row.uid): row for row in self._rows()}
        rows = tuple(found_rows[folder, uid] for uid in uids)
        assert [row.state for row in rows] == ends, [(row.state, row.note) for row in rows]
        found = self._letters(posted)
        names = sorted(name for name, _ in found)
        assert names == sorted(letters), f"letters {names}"
        self._named |= {str(letter["Message-ID"]) for _, letter in found}
        now = self.tickets()
        fresh = tuple(t for t in now.values() if t.id not in before)
        told = ends.count(DONE) if letters else 0
        assert len(fresh) == (told if opens is None else opens), [t.number for t in fresh]
        may = {t.id for t in touches}
        changed = [t.number for t in before.values() if now[t.id] != t and t.id not in may]
        assert not changed, "a ticket was changed that has nothing to do with this mail"
        return Came(rows, fresh, tuple(found))

    def passes(self, mail: bytes, touches: Iterable[Ticket] = ()) -> None:
        """A mail comes of which the row says what must not follow; tickets may be opened, and what
        is sent is allowed."""
        before, may = self.tickets(), {t.id for t in touches}
        self._put(mail, "INBOX", None)
        self._work()
        now = self.tickets()
        assert not [t.number for t in before.values() if now[t.id] != t and t.id not in may]
        self._named |= {str(letter["Message-ID"]) for _, letter in self._letters(0)}

    def asks(self, *rests: str | bytes, words: str = "12345678") -> list[Came]:
        """Complete problems, each of a sender of its own; `rests` are the mails behind their first
        fields. Each opens a ticket that shows the `words`, and is acknowledged."""
        found = []
        for rest in rests:
            who = f"budi{len(self.came)}@x.example"
            mail = head(f"Budi <{who}>") + octets(rest)
            found.append(self.comes(mail, letters=acknowledged(who)))
            assert words in self.said(found[-1].ticket)
        return found

    def problem(self, sender: str = f"Siti Aminah <{SITI}>", text: str = COMPLETE) -> Came:
        """A person's plain problem, acknowledged: the ticket that a story is about."""
        address = parsed(octets(f"From: {sender}\n\n"))["From"].addresses[0].addr_spec
        mail = written(text, sender, message_id=f"<awal@{address.partition('@')[2]}>")
        return self.comes(mail, letters=acknowledged(address))

    def pass_by(self, **how: float) -> None:
        """Time goes by; what maild then does by itself is not the row's matter."""
        self.clock.move(**how)
        self._work()
        self._named |= {str(letter["Message-ID"]) for _, letter in self._letters(0)}

    def _put(self, mail: bytes, folder: str, at: datetime | None) -> int:
        uid = self.world.shelves[folder].put(mail, at or self.clock.at)
        if folder == "INBOX":
            self.came[uid] = mail
        return uid

    def _neighbour(self) -> None:
        who = _NEIGHBOURS[len(self._neighbours)]
        text = COMPLETE.replace("12345678", f"5550{len(self._neighbours)}678")
        self._neighbours.append(who)
        name = who.partition("@")[0].title()
        self._put(written(text, f"{name} <{who}>", message_id=f"<1@{who}>"), "INBOX", None)

    def _work(self) -> None:
        """Rounds until nothing happens any more."""
        before = None
        while (now := (self.service.store.counts(), len(self.world.arrived))) != before:
            before = now
            self.service.round()

    # --- what can be seen ------------------------------------------------------------------------

    def tickets(self) -> dict[int, Ticket]:
        """All tickets but the neighbours'."""
        every = self.service.store.tickets(TicketFilter(limit=100_000))
        return {t.id: t for t in every[::-1] if t.requester.address not in _NEIGHBOURS}

    def said(self, ticket: Ticket) -> str:
        """All that the ticket's conversation holds, a message after the other."""
        return "\n".join(m.text for m in self.service.store.conversation(ticket.id))

    def journal(self, ticket: Ticket) -> str:
        """The ticket's journal."""
        return "\n".join(line.text for line in self.service.store.journal(ticket.id))

    def octets_of(self, came: Came) -> bytes:
        """The mail that came, as it was sent."""
        return self.came[came.mails[0].uid]

    def read(self, mail: bytes) -> ParsedMail:
        """The mail as the reader gives it: what is odd about it stands in `defects`."""
        settings = self.service.settings
        return parse.read(mail, settings.authserv_id, settings.directory.own_addresses)

    def _rows(self) -> Iterator[LedgerMail]:
        for state in self.service.store.counts().mails:
            yield from self.service.store.mails(state, 100_000)

    def _letters(self, since: int) -> list[tuple[str, EmailMessage]]:
        """The letters that have left since then, without those about the neighbours."""
        templates = {x.message_id: x for x in self.service.store.letters(limit=100_000)}
        found = []
        for recipient, sent in self.world.arrived[since:]:
            letter = parsed(sent)
            row = templates[str(letter["Message-ID"])]
            assert row.recipient == recipient
            ticket = self.service.store.ticket(row.ticket) if row.ticket else None
            if ticket is None or ticket.requester.address not in _NEIGHBOURS:
                found.append((f"{row.template} {recipient}", letter))
        return found

    # --- what holds for every row ----------------------------------------------------------------

    def ends(self) -> None:
        """The service is alive, and all is as the promises say."""
        if not self._neighbours:
            self._neighbour()
        self._neighbour()
        self._work()
        self._neighbours_are_served()
        self._each_mail_has_one_end()
        for recipient, sent in self.world.arrived:
            letterhead.check(recipient, sent)
        named = {str(letter["Message-ID"]) for _, letter in self._letters(0)}
        assert named == self._named, "a letter left that no row names"
        audit = self.service.audit()
        assert (audit.differences, audit.on_the_way) == ((), 0)
        self._nothing_else_was_written()
        for record in self.log:
            assert record.getMessage().isprintable(), "a line of the log is one line"

    def _neighbours_are_served(self) -> None:
        letters = self.service.store.letters(limit=100_000)
        for who in self._neighbours:
            (ticket,) = self.service.store.tickets(TicketFilter(requester=who))
            mine = [x for x in letters if x.ticket == ticket.id]
            assert [x.template for x in mine if x.recipient == who] == ["tanda_terima"]
            assert "tugas_baru" in {x.template for x in mine if x.recipient in (BUDI, SARI)}
            assert {x.state.value for x in mine} == {"sent"}

    def _each_mail_has_one_end(self) -> None:
        rows = [row for row in self._rows() if row.folder == "INBOX"]
        assert sorted(row.uid for row in rows) == sorted(self.came)
        for row in rows:
            assert row.state in (DONE, INERT, HELD, PARKED, OVERSIZE)
            assert self._kept(row) == self.came[row.uid]

    def _kept(self, row: LedgerMail) -> bytes:
        """Its octets: on the disk, or left on the server when it is too large, or from before the
        first day and so no matter of ours (decision 0018)."""
        if row.state == OVERSIZE or (row.note == BEFORE_START and not row.sha256):
            return self.world.shelves["INBOX"].mails[row.uid][0]
        return self.service.store.blobs.get(row.sha256)

    def _nothing_else_was_written(self) -> None:
        """B080: rows, keys and raw mails named by their digest, and no other file."""
        data = self.folder / "data"
        found = [p.relative_to(data) for p in data.rglob("*") if p.is_file()]
        known = [p for p in found if not _is_ours(p)]
        assert known == []

    def close(self) -> None:
        """Ends the service."""
        self.service.close()


def _our_relay(letter: ClaimedLetter) -> Answer:
    """A relay without SMTPUTF8, behind the checks of the real door to it."""
    if why := why_refused(letter.recipient):
        return Answer(Phase.RCPT, 553, why)
    return smtp._parameters(letter, {"8BITMIME": ""})[1] or TAKEN


def _is_ours(path: Path) -> bool:
    if path.parent == Path("mail"):
        return len(path.name) == 64 and set(path.name) <= set("0123456789abcdef")
    return path.name.startswith(("maild.db", "kunci.json")) and path.parent == Path()


@cache
def _office_in(zone: ZoneInfo) -> OfficeFiles:
    """The tests' office, with its clocks in this zone."""
    files = office()
    faults: list[Fault] = []
    letters = read_letters(ROOT / "templates", zone, faults)
    assert not faults
    book = replace(
        files.book,
        office=replace(files.book.office, zone=zone),
        worktime=replace(files.book.worktime, zone=zone),
        letters=letters,
    )
    return replace(files, book=book, letters=letters)
