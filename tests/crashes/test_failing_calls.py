"""T04: the n-th call fails, for n = 1, 2, 3 ... until a run passes without a fault.

Of the database a commit is refused, or is made and its answer lost (F023); of the disk a write or
a sync is refused (F015, F016); of the mailbox and the relay a word is cut off. Each run must end
like the calm one.
"""

import errno
import os
import re
from collections import Counter
from collections.abc import Callable

import pytest
from morning import Outcome, begin, outcome, play
from scenarios import CORRECTED, SCENARIOS

from kit.quick import Place
from kit.world import cut
from maild.store import crash
from maild.store.errors import StoreUnavailable

EVERY = int(os.environ.get("MAILD_FAIL_EVERY", "7"))


class Failing:
    """Counts calls of a kind, and fails one of them."""

    def __init__(self, nth: int) -> None:
        self.nth = nth
        self.calls = 0

    def call(self) -> bool:
        """Whether this one is to fail."""
        self.calls += 1
        return self.calls == self.nth


def run(place: Place, scenario: str, kind: str, nth: int) -> tuple[Failing, Outcome]:
    """Plays a scenario in which the n-th call of this kind fails."""
    failing, story = Failing(nth), SCENARIOS[scenario]
    folder, url = place.folder, place.anew()
    begin(folder, story.mails, story.minutes)

    def at_commit(name: str) -> None:
        when = {"commit": ".before", "answer": ".after"}.get(kind)
        if when and name.endswith(when) and failing.call():
            raise StoreUnavailable(f"refused for the test: {name}")

    def at_word(step: str) -> None:
        if kind == "mailbox" and step not in ("send", "wait") and failing.call():
            raise cut(step)

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "write"):
            if kind == name:
                patch.setattr(os, name, refusing(failing, getattr(os, name)))
        try:
            armed = crash.Armed(reached=at_commit)
            play(folder, url, armed, at_word, story.says, story.gone, **story.otherwise)
        finally:
            crash.arm(None)
    return failing, outcome(folder, url)


def refusing(failing: Failing, real: Callable[..., int | None]) -> Callable[..., int | None]:
    """A call of the operating system that finds the disk full once."""

    def call(*arguments: object) -> int | None:
        if failing.call():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    return call


def differences(found: Outcome, calm: Outcome) -> list[str]:
    """What a person would notice; nothing is expected. A notice that may have been lost is not
    sent again (R7b): whoever waits for it does nothing then, until the clock reminds him."""
    twice = {name for name, times in found.arrivals.items() if times > 1}
    same = {
        "the audit": found.differences == (),
        "who has a ticket": _part(found, 2) == _part(calm, 2),
        "what came twice is uncertain": twice <= found.uncertain,
    }
    lost = found.uncertain - calm.uncertain - set(found.arrivals)
    if not lost:
        same |= {
            "tickets": _part(found, 3) == _part(calm, 3),
            "ends of mails": _but_vanished(found) == _but_vanished(calm),
        }
    if found.uncertain <= calm.uncertain:
        same |= {
            "letters": _letters(found) == _letters(calm),
            "arrivals": len(_about_tickets(found)) == len(_about_tickets(calm)),
            "solutions": _solutions(found) == _solutions(calm),
        }
    return [f"{what}: {found} and not {calm}" for what, is_so in same.items() if not is_so]


def _part(outcome: Outcome, columns: int) -> list[tuple[str, ...]]:
    return [ticket[:columns] for ticket in outcome.tickets]


def _solutions(outcome: Outcome) -> list[str]:
    return [ticket[-1] for ticket in outcome.tickets]


def _letters(outcome: Outcome) -> Counter[tuple[str, str, str]]:
    """It is chance which officer was the first to answer. The day's digest goes to whom it
    concerns at that hour; a round later that may be somebody else."""
    return Counter(
        (ticket, template, re.sub("^(sari|budi)@", "petugas@", recipient))
        for ticket, template, recipient in outcome.letters.elements()
        if template != "ringkasan"
    )


def _about_tickets(outcome: Outcome) -> set[str]:
    """Letters that came; digests and recaps, which are about none, have names that begin so."""
    return {name for name in outcome.arrivals if not name.startswith("0.")}


def _but_vanished(outcome: Outcome) -> dict[str, int]:
    return {state: number for state, number in outcome.mails.items() if state != "vanished"}


KINDS = ("commit", "answer", "fsync", "write", "mailbox")


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_whichever_call_fails_the_end_is_the_same(
    place: Place, record_property: Callable[[str, object], None], scenario: str, kind: str
) -> None:
    _, calm = run(place, scenario, "nothing", 0)
    nth = 1 + hash_of(scenario + kind) % EVERY
    while True:
        failing, found = run(place, scenario, kind, nth)
        if failing.calls < nth:
            break
        assert differences(found, calm) == [], f"{kind} {nth} of {scenario}"
        record_property("calls failed", 1)
        nth += EVERY


def hash_of(text: str) -> int:
    """Spreads the samples over the calls; the same in every run."""
    return sum(text.encode())


@pytest.mark.parametrize(("kind", "nth"), [("commit", 9), ("answer", 12), ("mailbox", 7)])
def test_one_failing_call_of_each_kind_in_short(place: Place, kind: str, nth: int) -> None:
    failing, found = run(place, "complete", kind, nth)
    assert failing.calls >= nth
    assert found.differences == ()
    assert [ticket[2] for ticket in found.tickets] == ["dijawab"]


# What each story is about has happened in its calm run: states and rows of its tickets, and the
# solution of the first.
ENDS = {
    "data in parts": ([("selesai", "9c")], "Kata sandi baru"),
    "two officers": ([("dijawab", "9a")], "Mohon dicoba sekarang."),
    "recap corrected": ([("selesai", "9c")], CORRECTED),
    "merged": ([("dijawab", "9a"), ("selesai", "8b")], "Mohon dicoba lagi"),
    "split": ([("dijawab", "9a"), ("menunggu data", "5")], "Mohon dicoba lagi"),
    "from the shared mailbox": ([("dijawab", "9a")], "Mohon dicoba lagi.\n\nSari"),
    "satisfied": ([("selesai", "9c")], "Mohon dicoba lagi"),
}
TEMPLATES = {"two officers": "bentrok", "recap corrected": "rekap_mingguan"}


@pytest.mark.parametrize("scenario", ENDS)
def test_the_story_is_told_to_its_end_when_nothing_fails(place: Place, scenario: str) -> None:
    _, found = run(place, scenario, "nothing", 0)
    states, solution = ENDS[scenario]
    assert [ticket[2:4] for ticket in found.tickets] == states
    assert found.tickets[0][-1].startswith(solution)
    assert TEMPLATES.get(scenario, "") in {"", *(template for _, template, _ in found.letters)}
    assert found.differences == ()
    assert set(found.arrivals.values()) == {1}
