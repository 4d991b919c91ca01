"""`maild outbox`: what waits in the outbox, in an operator's hands."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kit.office import ROOT
from kit.service import Clock, Service, written
from kit.world import World
from maild.cli.main import app

Run = Callable[..., Result]
PROBLEM = "Kami CV Maju Jaya gagal unggah dokumen penawaran, mohon dibantu."


@pytest.fixture
def run(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line of an office in which two letters have been written and none has left."""
    monkeypatch.setenv("MAILD_MAILBOX__PASSWORD", "rahasia-uji")
    monkeypatch.setenv("MAILD_DATABASE__URL", database_url)
    shutil.copy(ROOT / "config.toml", tmp_path / "config.toml")
    world = World(now=Clock().now)
    service = Service(tmp_path, database_url, world)
    world.put(written(PROBLEM))
    service.intake.work()
    service.parts.desk.work(lambda: None)
    service.close()

    def invoke(*words: str) -> Result:
        config = str(tmp_path / "config.toml")
        return CliRunner().invoke(app, ["--config", config, "outbox", *words])

    return invoke


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
