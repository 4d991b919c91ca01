"""`maild rules`: a table is tried, two are compared, and a model is learnt."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from maild.cli import main
from maild.service.office import shipped

MAIL = {
    "id": "satu",
    "subject": "lupa password",
    "body": "CV Maju lupa password",
    "received_at": "2026-03-10T09:00:00+07:00",
    "category": "lupa_password",
    "priority": 3,
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    shutil.copy(shipped() / "sop" / "prioritas.toml", tmp_path / "prioritas.toml")
    return tmp_path / "prioritas.toml"


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return _written(tmp_path / "surat.jsonl", MAIL)


def _written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(*arguments: object) -> Result:
    command = ["--config", "no-such-config.toml", "rules", *map(str, arguments)]
    return CliRunner().invoke(main.app, command)


def test_a_table_is_tried_on_labelled_mails(table: Path, mails: Path) -> None:
    result = run("test", "--table", table, "--mails", mails)
    assert result.exit_code == 0
    assert "1 mails, 1 as labelled" in result.output
    assert "category                  100.0  (1 of 1)" in result.output


def test_a_miss_is_named_with_its_reason(table: Path, tmp_path: Path) -> None:
    mails = _written(tmp_path / "surat.jsonl", MAIL | {"category": "sanggah"})
    result = run("test", "--table", table, "--mails", mails)
    assert result.exit_code == 1
    assert "lupa_password, label: sanggah" in result.output
    assert "kategori.lupa_password: lupa password" in result.output
    found = json.loads(run("test", "--table", table, "--mails", mails, "--json").output)
    assert found["misses"][0]["differs"] == {"category": ["lupa_password", "sanggah"]}


def test_what_an_edit_changes_is_shown_mail_by_mail(table: Path, mails: Path) -> None:
    edited = table.with_name("baru.toml")
    text = table.read_text("utf-8")
    category = text.index('id = "lupa_password"')
    at = text.index("prioritas = 3", category)
    edited.write_text(text[:at] + "prioritas = 2" + text[at + len("prioritas = 3") :], "utf-8")
    result = run("diff", table, edited, "--mails", mails)
    assert result.exit_code == 1
    assert "1 mails, 1 decided otherwise" in result.output
    assert "priority           3  ->  2   (label: 3)" in result.output
    assert run("diff", table, table, "--mails", mails).exit_code == 0
    found = json.loads(run("diff", table, edited, "--mails", mails, "--json").output)
    assert found["changes"][0]["differs"]["priority"] == [3, 2, 3]


def test_a_bad_phrase_is_told_by_file_place_and_remedy(table: Path, mails: Path) -> None:
    text = table.read_text("utf-8")
    table.write_text(text.replace('kuat = ["hacker",', 'kuat = ["(a+)+$",', 1), "utf-8")
    result = run("test", "--table", table, "--mails", mails)
    assert result.exit_code == 1
    assert "prioritas.toml" in result.output
    assert "kategori keamanan_akun" in result.output
    assert "Pakai kata biasa" in result.output


def test_mails_that_cannot_be_read_are_wrong_use(table: Path, tmp_path: Path) -> None:
    assert run("test", "--table", table, "--mails", tmp_path / "none.jsonl").exit_code == 2
    broken = tmp_path / "rusak.jsonl"
    broken.write_text("{", "utf-8")
    result = run("test", "--table", table, "--mails", broken)
    assert result.exit_code == 2
    assert "rusak.jsonl: baris 1" in result.output


def test_what_is_learnt_is_written_and_used(tmp_path: Path, table: Path) -> None:
    pytest.importorskip("sklearn")
    target = tmp_path / "kategori-belajar.json"
    result = run("learn", "--no-tickets", "--output", target)
    assert result.exit_code == 0, result.output
    assert "0 corrected tickets" in result.output
    assert run("test", "--table", table, "--no-misses").exit_code in (0, 1)
    target.write_text("{", "utf-8")
    refused = run("test", "--table", table)
    assert "bukan hasil belajar maild" in refused.output
