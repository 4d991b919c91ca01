"""Long runs go on where they were interrupted: the plugin and the table of `make reliability`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import reliability
from kit import progress

STORY = """
import pytest

@pytest.mark.parametrize("n", range(3))
def test_story(n, record_property):
    record_property("kills", 20)
    assert n != 1 or {well}
"""


def played(folder: Path, *, well: bool) -> tuple[int, str]:
    """The exit code of a run, and its last line."""
    (folder / "test_story.py").write_text(STORY.format(well=well), "utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "kit.progress", "--progress", "done/story.txt",
         "-p", "no:cacheprovider", "test_story.py"],
        cwd=folder, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(progress.ROOT / "tests")},
    )  # fmt: skip
    return ended.returncode, ended.stdout.splitlines()[-1]


def test_what_has_passed_is_not_run_again(tmp_path: Path) -> None:
    assert played(tmp_path, well=False)[0] == 1
    done = progress.read(tmp_path / "done" / "story.txt")
    assert (len(done.passed), len(done.failed), done.counted["kills"]) == (2, 1, 60)
    code, last = played(tmp_path, well=True)
    assert code == 0
    assert "1 passed, 2 deselected" in last
    code, last = played(tmp_path, well=True)
    assert code == 0
    assert "3 deselected" in last


def test_another_version_and_a_line_cut_short_have_shown_nothing(tmp_path: Path) -> None:
    kept, line = tmp_path / "kept.txt", progress.line("passed", "test_a", [("kills", 20)])
    kept.write_text(f"{'0' * 12}{line[12:]}{line[:-1]}", "utf-8")
    assert progress.read(kept) == progress.Done()
    kept.write_text(line, "utf-8")
    assert progress.read(kept).passed == {"test_a"}


def test_a_proof_is_a_line_with_its_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_story.py").write_text(STORY.format(well=False), "utf-8")
    proofs = (
        reliability.Proof("a story", (str(tmp_path / "test_story.py"),)),
        reliability.Proof("a piece", pieces=("calendar 2026 1",)),
    )
    monkeypatch.setattr(reliability, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(reliability, "PROOFS", proofs)
    monkeypatch.setattr("sys.argv", ["reliability"])
    assert reliability.main() == 1
    said = capsys.readouterr().out
    assert "BROKEN" in said
    assert "2 tests, 60 kills" in said
    assert "a piece                   holds" in said


@pytest.mark.parametrize("proof", reliability.PROOFS, ids=lambda proof: proof.name)
def test_every_proof_names_tests_that_are_there(proof: reliability.Proof) -> None:
    for path in proof.tests:
        assert (progress.ROOT / path).exists()
    for piece in proof.pieces:
        module, *words = piece.split()
        paths = [word for word in words if word.endswith(".py")]
        if module != "pytest":
            paths.append(module.replace(".", "/") + ".py")
        assert paths
        assert all((progress.ROOT / path).is_file() for path in paths)
