"""kill -9 at any moment (P8): nothing lost, nothing twice, no repair by hand."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from kit.database import POSTGRES
from maild.service.opening import open_store
from maild.store.values import LetterState, TicketFilter
from office import MAILD, maild, settings_of, write_office

sys.path.append(str(Path(__file__).parents[2] / "bench"))

from sink import Sink

pytestmark = [pytest.mark.servers, pytest.mark.database]
# MAILD_KILLS says how many times; ten mails a kill come in meanwhile.
KILLS = int(os.environ.get("MAILD_KILLS", "50"))
MAILS = 10 * KILLS


def problem(number: int) -> bytes:
    return (
        f"From: Pengguna {number} <pengguna{number}@kantor.test>\r\n"
        "To: helpdesk@lpse.test\r\n"
        f"Subject: Gagal login {number}\r\n"
        f"Message-ID: <kill.{number}@kantor.test>\r\n\r\n"
        f"Kami CV Maju {number} tidak bisa login ke SPSE, muncul pesan error. Mohon dibantu.\r\n"
    ).encode()


def let_the_leases_run_out(config: Path) -> None:
    """Where other machines may be alive, what a dead one held is taken up minutes later."""
    with open_store(settings_of(config)) as store, store._database.write() as connection:
        for table in ("mail", "letter"):
            connection.execute(
                text(f"UPDATE {table} SET lease_until = lease_until - interval '1 hour'")
            )


def test_kills_at_random_while_ten_mails_a_kill_come_in(
    tmp_path, dovecot, account, record_property
):
    sink = Sink()
    config = write_office(tmp_path, dovecot, account, sink.port)
    chance = random.Random(8)

    def deliver() -> None:
        for number in range(MAILS):
            dovecot.put(account, problem(number))
            time.sleep(0.15)

    delivering = threading.Thread(target=deliver)
    delivering.start()
    for _ in range(KILLS):
        with subprocess.Popen(
            [str(MAILD), "--config", str(config), "run"], env=os.environ
        ) as daemon:
            time.sleep(chance.uniform(0.8, 3.0))
            daemon.kill()
    delivering.join()
    if POSTGRES:
        let_the_leases_run_out(config)
    for _ in range(2):
        done = maild(config, "run", "--once")
        assert done.returncode == 0, done.stderr

    with open_store(settings_of(config)) as store:
        tickets = store.tickets(TicketFilter(limit=2 * MAILS))
        uncertain = {letter.name for letter in store.letters(LetterState.UNCERTAIN)}
        counts = store.counts()
    assert counts.mails == {"done": MAILS}
    assert len(tickets) == MAILS
    assert len({ticket.requester.address for ticket in tickets}) == MAILS
    twice = {name for name, times in Counter(sink.names).items() if times > 1}
    assert not twice, twice
    sent = {address for _, address, _ in sink.arrivals}
    unanswered = {t.requester.address for t in tickets} - sent
    assert len(unanswered) <= len(uncertain)
    assert set(counts.letters) <= {"sent", "uncertain"}
    assert len(set(sink.names)) + len(uncertain) >= sum(counts.letters.values())
    assert maild(config, "audit").returncode == 0
    record_property("kills", KILLS)
    sink.close()
