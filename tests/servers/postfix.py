"""A Postfix of our own on loopback, which delivers to a Dovecot and asks it about passwords.

Needs root: Postfix changes users. `local+detail@domain` is delivered to `local@domain`. Nothing
leaves the machine: what is not a known domain is refused or bounced.
"""

import os
import shutil
import ssl
from pathlib import Path
from typing import Self

from dovecot import Dovecot
from place import (
    ServerMissingError,
    certificate,
    free_port,
    greets,
    new_folder,
    program,
    run,
    wait_for,
)

_MAIN = """
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = {daemons}
queue_directory = {d}/spool
data_directory = {d}/data
maillog_file = {d}/maillog
maillog_file_prefixes = {d}
myhostname = mail.maild.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
mydestination =
alias_maps =
local_recipient_maps =
recipient_delimiter = +
message_size_limit = 60000000
virtual_mailbox_limit = 0
virtual_mailbox_domains = hash:{d}/domains
virtual_mailbox_maps = hash:{d}/accounts
virtual_transport = lmtp:inet:127.0.0.1:{lmtp_port}
lmtp_destination_recipient_limit = 1
default_transport = error:5.4.4 no way out of the test
smtpd_recipient_restrictions =
  check_recipient_access hash:{d}/refusals, permit_sasl_authenticated,
  reject_unauth_destination
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_error_sleep_time = 0
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth_port}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
minimal_backoff_time = 5s
maximal_backoff_time = 10s
queue_run_delay = 5s
maximal_queue_lifetime = 1m
bounce_queue_lifetime = 1m
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One server; recipients are made with `add`, refusals by address with `refuse`."""

    def __init__(self, dovecot: Dovecot) -> None:
        self._program = program("postfix")
        self._postmap = program("postmap")
        if os.geteuid() != 0:
            raise ServerMissingError("Postfix needs root to run in a folder of its own")
        self._dovecot = dovecot
        self._folder = new_folder("postfix")
        self.port = free_port()
        self.ca_file, self.key_file = certificate(self._folder)
        self._accounts: set[str] = set()
        self._refusals: dict[str, str] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts it and waits for its greeting."""
        for name in ("etc", "spool", "data"):
            (self._folder / name).mkdir(exist_ok=True)
        shutil.chown(self._folder / "data", "postfix")
        daemons = next(
            folder
            for folder in ("/usr/lib/postfix/sbin", "/usr/libexec/postfix", "/usr/lib/postfix")
            if (Path(folder) / "master").exists()
        )
        main = _MAIN.format(
            d=self._folder,
            daemons=daemons,
            lmtp_port=self._dovecot.lmtp_port,
            auth_port=self._dovecot.auth_port,
            cert=self.ca_file,
            key=self.key_file,
        )
        (self._folder / "etc" / "main.cf").write_text(main)
        (self._folder / "etc" / "master.cf").write_text(_MASTER.format(port=self.port))
        self._write_maps()
        self._control("start")
        wait_for(lambda: greets(self.port), "postfix", self._folder / "maillog")

    def stop(self) -> None:
        """Ends it and removes what was queued."""
        self._control("stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self, *addresses: str, in_dovecot: bool = True) -> str:
        """Makes accounts here and in Dovecot; gives the first address back.

        With `in_dovecot` false the recipient is taken and then bounced.
        """
        if in_dovecot:
            self._dovecot.add(*addresses)
        self._accounts.update(addresses)
        self._write_maps()
        self._reload()
        return addresses[0]

    def refuse(self, address: str, answer: str) -> None:
        """Lets RCPT for an address fail with this answer, such as "450 4.2.0 greylisted"."""
        self._refusals[address] = answer
        self._write_maps()
        self._reload()

    def _reload(self) -> None:
        """A daemon that has looked at a map before may not look again by itself."""
        self._control("reload")
        wait_for(lambda: greets(self.port), "postfix", self._folder / "maillog")

    def tls(self) -> ssl.SSLContext:
        """A context that trusts this server."""
        return ssl.create_default_context(cafile=self.ca_file)

    @property
    def log(self) -> str:
        """What it wrote so far, for a test's error."""
        return (self._folder / "maillog").read_text("utf-8", "replace")

    def _write_maps(self) -> None:
        domains = {address.partition("@")[2] for address in self._accounts}
        self._map("domains", dict.fromkeys(domains, "here"))
        self._map("accounts", dict.fromkeys(self._accounts, "here"))
        self._map("refusals", self._refusals)

    def _map(self, name: str, rows: dict[str, str]) -> None:
        """A compiled map: the daemons see by themselves that it has changed."""
        text = "".join(f"{key} {value}\n" for key, value in sorted(rows.items()))
        (self._folder / name).write_text(text)
        run(self._postmap, "-c", self._folder / "etc", f"hash:{self._folder / name}")

    def _control(self, word: str) -> None:
        run(self._program, "-c", self._folder / "etc", word)
