"""M1: the process is killed at every named step, started again, and nothing is lost or doubled.

Named are all commits, before and after, by the method that commits, and what happens to the world
between two commits. A step that the morning does not come to is a fault of the morning.
"""

import ast
import os
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pytest
from branches import killed_at
from morning import Outcome, begin, outcome, steps, story

from kit.database import POSTGRES
from kit.office import ROOT
from kit.quick import Place, quick

# Commits that no running service makes, or only one that is told to.
OTHERS = {
    "Ledger.retry_mails": "an operator's command",
    "Letters._set": "an operator's command",
    "Audit.look_again": "an operator's command",
    "Reading.keep_setting": "trouble; tests/unit/service/test_stages.py",
    "Ledger.give_back": "the end of a run; tests/unit/service/test_stages.py",
    "Outbox.renew_leases": "only while a relay takes minutes",
    "prepare": "the schema; tests/unit/store/test_store_schema.py",
    "Clock.speak": "an operator's command",
    "Post._send": "the recap's day; tests/unit/service/test_post.py",
    "Restoring.begin_restoring": "a restore; tests/backup",
    "Restoring.prove_waiting": "a restore; tests/backup",
    "Restoring.end_restoring": "a restore; tests/backup",
    "Rebuilding.rebuild": "a rebuild; tests/backup",
    "Clock.preview": "an operator's look; nothing is kept",
    "Board._decide": "a board is kept; test_board_kills.py",
    "Board.expect": "a board is kept; test_board_kills.py",
    "Board.folder_renamed": "a board is kept; test_board_kills.py",
    "Board.handled": "a board is kept; test_board_kills.py",
    "Board.left": "a board is kept; test_board_kills.py",
    "Board.stands": "a board is kept; test_board_kills.py",
    **({"Ledger.recover_mails": "SQLite"} if POSTGRES else {}),
}
REPEATS = int(os.environ.get("MAILD_CRASH_REPEATS", "1"))


def functions(tree: ast.AST, owner: str = "") -> list[tuple[str, ast.AST]]:
    """Every function of a file, by its qualified name."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            found += functions(node, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append((owner + node.name, node))
    return found


@cache
def named() -> frozenset[str]:
    """All steps that the source names."""
    found: set[str] = set()
    for path in sorted((ROOT / "maild").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for name, function in functions(tree):
            for node in ast.walk(function):
                match node:
                    case ast.Call(func=ast.Attribute(attr="write" | "begin", value=value)) if (
                        ast.unparse(value) in ("self._database", "database", "self._store")
                    ):
                        if name != "Store.begin":
                            found |= {f"{name}.before", f"{name}.after"}
                    case ast.Call(
                        func=ast.Attribute(attr="here", value=ast.Name("crash")),
                        args=[ast.Constant(value=str(step))],
                    ):
                        found.add(step)
                    case _:
                        pass
    return frozenset(found)


STEPS = sorted(name for name in named() if name.rpartition(".")[0] not in OTHERS)


@pytest.fixture(scope="session")
def calm(session_place: Place) -> dict[str, Any]:
    """The morning in which nobody dies: its outcome, and which steps it comes to between two
    places where it stands still."""
    folder, url = session_place.folder, session_place.anew()
    begin(folder)
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        reached = steps(story(folder, url))
        return {"steps": reached, "outcome": outcome(folder, url)}


def test_the_calm_morning_comes_to_every_step(calm: dict[str, Any]) -> None:
    assert set(sum(calm["steps"], Counter())) - {
        f"{name}.{w}" for name in OTHERS for w in ("before", "after")
    } == (set(STEPS))
    for name in OTHERS:
        assert f"{name}.before" in named() or POSTGRES, f"{name} is no longer a step"


def test_the_calm_morning_ends_well(calm: dict[str, Any]) -> None:
    found: Outcome = calm["outcome"]
    assert found.mails == {"done": 12, "inert": 2, "parked": 1, "vanished": 1}
    assert [ticket[2] for ticket in found.tickets] == ["selesai"] * 3
    assert found.differences == ()
    assert set(found.arrivals.values()) == {1}
    assert len(found.uncertain) == 2


def compare(found: Outcome, wanted: Outcome) -> None:
    """Nothing is lost or there twice that is not listed as uncertain; without such a letter a
    ticket has ended as when nobody died."""
    assert found.differences == ()
    assert found.is_honest()
    assert max(found.arrivals.values()) <= 2
    assert set(found.mails) <= set(wanted.mails)
    assert [ticket[:2] for ticket in found.tickets] == [ticket[:2] for ticket in wanted.tickets]
    concerned = {name.partition(".")[0] for name in found.lost()}
    for ended, calmly in zip(found.tickets, wanted.tickets, strict=True):
        if ended[0].removeprefix("LPSE-").replace("-", "") not in concerned:
            assert ended == calmly
    if not found.lost() and len(found.uncertain) <= len(wanted.uncertain):
        # What the server lost while nobody had noted that it was there has never been seen.
        assert found.mails | {"vanished": 1} == wanted.mails
        assert found.letters == wanted.letters
        assert len(found.arrivals) == len(wanted.arrivals)


def survive(place: Place, calm: dict[str, Any], step: str, comings: Iterable[int]) -> int:
    """Is killed at these comings to the step, starts again, and is compared; gives how many were
    killed."""
    url, killed = place.anew(), 0
    begin(place.folder)
    reached = [found[step] for found in calm["steps"]]
    for found in killed_at(place, url, story, outcome, reached, step, comings):
        compare(found, calm["outcome"])
        killed += 1
    return killed


def places(calm: dict[str, Any], step: str) -> set[int]:
    """At which of its comings to a step the process is killed: first, last, and between."""
    times = sum(reached[step] for reached in calm["steps"])
    return {1 + round((times - 1) * n / max(1, REPEATS - 1)) for n in range(REPEATS)}


@pytest.mark.long
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_a_step_loses_and_doubles_nothing(
    place: Place, calm: dict[str, Any], record_property: Callable[[str, object], None], step: str
) -> None:
    comings = places(calm, step)
    assert survive(place, calm, step, comings) == len(comings)
    record_property("kills", len(comings))


@pytest.mark.parametrize("step", ["Intake.record.after", "Desk._commit.before", "body begins"])
def test_three_of_these_kills_in_short(place: Place, calm: dict[str, Any], step: str) -> None:
    assert survive(place, calm, step, [2]) == 1
