"""Turns a SendLetter into the octets that will be sent, before the commit that promises them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from maild.desk.amend import RECAPS
from maild.ingest import parse
from maild.model import token
from maild.model.action import Decision, SendLetter
from maild.model.mail import Address, Attachment
from maild.model.people import HELPDESK, USER
from maild.model.ticket import RATINGS, Ticket
from maild.model.token import KeyRing, Mark
from maild.replies.message import Enclosure, Heading, compose, copied
from maild.service.office import OfficeFiles
from maild.store.values import RenderedLetter

_CLOSING = "selesai"
_SIGNS = {USER: "u", HELPDESK: "a"}
_LINKS = (
    ("Saya tangani", "#ambil"),
    ("Minta data", "#data"),
    ("Eskalasi", "#eskalasi"),
    ("Selesai", "#selesai"),
)
_WITH_LINKS = ("tugas_baru", "pengingat", "lewat_waktu", "lewat_lkpp", "dibuka_kembali")


class Writer:
    """Writes letters. `raw_path` finds a mail of the ledger, `files_of` its attachments."""

    def __init__(
        self,
        ring: KeyRing,
        raw_path: Callable[[int], Path | None],
        files_of: Callable[[int], tuple[Attachment, ...]],
    ) -> None:
        self.ring = ring
        self._raw_path = raw_path
        self._files_of = files_of

    def write(
        self,
        letter: SendLetter,
        decision: Decision,
        office: OfficeFiles,
        now: datetime,
        fresh: tuple[int, tuple[Attachment, ...]] = (0, ()),
    ) -> RenderedLetter:
        """The finished letter: name, Message-ID, envelope and octets are fixed here for good (R6).

        `fresh` is the mail being decided and its attachments, which the store does not have yet.

        KeyError or TemplateError when the office's template does not fit (`maild check` tells).
        """
        book = office.book.office
        ticket = decision.about(letter)
        number = ticket.id if ticket else 0
        name = _name(letter, number, now)
        mailbox = book.mailbox
        sender = Address(mailbox.name or f"Helpdesk {book.name}", mailbox.address)
        reply_to = ""
        if ticket and book.plus_addressing:
            reply_to = self._reply_to(letter, ticket, mailbox.address, now)
        words = dict(letter.words)
        if letter.about and book.plus_addressing:
            words |= self._addressed(letter, mailbox.address, now)
        if letter.template in _WITH_LINKS:
            subject = quote(f"Re: [{ticket.number}]") if ticket else ""
            words["tautan"] = [
                (
                    label,
                    f"mailto:{reply_to or mailbox.address}?subject={subject}&body={quote(word)}",
                )
                for label, word in _LINKS
            ]
        if letter.template == _CLOSING and reply_to and ticket:
            words["penilaian"] = _ratings(reply_to, ticket.number)
        text = office.letters.render(letter.template, words)
        root = token.message_id(f"{number}.0", book.mail_domain, self.ring)
        message_id = token.message_id(name, book.mail_domain, self.ring)
        octets = compose(
            Heading(
                sender=sender,
                to=letter.to,
                reply_to=reply_to,
                date=now.astimezone(book.zone),
                message_id=message_id,
                references=(root, *letter.reply_to_ids) if number else (),
                automatic=self._automatic(letter),
                loop=mailbox.address,
                name=name,
            ),
            text.subject,
            text.text,
            [
                enclosure
                for mail_id in letter.enclose
                for enclosure in self._enclosures(mail_id, fresh)
                if (mail_id, enclosure.name) not in letter.withheld
            ]
            + [Enclosure(file.name, file.type, file.octets) for file in letter.files],
            copied(letter.forward) if letter.forward is not None else None,
        )
        recipient = letter.to.address
        return RenderedLetter(
            name, message_id, mailbox.address, recipient, octets, letter.not_before
        )

    def _reply_to(self, letter: SendLetter, ticket: Ticket, mailbox: str, now: datetime) -> str:
        mark = Mark(
            party=_SIGNS.get(letter.party, "l"),
            ticket=ticket.id,
            person=letter.person,
            version=ticket.version,
            expires_on=token.expiry(now),
        )
        return token.reply_address(mailbox, mark, self.ring)

    def _addressed(self, letter: SendLetter, mailbox: str, now: datetime) -> dict[str, Any]:
        """The lists of a digest, each line with the address at which its ticket is answered."""
        addresses = {
            t.number: f"mailto:{self._reply_to(letter, t, mailbox, now)}"
            f"?subject={quote(f'Re: [{t.number}]')}"
            for t in letter.about
        }
        return {
            name: [(*line[:-1], addresses.get(line[0], "")) for line in lines]
            for name, lines in letter.words.items()
            if isinstance(lines, list)
        }

    def _automatic(self, letter: SendLetter) -> str:
        if not letter.automatic:
            return ""
        return "auto-replied" if letter.reply_to_ids else "auto-generated"

    def _enclosures(
        self, mail_id: int, fresh: tuple[int, tuple[Attachment, ...]]
    ) -> list[Enclosure]:
        raw = self._raw(mail_id)
        if raw is None:
            return []
        return [
            Enclosure(file.name, file.type, parse.content_of(raw, file.part))
            for file in (fresh[1] if mail_id == fresh[0] else self._files_of(mail_id))
            if file.goes_along
        ]

    def _raw(self, mail_id: int) -> bytes | None:
        path = self._raw_path(mail_id)
        return path.read_bytes() if path else None


def _ratings(address: str, number: str) -> list[tuple[str, str]]:
    """A link for each answer; its text is never empty, for empty mail is looked at by nobody."""
    return [
        (
            said,
            f"mailto:{address}?subject={quote(f'Penilaian {number}: {value}')}&body={quote(said)}",
        )
        for value, said in RATINGS.items()
    ]


def _name(letter: SendLetter, number: int, now: datetime) -> str:
    """`2026000042.3`: ticket and serial. A letter about no ticket has the time in place of a
    ticket's count; a digest has its day, a recap its period (there is one of each). What may
    confirm a held mail ends with that mail's number, which so comes back signed in every reply
    (see `desk.proof`)."""
    name = f"{number}.{letter.serial}"
    if not number and letter.template not in (*RECAPS, "ringkasan"):
        name = f"{name}-{int(now.timestamp())}"
    return f"{name}.{letter.confirms}" if letter.confirms is not None else name
