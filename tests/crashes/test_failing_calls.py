"""T04: the n-th call fails, for n = 1, 2, 3 ... until a run passes without a fault.

Of the database a commit is refused, or is made and its answer lost (F023); of the disk a write or
a sync is refused (F015, F016); of the mailbox and the relay a word is cut off. Each run must end
like the calm one. A story is told once; each call fails in a branch of it (`Branches`).
"""

import errno
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from branches import Branches
from morning import Outcome, begin, counted, outcome, story
from scenarios import CORRECTED, SCENARIOS

from kit.quick import Place
from kit.service import Service
from kit.world import cut
from maild.store import crash
from maild.store.errors import StoreUnavailable

EVERY = int(os.environ.get("MAILD_FAIL_EVERY", "7"))


class Failing:
    """Counts calls by their kind, and fails one of them."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self._wanted, self._left = "", 0

    def fail(self, kind: str, nth: int) -> None:
        """The n-th call of this kind from now on is to fail."""
        self._wanted, self._left = kind, nth

    def call(self, kind: str) -> bool:
        """Whether this one is to fail."""
        self.calls[kind] += 1
        self._left -= kind == self._wanted
        return kind == self._wanted and self._left == 0

    def has_failed(self) -> bool:
        """Whether the call came."""
        return self._left <= 0

    def told(self, place: Place, url: str, scenario: str) -> Iterator[Service | None]:
        """A scenario from its beginning; all its calls are counted here."""
        tale, folder = SCENARIOS[scenario], place.folder
        begin(folder, tale.mails, tale.minutes)

        def at_commit(name: str) -> None:
            kind = {"before": "commit", "after": "answer"}.get(name.rpartition(".")[2])
            if kind and self.call(kind):
                raise StoreUnavailable(f"refused for the test: {name}")

        def at_word(step: str) -> None:
            if step not in ("send", "wait") and self.call("mailbox"):
                raise cut(step)

        with pytest.MonkeyPatch.context() as patch:
            for name in ("fsync", "write"):
                patch.setattr(os, name, refusing(partial(self.call, name), getattr(os, name)))
            try:
                crash.arm(crash.Armed(reached=at_commit))
                yield from story(folder, url, at_word, tale.says, tale.gone, **tale.otherwise)
            finally:
                crash.arm(None)


def refusing(
    fails: Callable[[], bool], real: Callable[..., int | None]
) -> Callable[..., int | None]:
    """A call of the operating system that finds the disk full once."""

    def call(*arguments: object) -> int | None:
        if fails():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments)

    return call


def differences(found: Outcome, calm: Outcome) -> list[str]:
    """What a person would notice; nothing is expected."""
    same = {
        "the audit": found.differences == (),
        "who has a ticket": _requesters(found) == _requesters(calm),
        "what is lost or came twice is uncertain": found.is_honest(),
    }
    if not found.lost():
        same |= {
            "tickets": _part(found, 3) == _part(calm, 3),
            "ends of mails": _but_vanished(found) == _but_vanished(calm),
        }
    if not found.lost() and found.uncertain <= calm.uncertain:
        same |= {
            "letters": _letters(found) == _letters(calm),
            "arrivals": len(_about_tickets(found)) == len(_about_tickets(calm)),
            "solutions": _solutions(found) == _solutions(calm),
        }
    return [f"{what}: {found} and not {calm}" for what, is_so in same.items() if not is_so]


def _part(outcome: Outcome, columns: int) -> list[tuple[str, ...]]:
    return [ticket[:columns] for ticket in outcome.tickets]


def _requesters(outcome: Outcome) -> set[str]:
    return {address for _, address, *_ in outcome.tickets}


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


def calmly(place: Place, scenario: str) -> tuple[list[Counter[str]], Outcome]:
    """The calls from one standing still to the next when none fails, and the end. Played in this
    process, for what is read and compiled once is then there in every branch."""
    failing, url = Failing(), place.anew()
    calls = counted(failing.told(place, url, scenario), failing.calls)[1:]
    return calls, outcome(place.folder, url)


@pytest.mark.long
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_whichever_call_fails_the_end_is_the_same(
    place: Place, record_property: Callable[[str, object], None], scenario: str
) -> None:
    calls, calm = calmly(place, scenario)
    failing, url = Failing(), place.anew()
    telling = failing.told(place, url, scenario)
    branches = Branches(place, url)

    def with_a_failing(kind: str, nth: int) -> Outcome:
        failing.fail(kind, nth)
        next(telling, None)
        assert failing.has_failed(), "the step makes fewer calls than when nothing failed"
        for _ in telling:
            pass
        return outcome(place.folder, url)

    before: Counter[str] = Counter()
    failed, faults = 0, []
    for made, _ in zip(calls, branches.of(telling), strict=True):
        for kind, number in made.items():
            for nth in range(1, number + 1):
                if (before[kind] + nth + hash_of(scenario + kind)) % EVERY == 0:
                    found = branches.future(partial(with_a_failing, kind, nth))
                    faults += [
                        f"{kind} {before[kind] + nth}: {x}" for x in differences(found, calm)
                    ]
                    failed += 1
        before += made
    record_property("calls failed", failed)
    assert faults == []
    assert outcome(place.folder, url) == calm, "the branches have disturbed the story"


def hash_of(text: str) -> int:
    """Spreads the samples over the calls; the same in every run."""
    return sum(text.encode())


def run(place: Place, scenario: str, kind: str, nth: int) -> tuple[Failing, Outcome]:
    """Tells a whole scenario in which the n-th call of this kind fails."""
    failing, url = Failing(), place.anew()
    failing.fail(kind, nth)
    for _ in failing.told(place, url, scenario):
        pass
    return failing, outcome(place.folder, url)


@pytest.mark.parametrize(("kind", "nth"), [("commit", 9), ("answer", 12), ("mailbox", 7)])
def test_one_failing_call_of_each_kind_in_short(place: Place, kind: str, nth: int) -> None:
    failing, found = run(place, "complete", kind, nth)
    assert failing.has_failed()
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
