"""What a mail is, before and after reading it.

A strange mail is a value, not an exception: whatever is wrong with it stands in `defects`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox (RFC 5322, 3.4): `address` is the addr-spec, lower case, domain as A-label."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part after the last @, or an empty string."""
        return self.address.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class RawMail:
    """A message as the server holds it; nothing in it is interpreted.

    (account, folder, uidvalidity, uid) is its key (RFC 3501, 2.3.1.1). `octets` is None when
    the message is larger than the limit and stays on the server; `head` then holds its header.
    """

    account: str
    folder: str
    uidvalidity: int
    uid: int
    internal_at: datetime
    size: int
    octets: bytes | None
    head: bytes = b""


class Nature(StrEnum):
    """Who or what wrote the mail. Only HUMAN may ever be answered (RFC 3834, 2)."""

    HUMAN = "human"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    LIST = "list"
    RECEIPT = "receipt"
    CALENDAR = "calendar"
    CHALLENGE = "challenge"
    PIECE = "piece"
    OWN = "own"
    EMPTY = "empty"


class TrustLevel(IntEnum):
    """How well the sender is proven by the receiving server's own verdict (RFC 8601)."""

    FORGED = -1
    NONE = 0
    DOMAIN = 2


@dataclass(frozen=True, slots=True)
class Trust:
    """The verdict on the sender and the lines that led to it."""

    level: TrustLevel = TrustLevel.NONE
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a mail. `part` is its path in the MIME tree ("2.1"), by which it is read again.

    `name` is safe for every file system; `size` is in bytes after decoding. `inline` is an image
    that the page of the mail shows; `decoration` one that only dresses it, such as the logo of a
    signature, and shows nothing of the matter.
    """

    name: str
    size: int
    type: str
    sha256: str
    inline: bool
    part: str
    decoration: bool = False

    @property
    def goes_along(self) -> bool:
        """Whether it is handed on with its mail: neither what only dresses the page (B086), nor a
        file of an attached mail, which holds it already."""
        return not self.decoration and "/" not in self.part


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """One recipient of a delivery report (RFC 3464, 2.3)."""

    address: str
    status: str | None
    permanent: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says, whatever form it has."""

    recipients: tuple[FailedRecipient, ...]
    original_message_id: str | None


@dataclass(frozen=True, slots=True)
class Command:
    """A command line of an agent: `#word argument`. `known` is False for a word nobody defined."""

    word: str
    argument: str
    line: str
    known: bool
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Somebody else's mail inside a mail, as the forwarder shows it."""

    sender: Address
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail that has been read.

    `sender` is None when there is no usable From or readers disagree about it; `sender_doubt`
    then says why, and such a sender has no rights and gets no automatic reply. `authors` are all
    mailboxes that From shows, for people to see (B027); nothing is decided on them.
    `text` is the whole body; `reply_text` what the person wrote, without quotes and signature.
    `commands` are read from the plain part only, above the first quote; `answer_text` is what
    stands below them. `forwarded` is the mail of somebody else that this one passes on.
    `content_hash` is the same for the same mail delivered twice along different ways, `head_hash`
    also for a copy of which only the header is known, "" where that is not enough (`identity`).
    `submitter` is the address in Sender (RFC 5322, 3.6.2), or "". `sent_nature` is the nature of
    the mail where it stands in our own Sent folder: there a person writes from our address.
    """

    sender: Address | None
    sender_doubt: str
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    subject: str
    subject_base: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    text: str
    reply_text: str
    signature: str
    quoted: str
    commands: tuple[Command, ...]
    answer_text: str
    attachments: tuple[Attachment, ...]
    nature: Nature
    nature_reason: str
    bounce: Bounce | None
    trust: Trust
    defects: tuple[str, ...]
    content_hash: str
    authors: tuple[Address, ...] = ()
    forwarded: Forwarded | None = None
    submitter: str = ""
    sent_nature: Nature = Nature.HUMAN
    head_hash: str = ""

    @property
    def file_names(self) -> list[str]:
        """The names of the files that are handed on with the mail, pasted screenshots included."""
        return [file.name for file in self.attachments if file.goes_along]
