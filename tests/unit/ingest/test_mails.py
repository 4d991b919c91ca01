"""The sample mails under tests/mails: each stands with a line that says what it proves."""

import json
from pathlib import Path
from typing import Any

import pytest

from maild.ingest import explain, parse

FOLDER = Path(__file__).parents[2] / "mails"
MAILS = sorted(FOLDER.glob("*.eml"))


def holds(value: Any, expected: Any) -> bool:
    """Is everything that is expected there; objects may hold more."""
    if isinstance(expected, dict):
        return isinstance(value, dict) and all(
            holds(value.get(key), one) for key, one in expected.items()
        )
    if isinstance(expected, list):
        return len(value) == len(expected) and all(map(holds, value, expected))
    return bool(value == expected)


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_sample_mail_is_read_as_it_should(path: Path) -> None:
    found = json.loads(json.dumps(explain.explain_mail(parse.read(path.read_bytes()))))
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    wrong = {key: found[key] for key, value in expected.items() if not holds(found[key], value)}
    assert wrong == {}


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_other_line_ends_give_the_same_mail(path: Path, ending: bytes) -> None:
    octets = path.read_bytes()
    assert parse.read(octets.replace(b"\n", ending)) == parse.read(octets)


def test_every_sample_says_why_it_is_there() -> None:
    assert len(MAILS) >= 14
    assert [p.stem for p in MAILS if not p.with_suffix(".why").read_text("utf-8").strip()] == []
