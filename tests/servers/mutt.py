"""A person at neomutt (or mutt), in a pseudo-terminal: real keys, a real client's mail.

The program reads the mailbox by IMAP over TLS, sends by SMTP with STARTTLS and keeps its copy in
Sent on the server, as its users have it.
"""

import os
import pty
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

from dovecot import PASSWORD, Dovecot
from place import HOST, ServerMissingError, program
from postfix import Postfix

_RC = """
set my_server="imaps://{host}:{imaps}/"
set folder="imaps://{host}:{imaps}/"
set spoolfile="imaps://{host}:{imaps}/{folder}"
set record="imaps://{host}:{imaps}/Sent"
set imap_user="{user}"
set imap_pass="{password}"
set smtp_url="smtp://{user}@{host}:{smtp}/"
set smtp_pass="{password}"
set smtp_authenticators="plain"
set ssl_starttls=yes
set ssl_force_tls=yes
set ssl_verify_host=no
set certificate_file="{certificates}"
set from="{address}"
set realname="{name}"
set use_from=yes
set hostname="klien.maild.test"
set editor="{editor}"
set include=yes
set reply_to=yes
set fast_reply=yes
set abort_unmodified=no
set abort_nosubject=no
set edit_headers=no
set copy=yes
set delete=yes
set move=no
set confirmappend=no
set sort=date-received
set wait_key=no
set header_cache=""
set message_cachedir=""
unset pager_stop
"""


class Mutt:
    """Somebody's set-up: `user` logs in, mail goes out as `name <address>`."""

    def __init__(
        self, folder: Path, dovecot: Dovecot, postfix: Postfix, user: str, name: str, address: str
    ) -> None:
        try:
            self._program = program("neomutt")
        except ServerMissingError:
            self._program = program("mutt")
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        certificates = folder / "certificates.pem"
        certificates.write_bytes(dovecot.ca_file.read_bytes() + postfix.ca_file.read_bytes())
        editor = folder / "editor"
        editor.write_text(f'#!/bin/sh\ncat "{folder}/text" "$1" > "$1.new" && mv "$1.new" "$1"\n')
        editor.chmod(0o755)
        self._values = {
            "host": HOST,
            "imaps": dovecot.imaps_port,
            "smtp": postfix.port,
            "user": user,
            "password": PASSWORD,
            "name": name,
            "address": address,
            "certificates": certificates,
            "editor": editor,
        }

    def replies(self, text: str, done: Callable[[], object], folder: str = "INBOX") -> None:
        """Opens the newest mail, presses Reply, writes above the quotation, sends; waits until
        `done`."""
        self._presses(("*", "r", "y"), done, folder, text)

    def _presses(
        self, keys: tuple[str, ...], done: Callable[[], object], folder: str, text: str
    ) -> None:
        (self._folder / "text").write_text(text + "\n\n")
        rc = self._folder / "muttrc"
        rc.write_text(_RC.format(**self._values, folder=folder))
        child, terminal = pty.fork()
        if child == 0:
            os.environ.update(TERM="vt100", HOME=str(self._folder), LC_ALL="C.UTF-8")
            os.execv(self._program, [self._program, "-n", "-F", str(rc)])
        screen = _Screen(terminal)
        try:
            screen.until_still(2.0)
            for key in keys:
                screen.types(key)
            screen.until(done)
        finally:
            screen.types("qy")
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)
            os.close(terminal)


class _Screen:
    """What the program shows, read so that it never waits for us."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self.shown = b""

    def types(self, keys: str) -> None:
        """Presses keys, and waits until the program has drawn what they do."""
        os.write(self._terminal, keys.encode())
        self.until_still(0.7)

    def until_still(self, seconds: float) -> None:
        """Until nothing has been drawn for so long."""
        end = time.monotonic() + 30
        while time.monotonic() < end and self._read(seconds):
            pass

    def until(self, done: Callable[[], object]) -> None:
        """Until the world shows that it was done."""
        end = time.monotonic() + 40
        while not done():
            if time.monotonic() > end:
                raise AssertionError(f"it shows {self.shown[-1500:]!r}")
            self._read(0.2)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._terminal], [], [], seconds)[0]:
            return False
        try:
            self.shown += os.read(self._terminal, 65536)
        except OSError:
            return False
        return True
