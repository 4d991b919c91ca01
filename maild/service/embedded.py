"""Real IMAP and SMTP servers inside this process, for the demo and for trying maild out.

pymap and aiosmtpd speak the protocols; maild itself runs unchanged against them. Mail by SMTP for
a known account lands in its INBOX; nothing ever leaves this machine. All is lost at the end. It
refuses to be a mail server for anything but this: no TLS, loopback only, everything in memory.
"""

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

T = TypeVar("T")
HOST = "127.0.0.1"


class MissingExtraError(Exception):
    """The demo's servers are not installed."""


class EmbeddedServers:
    """One IMAP and one SMTP server on loopback, in a thread with its own event loop.

    `accounts` maps addresses to passwords. Port 0 means any free port. `now` dates what arrives.
    """

    def __init__(
        self,
        accounts: Mapping[str, str],
        imap_port: int = 0,
        smtp_port: int = 0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        try:
            import aiosmtpd  # noqa: F401
            import pymap  # noqa: F401
        except ImportError as error:
            raise MissingExtraError(
                "The demo's servers are not installed. Run: pip install 'maild[demo]'"
            ) from error
        self.accounts = dict(accounts)
        self._now = now
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self._delivered: dict[str, list[bytes]] = {address: [] for address in accounts}
        self._identities: dict[str, Any] = {}
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="embedded", daemon=True
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts both servers; OSError when a port that was asked for is taken."""
        self._thread.start()
        try:
            self._await(self._start())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends both servers, and every connection that a client keeps open."""
        self._await(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def deliver(self, recipient: str, octets: bytes, at: datetime | None = None) -> bool:
        """Puts a mail into an account's INBOX; False when there is no such account."""
        return self._await(self._deliver(recipient, octets, at))

    def messages(self, address: str) -> list[bytes]:
        """All that was ever delivered to an account, oldest first."""
        return list(self._delivered[address])

    def _await(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self) -> None:
        await self._start_imap()
        await self._start_smtp()

    async def _stop(self) -> None:
        # Connections that clients keep open must not hold up the end.
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=5)
        await asyncio.wait_for(self._stack.aclose(), 5)

    async def _start_imap(self) -> None:
        import pymap.config
        from pymap.backend.dict import DictBackend, Identity
        from pymap.imap import IMAPService
        from pymap.user import Passwords, UserMetadata

        _teach()
        self.imap_port = self.imap_port or _free_port()
        arguments = Namespace(
            host=HOST,
            port=self.imap_port,
            debug=False,
            cert=None,
            key=None,
            tls=False,
            passlib_cfg=None,
            proxy_protocol=None,
            inherited_sockets=None,
            demo_data=False,
            demo_user="nobody",
            demo_password="nobody",  # noqa: S106 (an account without a mailbox)
        )
        # The passwords are no secret: half a second of hashing at every login shows nothing.
        library: Any = pymap.config
        backend, config = await DictBackend.init(
            arguments,
            hash_context=library.BuiltinHash(rounds=1),
            invalid_user_sleep=0.0,
            reject_dnsbl=False,
        )
        config.apply_context()
        for address, password in self.accounts.items():
            identity = Identity(address, backend.login, None, frozenset())
            hashed = await Passwords(config).hash_password(password)
            await identity.set(UserMetadata(config, address, password=hashed))
            self._identities[address] = identity
            async with identity.new_session() as session:
                await session.mailbox_set.add_mailbox("Sent")
        await IMAPService(backend, config).start(self._stack)

    async def _start_smtp(self) -> None:
        from aiosmtpd.smtp import SMTP

        self.smtp_port = self.smtp_port or _free_port()
        handler = _Handler(self)
        server = await self._loop.create_server(
            lambda: SMTP(
                handler,
                hostname="localhost",
                authenticator=handler.authenticate,
                auth_require_tls=False,
                enable_SMTPUTF8=True,
                loop=self._loop,
            ),
            HOST,
            self.smtp_port,
        )
        self._stack.callback(server.close)

    async def _deliver(self, recipient: str, octets: bytes, at: datetime | None) -> bool:
        from pymap.parsing.message import AppendMessage

        address = self.account_of(recipient)
        if address is None:
            return False
        self._delivered[address].append(octets)
        async with self._identities[address].new_session() as session:
            inbox = await session.mailbox_set.get_mailbox("INBOX")
            when = at or self._now()
            await inbox.append(AppendMessage(octets, when), recent=True)
        return True

    def account_of(self, recipient: str) -> str | None:
        """The account that a recipient belongs to, without the detail behind `+` (RFC 5233)."""
        local, _, domain = recipient.lower().rpartition("@")
        address = f"{local.partition('+')[0]}@{domain}"
        return address if address in self.accounts else None


class _Handler:
    """What the SMTP server does with a mail: into the INBOX, or refuse it like a real one."""

    def __init__(self, servers: EmbeddedServers) -> None:
        self._servers = servers

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self._servers.account_of(address) is None:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        for recipient in envelope.rcpt_tos:
            delivered = f"Delivered-To: {recipient}\r\n".encode()
            await self._servers._deliver(recipient, delivered + envelope.original_content, None)
        return "250 2.0.0 delivered"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any
    ) -> Any:
        from aiosmtpd.smtp import AuthResult

        login = data.login.decode() if hasattr(data, "login") else ""
        good = self._servers.accounts.get(login) == getattr(data, "password", b"").decode()
        return AuthResult(success=good, handled=False)


def _teach() -> None:
    """Teaches pymap 0.36.7 what every office's server does: to keep keywords (it takes them and
    forgets them) and to mark the folder for sent mail (RFC 6154). And its greeting no longer
    waits for the name service.
    """
    from pymap.backend.dict import Config
    from pymap.backend.dict.mailbox import MailboxData
    from pymap.config import BackendCapability
    from pymap.listtree import ListEntry
    from pymap.parsing.specials.flag import Recent, Wildcard, get_system_flags

    kept = get_system_flags() - {Recent} | {Wildcard}
    able = BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])
    data: Any = MailboxData
    data.permanent_flags = property(lambda _: kept)
    config: Any = Config
    config.backend_capability = property(lambda _: able)
    config.greeting = property(lambda _: b"embedded server ready")
    entry: Any = ListEntry
    if not hasattr(entry, "attributes_before"):
        entry.attributes_before = entry.attributes
        entry.attributes = property(
            lambda self: [*self.attributes_before, *([b"Sent"] if self.name == "Sent" else [])]
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
