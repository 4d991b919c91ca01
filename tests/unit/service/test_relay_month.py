"""A month with 200 escalations to a ticket system, in simulated time, on the real stages.

Every answer reaches the right ticket, its receipts start no loop, and the days of the parties
add up to the calendar (issue of the relay; peers rows 61 to 65, whose-turn ledger).
"""

import random
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import kit.service
from kit.office import MONDAY
from kit.people import SARI, parsed
from kit.service import Clock, Service, written
from kit.ticket_system import AUTHSERV, TicketSystem, any_way
from kit.world import World
from maild.desk import turns
from maild.model.ticket import State, Ticket

ESCALATIONS = 200
THINKING = timedelta(hours=1)
STEP = timedelta(hours=4)
_NUMBER = re.compile(r"LPSE-\d{4}-\d{6}")


class Month:
    """Users, one officer and LKPP, who act on what they get."""

    def __init__(self, service: Service, world: World, clock: Clock) -> None:
        self.service, self.world, self.clock = service, world, clock
        self.chance = random.Random(6)
        self.lkpp = TicketSystem(world.put)
        self.later: list[tuple[float, str, str]] = []  # when LKPP says what to which case
        self.read = 0
        self.answers: dict[str, str] = {}  # requester's address -> what he was told
        self.opened = 0

    def go(self) -> None:
        """Thirty days, and as many more as the last cases take."""
        end = self.clock.at + timedelta(days=75)
        while self.clock.at < end:
            self._users()
            self._lkpp()
            self.service.round()
            self.clock.at += THINKING
            self._readers()
            self.service.round()
            self.clock.at += STEP
            if self.opened == ESCALATIONS and len(self.answers) == ESCALATIONS:
                break

    def _users(self) -> None:
        for _ in range(self.chance.choice((0, 1, 1, 2, 2))):
            if self.opened < ESCALATIONS:
                self.opened += 1
                n = self.opened
                self.world.put(
                    written(
                        f"Kami Pokja Pemilihan, penawaran peserta PT Sinar Abadi pada tender "
                        f'{87_000_000 + n} tidak bisa didekripsi, muncul pesan "file corrupt" '
                        "pukul 08.40.",
                        f"Pokja {n} <pokja{n}@instansi.example>",
                        f"Penawaran tender {87_000_000 + n} tidak dapat dibuka",
                        message_id=f"<{n}@instansi.example>",
                    )
                )

    def _lkpp(self) -> None:
        now = self.clock.at.timestamp()
        for due in [x for x in self.later if x[0] <= now]:
            self.later.remove(due)
            self.lkpp.says(self.lkpp.cases[due[1]], due[2], any_way(self.chance))

    def _readers(self) -> None:
        for recipient, octets in self.world.arrived[self.read :]:
            self.read += 1
            if recipient.startswith("helpdesk@lkpp"):
                self._case(octets)
            elif recipient.startswith("sari@"):
                self._officer(octets)
            elif "Jawaban:" in " ".join(str(parsed(octets)["Subject"]).split()):
                body = parsed(octets).get_body(("plain",))
                assert body is not None
                self.answers[recipient] = body.get_content()

    def _case(self, octets: bytes) -> None:
        case = self.lkpp.take(octets)
        subject = " ".join(str(case.letter["Subject"]).split())
        if "Pengingat" in subject:
            return
        days = self.chance.choice((0.2, 1, 2, 4, 9))
        at = (self.clock.at + timedelta(days=days)).timestamp()
        if case.letters == 1 and self.chance.random() < 0.3:
            self.later.append((at, case.ours, "Mohon dikirimkan log aplikasi dan versi Apendo."))
        else:
            told = f"Kunci sudah kami perbaiki untuk {case.ours}. Silakan dibuka kembali."
            self.later.append((at, case.ours, told))

    def _officer(self, octets: bytes) -> None:
        letter = parsed(octets)
        subject = " ".join(str(letter["Subject"]).split())
        if "Jawaban Helpdesk LKPP" in subject:
            words = "#kirim"
        elif "meminta data" in subject:
            words = "Log terlampir, Apendo versi 5."
        elif re.match(r"\[LPSE-\d+-\d+\]\[P\d\] (?:Penawaran|Gagal)", subject):
            words = "#eskalasi\nSudah dicoba pada dua komputer."
        else:
            return
        self.world.put(
            written(words, SARI, message_id=f"<{self.read}@contoh.go.id>", answering=letter)
        )


@pytest.fixture
def month(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Month:
    plain = kit.service.settings_in

    def settings_in(folder: Path, url: str, *rest: Any):
        settings = plain(folder, url, *rest)
        limits = replace(settings.limits, automatic_per_hour=100_000)
        return replace(settings, authserv_id=AUTHSERV, limits=limits)

    monkeypatch.setattr(kit.service, "settings_in", settings_in)
    clock = Clock(MONDAY)
    world = World(now=clock.now)
    service = Service(tmp_path, database_url, world)
    month = Month(service, world, clock)
    month.go()
    yield month
    service.close()


def tickets_of(month: Month) -> list[Ticket]:
    start, end = MONDAY - timedelta(days=1), month.clock.at + timedelta(days=1)
    return list(month.service.store.tickets_between(start, end))


@pytest.mark.long
def test_every_answer_reaches_its_ticket_and_nothing_loops(month: Month) -> None:
    tickets = tickets_of(month)
    assert len(tickets) == ESCALATIONS, "no answer and no receipt opened a ticket of its own"
    assert len(month.lkpp.cases) == ESCALATIONS
    for ticket in tickets:
        told = month.answers[ticket.requester.address]
        assert set(_NUMBER.findall(told)) == {ticket.number}
        assert ticket.outside_number == month.lkpp.cases[ticket.number].number
    # As many receipts as letters of ours, and not one letter because of a receipt: the letters
    # to LKPP are escalations, what it asked for, and the reminders of its clock.
    to_lkpp = [o for r, o in month.world.arrived if r.startswith("helpdesk@lkpp")]
    assert month.lkpp.receipts == len(to_lkpp)
    assert not any(r.startswith("no-reply") for r, _ in month.world.arrived)
    reminders = sum("Pengingat" in str(parsed(o)["Subject"]) for o in to_lkpp)
    asked = sum(len(case.said) > 1 for case in month.lkpp.cases.values())
    assert len(to_lkpp) == ESCALATIONS + asked + reminders
    assert reminders > ESCALATIONS / 2
    assert reminders <= 4 * (ESCALATIONS + asked)

    # The days of the parties add up to the calendar, and their minutes to the working minutes.
    book = month.service.parts.holder.current().book
    procedure, worktime = book.procedures[book.current], book.worktime
    for ticket in tickets:
        passages = month.service.store.passages_of(ticket.id)
        until = ticket.closed_at or month.clock.at
        found = turns.turns(ticket, passages, procedure, until)
        assert ticket.state in (State.ANSWERED, State.CLOSED)
        spent = turns.spent(found, worktime)
        assert sum((s.time for s in spent), timedelta()) == until - ticket.received_at
        whole = worktime.minutes_between(ticket.received_at, until)
        assert abs(sum(s.minutes for s in spent) - whole) <= len(found)
        assert {"helpdesk", "lkpp", turns.NOBODY} <= {s.party for s in spent}
