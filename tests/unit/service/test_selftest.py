"""S01: what is unsafe is found before a mail is touched; each check is made to fail once."""

import sqlite3
import ssl
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kit.office import MONDAY
from maild.cli.main import app
from maild.model.mail import Address
from maild.service import selftest
from maild.store import database


class _Readable:
    sender = Address("", "sari@contoh.go.id")


def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.create_default_context()
    context.check_hostname = False
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)


def old_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ssl.create_default_context()

    class Old:
        check_hostname, verify_mode = real.check_hostname, real.verify_mode
        minimum_version = ssl.TLSVersion.TLSv1

    monkeypatch.setattr(ssl, "create_default_context", Old)


UNSAFE: dict[str, Any] = {
    "header field": lambda m: m.setattr(
        selftest.header, "unstructured", lambda field, text: f"{field}: {text}"
    ),
    "From fields": lambda m: m.setattr(selftest.parse, "read", lambda *_: _Readable()),
    "WAL": lambda m: m.setattr(
        database, "PRAGMAS", tuple(p.replace("FULL", "OFF") for p in database.PRAGMAS)
    ),
    "too old": lambda m: m.setattr(sqlite3, "sqlite_version_info", (3, 7, 0)),
    "certificates": careless,
    "older than 1.2": old_tls,
    "zone": lambda m: m.setattr(selftest, "ZoneInfo", lambda _: timezone(timedelta(hours=1))),
}


def test_this_machine_is_safe() -> None:
    assert selftest.faults(MONDAY) == []


@pytest.mark.parametrize("said", UNSAFE)
def test_an_unsafe_part_is_named(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    UNSAFE[said](monkeypatch)
    found = selftest.faults(MONDAY)
    assert found
    assert all(said in line for line in found)


def test_a_clock_from_before_the_program_is_named() -> None:
    assert "clock" in selftest.faults(datetime(2000, 1, 1, tzinfo=UTC))[0]


def test_an_unsafe_machine_does_not_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(selftest, "faults", lambda _: ["Yang ini tidak aman."])
    done = CliRunner().invoke(app, ["--config", str(tmp_path / "config.toml"), "run", "--once"])
    assert done.exit_code == 1
    assert "tidak aman" in done.output
