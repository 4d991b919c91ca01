"""A whole office without servers: mails go into the ledger as octets, letters come out as octets.

Everything between is the service's own: reading in a child process, store, desk, clock, writer.
Time stands still unless a test moves it.
"""

import email
import email.policy
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from kit.office import BUDI, JOKO, MONDAY, PARTNER, ROOT, SARI, TODAY
from maild.model.mail import RawMail
from maild.model.people import Directory
from maild.model.ticket import Ticket
from maild.service.load import load
from maild.service.office import read_office
from maild.service.opening import open_store
from maild.service.wiring import Doors, Parts
from maild.store import database
from maild.store.values import LetterState, TicketFilter

HELPDESK = "helpdesk@lpse.contoh.go.id"


class Room:
    """An office in a folder. `authserv_id` is its receiving server; `assignment` as in config."""

    def __init__(self, folder: Path, authserv_id: str = "", **assignment: Any) -> None:
        with patch.dict(os.environ, {"MAILD_MAILBOX__PASSWORD": "rahasia-uji"}):
            settings, faults = load(ROOT / "config.toml", TODAY)
        assert settings, faults
        data = folder / "data"
        directory = Directory((SARI, BUDI, JOKO, PARTNER), settings.directory.own_addresses)
        settings = replace(
            settings,
            directory=directory,
            authserv_id=authserv_id,
            data_dir=data,
            key_file=data / "kunci.json",
            database_url=f"sqlite:///{data}/maild.db",
            assignment=replace(settings.assignment, **assignment),
            limits=replace(settings.limits, automatic_per_hour=100_000),
        )
        office, faults = read_office(settings)
        assert office, faults
        self.now = MONDAY
        # Nothing is synced: these tests do not cut the power.
        quick = [pragma.replace("FULL", "OFF") for pragma in database.PRAGMAS]
        with patch.object(database, "PRAGMAS", quick):
            self.store = open_store(settings)
        self.parts = Parts(settings, office, self.store, Doors(now=lambda: self.now))
        self._uid = 0
        self._seen = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.parts.close()
        self.store.close()

    def arrives(self, *mails: bytes | EmailMessage) -> None:
        """These mails come in and are decided, one after the other."""
        raws = []
        for mail in mails:
            octets = mail if isinstance(mail, bytes) else mail.as_bytes(policy=email.policy.SMTP)
            self._uid += 1
            raws.append(RawMail("a", "INBOX", 1, self._uid, self.now, len(octets), octets))
        self.store.record(raws, self.now)
        self.parts.desk.work(lambda: None)

    def later(self, **span: float) -> None:
        """Time passes; the clock rings what is due."""
        self.now += timedelta(**span)
        while self.parts.clock.work():
            pass
        self.parts.desk.work(lambda: None)

    def post(self, state: LetterState | None = None) -> list[tuple[str, str, EmailMessage]]:
        """All letters so far: template, recipient, and the letter as it would be sent."""
        found = []
        for letter in self.store.letters(state, limit=10_000):
            octets = self.store.letter_octets(letter.name) or b""
            read: Any = email.message_from_bytes(octets, policy=email.policy.default)
            found.append((letter.template, letter.recipient, read))
        return found

    def new_post(self) -> list[tuple[str, str, EmailMessage]]:
        """The letters since this was last asked."""
        letters = self.post()
        fresh, self._seen = letters[self._seen :], len(letters)
        return fresh

    def last(self, template: str, recipient: str) -> EmailMessage:
        """The newest letter of this name to this address."""
        return next(m for t, r, m in reversed(self.post()) if (t, r) == (template, recipient))

    def tickets(self) -> list[Ticket]:
        """All tickets, oldest first."""
        return self.store.tickets(TicketFilter(limit=10_000))[::-1]

    def outcomes(self, states: Iterable[str] = ("quarantined", "done", "inert")) -> list[str]:
        """The end states of all mails, by number."""
        mails = [m for state in states for m in self.store.mails(state, 10_000)]
        return [m.state for m in sorted(mails, key=lambda m: m.id)]


def letter_of(sender: str, text: str, subject: str = "", **headers: str) -> EmailMessage:
    """A fresh mail to the helpdesk; further headers by name, `_` for `-`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, HELPDESK, subject
    mail["Message-ID"] = _made_up(sender, text, subject, *headers.values())
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def _made_up(*parts: str) -> str:
    """A Message-ID; the same mail has the same one."""
    return f"<{sha256(repr(parts).encode()).hexdigest()[:24]}@klien.example>"


def plain(letter: EmailMessage) -> str:
    """The plain text of a letter."""
    body = letter.get_body(("plain",))
    return body.get_content() if body else ""


def answer(
    letter: EmailMessage, sender: str, text: str, client: str = "thunderbird"
) -> EmailMessage:
    """A reply as mail programs build it: quoted below, in their own words and forms."""
    said = plain(letter)
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    who = f"Helpdesk <{HELPDESK}>"
    head = f"From: {who}\nSent: Monday, February 2, 2026 9:00 AM\nTo: {sender}\n"
    block = f"-----Original Message-----\n{head}Subject: {letter['Subject']}\n\n{said}"
    indonesian = f"pukul 09.00, {who} menulis:\n"
    below = {
        "thunderbird": f"On 2/2/26 09:00, {who} wrote:\n{quoted}\n",
        "gmail": f"Pada Sen, 2 Feb 2026 {indonesian}\n{quoted}\n",
        "outlook": f"{block}\n",
        "zimbra": f"{block.replace('-----', '----- ', 1)}\n",
        "apple": f"> On 2 Feb 2026, at 09.00, {who} wrote:\n> \n{quoted}\n",
        "phone": f"Dikirim dari iPhone saya\n\n> Pada 2 Feb 2026, {indonesian}> \n{quoted}\n",
    }
    written = f"{text}\n\n{below[client]}"
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = letter["Reply-To"] or letter["From"]
    mail["Subject"] = f"Re: {letter['Subject']}"
    mail["In-Reply-To"] = letter["Message-ID"]
    mail["References"] = f"{letter['References'] or ''} {letter['Message-ID']}".strip()
    mail["Message-ID"] = _made_up(letter["Message-ID"], sender, text, client)
    mail.set_content(written)
    if client in ("outlook", "gmail"):
        page = re.sub(r"\n", "<br>\n", written)
        mail.add_alternative(f"<html><body>{page}</body></html>", subtype="html")
    return mail


def with_result(mail: EmailMessage, *results: str) -> bytes:
    """The mail with our receiving server's fields on top of what the sender wrote."""
    octets = mail.as_bytes(policy=email.policy.SMTP)
    top = "".join(f"Authentication-Results: {result}\r\n" for result in results)
    return top.encode() + octets


CLIENTS = ("thunderbird", "gmail", "outlook", "zimbra", "apple", "phone")
