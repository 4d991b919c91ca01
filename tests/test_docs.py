"""The documents name what exists."""

import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from maild.cli.main import app
from maild.desk import sheet
from maild.rules import procedure

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(get_command(app).commands))
def test_a_command_is_named_in_the_readme(name):
    assert name in README


@pytest.mark.parametrize("path", sorted((ROOT / "templates").glob("*.txt")), ids=lambda p: p.stem)
def test_a_letter_is_named_for_offices(path):
    assert path.stem in (ROOT / "docs" / "templates.md").read_text("utf-8")


def test_the_sop_page_is_the_sop():
    data = tomllib.loads((ROOT / "sop" / "penanganan-email.toml").read_text("utf-8"))
    sop, _ = procedure.read(data, "penanganan-email.toml")
    assert (ROOT / "docs" / "sop" / "penanganan-email.md").read_text("utf-8") == (
        sheet.as_markdown(sop)
    )


@pytest.mark.parametrize("word", ["maild check", "maild rehearse", "maild audit", "maild status"])
def test_the_office_is_told_of_the_daily_commands(word):
    assert word in OPERATIONS
