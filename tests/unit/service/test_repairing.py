"""`maild audit --repair` mends what is provably safe, and the audit is at 0 afterwards."""

import os

import pytest
from sqlalchemy import text

from kit.service import Clock, Service, written
from maild.replies.outbox import Answer, Phase

PROBLEM = "Kami CV Maju Jaya gagal unggah dokumen penawaran, mohon dibantu."


@pytest.fixture
def worked(service: Service, clock: Clock) -> Service:
    """One ticket, all its letters sent."""
    service.world.put(written(PROBLEM))
    service.round()
    assert service.audit().differences == ()
    return service


def change(service: Service, statement: str) -> None:
    with service.store._database.write() as connection:
        connection.execute(text(statement))


def test_nothing_is_done_where_nothing_is_wrong(worked: Service) -> None:
    assert worked.repair() == []


def test_a_mail_that_was_passed_over_is_taken_in_after_all(worked: Service) -> None:
    worked.world.put(written(PROBLEM, "Budi <budi@karya.example>", message_id="<b@karya>"))
    change(worked, "UPDATE folder SET next_uid = next_uid + 1")
    assert worked.audit().differences
    assert worked.repair() == ["INBOX: 1 mails will be taken in, from uid 2 on"]
    worked.round()
    assert worked.audit().differences == ()
    assert worked.store.counts().mails == {"done": 2}


@pytest.mark.parametrize("how", ["missing", "damaged"])
def test_bytes_come_back_from_the_server(service: Service, how: str) -> None:
    service.world.put(written(PROBLEM))
    service.intake.work()
    [row] = service.store.audit_rows("helpdesk@lpse.contoh.go.id")
    path = service.store.blobs.path(row.sha256)
    path.unlink() if how == "missing" else path.write_bytes(b"rusak")
    [difference] = service.audit().differences
    assert how in difference
    assert service.repair() == ["INBOX uid 1: its bytes are back from the server"]
    assert service.audit().differences == ()
    service.round()
    assert service.store.counts().mails == {"done": 1}


def test_other_bytes_are_not_taken_for_them(service: Service, clock: Clock) -> None:
    service.world.put(written(PROBLEM))
    service.intake.work()
    [row] = service.store.audit_rows("helpdesk@lpse.contoh.go.id")
    service.store.blobs.path(row.sha256).unlink()
    service.world.shelves["INBOX"].mails[1] = (written("lain"), clock.now())
    assert service.repair() == []
    assert service.audit().differences


def test_a_file_that_no_row_names_goes_after_a_day(worked: Service, clock: Clock) -> None:
    digest = worked.store.blobs.put(b"orphan")
    path = worked.store.blobs.path(digest)
    os.utime(path, (clock.now().timestamp(),) * 2)
    assert worked.repair() == []
    clock.move(days=2)
    worked.world.relay = lambda letter: Answer(Phase.DOT, 250, "ok")
    assert worked.repair() == [f"file {digest[:12]}: no mail names it; removed"]
    assert not path.exists()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM alarm", "open, and no alarm is set"),
        ("DELETE FROM journal", "no line in the journal"),
        ("DELETE FROM message", "no message"),
        ("UPDATE serial SET last = 0", "its number will be given again"),
        ("UPDATE ticket SET letters = 1", "the number of a letter will be given again"),
        ("UPDATE mail SET ticket = 7", "its ticket is not there"),
        ("UPDATE message SET mail = 99", "its mail is not there"),
        ("UPDATE letter SET message_id = 'x'", "two letters have it"),
        ("DELETE FROM octets", "its octets are not there"),
        ("UPDATE letter SET state = 'failed', state_at = created_at", "nobody was told"),
        (
            "UPDATE letter SET state = 'claimed', lease_until = created_at",
            "since its courier fell silent",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_told(
    worked: Service, clock: Clock, statement: str, told: str
) -> None:
    clock.move(hours=2)
    change(worked, statement)
    assert any(line.endswith(told) for line in worked.audit().differences)
