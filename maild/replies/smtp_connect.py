"""How a connection to a relay comes about: aiosmtplib connects, encrypts and logs in.

TLS is required and checked (S11); without it only this machine's own servers are spoken to.
"""

import ipaddress
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiosmtplib

from maild.replies.outbox import Answer, Phase
from maild.replies.smtp_wire import Dialogue

LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """A relay and our account on it. `tls` is "starttls", "implicit" or "none" (loopback only).

    Times are seconds; `dot_timeout` is how long the answer to the final dot may take (RFC 5321,
    4.5.3.2.6), `timeout` any other answer. `ca_file` holds certificate
    authorities besides the system's.
    """

    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    hello_name: str = "localhost"
    ca_file: Path | None = None
    timeout: float = 60.0
    dot_timeout: float = 600.0


class RelayRefused(Exception):  # noqa: N818
    """The relay could not be reached or did not let us in; `answer` says in which phase."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self.answer = answer


@dataclass(slots=True)
class Session:
    """An open connection: the dialogue, what the server can do, how much it was used."""

    dialogue: Dialogue
    greeting: str
    extensions: dict[str, str]
    used: int = 0
    used_at: float = 0.0
    unclean: bool = False


def check_access(access: RelayAccess) -> None:
    """ValueError for access without TLS to another machine, or an unknown `tls`."""
    if access.tls not in ("starttls", "implicit", "none"):
        raise ValueError(f"tls = {access.tls!r}: use starttls, implicit or none")
    if access.tls == "none" and not _is_loopback(access.host):
        raise ValueError(
            f"{access.host}: mail without TLS is only sent to this machine; use starttls"
        )


async def connect(access: RelayAccess) -> Session:
    """A connection that is encrypted and logged in. RelayRefused says in which phase it failed."""
    phase = Phase.CONNECT
    client: aiosmtplib.SMTP | None = None
    try:
        context = _context(access) if access.tls != "none" else None
        client = aiosmtplib.SMTP(
            hostname=access.host,
            port=access.port,
            local_hostname=access.hello_name,
            timeout=access.timeout,
            use_tls=access.tls == "implicit",
            start_tls=False,  # done below, so that a missing STARTTLS is told as such
            tls_context=context,
        )
        await client.connect()
        phase = Phase.HELLO
        hello = await client.ehlo()
        if access.tls == "starttls":
            phase = Phase.TLS
            await client.starttls()
            phase = Phase.HELLO
            hello = await client.ehlo()
        if access.user:
            phase = Phase.LOGIN
            await _login(client, access)
        dialogue = Dialogue()
        if client.transport is None:
            raise aiosmtplib.SMTPServerDisconnected("connection lost")
        dialogue.take_over(client.transport)
    except (aiosmtplib.SMTPException, OSError, ValueError, RuntimeError) as error:
        if client is not None:
            client.close()
        raise RelayRefused(_trouble(phase, error)) from error
    except BaseException:
        if client is not None:
            client.close()
        raise
    extensions = {name.upper(): value for name, value in client.esmtp_extensions.items()}
    greeting = hello.message.partition("\n")[0]
    return Session(dialogue, greeting, extensions, used_at=time.monotonic())


def _context(access: RelayAccess) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if access.ca_file:
        context.load_verify_locations(access.ca_file)
    return context


async def _login(client: aiosmtplib.SMTP, access: RelayAccess) -> None:
    """One try with one method: aiosmtplib's `login` would try a wrong password with each method
    in turn, and the account would be locked (F031)."""
    methods = {
        "plain": client.auth_plain,
        "login": client.auth_login,
        "cram-md5": client.auth_crammd5,
    }
    for name, method in methods.items():
        if name in client.supported_auth_methods:
            await method(access.user, access.password)
            return
    raise aiosmtplib.SMTPException("the server offers no login that maild knows")


def _trouble(phase: Phase, error: Exception) -> Answer:
    """An error of the connection as an answer: with the server's code, if it gave one."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0:
        return Answer(phase, error.code, error.message.replace("\n", " ")[:LONGEST_TEXT])
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return Answer(phase, 0, text[:LONGEST_TEXT])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
