"""The IMAP door: the only place that knows imapclient.

Owns one connection to one account, and itself is owned by one thread. It brings mail as raw
octets and files it away; what it says about folders and flags is a hint (R3), never the truth.
It refuses to expunge other people's mail (F036), to ask for lists without end (F035), and to go
on with a connection after any fault.
"""

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from select import select
from typing import Final, Self

from imapclient import IMAPClient

from maild.ingest.access import MailboxAccess, MailboxError, explained, tls_context
from maild.ingest.download import UNKNOWN, Download, Listed, in_batches, in_sets
from maild.ingest.fetched import Fetched, fetched
from maild.ingest.wire import Wire
from maild.model.mail import RawMail

FILED: Final = "$MaildFiled"

_SPAN = 1_000  # UIDs asked for at a time (F035)
_FEW = 10_000  # a folder this small is listed at once, however far apart its UIDs are
_IDLE_SECONDS = 9 * 60  # F028
_NOOP_SECONDS = 15.0
_UID_END = 1 << 32
_USES = {b"\\Archive": "Archive", b"\\Drafts": "Drafts", b"\\Junk": "Junk", b"\\Sent": "Sent"}
_ANNOUNCED = "EXISTS"
# What a broken or hostile server can make imaplib and imapclient raise.
_FAULTS = (
    OSError,
    imaplib.IMAP4.error,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_WITHOUT = {
    "MOVE": "no; mail is copied and marked instead of moved",
    "IDLE": "no; the server is asked for new mail now and then",
    "UIDPLUS": "no; mail that was copied stays, marked as seen",
    "keywords": "no; mail that stays is marked as seen",
}


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder; `special` is what the server keeps it for (RFC 6154), such as "Sent", or ""."""

    name: str
    special: str


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What SELECT says (RFC 3501, 6.3.1). A new `uidvalidity` makes known UIDs void (F032)."""

    uidvalidity: int
    uidnext: int
    exists: int
    keywords_allowed: bool = False


class _Client(IMAPClient):  # type: ignore[misc]
    """imapclient on our own wire, silent."""

    def __init__(self, access: MailboxAccess) -> None:
        self._access = access
        implicit = access.tls == "implicit"
        super().__init__(access.host, access.port, ssl=implicit, timeout=access.command_timeout)
        self._imap.debug = 0  # otherwise every literal is formatted for a log that drops it

    def _create_IMAP4(self) -> Wire:  # noqa: N802
        access = self._access
        context = tls_context(access) if access.tls == "implicit" else None
        self.wire = Wire(
            access.host, access.port, context, access.connect_timeout, access.command_timeout
        )
        return self.wire


class _Refused(Exception):  # noqa: N818
    """The server said NO to one command; the connection is sound."""


class Mailbox:
    """A connection to an account, from the making of the object to `close`.

    Every method raises MailboxError and nothing else; the connection is closed by then. UIDs are
    those of the folder selected last.
    """

    def __init__(self, access: MailboxAccess) -> None:
        """Connects with the protection asked for, never with less (F038), and logs in."""
        self._access = access
        self._client: _Client | None = None
        self._name = ""
        self._folder: FolderStatus | None = None
        self._download = Download(self)
        access.check()
        try:
            self._client = _Client(access)
        except _FAULTS as fault:
            raise explained(fault, access, "connect") from None
        if access.tls == "starttls":
            with self._asking("connect") as client:
                client.starttls(tls_context(access))
        with self._asking("log in") as client:
            if client.has_capability("AUTH=PLAIN"):
                client.plain_login(access.user, access.password)
            else:
                user = access.user.replace("\\", "\\\\").replace('"', '\\"')
                client.login(f'"{user}"', access.password)
            self._capabilities = frozenset(client.capabilities())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection without a word; may be called again."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(*_FAULTS):
                client.shutdown()

    def can(self, capability: str) -> bool:
        """Whether the server offered this at the login (RFC 3501, 6.1.1)."""
        return capability.upper().encode("ascii") in self._capabilities

    def folders(self) -> list[Folder]:
        """All folders of the account."""
        with self._asking("LIST") as client:
            return [
                Folder(str(name), " ".join(_USES[flag] for flag in flags if flag in _USES))
                for flags, _, name in client.list_folders()
            ]

    def ensure_folder(self, name: str) -> None:
        """Creates and subscribes a folder unless it exists."""
        if any(folder.name == name for folder in self.folders()):
            return
        with self._asking("CREATE") as client:
            client.create_folder(name)
            client.subscribe_folder(name)

    def select(self, folder: str) -> FolderStatus:
        """Opens a folder. To be repeated in every round: only SELECT tells a new UIDVALIDITY."""
        with self._asking("SELECT") as client:
            said = client.select_folder(folder)
            client.wire.untagged_responses.pop("EXISTS", None)  # what comes now is news
            if b"UIDNEXT" not in said:
                said[b"UIDNEXT"] = max(client.search(["UID", "*"]), default=0) + 1
            self._name = folder
            self._folder = FolderStatus(
                uidvalidity=int(said[b"UIDVALIDITY"]),
                uidnext=int(said[b"UIDNEXT"]),
                exists=int(said[b"EXISTS"]),
                keywords_allowed=rb"\*" in said.get(b"PERMANENTFLAGS", ()),
            )
            return self._folder

    def uids_from(self, first: int, *, standing: bool = False) -> list[int]:
        """The UIDs not below `first`, ascending. What arrived since SELECT is for the next round.

        Ranges end in a number, as `n:*` always names the last message, even below n. No answer
        holds more than 10,000 UIDs (F035): ranges are short only in large folders, since the
        UIDs of a small old one may lie far apart. With `standing`, without those that are marked
        as deleted: a program that cannot move has copied them somewhere else.
        """
        folder = self._opened()
        step = _SPAN if folder.exists > _FEW else _UID_END
        found: set[int] = set()
        for low in range(max(int(first), 1), folder.uidnext, step):
            high = min(low + step, folder.uidnext) - 1
            with self._asking("SEARCH") as client:
                uids = client.search(["UID", f"{low}:{high}"] + ["UNDELETED"] * standing)
            found.update(uid for uid in uids if low <= uid <= high)
        return sorted(found)

    def sizes(self, uids: Sequence[int]) -> list[Listed]:
        """Size and arrival of those of the messages that the folder still holds.

        Where the server names no size, `download.UNKNOWN` stands for it; where it names no time
        of arrival, the present.
        """
        listed = []
        for some in in_sets(uids):
            said = {mail.uid: mail for mail in self._fetched(some, "RFC822.SIZE INTERNALDATE")}
            silent = [uid for uid in some if uid not in said or said[uid].size is None]
            present = self.present(silent) if silent else set()
            for uid in some:
                mail = said.get(uid)
                at = (mail and mail.internal_at) or datetime.now(UTC)
                if mail is not None and mail.size is not None:
                    listed.append(Listed(uid, mail.size, at))
                elif uid in present:
                    listed.append(Listed(uid, UNKNOWN, at))
        return listed

    def heads(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The fields that name each message (`identity.FIELDS`), cut at 8 KB, by UID; one that
        the server does not give is missing."""
        return self._download.names(uids)

    def fetch(self, listed: Iterable[Listed], limit: int = 25 << 20) -> Iterator[list[RawMail]]:
        """The messages, a list for each batch; a batch is fetched when it is asked for.

        A message that has vanished is missing (F034). `octets` is None when the message is
        larger than `limit`, and also, with `size` within it, when the server refuses to
        give it: `head` then holds its header. Where the server's size was wrong three times
        over, `size` differs from the length of `octets` (F027).
        """
        folder = self._opened()
        for batch in in_batches(listed):
            bodies = self._download.bodies(batch, limit)
            yield [
                RawMail(
                    account=self._access.account,
                    folder=self._name,
                    uidvalidity=folder.uidvalidity,
                    uid=mail.uid,
                    internal_at=mail.internal_at,
                    size=mail.size,
                    octets=bodies[mail.uid],
                    head=self._download.head(mail.uid) if bodies[mail.uid] is None else b"",
                )
                for mail in batch
                if mail.uid in bodies
            ]

    def literals(
        self,
        uids: Sequence[int],
        octets: int,
        section: str = "",
        piece: tuple[int, int] | None = None,
    ) -> dict[int, bytes]:
        """One BODY.PEEK of messages, by UID; see download.Source."""
        item = f"BODY.PEEK[{section}]"
        if piece is not None:
            item += f"<{piece[0]}.{piece[1]}>"
        answer = self._fetched(uids, item, octets)
        return {mail.uid: mail.octets for mail in answer if mail.octets is not None}

    def present(self, uids: Sequence[int]) -> set[int]:
        """Those of the messages that the folder still holds."""
        found: set[int] = set()
        for some in in_sets(uids):
            with self._asking("SEARCH") as client:
                client.noop()  # an expunged message may be named until then
                found.update(client.search(["UID", ",".join(map(str, some))]))
        return found & set(uids)

    def holds(self, message_ids: Iterable[str]) -> set[str]:
        """Those of our own Message-IDs that messages of the folder have."""
        self._opened()
        found: set[str] = set()
        for message_id in message_ids:
            with self._asking("SEARCH") as client:
                if client.search(["HEADER", "Message-ID", message_id]):
                    found.add(message_id)
        return found

    def alike(self, message_id: str | None, size: int) -> list[int]:
        """The UIDs of messages that may be this one: with its Message-ID, or where it has none
        that can be asked for, of its size in octets."""
        asked = ["LARGER", size - 1, "SMALLER", size + 1]
        if message_id and re.fullmatch("<[!-~]+>", message_id):
            asked = ["HEADER", "Message-ID", message_id]
        with self._asking("SEARCH") as client:
            return sorted(client.search(asked))

    def file_away(self, uids: Sequence[int], folder: str) -> None:
        """Moves messages to a folder; may be repeated. Messages that are gone do not matter.

        Without MOVE they are copied and marked, and expunged only where UIDPLUS can name them;
        with neither, and no keyword to remember the copy by, they are marked as seen, no more.
        """
        keywords = self._opened().keywords_allowed
        for some in in_sets(uids):
            if not self.can("MOVE"):
                self._copy_and_mark(some, folder, keywords)
                continue
            try:
                with self._asking("MOVE", refusable=True) as client:
                    client.move(some, folder)
            except _Refused as refusal:
                if self.present(some):
                    self.close()
                    raise explained(refusal.args[0], self._access, "MOVE") from None

    def append(self, folder: str, messages: Sequence[tuple[bytes, datetime]]) -> None:
        """Puts messages with their times of arrival into a folder, as read; in one command where
        the server can (RFC 3502), which then takes all of them or none."""
        put = [{"msg": octets, "date": at, "flags": (r"\Seen",)} for octets, at in messages]
        together = len(put) > 1 and self.can("MULTIAPPEND")
        with self._asking("APPEND", sum(len(octets) for octets, _ in messages)) as client:
            if together:
                client.multiappend(folder, put)
            for octets, at in () if together else messages:
                client.append(folder, octets, (r"\Seen",), at)

    def wait(self, seconds: float, ear: socket.socket) -> bool:
        """Waits in the selected folder; True when mail was announced since SELECT.

        Ends after `seconds` (at most 9 minutes, F028), or as soon as `ear` has something to
        read. The caller looks again in any case: an announcement is a hint.
        """
        self._opened()
        end = time.monotonic() + min(seconds, _IDLE_SECONDS)
        with self._asking("IDLE") as client:
            if _ANNOUNCED in client.wire.untagged_responses:
                return True
            if self._access.idle and self.can("IDLE"):
                return client.wire.idle_until(_ANNOUNCED, end - time.monotonic(), ear)
        while (left := end - time.monotonic()) > 0:
            if select([ear], [], [], min(left, _NOOP_SECONDS))[0]:
                return False
            with self._asking("NOOP") as client:
                client.noop()
                if _ANNOUNCED in client.wire.untagged_responses:
                    return True
        return False

    def explain_capabilities(self) -> list[str]:
        """What `maild check` may say of this mailbox, a finding a line. Selects the inbox."""
        status = self.select(self._access.inbox)
        with self._asking("connect") as client:
            sock = client.socket()
            tls = sock.version() if isinstance(sock, ssl.SSLSocket) else "no TLS, this machine"
        found = {
            "MOVE": self.can("MOVE"),
            "IDLE": self.can("IDLE"),
            "UIDPLUS": self.can("UIDPLUS"),
            "keywords": status.keywords_allowed,
        }
        return [
            f"logged in as {self._access} ({tls})",
            f"folders: {', '.join(sorted(folder.name for folder in self.folders()))}",
            f"{self._access.inbox} holds {status.exists} messages",
            *(f"{what}: {'yes' if yes else _WITHOUT[what]}" for what, yes in found.items()),
        ]

    def _opened(self) -> FolderStatus:
        if self._folder is None:
            raise MailboxError("refused", "no folder is open", "Select a folder first")
        return self._folder

    def _fetched(self, uids: Sequence[int], items: str, octets: int = 0) -> list[Fetched]:
        """What the server says of these messages, and be it together with a NO."""
        wanted = set(uids)
        with self._asking("FETCH", octets) as client:
            status, pieces = client.wire.uid("FETCH", ",".join(map(str, uids)), f"({items})")
            if status != "OK":
                pieces = client.wire.untagged_responses.pop("FETCH", [])
        return [mail for mail in fetched(pieces) if mail.uid in wanted]

    def _copy_and_mark(self, uids: Sequence[int], folder: str, keywords: bool) -> None:
        expunge = self.can("UIDPLUS")
        with self._asking("COPY") as client:
            client.wire.untagged_responses.pop("FETCH", None)  # news of flags
            flags = client.get_flags(uids)
            here = [uid for uid in uids if uid in flags]
            fresh = [uid for uid in here if FILED.encode() not in flags[uid]]
            if fresh and (expunge or keywords):
                client.copy(fresh, folder)
            marks = [r"\Seen"] + [FILED] * keywords + [r"\Deleted"] * expunge
            client.add_flags(fresh, marks, silent=True)
            if here and expunge:
                client.uid_expunge(here)

    @contextmanager
    def _asking(
        self, doing: str, octets: int = 0, *, refusable: bool = False
    ) -> Iterator[_Client]:
        """Bounds a command's answer to about `octets`, and turns faults into MailboxError."""
        if self._client is None:
            raise MailboxError("network", "the connection is closed", "Connect again")
        self._client.wire.expect(octets)
        try:
            yield self._client
        except _FAULTS as fault:
            if refusable and type(fault) is imaplib.IMAP4.error:
                raise _Refused(fault) from None
            self.close()
            raise explained(fault, self._access, doing) from None
