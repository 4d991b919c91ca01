"""T07, B096, B097: years of old mail are taken in without making anybody wait, and can be broken
off."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from kit.office import MONDAY
from kit.service import Clock, Service, written
from kit.world import Shelf, World, WorldMailbox, cut
from maild.service.bell import WireBell
from maild.service.stages import backlog, intake
from maild.service.stages.backlog import PROGRESS

OLD = 240


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 20)
    monkeypatch.setattr(backlog, "LOOK_EVERY", 0.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    """Years of mail lie in the inbox; somebody wrote ten minutes ago."""
    inbox = Shelf()
    for n in range(OLD):
        octets = written("Lama sekali.", f"lama{n}@lama.example", message_id=f"<{n}@lama.example>")
        inbox.put(octets, MONDAY - timedelta(days=OLD - n))
    inbox.put(written("Gagal login."), MONDAY - timedelta(minutes=10))
    return World(clock.now, shelves={"INBOX": inbox, "Terkirim": Shelf(special="Sent")})


@pytest.fixture
def service(tmp_path: Path, database_url: str, world: World) -> Service:
    return Service(tmp_path, database_url, world, cut_over_at=MONDAY - timedelta(hours=1))


class Ending:
    """Says stop at the n-th question."""

    def __init__(self, nth: int) -> None:
        self.left = nth

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_old_mail_is_taken_in_and_nobody_is_written_to(service: Service, world: World) -> None:
    for _ in range(3):
        service.round()
    assert service.store.counts().mails == {"inert": OLD, "done": 1}
    assert {to for to, _ in world.arrived} & {f"lama{n}@lama.example" for n in range(OLD)} == set()
    assert sorted(world.shelves["INBOX"].mails) == list(range(1, OLD + 1)), "they stay"
    assert len(list((service.settings.data_dir / "mail").iterdir())) == 1, "nor are they copied"
    assert service.audit().differences == ()


def again(service: Service, world: World, octets: bytes) -> str:
    """What becomes of a mail that comes today."""
    before = service.store.counts().mails
    world.put(octets)
    service.round()
    ((state, _),) = (Counter(service.store.counts().mails) - Counter(before)).items()
    return str(state)


@pytest.mark.parametrize("name", ["<surat@lama.example>", ""])
def test_an_old_mail_that_is_delivered_again_is_known(
    service: Service, world: World, name: str
) -> None:
    """B097: a provider's move delivers three years once more, with new times of arrival."""
    at = "Mon, 05 Jan 2026 08:00:00 +0700"
    text = "Kami tidak bisa login."
    world.shelves["INBOX"].put(written(text, message_id=name, Date=at), MONDAY - timedelta(days=9))
    service.round()
    moved = b"Received: by mx.pindah.example\r\n" + written(text, message_id=name, Date=at)
    assert again(service, world, moved) == "inert"
    later = "Tue, 06 Jan 2026 08:00:00 +0700"
    other = written("Kami lupa kata sandi.", message_id=name, Date=later)
    assert again(service, world, other) == "done", "nobody hides it by its Message-ID (R8)"


def test_without_a_date_an_old_mail_hides_no_new_one(service: Service, world: World) -> None:
    """P1: a form that writes neither Message-ID nor Date writes the same header every time."""
    form = written("Kami tidak bisa login.", message_id="")
    world.shelves["INBOX"].put(form, MONDAY - timedelta(days=9))
    service.round()
    assert again(service, world, form) == "done"


def test_an_old_mail_whose_header_is_not_given_is_fetched_and_left_where_it_is(
    service: Service, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = WorldMailbox.heads
    monkeypatch.setattr(WorldMailbox, "heads", lambda s, u: heads(s, [n for n in u if n != 7]))
    for _ in range(2):
        service.round()
    assert service.store.counts().mails == {"inert": OLD, "done": 1}
    assert 7 in world.shelves["INBOX"].mails
    assert len(list((service.settings.data_dir / "mail").iterdir())) == 2
    assert service.audit().differences == ()


def test_mail_since_the_cut_over_is_in_the_ledger_before_the_old(
    service: Service, world: World
) -> None:
    service.intake._stopping = Ending(2)
    service.intake.work()
    with service.store._database.read() as connection:
        first = connection.exec_driver_sql("SELECT uid FROM mail ORDER BY id").scalars().all()
    assert first[0] == OLD + 1


def test_mail_that_comes_meanwhile_waits_for_one_portion_and_is_decided_first(
    service: Service, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = WorldMailbox.heads

    def writing_meanwhile(self, uids):
        if 61 in uids:
            world.put(written("Lupa password.", "rudi@karya.example", message_id="<baru@karya>"))
        return heads(self, uids)

    monkeypatch.setattr(WorldMailbox, "heads", writing_meanwhile)
    service.intake.work()
    uids = [row.uid for row in service.store.audit_rows("helpdesk@lpse.contoh.go.id")]
    assert uids.index(OLD + 2) < 1 + 100, "after the portion that was being fetched"
    taken = service.store.take_mails(5, world.now())
    by_id = {row.id: row.uid for row in service.store.audit_rows("helpdesk@lpse.contoh.go.id")}
    assert [by_id[mail.id] for mail in taken] == [OLD + 1, OLD + 2]


def test_the_first_start_can_be_broken_off_anywhere_and_goes_on(
    tmp_path: Path, database_url: str, world: World
) -> None:
    for nth in (1, 3, 6, 9, 100):
        service = Service(tmp_path, database_url, world, cut_over_at=MONDAY - timedelta(hours=1))
        service.recover()
        service.intake._stopping = Ending(nth)
        before = sum(service.store.counts().mails.values())
        service.intake.work()
        assert sum(service.store.counts().mails.values()) - before <= 20 * (nth + 1)
        service.parts.desk.work(lambda: None)
        service.close()
    service = Service(tmp_path, database_url, world, cut_over_at=MONDAY - timedelta(hours=1))
    for _ in range(3):
        service.round()
    assert service.store.counts().mails == {"inert": OLD, "done": 1}
    assert service.audit().differences == ()


def test_a_server_that_breaks_off_now_and_then_is_not_waited_for_longer_each_time(
    service: Service, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dovecot ended a session of 500,000 mails every minute; the rests grew to five minutes."""
    rests: list[float] = []
    headed = 0

    def break_off(step: str) -> None:
        nonlocal headed
        headed += step == "heads"
        if step == "heads" and (headed % 3 == 0 or len(rests) in (5, 6)):
            raise cut(step)

    world.trouble = break_off
    monkeypatch.setattr(type(service.intake), "_rest", lambda _, n, __: rests.append(n))
    monkeypatch.setattr(type(service.intake), "_wait", lambda *_: None)
    service.intake.run(lambda: service.store.counts().mails.get("inert", 0) == OLD)
    assert max(rests[:5]) < 1.5, "each time some had been taken in"
    assert rests[6] > rests[5] > 1.5, "and then twice none"


def test_how_far_it_has_come_is_told_until_it_is_done(service: Service) -> None:
    service.intake._stopping = Ending(7)
    service.intake.work()
    told = service.store.setting(PROGRESS)
    assert told is not None
    assert told.startswith("INBOX: ")
    assert told.endswith(f" of {OLD + 1}")
    service.intake._stopping = lambda: False
    service.intake.work()
    assert service.store.setting(PROGRESS) == ""


def test_what_a_run_that_died_had_told_is_taken_back_by_the_next(
    tmp_path: Path, database_url: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next may find so little left that it has nothing to tell itself."""
    service = Service(tmp_path, database_url, world, cut_over_at=MONDAY - timedelta(hours=1))
    service.intake._stopping = Ending(7)
    service.intake.work()
    assert service.store.setting(PROGRESS)
    service.close()
    monkeypatch.setattr(intake, "AT_ONCE", OLD + 1)
    service = Service(tmp_path, database_url, world, cut_over_at=MONDAY - timedelta(hours=1))
    service.intake.work()
    assert service.store.setting(PROGRESS) == ""


def test_a_bell_that_nobody_hears_for_long_holds_up_nobody() -> None:
    """The desk once stood still at the 279th ring while intake read a long folder."""
    bell = WireBell()
    for _ in range(5000):
        bell.ring()
    bell.hear(0)
    bell.hush()
    bell.ring()
    assert bell.ear.recv(10) == b"!"
    bell.close()


def test_a_long_weekend_of_new_mail_is_taken_in_in_order(
    tmp_path: Path, database_url: str, clock: Clock
) -> None:
    world = World(clock.now)
    for n in range(90):
        world.put(written(f"Masalah {n}", f"u{n}@x.example", message_id=f"<{n}@x.example>"))
    service = Service(tmp_path, database_url, world)
    service.intake.work()
    uids = [row.uid for row in service.store.audit_rows("helpdesk@lpse.contoh.go.id")]
    assert uids == sorted(uids)
