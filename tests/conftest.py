"""Rules for all tests: no network, unless a test says that it uses loopback.

Its being here also makes `kit` importable from every test, however pytest is called.
"""

import socket
from pathlib import Path
from typing import Any

import pytest

from kit.database import database_url, empty_url, new_office
from kit.quick import place, session_place

__all__ = ["database_url", "empty_url", "new_office", "place", "session_place"]

SERVERS = Path(__file__).parent / "servers"
# Whole lives of an office: seconds each, and so not among the fast tests.
LIVES = tuple(
    Path(__file__).parent / folder
    for folder in ("agents", "backup", "badinputs", "crashes", "simulation")
)


def pytest_configure(config: pytest.Config) -> None:
    """Registers the mark of fast tests that talk to a server inside the process."""
    config.addinivalue_line("markers", "loopback: talks to a server of the test on 127.0.0.1")
    config.addinivalue_line("markers", "long: takes long, and so is left to the servers' run")
    config.addinivalue_line("markers", "life: plays a whole office; not among the fast tests")
    config.addinivalue_line("markers", "database: runs on SQLite and again on PostgreSQL")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever stands under tests/servers needs servers; other folders hold whole lives."""
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in LIVES):
            item.add_marker(pytest.mark.life)
        if item.path.is_relative_to(SERVERS) or item.get_closest_marker("long"):
            item.add_marker(pytest.mark.servers)
        if {"database_url", "empty_url", "place"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network by accident fails instead of hanging or leaking."""
    if request.node.get_closest_marker("servers"):
        return
    loopback = request.node.get_closest_marker("loopback") is not None
    connect = socket.socket.connect

    def guarded(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not (
            loopback and address[0] in ("127.0.0.1", "::1", "localhost")
        ):
            raise AssertionError(f"a test wants to connect to {address}")
        connect(sock, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
