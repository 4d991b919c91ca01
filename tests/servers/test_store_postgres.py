"""What only several machines on one PostgreSQL can show; the store's other tests run on it too
(kit.database)."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "unit" / "store"))

from store_kit import HOUR, MINUTE, NOW, arrive, known_of, open_ticket, parsed, raw, store

from maild.model.action import Decision, Outcome
from maild.store.database import Database
from maild.store.errors import StoreUnavailable
from maild.store.store import Store

__all__ = ["store"]
pytestmark = pytest.mark.servers


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def empty_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def other(store: Store, database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A second machine on the same database and the same disk of raw mails."""
    with Store.open(database_url, tmp_path / "blobs") as opened:
        yield opened


def test_two_desks_never_take_the_same_mail(store: Store, other: Store) -> None:
    store.record([raw(n) for n in range(60)], NOW)
    taken: list[int] = []

    def work(desk: Store) -> None:
        while mails := desk.take_mails(3, NOW):
            taken.extend(mail.id for mail in mails)

    threads = [threading.Thread(target=work, args=(desk,)) for desk in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 60
    assert len(set(taken)) == 60


def test_a_claim_skips_what_another_courier_is_claiming(store: Store, other: Store) -> None:
    open_ticket(store, 1)
    second = open_ticket(store, 2)
    with store._database.write() as connection:
        connection.execute(text("SELECT id FROM letter ORDER BY id LIMIT 1 FOR UPDATE"))
        assert [x.name for x in other.claim_letters(9, "dua", NOW, MINUTE)] == [f"{second.id}.1"]


def test_the_start_of_one_machine_leaves_the_others_work_alone(store: Store, other: Store) -> None:
    open_ticket(store, 1)
    arrive(store, 2)
    (claimed,) = store.claim_letters(9, "satu", NOW, 5 * MINUTE)
    assert other.recover_letters(NOW + MINUTE) == (0, 0)
    assert other.recover_mails() == 0
    assert store.body_started([claimed], NOW + MINUTE) == {claimed.id}
    assert other.recover_letters(NOW + HOUR) == (0, 1)


def test_deciding_is_serial_on_all_machines(store: Store, other: Store) -> None:
    # Two copies of a mail on two machines: whoever decides second knows of the first.
    open_ticket(store, 1)
    seen: list[bool] = []
    waiting = threading.Thread(
        target=lambda: seen.append(known_of(other, parsed("<2@cv-maju.example>")).duplicate)
    )
    mail_id, sha256 = arrive(store, 2)
    mail = parsed("<2@cv-maju.example>")
    with store.begin() as unit:
        unit.known(mail, (), NOW, sha256)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        unit.commit_decision(
            Decision(None, (), outcome=Outcome.INERT),
            {},
            mail_id,
            mail,
            NOW,
        )
    waiting.join(10)
    assert seen == [True]


def test_one_machine_polls_a_mailbox(store: Store, other: Store) -> None:
    with store.polling("INBOX") as first, other.polling("INBOX") as second:
        assert (first, second) == (True, False)
        with other.polling("Sent") as sent:
            assert sent
    with other.polling("INBOX") as again:
        assert again


def test_the_mailbox_is_free_when_its_poller_dies(store: Store, other: Store) -> None:
    killed = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )

    def poll_and_die() -> None:
        with store.polling("INBOX") as mine:
            assert mine
            with other._database.alone() as killer:
                killer.execute(killed)

    with pytest.raises(StoreUnavailable):
        poll_and_die()
    with other.polling("INBOX") as free:
        assert free


def test_the_server_gives_up_a_machine_that_has_lost_its_network(store: Store) -> None:
    """T18: its session holds the mailbox, and perhaps a lock that every desk waits for."""
    with store._database.read() as connection:
        asked = {
            name: connection.execute(text(f"SHOW {name}")).scalar()
            for name in (
                *("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count"),
                *("tcp_user_timeout", "idle_in_transaction_session_timeout", "synchronous_commit"),
            )
        }
    assert list(asked.values()) == ["30", "10", "3", "60000", "20s", "on"]


def test_a_lost_connection_is_told_and_the_next_step_works(store: Store, other: Store) -> None:
    mail_id, sha256 = arrive(store, 1)

    def decide_while_the_server_hangs_up() -> None:
        with store.begin() as unit:
            unit.known(parsed(), (), NOW, sha256)
            with other._database.alone() as killer:
                killer.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND state = 'idle in transaction'"
                    )
                )
            unit.known(parsed(), (), NOW, sha256)

    with pytest.raises(StoreUnavailable):
        decide_while_the_server_hangs_up()
    assert store.mails("deciding")[0].id == mail_id
    with store.begin() as unit:
        assert unit.known(parsed(), (), NOW, sha256).next_number == "LPSE-2026-000001"


def test_a_commit_is_on_the_disk(database_url: str) -> None:
    database = Database(database_url.replace("postgresql+psycopg", "postgresql"))
    with database.read() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "on"
        limit = connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar()
    assert limit == "20s"
    database.close()
