"""T18, R12, F011, F026, K08: several machines on one PostgreSQL, one disk of raw mails and one
mailbox. They are cut off from each of them in turn, stopped for longer than a lease, killed; in
the end each mail has had one effect, and no letter has left twice unseen.

MAILD_PARTITIONS says how many faults come.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from dovecot import Dovecot
from kit.proxy import Proxy
from maild.service.opening import open_store
from maild.store.store import Store
from maild.store.values import LetterState, TicketFilter
from office import MAILD, maild, settings_of, until, write_office

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from sink import Sink

pytestmark = pytest.mark.servers
FAULTS = int(os.environ.get("MAILD_PARTITIONS", "12"))
MACHINES = 3
KINDS = ("database", "mailbox", "relay", "all lines", "stopped", "killed")
_ENDS = {"done", "inert"}


class Machine:
    """A service in a process of its own, with a line of its own to each server."""

    def __init__(self, office: Path, database: str, dovecot: Dovecot, relay: int) -> None:
        self._targets = {
            "database": int(make_url(database).port or 0),
            "mailbox": dovecot.imaps_port,
            "relay": relay,
        }
        self._lines = {what: Line(port) for what, port in self._targets.items()}
        self._config = office / "config.toml"
        self._config.write_text(self._redirected(self._config.read_text()))
        self._process: subprocess.Popen[bytes] | None = None

    def _redirected(self, config: str) -> str:
        for what, line in self._lines.items():
            port = str(self._targets[what])
            assert config.count(port) == 1
            config = config.replace(port, str(line.port))
        return config

    def start(self) -> None:
        self._process = subprocess.Popen([str(MAILD), "--config", str(self._config), "run"])

    def watch(self) -> subprocess.Popen[bytes]:
        """Starts it again when it has ended by itself, as systemd does: it needs the database to
        start, and may have been cut off from it just then."""
        if self._process is None or self._process.poll() is not None:
            self.start()
        assert self._process is not None
        return self._process

    def say(self, how: signal.Signals) -> None:
        self.watch().send_signal(how)

    @contextmanager
    def in_trouble(self, kind: str) -> Iterator[None]:
        """For as long as the context lasts."""
        lines = self._lines.values() if kind == "all lines" else [self._lines.get(kind)]
        if kind in ("stopped", "killed"):
            self.say(signal.SIGSTOP if kind == "stopped" else signal.SIGKILL)
            yield
            self.start() if kind == "killed" else self.say(signal.SIGCONT)
            return
        for line in lines:
            line.cut_off()
        yield
        for line in lines:
            line.heal()

    def end(self) -> int:
        """In order; gives its exit code."""
        self.say(signal.SIGTERM)
        assert self._process is not None
        return self._process.wait(120)

    def close(self) -> None:
        """Whatever state it is in."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        for line in self._lines.values():
            line.__exit__()


class Line(Proxy):
    """A line that falls silent, and is there again: what was under way is broken off by then."""

    def __init__(self, target_port: int) -> None:
        super().__init__(target_port)
        self.__enter__()

    def cut_off(self) -> None:
        self.freeze()

    def heal(self) -> None:
        for sock in self._open:
            self._shut(sock)
        self._open.clear()
        self._flowing.set()


def problem(number: int) -> bytes:
    return (
        f"From: Pengguna {number} <pengguna{number}@kantor.test>\r\n"
        "To: helpdesk@lpse.test\r\n"
        f"Subject: Gagal login {number}\r\n"
        f"Message-ID: <mesin.{number}@kantor.test>\r\n\r\n"
        f"Kami CV Maju {number} tidak bisa login ke SPSE, muncul pesan error. Mohon dibantu.\r\n"
    ).encode()


def let_leases_run_out(store: Store) -> None:
    """As if whoever is silent had been so for an hour (F011)."""
    with store._database.write() as connection:
        for table in ("mail", "letter"):
            free = f"SELECT id FROM {table} WHERE lease_until IS NOT NULL FOR UPDATE SKIP LOCKED"
            connection.execute(
                text(
                    f"UPDATE {table} SET lease_until = lease_until - interval '1 hour'"
                    f" WHERE id IN ({free})"
                )
            )


@pytest.fixture
def machines(
    tmp_path: Path, dovecot: Dovecot, account: str, postgres_url: str, sink: Sink
) -> Iterator[list[Machine]]:
    found = []
    for number in range(MACHINES):
        office = tmp_path / f"mesin{number}"
        config = write_office(office, dovecot, account, sink.port, database=postgres_url)
        shared = f'[database]\ndata_dir = "{tmp_path}/bersama"\n'
        config.write_text(config.read_text().replace("[database]\n", shared))
        shutil.copy(config, config.with_name("langsung.toml"))
        found.append(Machine(office, postgres_url, dovecot, sink.port))
    with ExitStack() as stack:
        for machine in found:
            stack.callback(machine.close)
            machine.start()
            if machine is found[0]:  # it makes the keys; the others find them
                keys = tmp_path / "bersama" / "kunci.json"
                until(keys.exists, "the first machine's keys")
        yield found


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


def test_machines_that_lose_each_other_do_everything_once(
    tmp_path: Path,
    dovecot: Dovecot,
    account: str,
    machines: list[Machine],
    sink: Sink,
    record_property,
) -> None:
    config = tmp_path / "mesin0" / "langsung.toml"
    chance, ending = random.Random(18), threading.Event()
    put = 0

    def deliver() -> None:
        nonlocal put
        while not ending.is_set():
            dovecot.put(account, problem(put))
            put += 1
            time.sleep(0.15)

    delivering = threading.Thread(target=deliver)
    with open_store(settings_of(config)) as store:
        delivering.start()
        for number in range(FAULTS):
            with chance.choice(machines).in_trouble(KINDS[number % len(KINDS)]):
                time.sleep(chance.uniform(0.5, 2.0))
                let_leases_run_out(store)
                time.sleep(chance.uniform(0.5, 2.0))
            time.sleep(chance.uniform(0.2, 1.5))
        ending.set()
        delivering.join()

        def all_is_done() -> bool:
            for machine in machines:
                machine.watch()
            let_leases_run_out(store)
            counts = store.counts()
            return sum(counts.mails.values()) == put and not (
                set(counts.mails) - _ENDS | set(counts.letters) - {"sent", "uncertain"}
            )

        until(all_is_done, "all is done", 180)
        ends = {machine.end() for machine in machines}
        assert ends <= {0, -signal.SIGTERM}, "in order, or while it was starting"
        tickets = store.tickets(TicketFilter(limit=2 * put))
        uncertain = {letter.name for letter in store.letters(LetterState.UNCERTAIN)}
        counts = store.counts()
    assert counts.mails == {"done": put}
    assert Counter(ticket.requester.address for ticket in tickets) == {
        f"pengguna{n}@kantor.test": 1 for n in range(put)
    }
    arrived = Counter(sink.names)
    assert {name for name, times in arrived.items() if times > 1} <= uncertain
    assert counts.letters["sent"] == len(arrived.keys() - uncertain)
    audited = maild(config, "audit")
    assert audited.returncode == 0, audited.stdout
    record_property("partitions", FAULTS)
    record_property("mails on several machines", put)
    print(f"{FAULTS} faults, {put} mails, {len(arrived)} letters, {len(uncertain)} uncertain")  # noqa: T201
