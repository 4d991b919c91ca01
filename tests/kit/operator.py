"""The command line in an operator's hands, at an office that has taken in one mail."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kit.office import ROOT
from kit.service import Clock, Service
from kit.world import World
from maild.cli.main import app

Run = Callable[..., Result]


def operator(
    folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, mail: bytes, group: str
) -> Run:
    """Runs the commands of a group (`maild ticket ...`) once the desk has decided the mail; no
    letter has left."""
    monkeypatch.setenv("MAILD_MAILBOX__PASSWORD", "rahasia-uji")
    monkeypatch.setenv("MAILD_DATABASE__URL", url)
    shutil.copy(ROOT / "config.toml", folder / "config.toml")
    for name in ("sop", "templates"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    world = World(now=Clock().now)
    service = Service(folder, url, world)
    world.put(mail)
    service.intake.work()
    service.parts.desk.work(lambda: None)
    service.close()

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["--config", str(folder / "config.toml"), group, *words])

    return invoke
