"""An office on the test servers: its folder, its service, and people who write and read mail."""

import email
import email.policy
import os
import shutil
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Self

from dovecot import PASSWORD, Dovecot
from kit.database import POSTGRES, new_postgres_url
from maild.service.daemon import Daemon
from maild.service.load import load
from maild.service.office import read_office
from maild.service.opening import open_store
from maild.service.settings import Settings
from maild.service.wiring import Parts
from place import HOST
from postfix import Postfix

ROOT = Path(__file__).parents[2]
MAILD = Path(sys.executable).with_name("maild")

_CONFIG = """\
[office]
name = "LPSE Kabupaten Uji"
institution = "Pemerintah Kabupaten Uji"
city = "Uji"
[mailbox]
address = "{helpdesk}"
host = "127.0.0.1"
port = {imaps}
tls = "implicit"
ca_file = "{imap_ca}"
password_file = "sandi"
poll_seconds = 5
cut_over = 2020-01-01T00:00:00
[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "{smtp_tls}"
ca_file = "{smtp_ca}"
login = {login}
[courier]
deliver = {deliver}
cooling_seconds = 0
[database]
url = "{database}"
[hours]
monday = ["00:00-00:00"]
tuesday = ["00:00-00:00"]
wednesday = ["00:00-00:00"]
thursday = ["00:00-00:00"]
friday = ["00:00-00:00"]
saturday = ["00:00-00:00"]
sunday = ["00:00-00:00"]
national_holidays = false
[limits]
automatic_per_hour = 100000
[[people]]
id = "sari"
number = 1
name = "Sari Wulandari"
address = "{agent}"
party = "helpdesk"
[[people]]
id = "lkpp"
number = 900
name = "Helpdesk LKPP"
address = "{lkpp}"
party = "lkpp"
"""


def write_office(
    folder: Path,
    dovecot: Dovecot,
    helpdesk: str,
    smtp_port: int,
    *,
    postfix: Postfix | None = None,
    agent: str = "sari@maild.test",
    lkpp: str = "helpdesk@lkpp.test",
    deliver: bool = True,
    database: str = "",
) -> Path:
    """Makes the office's folder; gives the path of its config.toml. Its database is SQLite, or
    what MAILD_TEST_DATABASE says."""
    if not database:
        database = new_postgres_url() if POSTGRES else "sqlite:///data/maild.db"
    for name in ("sop", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    config = folder / "config.toml"
    config.write_text(
        _CONFIG.format(
            helpdesk=helpdesk,
            imaps=dovecot.imaps_port,
            imap_ca=dovecot.ca_file,
            smtp=smtp_port,
            smtp_tls="starttls" if postfix else "none",
            smtp_ca=postfix.ca_file if postfix else "",
            login="true" if postfix else "false",
            deliver="true" if deliver else "false",
            database=database,
            agent=agent,
            lkpp=lkpp,
        )
    )
    secret = folder / "sandi"
    secret.touch(mode=0o600)
    secret.write_text(PASSWORD)
    return config


def settings_of(config: Path) -> Settings:
    """The settings; a test's office has no faults."""
    settings, faults = load(config)
    assert settings is not None, [str(fault) for fault in faults]
    return settings


def maild(config: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as an admin does."""
    return subprocess.run(
        [str(MAILD), "--config", str(config), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )


class Running:
    """The service, running in this process for as long as the context lasts."""

    def __init__(self, config: Path) -> None:
        self.settings = settings_of(config)
        office, faults = read_office(self.settings)
        assert office is not None, [str(fault) for fault in faults]
        self.store = open_store(self.settings)
        self._daemon = Daemon(Parts(self.settings, office, self.store))
        self._thread = threading.Thread(target=self._daemon.run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._daemon.stop()
        self._thread.join(60)
        assert not self._thread.is_alive()
        self.store.close()


def until(happens: Callable[[], object], what: str, seconds: float = 30) -> object:
    """Waits for something to become true, and gives it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := happens():
            return found
        time.sleep(0.05)
    raise AssertionError(f"did not happen: {what}")


class Person:
    """Somebody with an ordinary mailbox and an ordinary mail program."""

    def __init__(self, name: str, address: str, dovecot: Dovecot, postfix: Postfix) -> None:
        self.name, self.address = name, address
        self._dovecot, self._postfix = dovecot, postfix
        postfix.add(address)

    def letters(self) -> list[EmailMessage]:
        """All mail that this person got, oldest first."""
        raw = self._dovecot.mails(self.address)
        return [email.message_from_bytes(m, policy=email.policy.default) for m in raw]

    def gets(self, subject: str) -> EmailMessage:
        """Waits for a letter with these words in its subject; gives the newest."""

        def found() -> EmailMessage | None:
            fitting = [m for m in self.letters() if subject in " ".join(m["Subject"].split())]
            return fitting[-1] if fitting else None

        letter = until(found, f"{self.name} gets {subject!r}")
        assert isinstance(letter, EmailMessage)
        return letter

    def writes(
        self,
        to: str,
        text: str,
        subject: str = "",
        answering: EmailMessage | None = None,
        file: bytes = b"",
    ) -> None:
        """Sends a mail, or presses Reply."""
        mail = EmailMessage()
        mail["From"] = f"{self.name} <{self.address}>"
        mail["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        if answering is not None:
            mail["To"] = answering["Reply-To"] or answering["From"]
            mail["Subject"] = f"Re: {' '.join(answering['Subject'].split())}"
            mail["In-Reply-To"] = mail["References"] = answering["Message-ID"]
            body = answering.get_body(("plain",))
            quoted = "\n".join(f"> {line}" for line in body.get_content().splitlines())
            text = f"{text}\n\nPada Senin, 2 Feb 2026, Helpdesk menulis:\n{quoted}\n"
        else:
            mail["To"], mail["Subject"] = to, subject
        mail.set_content(text)
        if file:
            mail.add_attachment(file, maintype="image", subtype="png", filename="layar.png")
        with smtplib.SMTP(HOST, self._postfix.port) as smtp:
            smtp.starttls(context=self._postfix.tls())
            smtp.login(self.address, PASSWORD)
            smtp.send_message(mail)


def plain(letter: EmailMessage) -> str:
    """The text of a letter."""
    return str(letter.get_body(("plain",)).get_content())
