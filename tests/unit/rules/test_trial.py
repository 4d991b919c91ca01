"""The table tried on labelled mails."""

import json
from typing import Any

import pytest

from maild.model.worktime import WorkTime
from maild.rules.priorities import PriorityTable
from maild.rules.trial import Figure, figures, read_mails, tried

MAIL: dict[str, Any] = {
    "id": "satu",
    "from_name": "CV Maju",
    "from_email": "maju@surel.example",
    "subject": "lupa password",
    "body": "CV Maju lupa password, user MAJU07. Surat terlampir.",
    "received_at": "2026-03-10T09:00:00+07:00",
    "category": "lupa_password",
    "kind": "pengaduan",
    "priority": 1,
    "missing": ["email_terdaftar", "kode_paket"],
}


def written(**changes: Any) -> str:
    return json.dumps(MAIL | changes)


def test_a_miss_names_the_label_and_why(table: PriorityTable, worktime: WorkTime) -> None:
    mails, complaints = read_mails(written(), "surat.jsonl")
    (outcome,) = tried(mails, table, worktime)
    assert not complaints
    assert outcome.wrong() == ("priority", "missing")
    assert "kategori.lupa_password: lupa password" in outcome.why


def test_figures_count_only_labels_that_are_given(
    table: PriorityTable, worktime: WorkTime
) -> None:
    mails, _ = read_mails(f"{written()}\n\n{written(priority=3)}", "surat.jsonl")
    found = {f.name: f for f in figures(tried(mails, table, worktime))}
    assert found["category"] == Figure("category", 2, 2)
    assert found["priority"].percent == 50
    assert found["priority, within one"].percent == 50
    assert found["missing"] == Figure("missing", 2, 4, 2)
    assert round(found["missing"].percent, 1) == 66.7
    assert "requester_role" not in found


def test_what_is_said_to_be_enclosed_is_enclosed() -> None:
    def files(**changes: Any) -> list[str]:
        (mail,), _ = read_mails(written(**changes), "surat.jsonl")
        return [file.name for file in mail.problem.attachments]

    assert files() == ["lampiran.pdf"]
    assert files(body="screenshot terlampir") == ["tangkapan-layar.png"]
    assert files(body="> surat terlampir") == []
    assert files(lampiran=["SK.pdf", "ktp.png"]) == ["SK.pdf", "ktp.png"]


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"subject": "x"}', written(received_at="2026-03-10T09:00:00")]
)
def test_a_line_that_is_no_mail_is_told_by_its_number(line: str) -> None:
    mails, complaints = read_mails(f"{written()}\n{line}", "surat.jsonl")
    assert len(mails) == 1
    assert complaints[0].startswith("surat.jsonl: baris 2: ")
