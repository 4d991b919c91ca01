"""P10, F021 on a real Dovecot and Postfix, by the commands as an admin types them."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kit.database import POSTGRES
from maild.service.opening import open_store
from maild.store.values import TicketFilter
from office import Person, Running, maild, settings_of, until, write_office

pytestmark = [pytest.mark.servers, pytest.mark.database]
PROBLEM = (
    "Kami CV Maju Jaya gagal unggah dokumen penawaran pada tender 12345678 tadi pukul 08.30, "
    'muncul pesan "Error 500". NPWP 01.234.567.8-912.000. Tangkapan layar terlampir.'
)


class Place:
    """An office with one agent and users, each with a mailbox on real servers."""

    def __init__(self, folder: Path, dovecot: Any, postfix: Any, account: str) -> None:
        self.folder = folder
        self.dovecot, self.postfix, self.account = dovecot, postfix, account
        tag = account.partition("@")[0]
        domain = account.partition("@")[2]
        self.sari = Person("Sari Wulandari", f"sari-{tag}@{domain}", dovecot, postfix)
        self.siti = Person("Siti Aminah", f"siti-{tag}@{domain}", dovecot, postfix)
        self.rudi = Person("Rudi Hartono", f"rudi-{tag}@{domain}", dovecot, postfix)
        self.tono = Person("Tono", f"tono-{tag}@{domain}", dovecot, postfix)
        postfix.add(account)
        self.config = self.made(folder / "kantor")

    def made(self, folder: Path) -> Path:
        folder.mkdir(mode=0o700)
        return write_office(
            folder,
            self.dovecot,
            self.account,
            self.postfix.port,
            postfix=self.postfix,
            agent=self.sari.address,
        )

    def first_hours(self) -> None:
        """Siti is answered, Rudi is asked for data."""
        with Running(self.config) as running:
            self.siti.writes(self.account, PROBLEM, "Gagal unggah dokumen", file=b"\x89PNG x")
            self.sari.writes("", "Mohon dicoba lagi.", answering=self.sari.gets("][P"))
            self.siti.gets("Jawaban")
            self.rudi.writes(self.account, "min sy lupa password lpse", "lupa password")
            self.rudi.gets("LPSE-")
            copied(running)

    def recap(self, config: Path) -> list[Any]:
        done = maild(config, "recap", "--json")
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def arrivals(self) -> Counter[str]:
        """How often each letter lies in somebody's mailbox, by Message-ID."""
        return Counter(
            str(letter["Message-ID"])
            for person in (self.sari, self.siti, self.rudi, self.tono)
            for letter in person.letters()
        )


def copied(running: Running) -> None:
    """Waits until everything decided so far has left and been copied."""

    def quiet() -> bool:
        counts = running.store.counts()
        return set(counts.letters) <= {"sent"} and not running.store.memos(1)

    until(quiet, "all letters are sent and copied", 60)


@pytest.fixture
def place(tmp_path: Path, dovecot: Any, postfix: Any, account: str) -> Place:
    return Place(tmp_path, dovecot, postfix, account)


def test_an_office_is_rebuilt_from_its_mail_server(place: Place) -> None:
    place.first_hours()
    before = place.recap(place.config)
    assert len(before) == 2
    drill = maild(place.config, "rebuild", "--from-mailbox", "--dry-run", "--json")
    assert drill.returncode == 0, drill.stdout + drill.stderr
    assert json.loads(drill.stdout)["differences"] == []

    new = place.made(place.folder / "baru")
    key = settings_of(new).key_file
    refused = maild(new, "rebuild", "--from-mailbox")
    assert refused.returncode == 1
    assert "every backup holds it" in refused.stderr
    key.parent.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(settings_of(place.config).key_file, key)
    done = maild(new, "rebuild", "--from-mailbox", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["refused"], told["unproved"], told["gaps"], told["again"]) == ([], [], [], 0)
    assert place.recap(new) == before

    sent = place.arrivals()
    with Running(new) as running:
        place.tono.writes(place.account, PROBLEM, "Gagal unggah")
        until(lambda: len(running.store.tickets(TicketFilter())) == 3, "a third ticket")
        assert place.arrivals() == sent
    assert maild(new, "resume").returncode == 0
    with Running(new) as running:
        place.tono.gets("-000003")
        copied(running)
    assert set(place.arrivals().values()) == {1}
    assert maild(new, "audit").returncode == 0


def test_yesterdays_backup_catches_up_with_the_servers(place: Place) -> None:
    if POSTGRES and shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")
    place.first_hours()
    file = place.folder / "c.tar"
    made = maild(place.config, "backup", str(file), "--json")
    assert made.returncode == 0, made.stderr
    with Running(place.config) as running:
        place.tono.writes(place.account, PROBLEM, "Gagal unggah")
        until(lambda: len(running.store.tickets(TicketFilter())) == 3, "a third ticket")
        place.tono.gets("-000003")
        copied(running)
    before = place.recap(place.config)

    new = place.made(place.folder / "baru")
    data = settings_of(new).data_dir
    laid = maild(new, "restore", str(file), str(data))
    assert laid.returncode == 0, laid.stderr
    assert maild(new, "restore", str(file), str(data)).returncode == 1
    early = maild(new, "run", "--once")
    assert early.returncode == 1
    assert "rebuild" in early.stderr
    done = maild(new, "rebuild", "--from-mailbox", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert place.recap(new) == before
    assert maild(new, "run", "--once").returncode == 0
    assert maild(new, "resume").returncode == 0
    assert maild(new, "run", "--once").returncode == 0
    assert set(place.arrivals().values()) == {1}
    with open_store(settings_of(new)) as store:
        assert len(store.tickets(TicketFilter())) == 3
        assert set(store.counts().letters) == {"sent"}


def test_no_reader_gets_the_state(place: Place) -> None:
    place.first_hours()
    letters = [x for p in (place.sari, place.siti, place.rudi) for x in p.letters()]
    assert letters
    assert not [letter for letter in letters if letter["X-Maild-State"]]
