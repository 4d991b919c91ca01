"""SQLite as R11 wants it: durable, private, one writer, local, quick on its indexes."""

import os
import signal
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from store_kit import NOW, open_ticket, parsed, raw

from kit.database import POSTGRES
from maild.store import alarms, deciding, lease, ledger, look, outbox, reading
from maild.store.database import Database
from maild.store.errors import StoreBusy, StoreError
from maild.store.runner import Prepared, Runner
from maild.store.store import Store
from maild.store.tables import LETTER, MESSAGE, TICKET

pytestmark = pytest.mark.skipif(POSTGRES, reason="about SQLite")


def test_a_commit_is_durable_and_references_hold(empty_url: str, tmp_path: Path) -> None:
    with Store.open(empty_url, tmp_path / "blobs") as store, store._database.read() as connection:
        facts = {
            pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert facts == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 60_000,
    }


def test_nobody_else_may_read_the_database(empty_url: str, tmp_path: Path) -> None:
    with Store.open(empty_url, tmp_path / "blobs") as store:
        open_ticket(store, 1)
        folder = tmp_path / "empty"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert {"maild.db", "maild.db-wal"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_a_write_begins_at_once_as_a_write(store: Store, tmp_path: Path) -> None:
    # A deferred transaction would fail here at its first write, or let the other one in.
    other = sqlite3.connect(tmp_path / "data" / "maild.db", timeout=0)
    with (
        store._database.write(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_threads_that_read_and_then_write_wait_for_each_other(store: Store) -> None:
    faults: list[BaseException] = []

    def work(first: int) -> None:
        try:
            for n in range(first, first + 10):
                store.record([raw(n)], NOW)
                store.keep_setting("hitung", str(int(store.setting("hitung") or 0) + 1))
                with store.begin() as unit:
                    unit.known(parsed(f"<{n}@x>"), (), NOW, "0" * 64)
        except BaseException as fault:  # noqa: BLE001 (shown below)
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(n * 100,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert len(list(store.audit_rows("lpse"))) == 40


def test_a_second_daemon_is_refused(store: Store, database_url: str, tmp_path: Path) -> None:
    store.work_alone()
    store.work_alone()
    with Store.open(database_url, tmp_path / "blobs") as second:
        with pytest.raises(StoreBusy, match=str(os.getpid())):
            second.work_alone()
        assert second.counts().mails == {}
        store.close()
        second.work_alone()


def test_a_dead_daemon_leaves_no_lock(store: Store, database_url: str, tmp_path: Path) -> None:
    daemon = os.fork()
    if daemon == 0:
        Store.open(database_url, tmp_path / "blobs").work_alone()
        os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(daemon, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert str(daemon) in (tmp_path / "data" / "maild.db.lock").read_text()
    store.work_alone()


def test_one_thread_polls_a_mailbox(store: Store) -> None:
    with store.polling("INBOX") as first, store.polling("INBOX") as second:
        assert (first, second) == (True, False)
        with store.polling("Sent") as other:
            assert other
    with store.polling("INBOX") as again:
        assert again


@pytest.mark.parametrize(
    ("mounts", "refused"),
    [
        ("/dev/vda1 / ext4 rw 0 0", False),
        ("/dev/vda1 / ext4 rw 0 0\nserver:/x /srv/data nfs4 rw 0 0", True),
        ("server:/x / nfs rw 0 0\n/dev/vda1 /srv/data ext4 rw 0 0", False),
        ("server:/x /srv/dat nfs rw 0 0", False),
        ("//server/x /srv/data cifs rw 0 0", True),
        ("server:/x /srv/data\\040lain nfs rw 0 0", False),
    ],
)
def test_a_network_file_system_is_refused(mounts: str, refused: bool) -> None:
    def check() -> bool:
        try:
            lease.refuse_network(Path("/srv/data/maild.db"), mounts)
        except StoreError as error:
            return "PostgreSQL" in str(error)
        return False

    assert check() is refused


def test_the_bytes_are_on_disk_when_the_commit_is_refused(store: Store, tmp_path: Path) -> None:
    with store._database.write() as connection:
        connection.execute(text("DROP TABLE mail"))
    with pytest.raises(StoreError):
        store.record([raw(1, b"isi")], NOW)
    assert [path.read_bytes() for path in (tmp_path / "blobs").iterdir()] == [b"isi"]


HOT = {
    "copy": (look._COPY, "mail_message_id"),
    "same bytes": (look._SAME_BYTES, "mail_sha256"),
    "earlier": (look._EARLIER_TICKETS, "ix_ticket_requester_address"),
    "lately": (look._LATELY, "letter_lately"),
    "automatic": (look._AUTOMATIC_SINCE, "letter_automatic"),
    "letter by id": (look._LETTER_BY_ID, "ix_letter_message_id"),
    "conversation": (look._LAST_MESSAGES, "ix_message_ticket"),
    "messages referred to": (
        look._listed(3, MESSAGE.c.ticket, among=MESSAGE.c.message_id),
        "message_message_id",
    ),
    "letters referred to": (
        look._listed(3, LETTER.c.ticket, among=LETTER.c.message_id),
        "ix_letter_message_id",
    ),
    "letters named": (look._listed(3, LETTER.c.ticket, among=LETTER.c.name), "autoindex_letter"),
    "outside numbers": (
        look._listed(3, TICKET.c.id, among=TICKET.c.outside_number),
        "ticket_outside_number",
    ),
    "numbers": (look._listed(3, TICKET.c.id, among=TICKET.c.number), "autoindex_ticket"),
    "tickets": (look._listed(3, TICKET, among=TICKET.c.id), "PRIMARY KEY"),
    "mails to decide": (ledger._WAITING, "mail_undecided"),
    "letters to send": (outbox._DUE, "letter_claimable"),
    "recap": (reading._RECEIVED, "ticket_received"),
    "report": (reading._ENTERED, "passage_entered"),
    "decide a mail": (deciding.DECIDE_MAIL, "PRIMARY KEY"),
    "update a ticket": (deciding.UPDATE_TICKET, "PRIMARY KEY"),
    "take an alarm": (alarms._TAKE_ALARM, "autoindex_alarm"),
}


@pytest.mark.parametrize("name", HOT)
def test_a_hot_statement_uses_its_index(
    store: Store, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement, index = HOT[name]
    with store._database.read() as connection:
        prepared = Prepared(statement, connection.dialect)
        monkeypatch.setattr(prepared, "sql", "EXPLAIN QUERY PLAN " + prepared.sql)
        values = dict.fromkeys(_names(prepared))
        run = Runner(connection)
        run._cursor.execute(prepared.sql, prepared.taken_in(values))
        plan = " / ".join(str(line[3]) for line in run._cursor.fetchall())
    assert index in plan
    # A scan of a partial index in order reads only what waits; nothing else may be scanned.
    assert all("USING" in step for step in plan.split(" / ") if "SCAN" in step), plan


def _names(prepared: Prepared) -> list[str]:
    return [name for name, _ in prepared._ways_in if name not in prepared._fixed]


@pytest.mark.parametrize("by", ["SQLAlchemy", "the driver"])
def test_a_connection_that_cannot_take_back_is_not_written_with_again(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    used = []

    def refuse(_: object) -> None:
        raise OSError("the disk is gone")

    def change(database: Database, *, failing: bool) -> None:
        with database.write() as connection:
            used.append(connection.connection.driver_connection)
            if by == "SQLAlchemy":
                connection.execute(text("DELETE FROM setting"))
            else:
                connection.connection.cursor().execute("DELETE FROM setting")
            if failing:
                raise RuntimeError("the decision failed")

    with Store.open(empty_url, tmp_path / "blobs") as store:
        store.keep_setting("kept", "yes")
        database = store._database
        with monkeypatch.context() as patch:
            patch.setattr(database._engine.dialect, "do_rollback", refuse)
            with pytest.raises((RuntimeError, OSError)):
                change(database, failing=True)
        assert store.setting("kept") == "yes"
        change(database, failing=False)
        assert used[1] is not used[0]
