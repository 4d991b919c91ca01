"""T22, S15, S16: words of mails and secrets are found in no log, no metric, no error, no argument.

Every mail carries canary words in each of its places; the secrets are canaries too. All that the
service says while it works, and what its commands print of a mail's fate, is searched for them.
MAILD_CANARY_MAILS says how many mails (10,000 in `make reliability`).
"""

import json
import logging
import os
import re
import tarfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from kit.database import POSTGRES
from kit.mutation import mails
from kit.office import MONDAY
from kit.people import People
from kit.service import Clock, Service, written
from kit.world import SILENCE, TAKEN, World, cut
from maild.ingest.access import MailboxError
from maild.replies.outbox import Answer, Phase
from maild.service import backup, keyring
from maild.service.trouble import troubles
from maild.store.errors import StoreError

MAILS = int(os.environ.get("MAILD_CANARY_MAILS", "120"))
WORD = re.compile(r"kenari[a-z]+\d+", re.IGNORECASE)
SECRET = "Kenari-Sandi-7f3a"

pytestmark = pytest.mark.life


def singing(n: int) -> bytes:
    """A mail with a canary in its names, its subject, its text, and where it says who sent it."""
    return written(
        f"Kami CV Kenaricv{n} gagal unggah, kata sandi saya kenarisandi{n}, NPWP kenarinpwp{n}.",
        f"Kenarinama{n} <kenarialamat{n}@kenaridomain{n}.example>",
        f"Gagal kenariperihal{n}",
        message_id=f"<kenariid{n}@kenaridomain{n}.example>",
        X_Kepala=f"kenarikepala{n}",
    )


@pytest.fixture
def sung(
    tmp_path: Path, database_url: str, caplog: pytest.LogCaptureFixture
) -> tuple[Service, World, Clock]:
    """All mails have been worked off, odd ones among them, under faults, at the loudest level."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)  # says nothing unless it is told to
    clock = Clock()
    world = World(now=clock.now)
    service = Service(tmp_path, database_url, world)
    server = replace(service.settings.mailbox.server, password=SECRET)
    mailbox = replace(service.settings.mailbox, server=server)
    service.settings = replace(service.settings, mailbox=mailbox)
    seeds = [singing(n) for n in range(MAILS)]
    for octets in (*seeds, *mails(seeds, MAILS, seed=22)):
        world.put(octets)
    answers = [TAKEN, TAKEN, SILENCE, Answer(Phase.RCPT, 550, "5.1.1 no"), TAKEN]
    sent = 0

    def relay(letter: Any) -> Answer:
        nonlocal sent
        sent += 1
        return answers[sent % len(answers)]

    def trouble(step: str) -> None:
        if step in ("fetch", "append") and len(world.steps) % max(97, MAILS // 10) == 0:
            raise cut(step)

    world.relay, world.trouble = relay, trouble
    people = People(world)
    rounds, quiet, taken = 0, 0, 0
    while rounds < 6 or quiet < 2:  # to the end, however many there are
        if rounds < 6:
            people.act()
        rounds += 1
        for step in service.steps():
            try:
                step()
            except MailboxError as error:
                logging.getLogger("maild").warning("%s", error)
                service.intake._disconnect()
        clock.move(minutes=40)
        before, taken = taken, sum(service.store.counts().mails.values())
        quiet = quiet + 1 if taken == before else 0
    return service, world, clock


def words_in(said: str) -> set[str]:
    return set(WORD.findall(said)) | ({SECRET} if SECRET in said else set())


def test_canaries_are_silent(
    sung: tuple[Service, World, Clock],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    service, world, _ = sung
    counts = service.store.counts()
    assert sum(counts.mails.values()) >= 2 * MAILS
    assert world.arrived, "nothing happened"
    logged = "\n".join(
        f"{record.getMessage()} {record.exc_text or ''} {record.args}"
        for record in (*caplog.get_records("setup"), *caplog.records)
        if record.name.startswith(("maild", "asyncio", "alembic", "imapclient"))
    )
    assert logged, "nothing was logged, so nothing was shown"
    printed = "".join(capsys.readouterr())
    metrics = json.dumps([asdict(counts), troubles(service.store)], default=str)
    audited = "\n".join(service.audit().differences)
    notes = "\n".join(mail.note for state in counts.mails for mail in service.store.mails(state))
    said = {
        "log": logged,
        "screen": printed,
        "metrics": metrics,
        "audit": audited,
        "settings": repr(service.settings),
    }
    # Why a sender is unclear names him, for the person who decides; nothing else of a mail does.
    told = {word.lower() for word in words_in(notes)}
    assert {w for w in told if not w.startswith(("kenarialamat", "kenaridomain"))} == set()
    assert {where: found for where, text_ in said.items() if (found := words_in(text_))} == {}


def test_an_error_of_the_database_tells_no_value(sung: tuple[Service, World, Clock]) -> None:
    service, _, _ = sung
    with pytest.raises(StoreError) as caught, service.store._database.write() as connection:
        connection.execute(
            text("INSERT INTO setting VALUES (:a, :b, :c)"),
            {"a": "kenariperihal1", "b": "x", "c": SECRET},
        )
    assert words_in(str(caught.value)) == set()
    assert words_in(str(caught.value.__cause__)) == set()


@pytest.mark.skipif(POSTGRES, reason="a SQLite file is looked into")
def test_secrets_are_in_no_database_and_in_no_backup_but_in_their_own_file(
    sung: tuple[Service, World, Clock], tmp_path: Path
) -> None:
    service, world, _ = sung
    ring = keyring.load(service.settings.key_file)
    secrets = [SECRET.encode(), *(k.hex().encode() for k in ring.keys.values())]
    secrets += ring.keys.values()
    for path in (tmp_path / "data").glob("maild.db*"):
        assert not [s for s in secrets if s in path.read_bytes()], path.name
    backup.make(service.settings, tmp_path / "c.tar", MONDAY)
    with tarfile.open(tmp_path / "c.tar") as archive:
        for member in archive:
            octets = archive.extractfile(member).read()  # type: ignore[union-attr]
            assert member.name == "kunci.json" or not [s for s in secrets if s in octets]
    letters = b"".join(octets for _, octets in world.arrived)
    copies = b"".join(octets for octets, _ in world.shelves["Surat Keluar"].mails.values())
    assert not [s for s in secrets if s in letters + copies]
