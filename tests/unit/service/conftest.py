"""The service on a simulated world, on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.service import Clock, Service
from kit.world import World


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(now=clock.now)


@pytest.fixture
def service(tmp_path: Path, database_url: str, world: World) -> Iterator[Service]:
    running = Service(tmp_path, database_url, world)
    yield running
    running.close()
