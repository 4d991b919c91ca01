"""What a rebuild reads from the mailbox, and what came of it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FoundMail:
    """A mail on the server, whose bytes are on the disk. `whole` is False when only its header
    is, as it is too large."""

    folder: str
    uidvalidity: int
    uid: int
    size: int
    internal_at: datetime
    sha256: str
    whole: bool


@dataclass(frozen=True, slots=True)
class CopiedLetter:
    """A letter of which the mailbox has a copy, and how it ended."""

    name: str
    octets: bytes
    state: str
    at: datetime
    answer: str


@dataclass(slots=True)
class Rebuilt:
    """What was written. `again` mails will be decided, `unproved` are letters without a copy,
    `gone` the digests of mails that are not on the server any more, `gaps` missing numbers."""

    decisions: int = 0
    tickets: int = 0
    letters: int = 0
    mails: int = 0
    again: int = 0
    unproved: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
