"""Agents at a real mail client, in both ways of working: their own address, the shared mailbox."""

from itertools import count
from pathlib import Path

import pytest

from kit.database import new_postgres_url
from maild.model.ticket import State
from maild.store.values import TicketFilter
from office import Person, Running, maild, plain, until, write_office

pytestmark = pytest.mark.servers
_serial = count(1)
PROBLEM = (
    "Kami CV Maju Jaya gagal unggah dokumen penawaran pada tender 12345678 tadi pukul 08.30, "
    'muncul pesan "Error 500". NPWP 01.234.567.8-912.000.'
)
ANSWER = "Mohon memperkecil berkas menjadi di bawah 2 MB."


class Place:
    """An office, its helpdesk's mailbox, one user and one agent."""

    def __init__(self, folder: Path, dovecot, postfix, mutt, database: str) -> None:
        n = next(_serial)
        self.helpdesk = postfix.add(f"bersama{n}@lpse.maild.test")
        self.siti = Person("Siti Aminah", f"siti-m{n}@majujaya.test", dovecot, postfix)
        self.sari = Person("Sari Wulandari", f"sari-m{n}@maild.test", dovecot, postfix)
        self.config = write_office(
            folder,
            dovecot,
            self.helpdesk,
            postfix.port,
            postfix=postfix,
            agent=self.sari.address,
            database=database,
        )
        self.dovecot = dovecot
        self.own = mutt(self.sari.address, "Sari", self.sari.address)
        self.shared = mutt(self.helpdesk, "Sari Wulandari", self.helpdesk)

    def asks(self) -> None:
        self.siti.writes(self.helpdesk, PROBLEM, "Gagal unggah dokumen penawaran", file=b"\x89PNG")

    def ticket(self, service: Running):
        found = service.store.tickets(TicketFilter())
        return found[0] if found else None


@pytest.fixture
def place(request, tmp_path: Path, dovecot, postfix, mutt) -> Place:
    other = getattr(request, "param", "") == "postgresql"
    return Place(tmp_path, dovecot, postfix, mutt, new_postgres_url() if other else "")


on_both = pytest.mark.parametrize("place", ["as told", "postgresql"], indirect=True)


@on_both
def test_an_agent_presses_reply_at_his_own_address(place: Place) -> None:
    with Running(place.config) as service:
        place.asks()
        place.sari.gets("Gagal unggah")
        place.own.replies(
            f"#selesai\n{ANSWER}",
            lambda: any("selesai" in str(m["Subject"]).lower() for m in place.siti.letters()),
        )
        answer = place.siti.gets("selesai")
        assert ANSWER in plain(answer)
        assert place.sari.address not in answer.as_string()
        assert "> " not in plain(answer)
        assert place.ticket(service).state is State.CLOSED
    assert maild(place.config, "audit").returncode == 0


@on_both
def test_an_agent_answers_from_the_shared_mailbox(place: Place) -> None:
    with Running(place.config) as service:
        place.asks()
        place.siti.gets("Tanda terima")
        until(lambda: place.dovecot.mails(place.helpdesk, "Ditangani"), "it is filed")
        # the agent opens the folder in which maild has put it
        place.shared.replies(
            ANSWER, lambda: place.dovecot.mails(place.helpdesk, "Sent"), "Ditangani"
        )
        until(lambda: place.ticket(service).state is State.ANSWERED, "the answer is recorded")
        ticket = place.ticket(service)
        assert (ticket.solution, ticket.officer) == (ANSWER, "sari")
        assert ANSWER in plain(place.siti.gets("Re: Gagal unggah"))
        assert len(place.siti.letters()) == 2, "the receipt and the answer, each once"
    assert maild(place.config, "audit").returncode == 0


def test_an_agent_answers_before_maild_has_read_the_mail(place: Place) -> None:
    place.asks()
    until(lambda: place.dovecot.mails(place.helpdesk), "it arrives")
    place.shared.replies(ANSWER, lambda: place.dovecot.mails(place.helpdesk, "Sent"))
    with Running(place.config) as service:
        until(lambda: (t := place.ticket(service)) and t.state is State.ANSWERED, "it is recorded")
        until(lambda: not service.store.counts().oldest_undecided_at, "all decided")
        assert place.ticket(service).solution == ANSWER
    assert len(place.siti.letters()) == 1, "nothing but the agent's own answer"
    assert place.sari.letters() == []
    assert maild(place.config, "audit").returncode == 0
