"""T19: backups made one after the other while rows are written; each is whole, and none tears what
was decided apart.

MAILD_BACKUPS are made (a hundred in the long run). Somebody writes mails all the time in another
thread; each backup is verified, and its rows and raw mails are looked at as a restore would.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kit.database import POSTGRES
from kit.office import MONDAY
from kit.people import COMPLETE
from kit.service import Clock, Service, written
from kit.world import World
from maild.service import backup
from maild.service.restore import restore
from maild.store import snapshot
from maild.store.store import Store
from maild.store.values import TicketFilter

# Seconds between rounds of three mails. Without them the office grows as fast as backups of it
# take longer, and a hundred never end; this is still many times what any office gets.
_REST = 0.05
SHORT = int(os.environ.get("MAILD_BACKUPS", "6"))

pytestmark = pytest.mark.skipif(POSTGRES, reason="pg_dump has its own promise")


class Busy:
    """An office in which a mail is decided after the other."""

    def __init__(self, folder: Path, url: str) -> None:
        self.clock = Clock()
        self.world = World(self.clock.now)
        self.service = Service(folder, url, self.world)
        self.written = 0
        self.stopping = threading.Event()
        self.broken: list[BaseException] = []

    def work(self) -> None:
        """Until told to stop."""
        try:
            while not self.stopping.is_set():
                for _ in range(3):
                    n = self.written = self.written + 1
                    text = COMPLETE.replace("12345678", str(30_000_000 + n))
                    who = f"warga{n}@warga.example"
                    self.world.put(written(text, who, message_id=f"<{n}@warga.example>"))
                self.service.round()
                self.clock.move(minutes=1)
                self.stopping.wait(_REST)
        except BaseException as error:
            self.broken.append(error)
            raise


@contextmanager
def at_work(busy: Busy) -> Iterator[None]:
    worker = threading.Thread(target=busy.work)
    worker.start()
    try:
        yield
    finally:
        busy.stopping.set()
        worker.join()
        assert not busy.broken


def is_whole(file: Path, folder: Path, made: backup.Contents) -> int:
    """Reads it whole, restores it, and looks for contradictions; gives its number of tickets."""
    assert backup.verified(file) == made
    restored = restore(file, folder, MONDAY)
    assert restored.contents == made
    with Store.open(f"sqlite:///{folder}/maild.db", folder / "mail") as store:
        tickets = store.tickets(TicketFilter(limit=100_000))
        assert len(tickets) == made.tickets
        # A ticket was decided with its mail, journal, letters, passages and alarm, or not at all:
        # one that lacks any of them is a contradiction.
        assert list(store.contradictions(MONDAY)) == []
    assert snapshot.held(folder / "maild.db").mails == made.mails
    return len(tickets)


def backups(busy: Busy, folder: Path, count: int) -> list[int]:
    """So many, each restored beside the others and removed."""
    found: list[int] = []
    with at_work(busy):
        for n in range(count):
            file, place = folder / f"{n}.tar", folder / f"kembali-{n}"
            made = backup.make(busy.service.settings, file, MONDAY)
            found.append(is_whole(file, place, made))
            file.unlink()
    print(f"{count} backups while {busy.written} mails came, of {found[0]} to {found[-1]} tickets")  # noqa: T201
    return found


def grew(found: list[int]) -> bool:
    return found == sorted(found) and found[-1] > found[0]


def test_backups_made_under_load_are_each_whole(tmp_path: Path, database_url: str) -> None:
    assert grew(backups(Busy(tmp_path, database_url), tmp_path, SHORT))


@pytest.mark.long
def test_a_hundred_backups_made_under_load_are_each_whole(
    tmp_path: Path, database_url: str
) -> None:
    assert grew(backups(Busy(tmp_path, database_url), tmp_path, 100))
