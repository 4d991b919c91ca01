"""What the service needs to know of config.toml once it has been read and found sound.

Plain values: no library's types go past this file, and a password never shows in a repr (S16).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from maild.model.office import Assignment, Limits, Office
from maild.model.party import Party
from maild.model.people import Directory
from maild.model.worktime import WorkTime


class Tls(StrEnum):
    """How a connection is protected; NONE is taken for this machine's own servers only (S11)."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Server:
    """A server and the account on it. An empty `user` means: do not log in.

    `ca_file` holds further certificate authorities, for an office with its own.
    """

    host: str
    port: int
    tls: Tls
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The helpdesk's mailbox. Mail from before `cut_over_at` is recorded and never answered;
    None stands for the moment of the service's first start. `copies` is the folder that takes a
    copy of every letter and the state of its ticket; empty: none are kept. `sent` names
    the folder of mail sent from the mailbox itself ("auto": as the server marks it; "": none).
    With `papan` folders are kept as a board."""

    server: Server
    inbox: str
    processed: str
    quarantine: str
    poll_seconds: int
    idle: bool
    max_mail_bytes: int
    cut_over_at: datetime | None
    copies: str = ""
    sent: str = "auto"
    papan: bool = False


@dataclass(frozen=True, slots=True)
class Courier:
    """Where letters leave. With `deliver` false they are written and kept, never sent."""

    server: Server
    connections: int
    deliver: bool
    hello_name: str


@dataclass(frozen=True, slots=True)
class RecapPost:
    """To whom the recap is sent by itself: the month's, and each week's list of open tickets."""

    monthly: tuple[str, ...] = ()
    weekly: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("xlsx",)


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the office's tickets are kept: all that a recap needs of config.toml."""

    office: Office
    database_url: str = field(repr=False)
    data_dir: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything in config.toml; paths are absolute, reckoned from the folder of `file`.

    `authserv_id` is the name under which our own mail server writes Authentication-Results
    (RFC 8601, 2.5); empty: no verdict is believed.
    """

    file: Path
    office: Office
    limits: Limits
    assignment: Assignment
    directory: Directory
    parties: Mapping[str, Party]
    worktime: WorkTime
    mailbox: Mailbox
    courier: Courier
    database_url: str = field(repr=False)
    data_dir: Path
    key_file: Path
    authserv_id: str
    sop_dir: Path
    sop_file: Path
    priority_file: Path
    templates_dir: Path
    recap: RecapPost = RecapPost()
