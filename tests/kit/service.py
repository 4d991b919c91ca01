"""maild's own stages on a simulated world, one step at a time in the test's own thread.

The office is the shipped one (kit.office), always open; its clock stands until it is moved.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from kit.office import MAILBOX, MONDAY, ROOT, TODAY, office
from kit.world import NearReader, World, WorldMailbox, WorldRelay
from maild.ingest.access import MailboxAccess
from maild.service.auditing import Audit, audit
from maild.service.load import load
from maild.service.repairing import repair
from maild.service.settings import Settings
from maild.service.wiring import Doors, Parts, mailbox_access
from maild.store.store import Store

_LINE = 76
CUT_OVER = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def _shipped() -> Settings:
    with patch.dict(os.environ, {"MAILD_MAILBOX__PASSWORD": "rahasia-uji"}):
        settings, faults = load(ROOT / "config.toml", TODAY)
    assert settings, faults
    return settings


def settings_in(folder: Path, database_url: str, cut_over_at: datetime = CUT_OVER) -> Settings:
    """The shipped settings, with the data in this folder; old mail is from before 2026."""
    settings = _shipped()
    return replace(
        settings,
        database_url=database_url,
        data_dir=folder / "data",
        key_file=folder / "data" / "kunci.json",
        mailbox=replace(settings.mailbox, cut_over_at=cut_over_at),
        limits=replace(settings.limits, cooling_seconds=0),
        # Not while mails are coming in: what waits at that hour would depend on the minute.
        assignment=replace(settings.assignment, digest_at=time(13, 0)),
    )


class Service:
    """One run of the service; a second one on the same folder is a restart. `otherwise` are
    settings that this office has otherwise than the shipped one."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        world: World,
        mailbox: Callable[[MailboxAccess], Any] | None = None,
        cut_over_at: datetime = CUT_OVER,
        **otherwise: Any,
    ) -> None:
        self.settings = replace(settings_in(folder, database_url, cut_over_at), **otherwise)
        self.world = world
        self.store = Store.open(
            database_url,
            folder / "data" / "mail",
            prefix=self.settings.office.prefix,
            zone=self.settings.office.zone,
            copied=bool(self.settings.mailbox.copies),
        )
        doors = Doors(
            now=lambda: self.world.now(),
            mailbox=mailbox or cast(Any, lambda access: WorldMailbox(self.world, access)),
            relay=cast(Any, lambda access, size: WorldRelay(self.world)),
            reader=cast(Any, NearReader),
        )
        files = office()
        files = replace(files, book=replace(files.book, **self.rules()))
        with ExitStack() as stack:  # a process that does not come up takes its connections along
            stack.callback(self.store.close)
            self.parts = Parts(self.settings, files, self.store, doors)
            self.intake = self.parts.intake(lambda: None)
            stack.pop_all()

    def rules(self) -> dict[str, Any]:
        """What the book says otherwise than the shipped one."""
        return {"limits": self.settings.limits, "assignment": self.settings.assignment}

    def recover(self) -> None:
        """What the service does before anything else."""
        self.store.recover_mails()
        self.store.recover_letters(self.world.now())

    def round(self) -> None:
        """Each stage once, as the loops would in any order."""
        for step in self.steps():
            step()

    def steps(self) -> tuple[Callable[[], Any], ...]:
        """The stages' own steps."""
        return (
            self.intake.work,
            lambda: self.parts.desk.work(lambda: None),
            self.parts.clock.work,
            self.parts.courier.work,
            self.intake.file,
        )

    def audit(self) -> Audit:
        """What `maild audit` says now."""
        mailbox = cast(Any, WorldMailbox(self.world, mailbox_access(self.settings)))
        return audit(self.settings, self.store, mailbox, self.world.now())

    def repair(self) -> list[str]:
        """What `maild audit --repair` does now."""
        mailbox = cast(Any, WorldMailbox(self.world, mailbox_access(self.settings)))
        return list(repair(self.settings, self.store, mailbox, self.world.now()))

    def close(self) -> None:
        """Ends the run in order."""
        with closing(self.store), closing(self.parts):
            self.intake.close()


class Clock:
    """The world's clock; it stands until it is moved."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def move(self, **how: float) -> None:
        """On by so much."""
        self.at += timedelta(**how)


def written(
    text: str,
    sender: str = "Siti Aminah <siti@majujaya.example>",
    subject: str = "Gagal unggah dokumen penawaran",
    to: str = MAILBOX,
    message_id: str = "<m1@majujaya.example>",
    answering: EmailMessage | None = None,
    **headers: str,
) -> bytes:
    """A mail as somebody's program writes it; `answering` is what Reply was pressed on."""
    mail = EmailMessage()
    fields = {"From": sender, "To": to, "Subject": subject}
    if message_id:
        fields["Message-ID"] = message_id
    if answering is not None:
        fields["To"] = str(answering["Reply-To"] or answering["From"])
        fields["Subject"] = f"Re: {answering['Subject']}"
        fields["In-Reply-To"] = fields["References"] = str(answering["Message-ID"])
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in fields.items():
        if value.isascii() and len(name) + len(value) < _LINE:
            mail.set_raw(name, value)  # nothing in it to be encoded or folded
        else:
            mail[name] = value
    return (mail.as_bytes()[:-1] + _content(text)).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@cache
def _content(text: str) -> bytes:
    """The fields of a text's type and encoding, and the text."""
    mail = EmailMessage()
    mail.set_content(text)
    return mail.as_bytes()
