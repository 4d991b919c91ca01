"""What must hold at every moment of a simulated life, and what at its end."""

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from sqlalchemy import text

from kit.service import Service
from kit.world import World
from maild.model.event import AlarmKind
from maild.store.values import TicketFilter

OFFICE = ("@contoh.go.id", "@lkpp.example", "@lpse.contoh.go.id")
DAY = timedelta(days=1)


_MESSAGE_ID = re.compile(rb"(?im)^Message-ID:\s*(<[^>]*>)")


def id_of(octets: bytes) -> str:
    """The Message-ID of a mail, or nothing."""
    found = _MESSAGE_ID.search(octets.partition(b"\r\n\r\n")[0])
    return found[1].decode() if found else ""


def rows(service: Service, statement: str) -> list[tuple[object, ...]]:
    """A look behind the store's door."""
    with service.store._database.read() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def at_every_moment(service: Service, now: datetime) -> None:
    """P2, P4: rows fit together, every open ticket waits with an alarm, deadlines end in
    office hours."""
    # What only has to happen soon may take a day here: a round comes seldom, and may fail.
    found = list(service.store.contradictions(now - DAY))
    assert found == []
    worktime = service.parts.holder.current().book.worktime
    for alarm in service.store.due_alarms(now + timedelta(days=365), 10_000):
        if alarm.kind is not AlarmKind.DUE:
            continue
        just_before = alarm.at - timedelta(seconds=1)
        assert worktime.is_open(alarm.at) or worktime.is_open(just_before), alarm


def at_the_end(service: Service, world: World, written: list[bytes]) -> None:
    """P1, P3, P6: each mail has its end, each letter came once, machines were not answered."""
    found = service.audit()
    assert found.differences == ()
    assert found.on_the_way == 0
    one_end_a_mail(service, written)
    one_letter_a_decision(service, world)
    few_automatic_letters(service)
    numbers = [ticket.number for ticket in service.store.tickets(TicketFilter(limit=100_000))]
    assert len(numbers) == len(set(numbers))


def one_end_a_mail(service: Service, written: list[bytes]) -> None:
    """A mail that was written has changed one ticket, once, however often it came."""
    assert set(service.store.counts().mails) <= {"done", "inert", "quarantined"}
    said = rows(service, "SELECT message_id FROM message WHERE direction = 'masuk'")
    times = Counter(str(message_id) for (message_id,) in said if message_id)
    assert max(times.values(), default=1) == 1, times.most_common(3)
    known = {str(m) for (m,) in rows(service, "SELECT message_id FROM mail")}
    for octets in written:
        message_id = id_of(octets)
        assert not message_id or message_id in known


def one_letter_a_decision(service: Service, world: World) -> None:
    """A second copy only of what is or was uncertain, and then with the same octets."""
    resent = {str(m) for (m,) in rows(service, "SELECT message_id FROM letter WHERE resent")}
    copies: dict[str, list[bytes]] = defaultdict(list)
    for _, octets in world.arrived:
        copies[id_of(octets)].append(octets)
    for message_id, octets_of in copies.items():
        assert len(octets_of) <= 1 + (message_id in resent), message_id
        assert len(set(octets_of)) == 1


def few_automatic_letters(service: Service) -> None:
    """S04: at most two automatic letters to a stranger in any 24 hours."""
    limit = service.settings.limits.automatic_per_pair_day
    sent: dict[str, list[datetime]] = defaultdict(list)
    for letter in service.store.letters(limit=100_000):
        if letter.automatic and not letter.recipient.endswith(OFFICE):
            sent[letter.recipient].append(letter.created_at)
    for recipient, times in sent.items():
        times.sort()
        for first, later in zip(times, times[limit:], strict=False):
            assert later - first >= DAY, (recipient, times)
