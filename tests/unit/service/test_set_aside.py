"""Mails that are no ticket (held, unreadable, too large) are told to whoever is on duty."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from kit.people import COMPLETE
from kit.service import Clock, Service, settings_in, written
from kit.world import World

WITHHELD = written(COMPLETE, message_id="<w{}@x.example>", X_Withheld="yes").decode()
NOBODY = written(COMPLETE).replace(b"From: ", b"X-From: ", 1)  # it waits for a person (B026)


@pytest.fixture(params=[None, time(13, 0)], ids=["no digest", "digest"])
def service(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str, world: World
) -> Iterator[Service]:
    standard = settings_in(tmp_path, database_url).assignment
    mine = replace(standard, digest_at=request.param)
    running = Service(tmp_path, database_url, world, assignment=mine)
    yield running
    running.close()


def digests(world: World, subject: str = "Tiket hari ini") -> list[str]:
    """The texts of the digests that have come, or of other letters."""
    letters = (email.message_from_bytes(o, policy=email.policy.default) for _, o in world.arrived)
    return [
        letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        for letter in letters
        if subject in str(letter["Subject"])
    ]


def next_days(service: Service, clock: Clock, days: int) -> None:
    for _ in range(days):
        clock.at += timedelta(days=1)
        service.round()
        clock.at += timedelta(hours=5)
        service.round()
        service.round()
        clock.at -= timedelta(hours=5)


def test_it_is_told_the_next_time_and_once(service: Service, world: World, clock: Clock) -> None:
    service.round()
    world.put(NOBODY)
    service.round()
    before = len(digests(world))
    next_days(service, clock, 1)
    told = digests(world)[before:]
    assert len(told) == 2, "both officers are on duty"
    assert all("1 surel ditahan sampai ada yang memeriksanya" in text for text in told)
    next_days(service, clock, 2)
    assert len(digests(world)) == before + 2


def test_what_came_between_an_early_digest_and_the_hour_of_a_later_one_is_told(
    service: Service, world: World, clock: Clock
) -> None:
    """The hour may move: other service hours, another setting."""
    service.store.keep_setting("digest", f"{clock.at:%Y-%m-%d}")  # told before this office's hour
    world.put(NOBODY)
    service.round()
    next_days(service, clock, 1)
    assert any("1 surel ditahan" in text for text in digests(world))


def test_tickets_alone_are_told_only_where_a_digest_is_wanted(
    service: Service, world: World, clock: Clock
) -> None:
    world.put(written(COMPLETE))
    service.round()
    next_days(service, clock, 1)
    wanted = service.settings.assignment.digest_at is not None
    assert bool(digests(world)) is wanted


def at_once(world: World) -> list[str]:
    return digests(world, "Ada surel yang perlu diperiksa")


def test_what_cannot_be_read_is_told_at_once_and_at_most_once_an_hour(
    service: Service, world: World, clock: Clock
) -> None:
    world.put(NOBODY)  # held back: the morning is soon enough
    service.round()
    assert at_once(world) == []
    world.put(WITHHELD.format(1).encode())
    service.round()
    first = at_once(world)
    assert len(first) == 2, "both officers are on duty"
    assert all("1 surel tidak dapat dibaca" in text for text in first)
    assert not any("ditahan" in text for text in first)
    for number in (2, 3):
        clock.move(minutes=20)
        world.put(WITHHELD.format(number).encode())
        service.round()
    assert at_once(world) == first
    clock.move(minutes=20)
    service.round()
    assert len(at_once(world)) == 4
    assert "2 surel tidak dapat dibaca" in at_once(world)[-1]
    clock.move(hours=3)
    service.round()
    assert len(at_once(world)) == 4


def test_where_another_machine_was_quicker_nothing_is_told_twice(
    service: Service, world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put(WITHHELD.format(1).encode())
    service.intake.work()
    real = service.store.set_aside

    def meanwhile(since: datetime) -> dict[str, int]:
        service.store.keep_setting("tersisih", clock.at.isoformat())
        return real(since)

    monkeypatch.setattr(service.store, "set_aside", meanwhile)
    service.round()
    assert at_once(world) == []


def test_a_clock_that_once_went_wrong_silences_nothing(
    service: Service, world: World, clock: Clock
) -> None:
    service.store.keep_setting("tersisih", (clock.at + timedelta(days=4000)).isoformat())
    world.put(WITHHELD.format(1).encode())
    service.round()
    assert len(at_once(world)) == 2
    service.round()
    assert len(at_once(world)) == 2
