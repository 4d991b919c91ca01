"""`maild outbox`: what waits in the outbox, in an operator's hands."""

from pathlib import Path

import pytest

from kit.operator import Run, operator
from kit.service import written

PROBLEM = "Kami CV Maju Jaya gagal unggah dokumen penawaran, mohon dibantu."


@pytest.fixture
def run(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line of an office in which two letters have been written and none has left."""
    return operator(tmp_path, database_url, monkeypatch, written(PROBLEM), "outbox")


def states(run: Run) -> list[str]:
    return [line.split()[1] for line in run("list").output.splitlines()]


def first(run: Run) -> str:
    return str(run("list").output.split()[0])


def test_a_letter_is_held_until_it_is_released(run: Run) -> None:
    count = len(states(run))
    assert set(states(run)) == {"ready"}
    number = first(run)
    assert run("hold", number).output == "1 letters held\n"
    assert sorted(states(run)) == sorted(["held", *["ready"] * (count - 1)])
    assert run("release", number).output == "1 letters wait again\n"
    assert set(states(run)) == {"ready"}


def test_after_a_restore_everything_is_held_and_what_has_left_is_discarded(run: Run) -> None:
    count = len(states(run))  # F021
    assert run("hold", "--all").output == f"{count} letters held\n"
    assert run("discard", first(run)).output == "1 letters discarded\n"
    assert sorted(states(run)) == sorted(["failed", *["held"] * (count - 1)])


@pytest.mark.parametrize("words", [(), ("1", "--all")])
def test_which_letters_must_be_said(run: Run, words: tuple[str, ...]) -> None:
    done = run("hold", *words)
    assert done.exit_code == 2
    assert "Give numbers from the list, or --all." in done.output
    assert set(states(run)) == {"ready"}
