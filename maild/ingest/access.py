"""How to reach a mailbox, and what may go wrong on the way, said with its remedy.

Owns the settings of the IMAP door and its one error. It opens no connection itself; it refuses a
clear-text connection to another machine and TLS that is not verified (S11).
"""

import imaplib
import socket
import ssl
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

Trouble = Literal["auth", "network", "tls", "refused"]

_TLS_BY_PORT = 'Check port and tls: "implicit" belongs to 993, "starttls" to 143'
_AGAIN = "It is tried again; if it stays, ask whoever runs the mail server"
_AUTH_REMEDY = "Check user and password, and that IMAP is allowed for this account"
_LOOK = "Check the folder names in the settings, the quota and the account's rights"
_PASSING = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG")  # RFC 5530: not the password's fault


class MailboxError(Exception):
    """The mailbox could not do what was asked; the connection is closed already.

    `kind` is "auth" (the account is not let in: hold and tell somebody, F031), "tls" (no trusted
    connection, F038), "refused" (the server said no to a command) or "network" (everything else:
    try again later). `what` and `remedy` are for people and hold neither secrets nor mail text.
    """

    def __init__(self, kind: Trouble, what: str, remedy: str) -> None:
        super().__init__(f"{what}. {remedy}.")
        self.kind = kind
        self.what = what
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class MailboxAccess:
    """Where a mailbox is and who logs in.

    `account` is its name in the ledger. `tls` is "implicit" (port 993), "starttls" (port 143) or
    "none", taken for this machine's own servers only. `ca_file` holds the certificate authority
    of an office that has its own. `command_timeout` is the longest silence in seconds.
    Without `idle` the server is asked for new mail now and then instead of left to call.
    """

    account: str
    host: str
    port: int
    tls: str
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    connect_timeout: float = 15.0
    command_timeout: float = 60.0
    idle: bool = True
    inbox: str = "INBOX"
    processed: str = "Ditangani"
    quarantine: str = "Karantina"

    def __str__(self) -> str:
        return f"{self.user} at {self.host} port {self.port}"

    def check(self) -> None:
        """Refuses what would send a password in clear text (S11), or a second command (S10)."""
        if self.tls == "none" and not is_loopback(self.host):
            raise MailboxError(
                "tls",
                f"{self.host} is another machine, and tls is none",
                'Set tls to "implicit" (port 993) or "starttls" (port 143)',
            )
        if any(c in word for word in (self.host, self.user, self.password) for c in "\r\n\0"):
            raise MailboxError(
                "auth",
                "a line break stands in the host, the user or the password",
                "Write it on one line; look at the end of the password file",
            )


def is_loopback(host: str) -> bool:
    """Whether a host can only be this machine; names other than localhost are not looked up."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def tls_context(access: MailboxAccess) -> ssl.SSLContext:
    """TLS 1.2 or later, certificate and host name checked (S11)."""
    try:
        context = ssl.create_default_context(cafile=access.ca_file)
    except (OSError, ssl.SSLError):
        raise MailboxError(
            "tls",
            f"{access.ca_file} cannot be read as a PEM certificate",
            "Check ca_file: the file must exist, be readable and hold the office's authority",
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def explained(fault: Exception, access: MailboxAccess, doing: str) -> MailboxError:
    """What went wrong on the wire, as a value with a remedy; `doing` is "connect", "log in" or
    the command. Protocol text is quoted only where the server speaks to people."""
    where = f"{access.host} port {access.port}"
    match fault:
        case MailboxError():
            return fault
        case ssl.SSLCertVerificationError():
            return MailboxError(
                "tls",
                f"the certificate of {access.host} is not trusted: {fault.verify_message}",
                "If the office has its own authority, name its certificate in ca_file; otherwise"
                " the server's certificate or the host's name must be put right",
            )
        case ssl.SSLError() if doing == "connect" and not isinstance(fault, ssl.SSLEOFError):
            return MailboxError("tls", f"{where} does not speak TLS as we do", _TLS_BY_PORT)
        case _ if doing == "connect" and "STARTTLS" in str(fault):
            return MailboxError("tls", f"{where} does not offer STARTTLS", _TLS_BY_PORT)
        case socket.gaierror():
            return MailboxError(
                "network",
                f"there is no host called {access.host}",
                "Check host, and that this machine can look names up",
            )
        case ConnectionRefusedError():
            return MailboxError(
                "network",
                f"nobody answers at {where}",
                "Check host and port, and that the IMAP server is running",
            )
        case TimeoutError():
            hint = _TLS_BY_PORT if doing == "connect" else _AGAIN
            return MailboxError("network", f"{where} was silent for too long ({doing})", hint)
        case UnicodeEncodeError() if doing == "log in":
            return MailboxError(
                "auth",
                f"{where} takes ASCII letters only in user and password",
                "Choose a password without accents and symbols beyond ASCII",
            )
        case imaplib.IMAP4.readonly():
            return MailboxError(
                "refused",
                f"{access} may only read the folder",
                "Give the account the right to write, so that mail can be filed",
            )
        case _:
            return _by_doing(fault, access, doing)


def _by_doing(fault: Exception, access: MailboxAccess, doing: str) -> MailboxError:
    where = f"{access.host} port {access.port}"
    said = _for_people(fault, access)
    refused = isinstance(fault, imaplib.IMAP4.error)
    for broken in (fault, fault.__context__):  # a login that broke off hides its cause
        if isinstance(broken, OSError | imaplib.IMAP4.abort):
            what = f"the connection to {where} broke ({doing}): {said}"
            return MailboxError("network", what, _AGAIN)
    if refused and (doing == "connect" or any(f"[{code}]" in said for code in _PASSING)):
        return MailboxError("network", f"{where} takes nobody in now: {said}", _AGAIN)
    if refused and doing == "log in":
        return MailboxError("auth", f"{access} is not let in: {said}", _AUTH_REMEDY)
    if type(fault) is imaplib.IMAP4.error:
        return MailboxError("refused", f"{where} refused {doing}: {said}", _LOOK)
    return MailboxError("network", f"{where} answered {doing} with something unreadable", _AGAIN)


def _for_people(fault: Exception, access: MailboxAccess) -> str:
    """The server's own words, in one short line, without the password and without raw lines."""
    text = str(fault).rpartition("=> ")[2]
    if text.startswith(("unexpected", "socket error", "Tuple", "Expecting")):
        text = text.partition(":")[0]
    text = "".join(c if c.isprintable() else " " for c in text)
    return text.replace(access.password, "...")[:200] if access.password else text[:200]
