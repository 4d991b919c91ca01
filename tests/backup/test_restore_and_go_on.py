"""F021, T19: yesterday's backup against today's mailbox: nothing is lost, no letter goes twice."""

import re
from collections import Counter
from typing import Any

import pytest
from test_rebuild import Office, office, recap

from kit.database import POSTGRES
from kit.people import first_mails
from kit.service import Service, written
from maild.service import backup
from maild.service.backup import BackupError
from maild.service.restore import restore
from maild.store.values import TicketFilter

__all__ = ["office"]
pytestmark = pytest.mark.skipif(POSTGRES, reason="tests/servers/test_backup_postgres.py")


def late_mails() -> list[bytes]:
    """What comes in after the backup."""
    return [
        written(
            f"Kami CV Baru {n} tidak bisa login ke SPSE, muncul pesan error.",
            f"Pengguna {n} <pengguna{n}@baru.example>",
            f"Gagal login {n}",
            message_id=f"<{n}@baru.example>",
        )
        for n in range(4)
    ]


def restored(office: Office, name: str) -> Service:
    """The backup, laid down as the data of another service run."""
    restore(office.folder / "c.tar", office.folder / name / "data", office.clock.now())
    return office.service(name)


def letters_of(office: Office) -> Counter[str]:
    """How often each letter has left, by Message-ID."""
    ids = [re.search(rb"(?m)^Message-ID: (\S+)", octets) for _, octets in office.world.arrived]
    return Counter(found[1].decode() for found in ids if found)


def to_whom(office: Office) -> Counter[tuple[str, bytes]]:
    """How often each reader got a letter with the same words."""
    return Counter((to, octets.partition(b"\r\n\r\n")[2]) for to, octets in office.world.arrived)


EVERY = [(at, later) for at in (0, 1, 2, 4, 8) for later in (1, 3, 12)]
IN_SHORT = {(0, 1), (8, 1), (2, 3), (1, 12), (8, 12)}
AGES = [pytest.param(*age, marks=() if age in IN_SHORT else pytest.mark.long) for age in EVERY]


@pytest.mark.parametrize(("at", "later"), AGES)
def test_an_older_backup_catches_up_from_the_mailbox(office: Office, at: int, later: int) -> None:
    for octets in first_mails():
        office.world.put(octets)
    old = office.service("satu")
    office.live(old, at)
    backup.make(old.settings, office.folder / "c.tar", office.clock.now())
    office.clock.move(seconds=1)
    for octets in late_mails():
        office.world.put(octets)
        office.live(old, later)
    before, tickets = recap(old), old.store.tickets(TicketFilter())
    old.close()

    new = restored(office, "dua")
    with pytest.raises(BackupError, match="rebuild"):
        office.resume(new)
    report = office.rebuild(new)
    assert report.rebuilt.unproved == []
    assert recap(new) == before
    assert new.store.tickets(TicketFilter()) == tickets
    sent = len(office.world.arrived)
    office.live(new, 3)
    assert len(office.world.arrived) == sent
    resumed = office.resume(new)
    assert resumed.held == 0
    office.live(new, 40, 60)
    office.live(new, 20, 1080)
    assert {t.state.value for t in new.store.tickets(TicketFilter())} == {"selesai"}
    assert len(new.store.tickets(TicketFilter())) == 7
    assert set(letters_of(office).values()) == {1}
    assert new.audit().differences == ()
    new.close()


def test_without_copies_the_mails_are_decided_again_and_their_letters_are_held(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of copies was emptied: what was dealt with once is a person's to release."""
    for octets in first_mails():
        office.world.put(octets)
    old = office.service("satu")
    office.live(old, 6)
    backup.make(old.settings, office.folder / "c.tar", office.clock.now())
    office.clock.move(seconds=1)
    for octets in late_mails():
        office.world.put(octets)
        old.round()
        office.clock.move(minutes=5)
    old.close()
    office.world.shelves["Surat Keluar"].mails.clear()
    sent = set(letters_of(office))

    new = restored(office, "dua")
    report = office.rebuild(new)
    assert report.rebuilt.again == 4
    new.round()
    new.round()
    office.resume(new)
    new.round()
    assert len(new.store.tickets(TicketFilter())) == 7
    assert set(letters_of(office)) == sent
    assert set(letters_of(office).values()) == {1}
    assert new.store.counts().letters.get("held", 0) >= 4
    new.close()


def test_a_letter_that_was_waiting_in_the_backup_and_has_left_since_is_proved(
    office: Office,
) -> None:
    for octets in first_mails():
        office.world.put(octets)
    old = office.service("satu")
    old.intake.work()
    old.parts.desk.work(lambda: None)
    backup.make(old.settings, office.folder / "c.tar", office.clock.now())
    waiting = old.store.counts().letters["ready"]
    office.clock.move(seconds=1)
    office.live(old, 2)
    old.close()
    done = restore(office.folder / "c.tar", office.folder / "dua" / "data", office.clock.now())
    assert done.doubtful == waiting > 0
    new = office.service("dua")
    office.rebuild(new)
    states: Any = new.store.counts().letters
    assert "uncertain" not in states
    assert set(letters_of(office).values()) == {1}
    assert set(to_whom(office).values()) == {1}
    new.close()
