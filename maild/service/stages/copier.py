"""Copies of letters and notes into a folder of the mailbox, from which tickets can be made again.

Part of intake's thread, as it uses its connection. Doing it again changes nothing: after a start
or a fault the folder is asked for each Message-ID first.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from maild.ingest.mailbox import Mailbox
from maild.model import token
from maild.model.mail import Address
from maild.model.office import Office
from maild.model.token import KeyRing
from maild.replies import copies
from maild.replies.message import Heading
from maild.store import crash
from maild.store.copies import Memo
from maild.store.store import Store

AT_ONCE: Final = 50
_OCTETS: Final = 4_000_000  # in one command; a larger letter goes alone

_Message = tuple[bytes, datetime]


class Copier:
    """Puts into `folder` what waits for it."""

    def __init__(
        self,
        store: Store,
        folder: str,
        office: Office,
        ring: KeyRing,
        now: Callable[[], datetime],
    ) -> None:
        self.folder = folder
        self._store = store
        self._office = office
        self._ring = ring
        self._now = now
        self._sure = False

    def work(self, mailbox: Mailbox) -> int:
        """Copies all that waits; gives how many. Selects the folder when it is not sure of it."""
        done = 0
        while memos := self._store.memos(AT_ONCE):
            named = [(memo, self._name(memo)) for memo in memos]
            there: set[str] = set()
            if not self._sure:
                mailbox.select(self.folder)
                there = mailbox.holds(name for _, name in named)
            self._sure = False
            wanted = [
                (self._octets(memo, name), memo.state_at or self._now())
                for memo, name in named
                if name not in there
            ]
            for some in _together(wanted):
                mailbox.append(self.folder, some)
            crash.here("copies appended")
            self._store.copied([memo.id for memo in memos])
            self._sure = True
            done += len(memos)
        return done

    def _name(self, memo: Memo) -> str:
        """The Message-ID: the letter's own, or the same for the same note."""
        if memo.message_id is not None:
            return memo.message_id
        digest = hashlib.sha256(memo.text.encode()).hexdigest()[:24]
        return token.message_id(f"catatan.{digest}", self._office.mail_domain, self._ring)

    def _octets(self, memo: Memo, name: str) -> bytes:
        told = {
            "letter": memo.letter,
            "state": memo.state,
            "at": memo.state_at and memo.state_at.isoformat(),
            "answer": memo.answer,
        }
        octets = self._note(memo, name) if memo.octets is None else memo.octets
        return copies.copy(octets, name, f"{memo.text}\n{json.dumps(told)}", self._ring)

    def _note(self, memo: Memo, name: str) -> bytes:
        told = json.loads(memo.text)
        mailbox = self._office.mailbox
        sender = Address(mailbox.name or f"Helpdesk {self._office.name}", mailbox.address)
        heading = Heading(
            sender=sender,
            to=mailbox,
            reply_to="",
            date=self._now().astimezone(self._office.zone),
            message_id=name,
            references=(),
            automatic="auto-generated",
            loop=mailbox.address,
            name="catatan",
        )
        ticket = told.get("ticket") or {}
        lines = [f"{line['actor']}: {line['text']}" for line in told.get("journal", ())]
        return copies.note(heading, ticket.get("number", ""), lines)


def _together(messages: Sequence[_Message]) -> Iterator[list[_Message]]:
    """In order, as many at once as their size allows."""
    some: list[_Message] = []
    size = 0
    for message in messages:
        if some and size + len(message[0]) > _OCTETS:
            yield some
            some, size = [], 0
        some.append(message)
        size += len(message[0])
    if some:
        yield some
