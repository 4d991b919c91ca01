"""`maild ticket`: an escalation is tried on paper first; whose turn it was is shown."""

import json
from pathlib import Path

import pytest

from kit.operator import Run, operator
from kit.people import FOR_LKPP
from kit.service import written

NUMBER = "LPSE-2026-000001"


@pytest.fixture
def run(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line of an office with one open ticket."""
    return operator(
        tmp_path,
        database_url,
        monkeypatch,
        written(FOR_LKPP, subject="Penawaran tidak terbuka"),
        "ticket",
    )


def shown(run: Run) -> dict[str, object]:
    return dict(json.loads(run("show", NUMBER, "--json").output))


def test_an_escalation_on_paper_shows_its_letters_and_keeps_nothing(run: Run) -> None:
    before = {name: shown(run)[name] for name in ("ticket", "letters", "journal")}
    tried = run("escalate", NUMBER, "--text", "Sudah dicoba.", "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "To: Helpdesk LKPP <helpdesk@lkpp.example>" in tried.output
    assert "Subject: [Eskalasi][LPSE Kabupaten Contoh][P2]" in tried.output
    assert "Kode paket: 87654321" in tried.output
    assert "[message/rfc822: Penawaran tidak terbuka]" in tried.output
    assert {name: shown(run)[name] for name in before} == before


def test_what_lkpp_would_ask_for_is_asked_on_paper_too(run: Run) -> None:
    tried = run("escalate", NUMBER, "--dry-run")
    assert tried.exit_code == 1
    assert "Yang sudah diperiksa atau dicoba LPSE" in tried.output


def test_the_turns_of_the_parties_are_shown(run: Run) -> None:
    assert run("escalate", NUMBER, "--text", "Sudah dicoba.").exit_code == 0
    output = run("show", NUMBER).output
    assert "WHOSE TURN" in output
    assert "lkpp, since " in output
    assert set(shown(run)["turns"]) >= {"now"}  # type: ignore[call-overload]
