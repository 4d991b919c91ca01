"""T20, O06: each older schema with many tickets comes up to this one, also when killed on the way.

A migration is one transaction: a kill leaves the old schema or the new one. MAILD_UPGRADE_TICKETS
says how many tickets (100,000 in `make reliability`).
"""

import os
import shutil
import sqlite3
import traceback
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from kit.database import POSTGRES
from maild.model.ticket import State
from maild.recap.rows import rows
from maild.store import crash, schema, tables
from maild.store.database import Database
from maild.store.store import Store
from maild.store.values import TicketFilter

pytestmark = pytest.mark.skipif(POSTGRES, reason="SQLite: one file, killed and looked at")
TICKETS = int(os.environ.get("MAILD_UPGRADE_TICKETS", "300"))
AT = "2026-02-02 02:00:00.000000"
ASSESSMENT = (
    '{"base_priority": "sedang", "urgent_deadline": false, "deadline": null, "requester_role":'
    ' "penyedia", "missing": [], "fields": {}, "escalate": "lpse", "confidence": 1.0,'
    ' "reasons": []}'
)
# What each table holds in an old schema; a column that a schema does not have yet is left out.
ROWS = {
    "ticket": {
        "id": "2026000000 + n", "number": "printf('LPSE-2026-%06d', n)", "version": "3",
        "requester_name": "'Pengguna ' || n", "requester_address": "'p' || n || '@x.example'",
        "subject": "'Perihal ' || n", "summary": "'Masalah ' || n",
        "state": "CASE WHEN n % 3 THEN 'selesai' ELSE 'diproses' END", "sop": "'sop'",
        "row": "'4'", "entered_at": f"'{AT}'", "due_at": f"'{AT}'", "received_at": f"'{AT}'",
        "kind": "'pengaduan'", "category": "'akses_akun'", "priority": "'sedang'",
        "assessment": f"'{ASSESSMENT}'", "asked": "0", "officer": "'sari'",
        "solution": "'Jawaban ' || n", "answered_at": f"'{AT}'", "answered_version": "2",
        "closed_at": f"CASE WHEN n % 3 THEN '{AT}' END", "escalated_at": "NULL",
        "outside_number": "''", "linked": "''", "telephoned": "''", "letters": "1",
    },
    "message": {
        "ticket": "2026000000 + n", "direction": "'masuk'", "party": "'user'",
        "author_name": "'Pengguna ' || n", "author_address": "'p' || n || '@x.example'",
        "at": f"'{AT}'", "subject": "'Perihal'", "message_id": "'<' || n || '@x.example>'",
        "mail": "n", "text": "'Isi surel ' || n",
    },
    "mail": {
        "id": "n", "account": "'a'", "folder": "'INBOX'", "uidvalidity": "1", "uid": "n",
        "size": "1", "internal_at": f"'{AT}'", "sha256": "printf('%064d', n)", "state": "'done'",
        "old": "0", "attempts": "1", "note": "''", "ticket": "2026000000 + n",
        "fetched_at": f"'{AT}'", "decided_at": f"'{AT}'", "filed_at": f"'{AT}'",
    },
    "attachment": {
        "mail": "n", "name": "'layar.png'", "size": "1", "type": "'image/png'", "sha256": "'f'",
        "inline": "n % 2", "part": "'2'",
    },
    "letter": {
        "name": "(2026000000 + n) || '.1'", "ticket": "2026000000 + n", "serial": "1",
        "template": "'jawaban'", "party": "'user'", "person": "0",
        "recipient": "'p' || n || '@x.example'", "sender": "'h@x.example'",
        "message_id": "'<' || n || '.1@h.example>'", "automatic": "0",
        "state": "CASE WHEN n % 7 THEN 'sent' ELSE 'ready' END", "state_at": f"'{AT}'",
        "created_at": f"'{AT}'", "due_at": f"'{AT}'", "attempts": "1", "claim": "1",
        "claimed_by": "''", "answer": "''", "resent": "0", "told": "0", "octets": "x'41'",
    },
    "journal": {
        "ticket": "2026000000 + n", "at": f"'{AT}'", "actor": "'maild'", "row": "'4'",
        "text": "'dibuka'", "reasons": "'[]'",
    },
    "alarm": {
        "ticket": "2026000000 + n", "kind": "'ingatkan'", "at": f"'{AT}'", "row": "'4'",
    },
}  # fmt: skip


def revisions() -> list[str]:
    """All schemas that ever were, the oldest first."""
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    return [revision.revision for revision in scripts.walk_revisions()][::-1]


OLD = revisions()[:-1]


def old_office(path: Path, revision: str) -> None:
    """A database of this schema, full of tickets."""
    database = Database(f"sqlite:///{path}")
    with database.write() as connection:
        command.upgrade(schema.alembic_config(connection), revision)
        _fill(connection)
    database.close()


def _fill(connection: Connection) -> None:
    numbers = (
        f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {TICKETS})"
    )
    for table, columns in ROWS.items():
        names = ", ".join(f'"{name}"' for name in columns)
        only = " WHERE n % 3 = 0" if table == "alarm" else ""
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({names}) {numbers} SELECT {', '.join(columns.values())} FROM c{only}"  # noqa: E501
        )
    connection.exec_driver_sql(f"INSERT INTO serial VALUES (2026, {TICKETS})")
    connection.exec_driver_sql("INSERT INTO procedure VALUES ('sop', 'isi')")


def opened(path: Path) -> Store:
    return Store.open(f"sqlite:///{path}", path.parent / "mail")


def nothing_is_lost(store: Store) -> None:
    """Every row of the old office is there, and means what it meant."""
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    shown = list(rows(store.register.entries(first, last), last.date()))
    assert [row.solution for row in shown] == [f"Jawaban {n}" for n in range(1, TICKETS + 1)]
    counts = store.counts()
    assert counts.mails == {"done": TICKETS}
    assert sum(counts.letters.values()) == TICKETS
    assert counts.letters["ready"] == TICKETS // 7
    assert store.letter_octets(f"{2026000000 + TICKETS}.1") == b"A"
    [newest] = store.tickets(TicketFilter(limit=1))
    assert newest.number == f"LPSE-2026-{TICKETS:06d}"
    assert newest.state is (State.CLOSED if TICKETS % 3 else State.IN_PROGRESS)
    assert len(store.conversation(newest.id)) == 1
    assert len(store.attachments(TICKETS)) == 1
    assert list(store.contradictions(datetime(2026, 2, 2, tzinfo=UTC))) == []


def whole(path: Path) -> None:
    """The database is of this program's schema, and nothing of it is lost."""
    with opened(path) as store:
        nothing_is_lost(store)
    with closing(sqlite3.connect(path)) as read:
        assert read.execute("SELECT version_num FROM alembic_version").fetchone()[0] == (
            tables.SCHEMA
        )
        assert read.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert read.execute("PRAGMA foreign_key_check").fetchall() == []


def killed_while_opening(path: Path, wanted: str, revision: str = "") -> bool:
    """Opens the database in another process, which is killed at a step, or as soon as the
    migration to `revision` has run; tells whether it was."""
    child = os.fork()
    if child == 0:
        try:
            if revision:
                _kill_after(revision)
            else:
                crash.arm(crash.Armed(wanted))
            opened(path).close()
        except BaseException:  # noqa: BLE001 (a child must never come back into the test run)
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _kill_after(revision: str) -> None:
    real = schema.alembic_config

    def config(connection: Connection) -> object:
        made = real(connection)
        upgrade = command.upgrade

        def some(of: object, _target: str) -> None:
            upgrade(of, revision)  # type: ignore[arg-type]
            crash.Armed("here").come("here")

        command.upgrade = some  # type: ignore[assignment]
        return made

    schema.alembic_config = config  # type: ignore[assignment]


@pytest.fixture(scope="module", params=OLD)
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A full database of an older schema, closed."""
    path = tmp_path_factory.mktemp("lama") / f"{request.param}.db"
    old_office(path, request.param)
    return path


def copy_of(old: Path, folder: Path) -> Path:
    return Path(shutil.copy(old, folder / "maild.db"))


def test_an_older_office_is_upgraded_whole(old: Path, tmp_path: Path) -> None:
    path = copy_of(old, tmp_path)
    opened(path).close()
    whole(path)


@pytest.mark.parametrize("step", ["prepare.before", "prepare.after"])
def test_a_kill_at_the_commit_leaves_the_old_or_the_new(
    old: Path, tmp_path: Path, step: str
) -> None:
    path = copy_of(old, tmp_path)
    assert killed_while_opening(path, step)
    with closing(sqlite3.connect(path)) as read:
        version = read.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    assert version == (old.stem if step == "prepare.before" else tables.SCHEMA)
    whole(path)


def test_a_kill_behind_any_of_the_steps_leaves_the_old(old: Path, tmp_path: Path) -> None:
    path = copy_of(old, tmp_path)
    later = [revision for revision in revisions() if revision > old.stem]
    assert later
    for revision in later:
        assert killed_while_opening(path, "", revision)
        with closing(sqlite3.connect(path)) as read:
            version = read.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        assert version == old.stem
    whole(path)
