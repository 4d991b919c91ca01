"""T04: the n-th call fails, for n = 1, 2, 3 ... until a run passes without a fault.

Of the database a commit is refused, or is made and its answer lost (F023); of the disk a write or
a sync is refused (F015, F016); of the mailbox and the relay a word is cut off. Each run must end
like the calm one.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from morning import Outcome, bad_mails, begin, outcome, play

from kit.database import POSTGRES
from kit.people import first_mails
from kit.world import cut
from maild.store import crash
from maild.store.errors import StoreUnavailable

SCENARIOS = {
    **dict(zip(("complete", "incomplete", "escalated"), first_mails(), strict=True)),
    **dict(zip(("empty", "vanishing", "unreadable"), bad_mails(), strict=True)),
}
# Close together, then some hours: what was interrupted is taken up again when leases end.
MINUTES = (*(6,) * 8, *(16,) * 6, *(200,) * 4)
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


def run(folder: Path, url: str, scenario: str, kind: str, nth: int) -> tuple[Failing, Outcome]:
    """Plays a scenario in which the n-th call of this kind fails."""
    failing = Failing(nth)
    begin(folder, [SCENARIOS[scenario]], MINUTES)

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
            play(folder, url, crash.Armed(reached=at_commit), at_word)
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


def compare(found: Outcome, calm: Outcome) -> None:
    """All that a person would notice is the same. A notice that may have been lost is not sent
    again (R7b): whoever waits for it does nothing then, until the clock reminds him."""
    assert found.differences == ()
    assert [t[:2] for t in found.tickets] == [t[:2] for t in calm.tickets]
    lost = found.uncertain - calm.uncertain - set(found.arrivals)
    if not lost:
        assert [t[:3] for t in found.tickets] == [t[:3] for t in calm.tickets]
        assert {k: v for k, v in found.mails.items() if k != "vanished"} == {
            k: v for k, v in calm.mails.items() if k != "vanished"
        }
    twice = {name for name, times in found.arrivals.items() if times > 1}
    assert twice <= found.uncertain
    if found.uncertain <= calm.uncertain:
        assert found.letters == calm.letters
        assert set(found.arrivals) == set(calm.arrivals)


KINDS = ("commit", "answer", "fsync", "write", "mailbox")


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_whichever_call_fails_the_end_is_the_same(
    tmp_path: Path, database_url: str, scenario: str, kind: str
) -> None:
    if POSTGRES:
        pytest.skip("one database a test there; see the short one")

    def place(name: str) -> tuple[Path, str]:
        folder = tmp_path / name
        (folder / "data").mkdir(parents=True)
        return folder, f"sqlite:///{folder}/data/maild.db"

    _, calm = run(*place("calm"), scenario, "nothing", 0)
    nth = 1 + hash_of(scenario + kind) % EVERY
    while True:
        failing, found = run(*place(str(nth)), scenario, kind, nth)
        compare(found, calm)
        if failing.calls < nth:
            break
        nth += EVERY


def hash_of(text: str) -> int:
    """Spreads the samples over the calls; the same in every run."""
    return sum(text.encode())


@pytest.mark.parametrize(("kind", "nth"), [("commit", 9), ("answer", 12), ("mailbox", 7)])
def test_one_failing_call_of_each_kind_in_short(
    tmp_path: Path, database_url: str, kind: str, nth: int
) -> None:
    failing, found = run(tmp_path, database_url, "complete", kind, nth)
    assert failing.calls >= nth
    assert found.differences == ()
    assert [ticket[2] for ticket in found.tickets] == ["dijawab"]
