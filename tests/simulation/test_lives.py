"""`maild-sim`: many lives, gone on with where they were left off."""

from pathlib import Path

import lives
import pytest

from maild.cli import simulation

A_LIFE = lives.Lived(7, 103, 177, 50, lives.WHOLE)


@pytest.fixture
def done(tmp_path: Path) -> Path:
    return tmp_path / "done" / "lives.txt"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, list[int]]:
    """Its exit code, and the seeds that were played."""
    played: list[int] = []

    def lived(seed: int, days: float) -> lives.Lived:
        played.append(seed)
        return lives.Lived(seed, 1, 2, 3, "AssertionError: lost" if seed == 9 else lives.WHOLE)

    monkeypatch.setattr(lives, "lived", lived)
    monkeypatch.setattr(lives, "quick", lambda patch: None)
    monkeypatch.setattr(lives.logging, "disable", lambda level: None)
    monkeypatch.setattr("sys.argv", ["maild-sim", *arguments])
    return lives.main(), played


def test_lives_done_are_not_played_again(
    monkeypatch: pytest.MonkeyPatch, done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--seed", "3", "--done", str(done))
    assert run(monkeypatch, *given, "--count", "2") == (0, [3, 4])
    assert run(monkeypatch, *given, "--count", "4") == (0, [5, 6])
    assert run(monkeypatch, *given, "--count", "4") == (0, [])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "4 seeds from 3: 0 broken; 4 mails, 8 letters, 12 faults"


def test_a_broken_life_is_told_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, done: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--seed", "8", "--count", "3", "--done", str(done))
    assert run(monkeypatch, *given) == (1, [8, 9, 10])
    assert run(monkeypatch, *given) == (1, [])  # it stays broken until the program changes
    assert "seed 9: AssertionError: lost" in capsys.readouterr().err


def test_what_another_version_lived_and_a_line_cut_short_do_not_count(done: Path) -> None:
    done.parent.mkdir()
    line, longer = A_LIFE.line(3), A_LIFE.line(30)
    done.write_text(f"{'0' * 12}{line[12:]}{line}{longer}{line[:20]}", "utf-8")
    assert lives.read_done(done, 3) == {7: A_LIFE}
    done.write_text(f"{'0' * 12}{line[12:]}", "utf-8")
    assert lives.read_done(done, 3) == {}


def test_several_processes_play_the_same_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lives, "lived", _seven)
    found = sorted(life.seed for life in lives.many([1, 2, 3, 4], jobs=2))
    assert found == [1, 2, 3, 4]


def _seven(seed: int, days: float) -> lives.Lived:
    return lives.Lived(seed, *([0] * 3), lives.WHOLE)


def test_the_command_finds_the_simulation_in_the_source_tree() -> None:
    root = simulation.source_tree()
    assert root is not None
    assert (root / "tests" / "simulation" / "lives.py").is_file()


def test_without_the_tests_the_command_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(simulation.maild, "__file__", str(tmp_path / "lib" / "maild" / "x.py"))
    monkeypatch.chdir(tmp_path)
    assert simulation.main() == 2
    assert "source tree" in capsys.readouterr().err
