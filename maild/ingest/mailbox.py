"""The IMAP door: one connection to one mailbox, owned by one thread.

Only numbers and configured folder names go into commands (S10). After any trouble the connection
is dropped and a new `Mailbox` is made: an imaplib object cannot be trusted after an error. What
this door tells is what the server said; the ledger is the truth (R3).
"""

import imaplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imapclient import IMAPClient, SocketTimeout

from maild.ingest.idle import IdleWait
from maild.model.mail import RawMail

UIDS_A_COMMAND = 1000  # F035: an answer line must stay far below a megabyte
MAILS_A_BATCH = 50
OCTETS_A_BATCH = 8 * 1024 * 1024
SLICE = 4 * 1024 * 1024
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PROCESSED = "$MaildProcessed"
_TROUBLE = (OSError, imaplib.IMAP4.error, ValueError, AssertionError)


@dataclass(frozen=True, slots=True)
class MailboxAccess:
    """A mailbox and our account on it; `tls` is "implicit", "starttls" or "none" (loopback)."""

    account: str
    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    connect_timeout: float = 15.0
    command_timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What SELECT tells (RFC 3501, 6.3.1)."""

    uidvalidity: int
    uidnext: int
    exists: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as the server lists it: its size in octets and when it came in."""

    uid: int
    size: int
    internal_at: datetime


class MailboxError(Exception):
    """The server could not be reached or refused. `kind` is auth, tls, network or refused."""

    def __init__(self, kind: str, text: str, remedy: str) -> None:
        super().__init__(f"{text}. {remedy}")
        self.kind = kind
        self.remedy = remedy


class Mailbox:
    """A connection that is open; make it with `Mailbox.open`, end it with `close`."""

    def __init__(self, access: MailboxAccess, client: IMAPClient) -> None:
        self._access = access
        self._client = client
        self._capabilities = {c.decode("ascii", "replace").upper() for c in client.capabilities()}
        self._folder = ""
        self._uidvalidity = 0
        self._keywords = False

    @classmethod
    def open(cls, access: MailboxAccess) -> "Mailbox":
        """Connects and logs in; MailboxError with a remedy when that fails."""
        if access.tls == "none" and access.host not in _LOOPBACK:
            raise MailboxError(
                "tls", f"{access.host}: no TLS", 'Set tls to "implicit" or "starttls"'
            )
        where = f"{access.host}:{access.port}"
        try:
            client = _connect(access)
        except ssl.SSLError as error:
            raise MailboxError(
                "tls", f"{access.host}: {error}", "Check the certificate, or set ca_file"
            ) from error
        except TimeoutError as error:
            remedy = "Check host and port; a plain client on a TLS port hangs like this"
            raise MailboxError("network", f"{where}: silence", remedy) from error
        except _TROUBLE as error:
            remedy = "Check host, port and the network"
            raise MailboxError("network", f"{where}: {error}", remedy) from error
        try:
            client.login(access.user, access.password)
        except _TROUBLE as error:
            client.shutdown()
            remedy = "Check user and password of [mailbox]; some providers want an app password"
            raise MailboxError("auth", f"{access.user}: login refused", remedy) from error
        return cls(access, client)

    def close(self) -> None:
        """Ends the connection without asking the server."""
        try:
            self._client.shutdown()
        except OSError:
            return

    def has(self, capability: str) -> bool:
        """Whether the server offers this (RFC 3501, 6.1.1)."""
        return capability.upper() in self._capabilities

    def folders(self) -> list[str]:
        """The names of all folders."""
        with _translated(self):
            return [str(name) for _, _, name in self._client.list_folders()]

    def ensure_folder(self, name: str) -> None:
        """Makes a folder unless it is there."""
        with _translated(self):
            if not self._client.folder_exists(name):
                self._client.create_folder(name)

    def select(self, folder: str) -> FolderStatus:
        """Opens a folder; compare `uidvalidity` with the ledger's every time (F032)."""
        with _translated(self):
            found: Mapping[bytes, Any] = self._client.select_folder(folder)
        self._folder = folder
        self._uidvalidity = int(found[b"UIDVALIDITY"])
        flags = found.get(b"PERMANENTFLAGS", ())
        self._keywords = b"\\*" in flags
        return FolderStatus(
            self._uidvalidity, int(found.get(b"UIDNEXT", 1)), int(found.get(b"EXISTS", 0))
        )

    def list_from(self, first: int, uidnext: int) -> Iterator[list[Listed]]:
        """The mails with UIDs from `first` to before `uidnext`, a thousand UIDs at a time.

        Only ranges that end in a number are asked: `n:*` gives back the last mail even when its
        UID is below n, and one huge answer line would break the client (F035).
        """
        for low in range(first, uidnext, UIDS_A_COMMAND):
            high = min(low + UIDS_A_COMMAND, uidnext) - 1
            with _translated(self):
                uids = self._client.search(["UID", f"{low}:{high}"])
                wanted = sorted(u for u in uids if low <= u <= high)
                rows = (
                    self._client.fetch(wanted, ["RFC822.SIZE", "INTERNALDATE"]) if wanted else {}
                )
            yield [
                Listed(uid, int(row[b"RFC822.SIZE"]), _utc(row[b"INTERNALDATE"]))
                for uid, row in sorted(rows.items())
                if b"RFC822.SIZE" in row and b"INTERNALDATE" in row
            ]

    def fetch(self, listed: Sequence[Listed], most_octets: int) -> Iterator[list[RawMail]]:
        """The mails themselves, in batches bounded in number and octets.

        A mail larger than `most_octets` comes with its header only. A mail that is missing from
        the answer has vanished meanwhile (F034).
        """
        batch: list[Listed] = []
        octets = 0
        for mail in listed:
            if mail.size > OCTETS_A_BATCH:
                yield self._fetch_large(mail, most_octets)
                continue
            if batch and (len(batch) >= MAILS_A_BATCH or octets + mail.size > OCTETS_A_BATCH):
                yield self._fetch_batch(batch)
                batch, octets = [], 0
            batch.append(mail)
            octets += mail.size
        if batch:
            yield self._fetch_batch(batch)

    def _fetch_batch(self, batch: Sequence[Listed]) -> list[RawMail]:
        with _translated(self):
            rows = self._client.fetch([m.uid for m in batch], ["BODY.PEEK[]"])
        return [
            self._raw(mail, rows[mail.uid][b"BODY[]"])
            for mail in batch
            if rows.get(mail.uid, {}).get(b"BODY[]") is not None
        ]

    def _fetch_large(self, mail: Listed, most_octets: int) -> list[RawMail]:
        with _translated(self):
            if mail.size > most_octets:
                rows = self._client.fetch([mail.uid], ["BODY.PEEK[HEADER]"])
                head = rows.get(mail.uid, {}).get(b"BODY[HEADER]")
                return [] if head is None else [self._raw(mail, None, head)]
            slices: list[bytes] = []
            for start in range(0, mail.size, SLICE):
                rows = self._client.fetch([mail.uid], [f"BODY.PEEK[]<{start}.{SLICE}>"])
                piece = rows.get(mail.uid, {}).get(f"BODY[]<{start}>".encode())
                if piece is None:
                    return []
                slices.append(piece)
        return [self._raw(mail, b"".join(slices))]

    def _raw(self, mail: Listed, octets: bytes | None, head: bytes = b"") -> RawMail:
        return RawMail(
            account=self._access.account,
            folder=self._folder,
            uidvalidity=self._uidvalidity,
            uid=mail.uid,
            internal_at=mail.internal_at,
            size=mail.size,
            octets=octets,
            head=head,
        )

    def file_away(self, uids: Sequence[int], folder: str) -> None:
        """Moves mails out of the folder, or marks them where MOVE is missing; repeatable (R3).

        Without MOVE (RFC 6851) they are copied and expunged by UID (UIDPLUS, RFC 4315); without
        that they are only marked. Plain EXPUNGE is never used: it would remove what other
        people have flagged (F036).
        """
        with _translated(self):
            if self.has("MOVE"):
                self._client.move(list(uids), folder)
            elif self.has("UIDPLUS"):
                self._client.copy(list(uids), folder)
                self._client.add_flags(list(uids), ["\\Deleted"], silent=True)
                self._client.uid_expunge(list(uids))
            else:
                self.mark(uids)

    def mark(self, uids: Sequence[int]) -> None:
        """Marks mails as dealt with: a keyword where the server keeps it, else seen."""
        flags = [_PROCESSED] if self._keywords else ["\\Seen"]
        with _translated(self):
            self._client.add_flags(list(uids), flags, silent=True)

    def all_uids(self) -> set[int]:
        """Every UID of the selected folder, asked for in ranges; for the audit."""
        with _translated(self):
            status = self._client.folder_status(self._folder, ["UIDNEXT"])
            last = int(status[b"UIDNEXT"])
            found: set[int] = set()
            for low in range(1, last, UIDS_A_COMMAND):
                found.update(self._client.search(["UID", f"{low}:{low + UIDS_A_COMMAND - 1}"]))
        return found

    def append(self, folder: str, octets: bytes, at: datetime) -> None:
        """Puts a mail into a folder, seen."""
        with _translated(self):
            self._client.append(folder, octets, ["\\Seen"], at)

    def wait(self, seconds: float, ear: socket.socket, idle: bool = True) -> None:
        """Waits until the server tells of something new, `ear` is readable, or time is up."""
        with _translated(self):
            IdleWait(self._client, idle and self.has("IDLE")).wait(seconds, ear)


@contextmanager
def _translated(mailbox: Mailbox) -> Iterator[None]:
    """Turns whatever the wire does in the block into MailboxError, and drops the connection."""
    try:
        yield
    except _TROUBLE as error:
        mailbox.close()
        network = isinstance(error, OSError | imaplib.IMAP4.abort)
        raise MailboxError(
            "network" if network else "refused",
            f"{type(error).__name__}: {error}"[:300],
            "maild connects again by itself",
        ) from error


def _connect(access: MailboxAccess) -> IMAPClient:
    context = None
    if access.tls != "none":
        context = ssl.create_default_context(
            cafile=str(access.ca_file) if access.ca_file else None
        )
    client = IMAPClient(
        access.host,
        port=access.port,
        ssl=access.tls == "implicit",
        ssl_context=context if access.tls == "implicit" else None,
        timeout=SocketTimeout(access.connect_timeout, access.command_timeout),
    )
    # Its default level formats every literal for a logger that throws it away (6 times slower).
    client._imap.debug = 0
    if access.tls == "starttls":
        client.starttls(context)
    wire = client.socket()
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    client.normalise_times = False
    return client


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
