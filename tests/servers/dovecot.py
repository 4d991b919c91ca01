"""A Dovecot of our own on loopback: IMAP, IMAP over TLS, LMTP, and authentication for Postfix.

Runs as root (mail then belongs to nobody) and as an ordinary user. Any address can be made an
account; `local+detail@domain` is delivered to `local@domain`.
"""

import grp
import imaplib
import os
import pwd
import shutil
import subprocess
from datetime import UTC, datetime
from typing import Any, Self

from maild.ingest.access import MailboxAccess
from place import HOST, certificate, free_port, greets, new_folder, program, wait_for

PASSWORD = "rahasia-uji"

_CONFIG = """
base_dir = {d}/run
state_dir = {d}/state
log_path = {d}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
recipient_delimiter = +
{identity}
{capability}
first_valid_uid = 1
first_valid_gid = 0
mail_location = maildir:~/Maildir
mail_home = {d}/mail/%u
mail_fsync = never
default_vsz_limit = 1G
passdb {{
  driver = passwd-file
  args = {d}/users/%u
}}
userdb {{
  driver = static
  args = {owner}allow_all_users=no
}}
service anvil {{
  {anvil_chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  {login_chroot}
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth_port}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
}}
"""


class Dovecot:
    """One server; `capability` replaces what it announces, to test what a poorer one lacks."""

    def __init__(self, capability: str = "") -> None:
        self._program = program("dovecot")
        self._capability = capability
        self._folder = new_folder("dovecot")
        self.imap_port, self.imaps_port, self.lmtp_port, self.auth_port = (
            free_port() for _ in range(4)
        )
        self.ca_file, self.key_file = certificate(self._folder)
        self._users = self._folder / "users"
        self._users.mkdir()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts it and waits for its greeting."""
        root = os.geteuid() == 0
        user = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        group = grp.getgrgid(user.pw_gid).gr_name
        for name in ("run", "state", "mail"):
            (self._folder / name).mkdir(exist_ok=True)
        if root:
            os.chown(self._folder / "mail", user.pw_uid, user.pw_gid)
        me = (
            f"default_internal_user = {user.pw_name}\n"
            f"default_internal_group = {group}\n"
            f"default_login_user = {user.pw_name}"
        )
        config = self._folder / "dovecot.conf"
        config.write_text(
            _CONFIG.format(
                d=self._folder,
                cert=self.ca_file,
                key=self.key_file,
                identity="" if root else me,
                capability=f"imap_capability = {self._capability}" if self._capability else "",
                owner=f"uid={user.pw_uid} gid={user.pw_gid} " if root else "",
                anvil_chroot="" if root else "chroot =",
                login_chroot="" if root else "chroot =",
                imap_port=self.imap_port,
                imaps_port=self.imaps_port,
                lmtp_port=self.lmtp_port,
                auth_port=self.auth_port,
            )
        )
        self._process = subprocess.Popen([self._program, "-F", "-c", config])
        wait_for(lambda: greets(self.imap_port), "dovecot", self._folder / "log")

    def stop(self) -> None:
        """Ends it and removes all mail."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(15)
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, *addresses: str, password: str = PASSWORD) -> str:
        """Makes accounts; gives the first address back.

        A file each, since Dovecot looks at most once a second whether a file has changed.
        """
        for address in addresses:
            (self._users / address).write_text(f"{address}:{{PLAIN}}{password}\n", "utf-8")
        return addresses[0]

    def imap(self, address: str, password: str = PASSWORD) -> imaplib.IMAP4:
        """A bare connection, for what a person does in the mailbox besides maild."""
        connection = imaplib.IMAP4(HOST, self.imap_port)
        connection.login(address, password)
        return connection

    def put(
        self, address: str, *mails: bytes, folder: str = "INBOX", at: datetime | None = None
    ) -> None:
        """Puts mails into a folder as they are."""
        with self.imap(address) as connection:
            when = (at or datetime.now(UTC)).strftime('"%d-%b-%Y %H:%M:%S +0000"')
            for mail in mails:
                answer, text = connection.append(folder, "()", when, mail)
                assert answer == "OK", text

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """All mails of a folder, oldest first."""
        with self.imap(address) as connection:
            answer, exists = connection.select(folder, readonly=True)
            if answer != "OK" or exists == [b"0"]:
                return []
            answer = connection.fetch("1:*", "(BODY.PEEK[])")[1]
            return [part[1] for part in answer if isinstance(part, tuple)]

    def access(self, address: str, **other: Any) -> MailboxAccess:
        """How maild reaches an account: TLS from the start, unless something else is said."""
        settings = {
            "account": address,
            "host": HOST,
            "port": self.imaps_port,
            "tls": "implicit",
            "user": address,
            "password": PASSWORD,
            "ca_file": self.ca_file,
            "command_timeout": 10.0,
        }
        return MailboxAccess(**(settings | other))
