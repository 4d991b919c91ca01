"""The relay over real servers, with LKPP as a ticket system that knows no threading.

It strips References, rewrites subjects with its own tag, answers from no-reply with its number,
sends a receipt to every mail, and lets another person of its domain answer.
"""

import re
import smtplib
from itertools import count
from pathlib import Path

import pytest

from kit.people import parsed
from kit.ticket_system import TicketSystem
from office import Person, Running, maild, plain, until, write_office
from place import HOST

pytestmark = pytest.mark.servers
_serial = count(1)
STAMP = "mx.maild.test"
PROBLEM = (
    "Kami Pokja Pemilihan, dokumen penawaran peserta PT Sinar Abadi pada tender 87654321 tidak "
    'bisa didekripsi, muncul pesan "file corrupt" pukul 08.40.'
)


@pytest.fixture
def place(tmp_path: Path, dovecot, postfix):
    """The office, its people, and LKPP's ticket system behind its mailbox."""
    n = next(_serial)  # the servers outlive a test: everybody has a mailbox of his own in each
    helpdesk = f"helpdesk{n}@lpse.maild.test"
    postfix.add(helpdesk)
    hendra = Person("Hendra Gunawan", f"hendra{n}@pokja.test", dovecot, postfix)
    sari = Person("Sari Wulandari", f"sari{n}@maild.test", dovecot, postfix)
    lkpp = Person("Helpdesk LKPP", f"helpdesk{n}@lkpp.example", dovecot, postfix)
    config = write_office(
        tmp_path,
        dovecot,
        helpdesk,
        postfix.port,
        postfix=postfix,
        agent=sari.address,
        lkpp=lkpp.address,
    )
    with config.open("a") as file:
        file.write(f'[trust]\nauthserv_id = "{STAMP}"\n')

    def put(octets: bytes) -> None:
        to = parsed(octets)["To"].addresses[0].addr_spec
        with smtplib.SMTP(HOST, postfix.port) as relay:
            relay.sendmail("system@lkpp.example", [to], octets)

    assert maild(config, "check").returncode == 0
    return config, hendra, sari, lkpp, TicketSystem(put, STAMP, helpdesk)


def escalation(service, hendra, sari, lkpp, system):
    hendra.writes(system.mailbox, PROBLEM, subject="Penawaran tidak dapat dibuka", file=b"\x89PNG")
    sari.writes("", "#eskalasi\nSudah dicoba.", answering=sari.gets("Penawaran tidak dapat"))
    case = system.take(lkpp.gets("[Eskalasi]").as_bytes())
    until(lambda: ticket_of(service, case).outside_number, "the number is learned")
    return case


def ticket_of(service, case):
    return service.store.ticket_by_number(case.ours)


@pytest.mark.parametrize("how", ["number", "ours", "reply"])
def test_an_answer_without_threading_reaches_its_ticket_and_only_the_officer(place, how):
    config, hendra, sari, lkpp, system = place
    with Running(config) as service:
        case = escalation(service, hendra, sari, lkpp, system)
        assert ticket_of(service, case).outside_number == case.number
        system.says(case, "Mohon dikirimkan log aplikasi.", how)
        asked = sari.gets("meminta data")
        assert "log aplikasi" in plain(asked)
        sari.writes("", "Log terlampir.", answering=asked)
        further = lkpp.gets("Keterangan tambahan")
        assert further["Subject"].startswith(f"[{case.number}]")
        system.take(further.as_bytes())
        system.says(case, "Kunci sudah kami perbaiki.", how)
        answer = sari.gets("Jawaban Helpdesk LKPP")
        assert not any("Kunci sudah" in plain(m) for m in hendra.letters())
        sari.writes("", "#kirim", answering=answer)
        assert "Kunci sudah kami perbaiki." in plain(hendra.gets("Jawaban"))
        until(lambda: not service.store.counts().oldest_undecided_at, "all decided")
        assert len(list(lkpp.letters())) == system.receipts == 2, "no letter for a receipt"
        assert ticket_of(service, case).outside_number == case.number
    assert maild(config, "audit").returncode == 0
    shown = maild(config, "ticket", "show", case.ours).stdout
    assert re.search(r"WHOSE TURN\n(?:  .*\n)*  lkpp +\d+ (?:menit|jam)", shown), shown


def test_what_the_server_does_not_vouch_for_changes_nothing(place):
    config, hendra, sari, lkpp, system = place
    with Running(config) as service:
        case = escalation(service, hendra, sari, lkpp, system)
        before = ticket_of(service, case)
        system.authserv = ""
        system.says(case, "Kunci sudah kami perbaiki.", "number")
        system.says(case, "Kunci sudah kami perbaiki.", "ours")
        until(lambda: service.store.counts().mails.get("quarantined"), "the false answer is held")
        until(lambda: not service.store.counts().oldest_undecided_at, "all decided")
        assert ticket_of(service, case).row == before.row
        assert not any("Jawaban" in str(m["Subject"]) for m in sari.letters())
