"""`maild report` on an office's own files and database."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kit.office import ROOT
from maild.cli import main


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An office as `maild init` makes it."""
    folder = tmp_path / "kantor"
    assert CliRunner().invoke(main.app, ["init", str(folder)]).exit_code == 0
    assert (ROOT / "config.toml").exists()
    return folder / "config.toml"


def report(config: Path, *arguments: str | Path) -> Result:
    words = ["--config", str(config), "report", *map(str, arguments)]
    return CliRunner().invoke(main.app, words)


@pytest.mark.parametrize("layout", ["laporan", "register"])
@pytest.mark.parametrize(("name", "start"), [("a.html", b"<!DOCTYPE"), ("a.pdf", b"%PDF")])
def test_an_empty_month_is_a_report_too(
    config: Path, tmp_path: Path, layout: str, name: str, start: bytes
) -> None:
    pytest.importorskip("matplotlib")
    pytest.importorskip("typst")
    path = tmp_path / name
    result = report(config, "--bulan", "2026-01", "--layout", layout, "--output", path)
    assert result.exit_code == 0, result.output
    assert path.read_bytes().startswith(start)


def test_figures_are_those_of_a_month(config: Path) -> None:
    result = report(config, "--tahun", "2026")
    assert result.exit_code == 2
    assert "--layout register" in result.output


def test_a_place_that_cannot_be_written_is_one_line(config: Path, tmp_path: Path) -> None:
    result = report(config, "--layout", "register", "--output", tmp_path / "x" / "a.html")
    assert result.exit_code == 1
    assert "Choose another --output" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--output", "laporan.txt"],
        ["--format", "pdf", "--output", "laporan.html"],
        ["--bulan", "9999-12"],
        ["--bulan", "0001-01"],
    ],
)
def test_wrong_use_names_the_remedy(config: Path, arguments: list[str]) -> None:
    result = report(config, *arguments)
    assert result.exit_code == 2
    assert any(remedy in result.output for remedy in ("end its name with", "from 2000 to 2100"))


def test_in_a_folder_the_file_is_named_by_the_month(config: Path, tmp_path: Path) -> None:
    folder = tmp_path / "arsip"
    folder.mkdir()
    result = report(config, "--bulan", "2026-01", "--layout", "register", "--output", folder)
    assert result.exit_code == 0, result.output
    assert [path.name for path in folder.iterdir()] == ["register-2026-01.html"]
