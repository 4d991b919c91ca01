"""T05, F013: the power goes at any moment; what was confirmed is there, whatever else is lost.

The calls of a real process (SQLite's, the raw mails', the keys') are recorded by strace, and the
disk is made again as each cut may leave it. MAILD_CUTS=1 cuts behind every call, three ways each.
"""

import hashlib
import os
import random
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from disk import CALLS, Call, Disk, calls
from sqlalchemy import text

from kit.database import POSTGRES
from kit.office import MONDAY
from maild.store import database
from maild.store.store import Store

HERE = Path(__file__).parent
EVERY = int(os.environ.get("MAILD_CUTS", "31"))
STRACE = shutil.which("strace") or ""
MAY_WATCH = bool(STRACE) and not subprocess.run((STRACE, "-o", os.devnull, "true")).returncode

pytestmark = [
    pytest.mark.skipif(POSTGRES, reason="its own promise, on its own disk"),
    pytest.mark.skipif(not MAY_WATCH, reason="strace is not installed, or may not watch here"),
]


@dataclass(frozen=True)
class Recorded:
    """The folder that the process worked in, and its calls."""

    root: Path
    said: str
    calls: list[Call]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """A morning, watched once."""
    place = tmp_path_factory.mktemp("power")
    root, said, log = place / "kantor", place / "said", place / "log"
    root.mkdir()
    command = [STRACE, "-f", "-y", "-xx", "-s", "9999999", "-o", str(log), "-e", CALLS]
    command += [sys.executable, str(HERE / "office_at_work.py"), str(root), str(said)]
    paths = [str(HERE.parents[1]), str(HERE.parent), str(HERE)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return Recorded(root, str(said), list(calls(log)))


def is_as_promised(folder: Path, moved: list[str], taken: list[str]) -> None:
    """Every mail that left the inbox is in the ledger with its bytes, every letter that left is
    known to have left, and every row names bytes that are there."""
    if not (folder / "data" / "maild.db").exists():
        assert not moved, "the database is gone, and mails have left the inbox"
        assert not taken
        return
    with Store.open(f"sqlite:///{folder}/data/maild.db", folder / "data" / "mail") as store:
        with store._database.read() as connection:
            ask = lambda statement: connection.execute(text(statement)).fetchall()  # noqa: E731
            assert ask("PRAGMA integrity_check") == [("ok",)]
            kept = {row.sha256: row.state for row in ask("SELECT sha256, state FROM mail")}
            letters = dict(ask("SELECT message_id, state FROM letter"))
        for sha256 in filter(None, kept):
            assert hashlib.sha256(store.blobs.get(sha256)).hexdigest() == sha256
        for sha256 in moved:
            assert kept[sha256] in ("done", "inert", "quarantined")
        for message_id in taken:
            assert letters[message_id] in ("body_started", "sent", "uncertain")
        if moved:
            assert (folder / "data" / "kunci.json").read_text().startswith("{")
        assert not list(store.contradictions(MONDAY))


def cuts(recorded: Recorded, folder: Path, every: int) -> tuple[int, int]:
    """Cuts behind every n-th call; gives how many cuts, and how many calls there were."""
    disk, done, touched = Disk(recorded.root), 0, 0
    moved: list[str] = []
    taken: list[str] = []
    for call in recorded.calls:
        if call.name == "write" and call.of == recorded.said:
            what, which = call.texts[0].decode().split()
            (moved if what == "moved" else taken).append(which)
            touched += 1
        elif disk.take(call):
            touched += 1
        else:
            continue
        if touched % every:
            continue
        for way in range(3):
            target = folder / f"{touched}.{way}"
            disk.cut(target, random.Random(touched * 7 + way) if way else None)
            is_as_promised(target, moved, taken)
            shutil.rmtree(target, ignore_errors=True)
            done += 1
    assert moved
    assert taken
    return done, touched


def test_what_was_confirmed_outlives_a_power_cut(
    recorded: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Looking at what is left need not be durable itself.
    quick = [pragma.replace("FULL", "OFF") for pragma in database.PRAGMAS]
    monkeypatch.setattr(database, "PRAGMAS", quick)
    done, of = cuts(recorded, tmp_path, EVERY)
    print(f"{done} cuts, {of} calls")  # noqa: T201
    assert done > 30


def test_the_recorder_sees_a_sync_that_is_missing(recorded: Recorded, tmp_path: Path) -> None:
    """Without the syncs of the raw mails' folder the same check fails: it can."""
    mail = str(recorded.root / "data" / "mail")
    forgetful = [c for c in recorded.calls if not (c.name == "fsync" and c.of == mail)]
    with pytest.raises((AssertionError, FileNotFoundError)):
        cuts(Recorded(recorded.root, recorded.said, forgetful), tmp_path, 40)


@pytest.mark.parametrize("kind", ["write", "read", "alone"])
def test_every_connection_syncs_each_commit(tmp_path: Path, kind: str) -> None:
    """R11: NORMAL would lose the last commits of a WAL in a power cut."""
    with (
        closing(database.Database(f"sqlite:///{tmp_path}/d/maild.db")) as opened,
        getattr(opened, kind)() as connection,
    ):
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "fullfsync", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "fullfsync": 0, "foreign_keys": 1}


def test_a_call_that_another_interrupted_in_the_log_counts(tmp_path: Path) -> None:
    """strace pads short lines; a sync that was passed over looked like one that never came."""
    log = tmp_path / "log"
    log.write_text(
        "12 fdatasync(5</a> <unfinished ...>\n13 fsync(6</b>)              = 0\n"
        "12 <... fdatasync resumed>)          = 0\n12 fsync(5</c>)   = -1 EIO (I/O)\n"
    )
    assert [(call.name, call.of) for call in calls(log)] == [("fsync", "/b"), ("fdatasync", "/a")]
