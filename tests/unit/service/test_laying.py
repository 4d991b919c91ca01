"""The recap tells of an escalated ticket how many days each party had it (issue of whose turn)."""

from datetime import date, datetime, timedelta

import pytest

from kit.people import FOR_LKPP, parsed
from kit.service import Clock, Service, written
from maild.recap.rows import rows
from maild.service.laying import laying
from maild.store.values import TicketFilter

SARI = "Sari Wulandari <sari@contoh.go.id>"


def remark(service: Service, now: datetime, on: date) -> str:
    zone = service.settings.office.zone
    span = now - timedelta(days=60), now + timedelta(days=1)
    entries = service.store.register.entries(*span, ways=True)
    lay = laying(service.store.register, on, now, zone)
    return next(rows(entries, on, laying=lay)).remarks


def escalated(service: Service, clock: Clock) -> None:
    service.world.put(written(FOR_LKPP))
    _rounds(service, clock)
    task = parsed(next(o for to, o in service.world.arrived if to.startswith("sari")))
    clock.move(hours=12)
    service.world.put(written("#eskalasi tanpa data", SARI, message_id="<1@a>", answering=task))
    _rounds(service, clock)


def _rounds(service: Service, clock: Clock) -> None:
    for _ in range(2):
        service.round()
        clock.move(minutes=1)


def test_the_days_are_those_of_its_way_and_add_up_to_the_calendar(
    service: Service, clock: Clock
) -> None:
    escalated(service, clock)
    now = clock.now() + timedelta(days=2)
    said = remark(service, now, now.date())
    assert "(pada LPSE 0,5 hari, pada LKPP 2,0 hari)" in said
    (ticket,) = service.store.tickets(TicketFilter())
    days = (now - ticket.received_at) / timedelta(days=1)
    assert days == pytest.approx(2.5, abs=0.05)


def test_what_is_open_is_reckoned_to_the_day_of_the_recap(service: Service, clock: Clock) -> None:
    escalated(service, clock)
    before = remark(service, clock.now() + timedelta(days=30), clock.now().date())
    assert "pada LKPP 0,1 hari" in before or "pada LKPP 0,0 hari" in before


def test_a_ticket_that_never_left_the_office_says_nothing_of_it(
    service: Service, clock: Clock
) -> None:
    service.world.put(written(FOR_LKPP))
    _rounds(service, clock)
    assert "pada LPSE" not in remark(service, clock.now(), clock.now().date())
