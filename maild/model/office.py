"""The office as its letters and its SOP know it: name, address, signature, bounds of patience."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo

from maild.model.mail import Address
from maild.model.worktime import Allowance, Unit

_REOPEN = Allowance(14, Unit.DAY)


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes the letters and signs the recap.

    `mailbox` is the helpdesk's address as users know it; its domain is the right side of our
    Message-IDs. `hours` is a line for people ("Senin s.d. Jumat, 07.30-16.00 WIB"). `prefix`
    begins every ticket number. The head's title, name and NIP stand in the recap's signature
    block (empty: a line to fill in by pen). `plus_addressing` tells that the mail server
    delivers `helpdesk+anything@` to the mailbox.
    """

    name: str
    institution: str
    city: str
    telephone: str
    hours: str
    zone: ZoneInfo
    prefix: str
    mailbox: Address
    head_title: str = ""
    head_name: str = ""
    head_nip: str = ""
    plus_addressing: bool = True

    @property
    def mail_domain(self) -> str:
        """The domain of the helpdesk's address."""
        return self.mailbox.domain


@dataclass(frozen=True, slots=True)
class Limits:
    """How much maild may send by itself (S04), and how long it waits.

    `acknowledgements_per_day` counts per address, `automatic_per_pair_day` per address and
    ticket or none, `automatic_per_hour` everybody outside together (the breaker). One officer gets
    `notices_per_sender_hour` notices about one sender and `notices_per_hour` about all; above that
    one alarm an hour, and so many tickets one sender may open in an hour (B094). An answer leaves
    `cooling_seconds` after its command, so that it can be taken back. `reopen` is how long
    after closing a user's reply still opens the same ticket.
    """

    acknowledgements_per_day: int = 1
    automatic_per_pair_day: int = 2
    automatic_per_hour: int = 200
    notices_per_sender_hour: int = 20
    notices_per_hour: int = 200
    cooling_seconds: int = 60
    reopen: Allowance = _REOPEN


class Way(StrEnum):
    """How a new ticket finds its officer."""

    ALL = "all"
    IN_TURN = "round_robin"
    BY_CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is told of a ticket that nobody has taken.

    `duty` are the ids of those on duty, who get what nobody else has; empty: every agent. A
    ticket on which its officer did nothing until its row's time was up goes back to them when
    `return_idle`. At `digest_at` (office time; None: never) each agent is told of all that waits
    for him; with `single_notices` false only tickets of priority 1 and 2 are told one by one.
    """

    way: Way = Way.ALL
    duty: tuple[str, ...] = ()
    return_idle: bool = True
    digest_at: time | None = None
    single_notices: bool = True
