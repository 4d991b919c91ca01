"""P10, F020: a backup is made while work goes on, read back whole, and refused when damaged."""

import json
import stat
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from kit.database import POSTGRES
from kit.office import MONDAY
from kit.people import People, first_mails
from kit.service import Clock, Service
from kit.world import World
from maild.service import backup
from maild.service.backup import BackupError
from maild.service.restore import restore
from maild.store import snapshot
from maild.store.errors import StoreError
from maild.store.store import Store
from maild.store.values import TicketFilter

pytestmark = pytest.mark.skipif(POSTGRES, reason="tests/servers/test_backup_postgres.py")


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Service:
    """Three problems have come in, been decided and acknowledged."""
    clock = Clock()
    world = World(now=clock.now)
    service = Service(tmp_path, database_url, world)
    for octets in first_mails():
        world.put(octets)
    people = People(world)
    for _ in range(4):
        service.round()
        people.act()
        clock.move(minutes=7)
    return service


def rewritten(file: Path, change: dict[str, bytes | None]) -> Path:
    """The same archive with other members, or without them."""
    target = file.with_name("lain.tar")
    with tarfile.open(file) as old, tarfile.open(target, "w") as new:
        for member in old:
            octets = old.extractfile(member).read()  # type: ignore[union-attr]
            name = "mail" if member.name.startswith("mail/") else member.name
            if name in change:
                replaced = change.pop(name)
                if replaced is None:
                    continue
                octets = replaced
            member.size = len(octets)
            new.addfile(member, BytesIO(octets))
    return target


def test_a_backup_holds_rows_mails_and_keys_and_is_for_its_owner_only(
    office: Service, tmp_path: Path
) -> None:
    made = backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    assert made.tickets == 3
    assert made.blobs == made.mails == office.store.counts().mails["done"]
    assert stat.S_IMODE((tmp_path / "c.tar").stat().st_mode) == 0o600
    assert backup.verified(tmp_path / "c.tar") == made
    with tarfile.open(tmp_path / "c.tar") as archive:
        names = set(archive.getnames())
    assert {"cadangan.json", "maild.db", "kunci.json"} <= names
    assert {path.name for path in tmp_path.iterdir()} == {"c.tar", "data"}


def test_what_is_written_during_the_copy_is_not_half_in_it(
    office: Service, tmp_path: Path
) -> None:  # F020
    database = snapshot.sqlite_file(office.settings.database_url)
    assert database is not None
    with office.store._database.write() as connection:
        for n in range(3000):
            connection.execute(
                text("INSERT INTO setting VALUES (:k, :v)"), {"k": f"isi {n}", "v": "x" * 900}
            )
    steps: list[int] = []

    def write_meanwhile(done: int, _of: int) -> None:
        steps.append(done)
        office.store.keep_setting(f"selama {len(steps)}", "x" * 5000)

    original, snapshot.PAGES = snapshot.PAGES, 100  # type: ignore[misc]
    try:
        snapshot.copy(office.settings.database_url, tmp_path / "salinan.db", write_meanwhile)
    finally:
        snapshot.PAGES = original  # type: ignore[misc]
    assert len(steps) > 5
    assert steps == sorted(steps), "it began anew"
    held = snapshot.held(tmp_path / "salinan.db")
    assert held.tickets == 3
    with Store.open(f"sqlite:///{tmp_path}/salinan.db", tmp_path / "b") as copied:
        assert copied.setting("isi 2999") is not None
        assert copied.setting(f"selama {len(steps)}") is None
    assert office.store.setting(f"selama {len(steps)}") is not None


def test_nothing_is_overwritten(office: Service, tmp_path: Path) -> None:
    (tmp_path / "c.tar").write_text("milik orang lain")
    with pytest.raises(BackupError, match="there already"):
        backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    assert (tmp_path / "c.tar").read_text() == "milik orang lain"
    (tmp_path / "c.tar").unlink()
    backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    with pytest.raises(BackupError, match="not empty"):
        restore(tmp_path / "c.tar", tmp_path / "data", MONDAY)


def test_a_damaged_raw_mail_spoils_no_backup_unseen(office: Service, tmp_path: Path) -> None:
    raw = next((tmp_path / "data" / "mail").iterdir())
    raw.write_bytes(raw.read_bytes()[:-1] + b"X")
    with pytest.raises(BackupError, match="damaged"):
        backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    raw.unlink()
    with pytest.raises(BackupError, match="audit --repair"):
        backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


@pytest.mark.parametrize("member", ["mail", "maild.db", "kunci.json", "cadangan.json"])
def test_a_backup_without_one_of_its_parts_is_refused(
    office: Service, tmp_path: Path, member: str
) -> None:
    backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    spoiled = rewritten(tmp_path / "c.tar", {member: None})
    with pytest.raises((BackupError, StoreError)):
        restore(spoiled, tmp_path / "baru", MONDAY)
    assert not (tmp_path / "baru").exists()


@pytest.mark.parametrize("cut", [0.02, 0.3, 0.6, 0.95])
def test_a_backup_that_was_cut_short_is_refused(
    office: Service, tmp_path: Path, cut: float
) -> None:
    backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    whole = (tmp_path / "c.tar").read_bytes().rstrip(b"\0")
    (tmp_path / "c.tar").write_bytes(whole[: int(len(whole) * cut)])
    with pytest.raises((BackupError, StoreError)):
        backup.verified(tmp_path / "c.tar")


def test_a_flipped_bit_in_a_mail_is_seen(office: Service, tmp_path: Path) -> None:  # F014
    backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    with pytest.raises(BackupError, match="damaged"):
        backup.verified(rewritten(tmp_path / "c.tar", {"mail": b"bukan surel itu"}))


@pytest.mark.parametrize("name", ["../kunci.json", "/etc/x", "mail/../../x", "mail/x"])
def test_an_archive_writes_nowhere_else(office: Service, tmp_path: Path, name: str) -> None:
    backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    with tarfile.open(tmp_path / "c.tar", "a") as archive:
        member = tarfile.TarInfo(name)
        member.size = 1
        archive.addfile(member, BytesIO(b"x"))
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(BackupError, match="strange"):
        restore(tmp_path / "c.tar", tmp_path / "baru", MONDAY)
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_newer_format_names_its_maild(office: Service, tmp_path: Path) -> None:
    backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    newer = rewritten(tmp_path / "c.tar", {"cadangan.json": json.dumps({"format": 99}).encode()})
    with pytest.raises(BackupError, match="newer"):
        backup.verified(newer)


def test_a_full_disk_leaves_nothing_behind(
    office: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # F015
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)
    with pytest.raises(BackupError, match="another disk"):
        backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    assert {path.name for path in tmp_path.iterdir()} == {"data"}


def test_what_was_restored_is_what_was_backed_up_and_nothing_leaves(
    office: Service, tmp_path: Path
) -> None:  # F021
    backup.make(office.settings, tmp_path / "c.tar", MONDAY)
    before = office.store.tickets(TicketFilter())
    restore(tmp_path / "c.tar", tmp_path / "baru", MONDAY)
    assert stat.S_IMODE((tmp_path / "baru").stat().st_mode) == 0o700
    url = f"sqlite:///{tmp_path}/baru/maild.db"
    with Store.open(url, tmp_path / "baru" / "mail") as store:
        assert store.tickets(TicketFilter()) == before
        assert store.restored() is not None
        assert store.is_restoring()
        assert store.counts().letters.keys() <= {"sent", "uncertain"}
