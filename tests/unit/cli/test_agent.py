"""`maild agent` and `maild quarantine accept`: who may work, from the command line."""

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.office import MONDAY, ROOT, SARI, SITI
from kit.room import Room, answer, letter_of, plain
from maild.cli.main import app
from maild.model.people import HELPDESK, Person
from maild.model.token import Mark, read_reply_address, reply_address
from maild.service import keyring, roster

CONFIG = (ROOT / "config.toml").read_text("utf-8")
DEWI = Person("dewi", 3, 'Dewi "D" Lestari', "dewi@contoh.go.id", HELPDESK)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAILD_MAILBOX__PASSWORD", "rahasia-uji")
    for name in ("sop", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "config.toml").chmod(0o600)
    return tmp_path / "config.toml"


def maild(config: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["--config", str(config), *words])
    assert done.exit_code == 0, done.output
    return done.output


def people(text: str) -> list[dict[str, object]]:
    return tomllib.loads(text)["people"]


def test_a_new_agent_stands_behind_the_last_one_and_all_else_stays():
    text = roster.with_person(CONFIG, DEWI)
    assert people(text)[-1] == {
        "id": "dewi",
        "number": 3,
        "name": 'Dewi "D" Lestari',
        "address": "dewi@contoh.go.id",
        "party": "helpdesk",
    }
    lines = iter(text.splitlines())
    assert all(line in lines for line in CONFIG.splitlines()), "every old line, in its order"


def test_an_agent_is_disabled_whether_or_not_his_block_says_active():
    once = roster.without_person(CONFIG, "sari")
    assert once
    assert people(once)[0]["active"] is False
    assert once.count("\n") == CONFIG.count("\n")
    other = roster.without_person(CONFIG, "lkpp")
    assert other
    assert people(other)[1]["active"] is False
    assert people(other)[0]["active"] is True
    assert roster.without_person(CONFIG, "tidak-ada") is None


def test_added_listed_and_disabled_by_command(config: Path):
    assert "dewi has number" in maild(
        config, "agent", "add", "dewi", "Dewi L", "dewi@contoh.go.id"
    )
    assert "dewi         active" in maild(config, "agent", "list")
    maild(config, "agent", "disable", "dewi")
    assert "dewi         left" in maild(config, "agent", "list")
    numbers = [p["number"] for p in people(config.read_text())]
    assert len(set(numbers)) == len(numbers)
    assert config.stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in config.parent.glob("config*")) == ["config.toml"]


def test_a_change_that_makes_the_file_unsound_is_not_made(config: Path):
    before = config.read_text()
    words = ["--config", str(config), "agent", "add", "sari", "Sari Dua", "sari2@contoh.go.id"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 1
    assert config.read_text() == before


def test_the_last_agent_cannot_be_disabled(config: Path):
    done = CliRunner().invoke(app, ["--config", str(config), "agent", "disable", "sari"])
    assert done.exit_code == 1
    assert people(config.read_text())[0]["active"] is True


def test_two_keys_live_and_the_oldest_dies(tmp_path: Path):
    path, today = tmp_path / "kunci.json", date(2026, 2, 2)

    def address() -> str:
        mark = Mark("a", 2026000001, 1, 1, date(2026, 4, 1))
        return reply_address("helpdesk@x.example", mark, keyring.load(path))

    first = address()
    keyring.rotated(path)
    second = address()
    ring = keyring.load(path)
    assert read_reply_address(first, ring, today)
    assert read_reply_address(second, ring, today)
    ring = keyring.rotated(path)
    assert read_reply_address(first, ring, today) is None
    assert read_reply_address(second, ring, today)
    assert len(ring.keys) == 2
    assert path.stat().st_mode & 0o077 == 0


def test_the_number_of_a_key_comes_round_again(tmp_path: Path):
    path = tmp_path / "kunci.json"
    keyring.load(path)
    held = json.loads(path.read_text())
    path.write_text(json.dumps({"current": 255, "keys": {"255": held["keys"]["1"]}}))
    assert keyring.rotated(path).current == 0


def test_tokens_are_listed_and_rotated_by_command(config: Path):
    assert "key 1: signs and verifies" in maild(config, "agent", "tokens")
    assert "key 1: verifies\nkey 2: signs" in maild(config, "agent", "tokens", "--rotate")


def test_a_held_mail_that_an_operator_accepts_runs_once(tmp_path: Path):
    with Room(tmp_path) as room:
        room.arrives(letter_of(str(SITI), "Halaman SPSE error 500 pada tender 12345678.", "Error"))
        ticket = room.tickets()[0]
        tag = f"Re: [{ticket.number}] Error"
        room.arrives(letter_of(str(SARI.address), "#selesai\nSudah.", tag))
        [held] = room.store.mails("quarantined")
        assert room.store.retry_mails([held.id], "operator") == 1
        room.later(seconds=1)
        assert room.tickets()[0].solution == "Sudah."
        assert "Sudah." in plain(room.last("selesai", SITI.address))
        question = room.last("konfirmasi_perintah", SARI.address)
        letters = len(room.post())
        room.arrives(answer(question, SARI.address, "#ya"))
        assert len(room.post()) == letters, "confirmed afterwards, it does not run again"
        assert room.now > MONDAY
