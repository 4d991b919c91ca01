"""With whom an escalated ticket lay, for the recap's last column: reckoned anew from its way
through the SOP whenever a recap is made, never kept as a sum."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from maild.desk.turns import days
from maild.model.people import HELPDESK, LKPP, USER
from maild.rules import procedure
from maild.rules.procedure import Procedure
from maild.store.register import Register

_NAMES = {HELPDESK: "LPSE", USER: "pengguna", LKPP: "LKPP"}


def laying(register: Register, on: date, now: datetime, zone: ZoneInfo) -> Callable[[str], str]:
    """Tells of a ticket's number `pada LPSE 0,1 hari, pada LKPP 2,0 hari`; "" where its SOP is
    lost. What is still open is reckoned to the end of the day `on`."""
    ends_at = min(now, datetime.combine(on, time(), zone) + timedelta(days=1))

    @cache
    def read(text: str) -> Procedure:
        return procedure.read(tomllib.loads(text), "")[0]

    def told(number: str) -> str:
        way = register.way(number)
        if way is None:
            return ""
        received_at, row, text, passages = way
        sop = read(text)
        ended = row in sop.rows and sop.rows[row].ends
        found = days(received_at, row, passages, sop, now if ended else ends_at)
        parts = (f"pada {_NAMES.get(who, who)} {_written(had)} hari" for who, had in found.items())
        return ", ".join(parts)

    return told


def _written(had: timedelta) -> str:
    return f"{had / timedelta(days=1):.1f}".replace(".", ",")
