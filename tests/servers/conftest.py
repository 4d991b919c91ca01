"""The real servers, started once a run; where one is missing, its tests are skipped, unless CI or
MAILD_REQUIRE_SERVERS is set: then they fail."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from dovecot import Dovecot
from kit.database import new_postgres_url
from maild.ingest.mailbox import MailboxAccess
from mutt import Mutt
from place import ServerMissingError
from postfix import Postfix

_serial = count(1)


def _or_skip(start: Callable[[], Any]) -> Any:
    try:
        return start()
    except ServerMissingError as missing:
        if os.environ.get("CI") or os.environ.get("MAILD_REQUIRE_SERVERS"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with _or_skip(Dovecot) as server:
        yield server


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    with _or_skip(lambda: Postfix(dovecot)) as server:
        yield server


@pytest.fixture
def postgres_url() -> str:
    """The address of a new database on the run's PostgreSQL."""
    return new_postgres_url()


@pytest.fixture
def account(dovecot: Dovecot) -> str:
    """An account that no other test has."""
    return dovecot.add(f"helpdesk{next(_serial)}@maild.test")


@pytest.fixture
def access(dovecot: Dovecot, account: str) -> MailboxAccess:
    """How to reach it, over verified TLS."""
    return dovecot.access(account)


@pytest.fixture
def mutt(dovecot: Dovecot, postfix: Postfix, tmp_path: Path) -> Callable[[str, str, str], Mutt]:
    """A mail client, set up for who logs in, his name, and the address that he writes from."""
    return lambda user, name, address: _or_skip(
        lambda: Mutt(tmp_path / user, dovecot, postfix, user, name, address)
    )
