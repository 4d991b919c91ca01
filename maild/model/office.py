"""The office as its letters and its SOP know it: name, address, signature, bounds of patience."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from maild.model.mail import Address
from maild.model.worktime import Allowance, Unit

_CONFIRM = Allowance(3, Unit.DAY)
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
    ticket or none, `automatic_per_hour` everybody together (the breaker). An answer leaves
    `cooling_seconds` after its command, so that it can be taken back. `confirm` is how long a
    user may object before an answered ticket closes; `reopen` how long after closing his reply
    still opens the same ticket.
    """

    acknowledgements_per_day: int = 1
    automatic_per_pair_day: int = 2
    automatic_per_hour: int = 200
    cooling_seconds: int = 60
    confirm: Allowance = _CONFIRM
    reopen: Allowance = _REOPEN
