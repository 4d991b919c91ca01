"""The alarms of tickets: what a decision leaves set, and taking one off when it rings."""

from sqlalchemy import bindparam

from maild.model.action import SetAlarm
from maild.model.event import AlarmKind
from maild.store.runner import Runner
from maild.store.tables import ALARM
from maild.store.values import DueAlarm

_CLEAR_ALARMS = ALARM.delete().where(ALARM.c.ticket == bindparam("ticket_id"))
_CLEAR_ALARM = _CLEAR_ALARMS.where(ALARM.c.kind == bindparam("alarm_kind"))
_TAKE_ALARM = _CLEAR_ALARM.where(ALARM.c.at == bindparam("rings_at"))


def take(run: Runner, alarm: DueAlarm) -> bool:
    """Takes an alarm off; False when it was moved or taken since it was read."""
    values = {"ticket_id": alarm.ticket, "alarm_kind": alarm.kind.value, "rings_at": alarm.at}
    return run.change(_TAKE_ALARM, values) == 1


class Alarms:
    """The alarms that a decision leaves set: what is cleared or replaced is never written."""

    def __init__(self) -> None:
        self._cleared: set[int] = set()
        self._set: dict[tuple[int, AlarmKind], SetAlarm] = {}

    def set(self, action: SetAlarm) -> None:
        """The action, in place of an earlier one of its kind."""
        self._set[action.ticket, action.kind] = action

    def clear(self, ticket: int) -> None:
        """All of a ticket, also those of this decision so far."""
        self._cleared.add(ticket)
        self._set = {k: alarm for k, alarm in self._set.items() if k[0] != ticket}

    def write(self, run: Runner, new_ticket: int | None) -> None:
        """Writes what is left; a new ticket has none yet that would have to go."""
        for ticket in self._cleared - {new_ticket}:
            run.change(_CLEAR_ALARMS, {"ticket_id": ticket})
        for ticket, kind in self._set:
            if ticket != new_ticket and ticket not in self._cleared:
                run.change(_CLEAR_ALARM, {"ticket_id": ticket, "alarm_kind": kind.value})
        if self._set:
            run.insert(
                ALARM,
                [
                    {"ticket": a.ticket, "kind": a.kind.value, "at": a.at, "row": a.row}
                    for a in self._set.values()
                ],
            )
