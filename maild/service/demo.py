"""The demo: the service as it is, on embedded servers, with people who write and answer.

Only the servers are embedded and the clock is quicker: it jumps from scene to scene. Everything
between IMAP in and SMTP out is the daemon's own code.
"""

import email
import email.policy
import shutil
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from pathlib import Path
from textwrap import wrap
from zoneinfo import ZoneInfo

from maild.service import morning
from maild.service.daemon import Daemon
from maild.service.embedded import HOST, EmbeddedServers
from maild.service.load import load
from maild.service.morning import ACTORS, Actor, Scene
from maild.service.office import read_office, shipped
from maild.service.opening import open_store
from maild.service.settings import Settings
from maild.service.wiring import Doors, Parts
from maild.store.store import Store
from maild.store.values import LetterState, MailState

_DAY = "2026-02-02"
_AFTERWARDS = "2026-02-06 09:00"
_ZONE = ZoneInfo("Asia/Jakarta")
_PATIENCE = 60.0
_UNDECIDED = {MailState.FETCHED.value, MailState.DECIDING.value}
_UNSENT = {
    LetterState.READY.value,
    LetterState.CLAIMED.value,
    LetterState.BODY_STARTED.value,
}
_COLUMNS = 84

Say = Callable[[str], None]


class QuickClock:
    """A clock that runs on by itself and jumps forward when told."""

    def __init__(self) -> None:
        self._base = self._parse(f"{_DAY} 08:00")
        self._since = time.monotonic()

    def now(self) -> datetime:
        """The demo's time."""
        seconds = time.monotonic() - self._since
        return datetime.fromtimestamp(self._base.timestamp() + seconds, UTC)

    def jump(self, to: str) -> None:
        """Forward to a time of the office; never back."""
        wanted = self._parse(to)
        if wanted > self.now():
            self._base, self._since = wanted, time.monotonic()

    def _parse(self, text: str) -> datetime:
        return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=_ZONE)


class Demo:
    """One play. `say` gets every line that the reader sees."""

    def __init__(self, folder: Path, say: Say, full_letters: bool) -> None:
        self._folder = folder
        self._say = say
        self._full = full_letters
        self._clock = QuickClock()
        self._heard: dict[str, int] = {}
        self._shown: set[str] = set()

    def play(self) -> Settings:
        """The whole morning; gives the settings by which the recap can be read afterwards."""
        with self._servers() as servers, self._service(servers) as (settings, store):
            for scene in morning.SCENES:
                self._clock.jump(f"{_DAY} {scene.at}")
                self._act(scene, servers)
                self._settle(servers, store)
                self._tell(servers)
            self._clock.jump(_AFTERWARDS)
            self._say("\n--- Empat hari kerja kemudian: yang tidak ditanggapi ditutup ---")
            self._settle(servers, store, alarms=True)
            self._tell(servers)
        return settings

    def serve(self, imap_port: int, smtp_port: int, stopped: Callable[[], None]) -> None:
        """Keeps the servers and the service up until `stopped` returns."""
        with self._servers(imap_port, smtp_port) as servers, self._service(servers):
            self._say(
                f"IMAP {HOST}:{servers.imap_port}   SMTP {HOST}:{servers.smtp_port}   (no TLS)"
            )
            self._say(f"Password of every account: {morning.PASSWORD}")
            for actor in ACTORS.values():
                self._say(f"  {actor.address:<28} {actor.name} ({actor.role})")
            self._say(f"Write to {morning.HELPDESK}. Ctrl-C ends it.")
            stopped()

    @contextmanager
    def _servers(self, imap_port: int = 0, smtp_port: int = 0) -> Iterator[EmbeddedServers]:
        accounts = {actor.address: morning.PASSWORD for actor in ACTORS.values()}
        accounts[morning.HELPDESK] = morning.PASSWORD
        with EmbeddedServers(accounts, imap_port, smtp_port, self._clock.now) as servers:
            yield servers

    @contextmanager
    def _service(self, servers: EmbeddedServers) -> Iterator[tuple[Settings, Store]]:
        settings = _office(self._folder, servers)
        office, faults = read_office(settings)
        if office is None:
            raise ValueError("\n".join(map(str, faults)))
        with open_store(settings) as store:
            store.work_alone()
            daemon = Daemon(Parts(settings, office, store, Doors(now=self._clock.now)))
            thread = threading.Thread(target=daemon.run, name="intake", daemon=True)
            thread.start()
            try:
                yield settings, store
            finally:
                daemon.stop()
                thread.join()

    def _act(self, scene: Scene, servers: EmbeddedServers) -> None:
        actor = ACTORS[scene.who]
        if scene.note:
            self._say(f"\n--- {scene.note} ---")
        answered = self._letter(actor, scene.to, servers) if scene.to else None
        mail = _write(actor, scene, answered, self._clock.now())
        self._say(f"{scene.at}  {actor.name} ({actor.role}) menulis: {mail['Subject']}")
        for line in scene.text.splitlines():
            for piece in wrap(line, _COLUMNS) or [""]:
                self._say(f"       | {piece}".rstrip())
        with smtplib.SMTP(HOST, servers.smtp_port) as smtp:
            smtp.send_message(mail, "" if scene.automatic else actor.address)

    def _letter(self, actor: Actor, about: str, servers: EmbeddedServers) -> Message:
        """The last letter that this actor got whose subject holds these words."""
        for octets in reversed(servers.messages(actor.address)):
            letter = email.message_from_bytes(octets, policy=email.policy.default)
            if about.lower() in str(letter["Subject"]).lower():
                return letter
        raise ValueError(f"{actor.name} has no letter about {about!r}")

    def _settle(self, servers: EmbeddedServers, store: Store, alarms: bool = False) -> None:
        """Waits until everything that was written has been read, decided and sent."""
        ends = time.monotonic() + _PATIENCE
        while time.monotonic() < ends:
            counts = store.counts()
            read = sum(counts.mails.values()) >= len(servers.messages(morning.HELPDESK))
            due = counts.next_alarm_at is not None and counts.next_alarm_at <= self._clock.now()
            waiting = _UNDECIDED & counts.mails.keys() or _UNSENT & counts.letters.keys()
            if read and not waiting and not (alarms and due):
                return
            time.sleep(0.02)
        raise TimeoutError("the service did not come to rest; see its log")

    def _tell(self, servers: EmbeddedServers) -> None:
        """Shows what arrived in everybody's mailbox since the last look."""
        for actor in ACTORS.values():
            letters = servers.messages(actor.address)
            for octets in letters[self._heard.get(actor.address, 0) :]:
                self._show(actor, email.message_from_bytes(octets, policy=email.policy.default))
            self._heard[actor.address] = len(letters)

    def _show(self, actor: Actor, letter: Message) -> None:
        subject = " ".join(str(letter["Subject"]).split())
        self._say(f"       maild -> {actor.name}: {subject}")
        kind = f"{actor.role} {subject.partition(']')[2][:14]}"
        body = letter.get_body(("plain",)) if isinstance(letter, EmailMessage) else None
        if body is not None and (self._full or kind not in self._shown):
            self._shown.add(kind)
            for line in str(body.get_content()).strip().splitlines():
                for piece in wrap(line, _COLUMNS, break_long_words=False) or [""]:
                    self._say(f"            {piece}".rstrip())
            self._say("")


def _write(actor: Actor, scene: Scene, answered: Message | None, at: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"{actor.name} <{actor.address}>"
    mail["Date"] = at.astimezone(_ZONE)
    mail["Message-ID"] = f"<{scene.who}.{scene.at.replace(':', '')}@{actor.address.split('@')[1]}>"
    if answered is None:
        mail["To"] = morning.HELPDESK
        mail["Subject"] = scene.subject
        text = scene.text
    else:
        mail["To"] = str(answered["Reply-To"] or morning.HELPDESK)
        mail["Subject"] = f"Re: {' '.join(str(answered['Subject']).split())}"
        mail["In-Reply-To"] = str(answered["Message-ID"])
        mail["References"] = str(answered["Message-ID"])
        quoted = "\n".join(f"> {line}" for line in _plain(answered).splitlines()[:6])
        text = f"{scene.text}\n\nPada Senin, 2 Feb 2026, Helpdesk LPSE menulis:\n{quoted}"
    if scene.automatic:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(text)
    if scene.picture:
        mail.add_attachment(
            morning.PICTURE, maintype="image", subtype="png", filename="tangkapan-layar.png"
        )
    return mail


def _plain(letter: Message) -> str:
    body = letter.get_body(("plain",)) if isinstance(letter, EmailMessage) else None
    return str(body.get_content()) if body is not None else ""


def _office(folder: Path, servers: EmbeddedServers) -> Settings:
    """A new office in this folder, pointed at the embedded servers."""
    root = shipped()
    for name in ("sop", "templates"):
        shutil.copytree(root / name, folder / name, dirs_exist_ok=True)
    config = folder / "config.toml"
    config.write_text(_CONFIG.format(imap=servers.imap_port, smtp=servers.smtp_port), "utf-8")
    secret = folder / "sandi"
    secret.write_text(morning.PASSWORD)
    secret.chmod(0o600)
    settings, faults = load(config)
    if settings is None:
        raise ValueError("\n".join(map(str, faults)))
    return settings


_CONFIG = """\
[office]
name        = "LPSE Kabupaten Contoh"
institution = "Pemerintah Kabupaten Contoh"
city        = "Contoh"
telephone   = "(021) 555-0100"
hours       = "Senin s.d. Jumat, pukul 07.30-16.00 WIB"

[mailbox]
address       = "helpdesk@lpse.contoh.test"
host          = "127.0.0.1"
port          = {imap}
tls           = "none"
password_file = "sandi"
poll_seconds  = 5
cut_over      = 2026-01-01T00:00:00

[smtp]
host  = "127.0.0.1"
port  = {smtp}
tls   = "none"
login = false

[courier]
cooling_seconds = 0

[hours]
monday    = ["07:30-12:00", "13:00-16:00"]
tuesday   = ["07:30-12:00", "13:00-16:00"]
wednesday = ["07:30-12:00", "13:00-16:00"]
thursday  = ["07:30-12:00", "13:00-16:00"]
friday    = ["07:30-11:30", "13:00-16:30"]

[[people]]
id      = "sari"
number  = 1
name    = "Sari Wulandari"
address = "sari@lpse.contoh.test"
party   = "helpdesk"

[[people]]
id      = "budi"
number  = 2
name    = "Budi Prakoso"
address = "budi@lpse.contoh.test"
party   = "helpdesk"

[[people]]
id      = "lkpp"
number  = 900
name    = "Helpdesk LKPP"
address = "helpdesk@lkpp.test"
party   = "lkpp"
"""
