"""What maild itself has written in the last hour, to whom and about whom: by this the bounds of
automatic mail and of notices are measured (S04, B094)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, select, text

from maild.model.known import FLOOD_ALARM
from maild.model.people import HELPDESK
from maild.store.rows import Values, storable
from maild.store.runner import Runner
from maild.store.tables import AUTOMATIC, LETTER, TICKET

_FEW: Final = 10  # tickets; who has fewer has opened few lately
_LAST_HOUR = (
    select(LETTER.c.party, LETTER.c.person, LETTER.c.template, func.count())
    .where(LETTER.c.created_at > bindparam("since"), text(AUTOMATIC))
    .group_by(LETTER.c.party, LETTER.c.person, LETTER.c.template)
)
_ABOUT_SENDER = (
    select(LETTER.c.party, LETTER.c.person, LETTER.c.template, func.count())
    .select_from(TICKET)
    .join(LETTER, LETTER.c.ticket == TICKET.c.id)
    .where(
        TICKET.c.requester_address == bindparam("address"),
        LETTER.c.created_at > bindparam("since"),
        text(AUTOMATIC),
    )
    .group_by(LETTER.c.party, LETTER.c.person, LETTER.c.template)
)
_OPENED_SINCE = select(func.count()).where(
    TICKET.c.requester_address == bindparam("address"), TICKET.c.received_at > bindparam("since")
)


@dataclass
class Written:
    """Automatic letters of an hour: how many to people outside, how many to each officer (by
    number), and whether the alarm of a flood was among them."""

    outside: int = 0
    officers: Counter[int] = field(default_factory=Counter)
    alarmed: bool = False

    def add(self, party: str, person: int, template: str, count: int = 1) -> None:
        """Counts letters of a kind."""
        if party == HELPDESK:
            self.officers[person] += count
            self.alarmed |= template == FLOOD_ALARM
        else:
            self.outside += count

    @property
    def most(self) -> int:
        """How many the officer got who got the most."""
        return max(self.officers.values(), default=0)


class LastHour:
    """One unit's view: read once, then kept up, for a unit is short."""

    def __init__(self, run: Runner) -> None:
        self._run = run
        self._written: Written | None = None

    def written(self, now: datetime) -> Written:
        """The automatic letters of the last hour."""
        if self._written is None:
            self._written = self._count(_LAST_HOUR, {"since": now - timedelta(hours=1)})
        return self._written

    def add(self, letters: list[Values], now: datetime) -> None:
        """Letters that are about to be written count too."""
        written = self.written(now)
        for letter in letters:
            if letter["automatic"]:
                written.add(letter["party"], letter["person"], letter["template"])

    def known(
        self, address: str, tickets: int, now: datetime, at: datetime | None = None
    ) -> dict[str, Any]:
        """The fields of `Known` that speak of it; `address` has at least so many tickets, and its
        mail came `at` that moment."""
        every, own, opened = self.written(now), Written(), 0
        if address and tickets:
            values = {"address": storable(address), "since": now - timedelta(hours=1)}
            own = self._count(_ABOUT_SENDER, values)
        if address and tickets >= _FEW:
            values = {"address": storable(address), "since": (at or now) - timedelta(hours=1)}
            line = self._run.first(_OPENED_SINCE, values)
            opened = int(line[0]) if line else 0
        return {
            "automatic_last_hour": every.outside,
            "noticed": every.most,
            "noticed_of_sender": own.most,
            "alarmed": every.alarmed,
            "alarmed_of_sender": own.alarmed,
            "opened": opened,
        }

    def _count(self, statement: Any, values: dict[str, Any]) -> Written:
        written = Written()
        for line in self._run.all(statement, values):
            written.add(*line)
        return written
