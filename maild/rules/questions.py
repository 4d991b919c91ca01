"""The yes/no questions that a SOP row may ask (`tanya`): small registered pure functions.

A new kind of question is a few lines here, a table test, and its name in the SOP file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from maild.model.ticket import Match, Priority, Ticket

MOST_REQUESTS_FOR_DATA = 2


@dataclass(frozen=True, slots=True)
class Situation:
    """What a question may look at. `may_ask` is False when the requester must not be written to
    automatically (budget, no-reply address, forged sender); `why_not` says why."""

    ticket: Ticket
    may_ask: bool = True
    why_not: str = ""


Question = Callable[[Situation], tuple[bool, Match]]


def needs_more_data(situation: Situation) -> tuple[bool, Match]:
    """SOP 3: is something required missing, and is asking for it of use?

    Priority 1 never waits for data; after two requests a person decides instead.
    """
    ticket = situation.ticket
    missing = ticket.assessment.missing
    name = "butuh_data_tambahan"
    if not missing:
        return False, Match(name, "data lengkap")
    if ticket.assessment.priority is Priority.CRITICAL:
        return False, Match(name, f"prioritas kritis tidak menunggu data: {', '.join(missing)}")
    if ticket.asked >= MOST_REQUESTS_FOR_DATA:
        return False, Match(name, f"sudah {ticket.asked} kali diminta: {', '.join(missing)}")
    if not situation.may_ask:
        return False, Match(name, f"tidak boleh disurati otomatis: {situation.why_not}")
    return True, Match(name, f"belum ada: {', '.join(missing)}")


QUESTIONS: Mapping[str, Question] = {"butuh_data_tambahan": needs_more_data}
