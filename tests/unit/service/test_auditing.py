"""The audit (P1): what is lost, damaged or stands still is told; what is on the way is not."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.office import MONDAY, ROOT
from maild.ingest.download import Listed
from maild.ingest.mailbox import Folder, FolderStatus
from maild.model.mail import RawMail
from maild.service.auditing import PATIENCE, Audit, audit
from maild.service.load import load
from maild.service.opening import open_store
from maild.service.settings import Settings
from maild.store.store import Store
from maild.store.values import FolderState

HELPDESK = "helpdesk@lpse.contoh.go.id"
MINUTE = timedelta(minutes=1)


@dataclass
class Server:
    """A mailbox of folders, each with UIDs and their times of arrival."""

    mails: dict[str, dict[int, datetime]]
    uidvalidity: int = 7
    open: bool = True
    folder: str = ""
    selected: list[str] = field(default_factory=list)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.open = False

    def folders(self) -> list[Folder]:
        return [Folder(name, "") for name in self.mails]

    def select(self, name: str) -> FolderStatus:
        self.folder = name
        self.selected.append(name)
        uids = self.mails[name]
        return FolderStatus(self.uidvalidity, max(uids, default=0) + 1, len(uids))

    def uids_from(self, first: int) -> list[int]:
        return sorted(uid for uid in self.mails[self.folder] if uid >= first)

    def sizes(self, uids: list[int]) -> list[Listed]:
        return [Listed(uid, 4, self.mails[self.folder][uid]) for uid in uids]


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    found, faults = load(ROOT / "config.toml", MONDAY.date(), secrets=False)
    assert found, faults
    office = replace(found.office, mailbox=replace(found.office.mailbox, address=HELPDESK))
    return replace(found, office=office, database_url=database_url, data_dir=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as opened:
        yield opened


def taken_in(store: Store, *uids: int, folder: str = "INBOX", at: datetime = MONDAY) -> None:
    """Mails are in the ledger, and the folder has been read up to here."""
    mails = [RawMail(HELPDESK, folder, 7, uid, at, 4, b"mail %d" % uid) for uid in uids]
    store.record(mails, at)
    store.note_folder(HELPDESK, folder, FolderState(7, max(uids) + 1, at))


def decided(store: Store, *uids: int, folder: str = "INBOX") -> None:
    """Mails in the ledger with an end state."""
    store.vanished(HELPDESK, folder, 7, uids, MONDAY)
    store.note_folder(HELPDESK, folder, FolderState(7, max(uids) + 1, MONDAY))


def result(settings: Settings, store: Store, server: Any, now: datetime = MONDAY) -> Audit:
    return audit(settings, store, server, now)


def test_nothing_is_wrong_where_all_is_decided(settings: Settings, store: Store) -> None:
    decided(store, 1, 2)
    server = Server({"INBOX": {1: MONDAY, 2: MONDAY}, "Ditangani": {9: MONDAY}})
    assert result(settings, store, server) == Audit((), 0)
    assert not server.open


def test_a_mail_that_was_passed_over_is_lost(settings: Settings, store: Store) -> None:
    decided(store, 1, 3)
    found = result(settings, store, Server({"INBOX": {1: MONDAY, 2: MONDAY, 3: MONDAY}}))
    assert found == Audit(("INBOX uid 2: on the server, not in the ledger",), 0)


def test_every_folder_that_was_ever_read_is_looked_at(settings: Settings, store: Store) -> None:
    decided(store, 1)
    decided(store, 5, folder="Lama")
    server = Server({"INBOX": {1: MONDAY}, "Lama": {4: MONDAY}, "Ditangani": {8: MONDAY}})
    found = result(settings, store, server)
    assert found.differences == ("Lama uid 4: on the server, not in the ledger",)
    assert sorted(server.selected) == ["INBOX", "Lama"]


def test_a_folder_that_the_office_has_removed_is_no_trouble(
    settings: Settings, store: Store
) -> None:
    decided(store, 1)
    decided(store, 5, folder="Lama")
    assert result(settings, store, Server({"INBOX": {1: MONDAY}})) == Audit((), 0)


def test_what_is_on_the_way_is_no_difference(settings: Settings, store: Store) -> None:
    # P1 promises an end state, not that there is one already.
    taken_in(store, 1)
    server = Server({"INBOX": {1: MONDAY, 2: MONDAY}})  # 2 has just arrived
    assert result(settings, store, server, MONDAY + MINUTE) == Audit((), 2)


def test_what_has_been_on_the_way_for_an_hour_stands_still(
    settings: Settings, store: Store
) -> None:
    taken_in(store, 1)
    server = Server({"INBOX": {1: MONDAY, 2: MONDAY + 2 * MINUTE}})
    found = result(settings, store, server, MONDAY + PATIENCE + MINUTE)
    assert found.differences == ("INBOX uid 1: undecided (fetched) since 2026-02-02 02:00 UTC",)
    assert found.on_the_way == 1
    found = result(settings, store, server, MONDAY + 2 * PATIENCE)
    assert "INBOX uid 2: on the server, not taken in since 2026-02-02 02:02 UTC" in (
        found.differences
    )


def test_a_renumbered_folder_is_read_anew_and_nothing_is_lost(
    settings: Settings, store: Store
) -> None:
    decided(store, 1, 2)
    server = Server({"INBOX": {1: MONDAY, 2: MONDAY}}, uidvalidity=8)  # F032
    assert result(settings, store, server) == Audit((), 2)


def test_an_office_that_has_never_run_has_all_its_mail_on_the_way(
    settings: Settings, store: Store
) -> None:
    assert result(settings, store, Server({"INBOX": {1: MONDAY}})) == Audit((), 1)


@pytest.mark.parametrize(("octets", "word"), [(None, "missing"), (b"mail x", "damaged")])
def test_raw_mail_that_is_gone_or_changed_is_told_wherever_it_came_from(
    settings: Settings, store: Store, octets: bytes | None, word: str
) -> None:
    taken_in(store, 1, folder="Lama")
    (mail,) = store.mails("fetched")
    path = store.blobs.path(mail.sha256)
    path.unlink()
    if octets is not None:
        path.write_bytes(octets)
    found = result(settings, store, Server({"INBOX": {}}))
    assert found.differences == (f"Lama uid 1: its bytes {mail.sha256[:12]} are {word}",)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("next_letter_due", "outbox: a letter has been due since 2026-02-02 02:00 UTC"),
        ("next_alarm_at", "alarms: one has been due since 2026-02-02 02:00 UTC"),
    ],
)
def test_a_courier_or_clock_that_stands_still_is_told(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch, what: str, told: str
) -> None:
    monkeypatch.setattr(store, what, lambda: MONDAY)
    server = Server({"INBOX": {}})
    assert result(settings, store, server, MONDAY + PATIENCE - MINUTE).differences == ()
    assert result(settings, store, server, MONDAY + PATIENCE).differences == (told,)


def test_letters_that_are_not_to_be_sent_are_not_overdue(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "next_letter_due", lambda: MONDAY)
    quiet = replace(settings, courier=replace(settings.courier, deliver=False))
    assert result(quiet, store, Server({"INBOX": {}}), MONDAY + 9 * PATIENCE) == Audit((), 0)
