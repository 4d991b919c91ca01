"""The other offices to which a problem may be escalated: LKPP, and whom else an office names.

In the SOP they all act as one party, `lkpp` (SOP 10); which of them has a ticket stands in
`Ticket.outside`. Who reads their mail stands in the directory (`people`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from maild.model.people import LKPP
from maild.model.ticket import Priority
from maild.model.worktime import Allowance, Unit, WorkTime


class Route(StrEnum):
    """How a problem reaches the other office."""

    MAIL = "mail"
    PORTAL = "portal"


class Original(StrEnum):
    """How the requester's own mail goes along: as message/rfc822, or in the letter's text."""

    ATTACHED = "attached"
    INLINE = "inline"


TRIED: Final = "penanganan"  # what the officer has found and tried; no field of the table
_HOURS, _DAYS = Unit.HOUR, Unit.DAY
_INFORM: Final = Allowance(3, _DAYS)
_TARGETS: Final[Mapping[Priority, Allowance]] = {
    Priority.CRITICAL: Allowance(4, _HOURS),
    Priority.HIGH: Allowance(1, _DAYS),
    Priority.MEDIUM: Allowance(3, _DAYS),
    Priority.LOW: Allowance(5, _DAYS),
}
_WITHHELD: Final = ("ktp", "kk", "paspor", "passport", "npwp", "sim", "identitas", "ttd")


@dataclass(frozen=True, slots=True)
class Party:
    """One such office.

    `domains` are those from which it may answer, besides those of its people's addresses.
    `targets` is when its answer is expected, by priority, reckoned in its own `worktime` (None:
    in ours). The requester is told every `inform_every` that it still has his problem. `letter`
    is the escalation's template. `numbers` are the forms of its own ticket numbers, where `#`
    stands for digits; none: any number that it calls one. `withhold` are words in the names of
    files that go along only on an officer's word. `needs` are the fields that it wants besides
    those of the category; TRIED is the officer's own text. `portal` says where to paste the
    text of Route.PORTAL; `telephone` is for a person to call.
    """

    id: str
    name: str
    way: Route = Route.MAIL
    domains: tuple[str, ...] = ()
    targets: Mapping[Priority, Allowance] = field(default_factory=lambda: _TARGETS)
    inform_every: Allowance = _INFORM
    letter: str = "eskalasi"
    numbers: tuple[str, ...] = ()
    original: Original = Original.ATTACHED
    withhold: tuple[str, ...] = _WITHHELD
    needs: tuple[str, ...] = (TRIED,)
    telephone: str = ""
    portal: str = ""
    worktime: WorkTime | None = None


HELPDESK_LKPP: Final = Party(LKPP, "Helpdesk LKPP", telephone="144 atau (021) 2993 5577")
