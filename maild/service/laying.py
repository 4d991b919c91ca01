"""With whom an escalated ticket lay, for the recap's last column: reckoned anew from its way
through the SOP whenever a recap is made, never kept as a sum."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from maild.desk.turns import days, owners
from maild.model.entry import WAY_BREAK
from maild.model.people import HELPDESK, LKPP, USER
from maild.rules import procedure
from maild.store.register import Register

_NAMES: Final = {HELPDESK: "LPSE", USER: "pengguna", LKPP: "LKPP"}
_DAY: Final = timedelta(days=1)
_INSTANT: Final = len("2026-01-05 02:13:44.000000")


def laying(register: Register, on: date, now: datetime, zone: ZoneInfo) -> Callable[[str], str]:
    """Tells of a ticket's way (`Entry.way`) `pada LPSE 0,1 hari, pada LKPP 2,0 hari`; "" where its
    SOP is lost. What is still open is reckoned to the end of the day `on`, or to `now`."""
    ends_at = min(now, datetime.combine(on, time(), zone) + _DAY)
    # A way has instants in UTC that do not say so.
    to_end, to_now = (at.astimezone(UTC).replace(tzinfo=None) for at in (ends_at, now))

    @cache
    def read(digest: str) -> tuple[Mapping[str, str], frozenset[str]] | None:
        """Whose turn it is in each row of a SOP, and its last rows."""
        text = register.procedure(digest)
        if text is None:
            return None
        sop = procedure.read(tomllib.loads(text), "")[0]
        return owners(sop), frozenset(no for no, row in sop.rows.items() if row.ends)

    def told(way: str) -> str:
        digest, row, received_at, *steps = way.split(WAY_BREAK)
        sop = read(digest)
        if sop is None:
            return ""
        owner, last_rows = sop
        steps.sort()
        stations = [(step[_INSTANT + 1 :], moment(step[:_INSTANT])) for step in steps]
        until = to_now if row in last_rows else to_end
        found = days(moment(received_at), [*stations, (row, until)], owner, until)
        return ", ".join(_said(who, round(had / _DAY, 1)) for who, had in found.items())

    moment = datetime.fromisoformat
    return told


@lru_cache(maxsize=1024)
def _said(party: str, length: float) -> str:
    return f"pada {_NAMES.get(party, party)} {length:.1f} hari".replace(".", ",")
