"""The board on a real Dovecot: two people move the same mail at once, a folder is renamed."""

import imaplib
import threading
from itertools import count
from pathlib import Path

import pytest

from kit.database import new_postgres_url
from maild.model.board import Column
from maild.model.ticket import State
from maild.store.values import TicketFilter
from office import Person, Running, maild, until, write_office

pytestmark = pytest.mark.servers
_serial = count(1)
PROBLEM = (
    "Kami CV Maju Jaya gagal unggah dokumen penawaran pada tender 12345678 tadi pukul 08.30, "
    'muncul pesan "Error 500". NPWP 01.234.567.8-912.000.'
)


class Place:
    """An office with a board, and one user who asks."""

    def __init__(self, folder: Path, dovecot, postfix, mutt, database: str) -> None:
        n = next(_serial)
        self.dovecot = dovecot
        self.helpdesk = postfix.add(f"papan{n}@lpse.maild.test")
        self.siti = Person("Siti Aminah", f"siti-p{n}@majujaya.test", dovecot, postfix)
        self.sari = Person("Sari Wulandari", f"sari-p{n}@maild.test", dovecot, postfix)
        self.config = write_office(
            folder,
            dovecot,
            self.helpdesk,
            postfix.port,
            postfix=postfix,
            agent=self.sari.address,
            database=database,
        )
        self.says("poll_seconds = 5", "poll_seconds = 5\nidle = false\npapan = true")
        self.shared = lambda: mutt(self.helpdesk, "Helpdesk", self.helpdesk)

    def says(self, old: str, new: str) -> None:
        """Something else stands in config.toml."""
        self.config.write_text(self.config.read_text().replace(old, new))

    def asked(self, service: Running) -> str:
        """A ticket stands on the board; gives the folder."""
        self.siti.writes(self.helpdesk, PROBLEM, "Gagal unggah dokumen penawaran")
        found = until(lambda: [n for n in self.columns() if self.columns()[n]], "it is placed")
        assert service.store.tickets(TicketFilter())
        return found[0]

    def columns(self) -> dict[str, int]:
        """How many mails stand in each folder."""
        with self.dovecot.imap(self.helpdesk) as imap:
            listed = [line.decode().rpartition(' "/" ')[2].strip('"') for line in imap.list()[1]]
            counted = {}
            for name in listed:
                answer = imap.status(f'"{name}"', "(MESSAGES)")[1][0].decode()
                counted[name] = int(answer.rpartition("MESSAGES ")[2].rstrip(")"))
        return {n: c for n, c in counted.items() if n not in ("INBOX", "Sent", "Surat Keluar")}

    def ticket(self, service: Running):
        return service.store.tickets(TicketFilter())[0]


@pytest.fixture
def place(request, tmp_path: Path, dovecot, postfix, mutt) -> Place:
    other = getattr(request, "param", "") == "postgresql"
    return Place(tmp_path, dovecot, postfix, mutt, new_postgres_url() if other else "")


on_both = pytest.mark.parametrize("place", ["as told", "postgresql"], indirect=True)


def client(place: Place, folder: str) -> imaplib.IMAP4:
    imap = place.dovecot.imap(place.helpdesk)
    imap.select(f'"{folder}"')
    return imap


@pytest.mark.parametrize("way", ["MOVE", "COPY"])
def test_two_clients_that_move_the_same_mail_at_once_give_one_order(
    place: Place, way: str
) -> None:
    with Running(place.config) as service:
        home = place.asked(service)
        clients = [client(place, home), client(place, home)]
        targets = [Column.DONE.value, Column.NO_PROBLEM.value]
        together = threading.Barrier(2)

        def drags(imap: imaplib.IMAP4, target: str) -> None:
            together.wait()
            imap.uid(way, "1:*", f'"{target}"')
            if way == "COPY":
                imap.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
                imap.expunge()

        threads = [
            threading.Thread(target=drags, args=pair)
            for pair in zip(clients, targets, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        until(lambda: place.ticket(service).state is State.CLOSED, "one of them is obeyed")
        version = place.ticket(service).version
        seen = service.store.counts()
        until(lambda: not service.store.counts().oldest_undecided_at, "all decided")
        threading.Event().wait(12)  # two more rounds
        assert place.ticket(service).version == version, "nothing runs twice"
        assert service.store.counts().tickets == seen.tickets
        moved = [
            r
            for r in service.store.journal(place.ticket(service).id)
            if "dipindahkan ke" in r.text
        ]
        assert len(moved) == 1
        columns = place.columns()
        assert columns[home] == 0
        assert 1 <= sum(columns[t] for t in targets) <= 2, "nothing is lost"
    assert maild(place.config, "audit").returncode == 0


def test_a_renamed_folder_is_followed_and_orders_still_run(place: Place) -> None:
    with Running(place.config) as service:
        home = place.asked(service)
        version = place.ticket(service).version
        with place.dovecot.imap(place.helpdesk) as imap:
            imap.rename(f'"{home}"', '"Surel baru masuk"')
        threading.Event().wait(15)
        assert place.columns()["Surel baru masuk"] == 1
        assert place.ticket(service).version == version
        imap = client(place, "Surel baru masuk")
        imap.uid("MOVE", "1:*", f'"{Column.WORKING.value}"')
        until(lambda: place.ticket(service).officer, "it is taken")
        assert home not in place.columns()
    assert maild(place.config, "audit").returncode == 0


@on_both
def test_an_agent_at_mutt_answers_on_the_board_and_the_mail_moves_on(place: Place) -> None:
    with Running(place.config) as service:
        home = place.asked(service)
        place.shared().replies(
            "Mohon memperkecil berkas menjadi di bawah 2 MB.",
            lambda: place.dovecot.mails(place.helpdesk, "Sent"),
            home,
        )
        until(lambda: place.ticket(service).state is State.ANSWERED, "it is recorded")
        until(lambda: place.columns()[Column.DONE.value] == 1, "its mail stands in Selesai")
        assert place.columns()[home] == 0
    assert maild(place.config, "audit").returncode == 0


def test_tickets_from_before_the_board_come_onto_it(place: Place) -> None:
    place.says("papan = true", "papan = false")
    with Running(place.config) as service:
        place.siti.writes(place.helpdesk, PROBLEM, "Gagal unggah dokumen penawaran")
        until(lambda: place.dovecot.mails(place.helpdesk, "Ditangani"), "it is filed")
        version = place.ticket(service).version
    place.says("papan = false", "papan = true")
    with Running(place.config) as service:
        until(lambda: not place.columns().get("Ditangani"), "it comes onto the board")
        [home] = [name for name, mails in place.columns().items() if mails]
        assert home in (Column.NEW.value, Column.URGENT.value)
        assert place.ticket(service).version == version
        imap = client(place, home)
        imap.uid("MOVE", "1:*", f'"{Column.WORKING.value}"')
        until(lambda: place.ticket(service).officer, "and orders run")
    assert maild(place.config, "audit").returncode == 0


def test_the_check_names_a_sent_folder_and_a_board_that_are_not_there(place: Place) -> None:
    place.says("idle = false", 'idle = false\nsent = "Terkirim"')
    found = maild(place.config, "check")
    assert found.returncode == 1
    assert "config.toml: mailbox.sent: tidak ada folder Terkirim di server" in found.stdout
    assert 'Tulis sent = "auto"; server menandai folder Sent' in found.stdout
    place.says('sent = "Terkirim"', 'sent = "Sent"')
    found = maild(place.config, "check")
    assert found.returncode == 0
    assert "NOTE   config.toml: mailbox.papan: folder papan belum ada" in found.stdout
    with Running(place.config) as service:
        place.asked(service)
    found = maild(place.config, "check")
    assert (found.returncode, "mailbox.papan" in found.stdout) == (0, False)
