"""P10: with the database gone, the mail server alone gives everything back."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from kit.database import POSTGRES
from kit.people import COMPLETE, People, first_mails, parsed
from kit.service import Clock, Service, written
from kit.world import Shelf, World, WorldMailbox
from maild.model.token import KeyRing
from maild.recap.rows import rows
from maild.service import keyring, rebuilding, resuming
from maild.service.backup import BackupError
from maild.service.rebuilding import Report
from maild.service.wiring import mailbox_access
from maild.store.values import TicketFilter

pytestmark = pytest.mark.skipif(POSTGRES, reason="tests/servers/test_rebuild_servers.py")
COPIES = "Surat Keluar"


class Office:
    """A world, and services on it that come and go."""

    def __init__(self, tmp_path: Path) -> None:
        self.clock = Clock()
        self.world = World(now=self.clock.now, shelves={"INBOX": Shelf()})
        self.people = People(self.world)
        self.folder = tmp_path

    def service(self, name: str) -> Service:
        """A service on a database of this name; all have the same keys."""
        folder = self.folder / name
        (folder / "data").mkdir(parents=True, exist_ok=True)
        first = self.folder / "satu" / "data" / "kunci.json"
        if first.exists() and name != "satu":
            (folder / "data" / "kunci.json").write_bytes(first.read_bytes())
            (folder / "data" / "kunci.json").chmod(0o600)
        return Service(folder, f"sqlite:///{folder}/data/maild.db", self.world)

    def live(self, service: Service, rounds: int = 30, minutes: float = 13) -> None:
        for _ in range(rounds):
            self.people.act()
            service.round()
            self.clock.move(minutes=minutes)

    def rebuild(self, service: Service) -> Report:
        mailbox = cast(Any, WorldMailbox(self.world, mailbox_access(service.settings)))
        ring = keyring.load(service.settings.key_file)
        return rebuilding.rebuild(service.settings, service.store, mailbox, ring, self.clock.now())

    def resume(self, service: Service) -> resuming.Resumed:
        mailbox = cast(Any, WorldMailbox(self.world, mailbox_access(service.settings)))
        return resuming.resume(service.settings, service.store, mailbox, self.clock.now())


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("os.fsync", lambda _: None)
    return Office(tmp_path)


def recap(service: Service, *, full: bool = False) -> list[Any]:
    """Every row of the recap."""
    first, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    found = service.store.register.entries(first, last, full=full)
    return list(rows(found, last.date(), full=full))


def with_a_file() -> bytes:
    """A problem with a picture attached."""
    mail = parsed(
        written(COMPLETE, "Ani <ani@baru.example>", message_id="<9@baru.example>", X_A="b")
    )
    mail.add_attachment(b"\x89PNG x", maintype="image", subtype="png", filename="layar.png")
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def begun(office: Office) -> Service:
    """Three problems, of which two are answered and one lies with LKPP by now."""
    for octets in first_mails():
        office.world.put(octets)
    service = office.service("satu")
    office.live(service, 8)
    return service


def state_of(service: Service) -> dict[str, Any]:
    """What counts of all tickets, letters and alarms."""
    tickets = service.store.tickets(TicketFilter())
    return {
        "tickets": tickets,
        "recap": recap(service),
        "full": recap(service, full=True),
        "letters": [
            (x.name, x.message_id, x.state, x.recipient, x.template)
            for x in sorted(service.store.letters(), key=lambda x: x.name)
        ],
        "octets": {x.name: service.store.letter_octets(x.name) for x in service.store.letters()},
        "conversations": {
            t.number: [
                (m.direction, m.party, m.author, m.text, m.at, m.attachments)
                for m in service.store.conversation(t.id)
            ]
            for t in tickets
        },
        "passages": {t.number: service.store.passages_of(t.id) for t in tickets},
        "journal": {t.number: service.store.journal(t.id) for t in tickets},
        "alarms": {t.number: service.store.alarms(t.id) for t in tickets},
        "mails": service.store.counts().mails,
        "sop": service.store.procedures_in_use(),
    }


@pytest.mark.parametrize("rounds", [1, 3, 8, 30])
def test_everything_comes_back_from_the_mailbox_alone(office: Office, rounds: int) -> None:
    for octets in (*first_mails(), with_a_file()):
        office.world.put(octets)
    old = office.service("satu")
    office.live(old, rounds)
    old.round()
    before = state_of(old)
    old.close()
    new = office.service("dua")
    report = office.rebuild(new)
    assert (report.refused, report.rebuilt.unproved, report.rebuilt.gaps) == ((), [], [])
    assert report.rebuilt.again == 0
    after = state_of(new)
    for what, was in before.items():
        assert after[what] == was, what
    new.close()


def test_the_rebuilt_office_goes_on_as_if_nothing_had_happened(office: Office) -> None:
    old = begun(office)
    old.close()
    new = office.service("dua")
    office.rebuild(new)
    sent = len(office.world.arrived)
    office.live(new, 3)
    assert len(office.world.arrived) == sent, "something has left before it was released"
    office.resume(new)
    office.live(new, 40, 60)
    office.live(new, 20, 1080)
    assert [t.state.value for t in new.store.tickets(TicketFilter())] == ["selesai"] * 3
    ids = [re.search(rb"(?m)^Message-ID: (\S+)", o)[1] for _, o in office.world.arrived]  # type: ignore[index]
    assert len(set(ids)) == len(ids), "a letter was sent twice"
    assert new.audit().differences == ()
    new.close()


def test_a_forged_copy_is_refused_and_named(office: Office) -> None:
    old = begun(office)
    old.close()
    shelf = office.world.shelves[COPIES]
    uid, (octets, at) = next(iter(shelf.mails.items()))
    stranger = KeyRing({1: b"x" * 32}, 1)
    from maild.replies import copies

    forged = copies.copy(
        written("x", "a@b.example", message_id="<palsu@b.example>"),
        "<palsu@b.example>",
        '{"at":"2026-02-02T02:00:00+00:00","ticket":{"id":2026000099}}\n{"letter":""}',
        stranger,
    )
    shelf.put(forged, at)
    # The right field on another mail, and one of which a letter was changed.
    field = octets[: octets.index(b"From:")]
    shelf.put(field + written("x", "a@b.example", message_id="<lain@b.example>"), at)
    del shelf.mails[uid]
    broken = octets.replace(b"X-Maild-State: 1.", b"X-Maild-State: 1.0", 1)
    shelf.put(broken, at)
    new = office.service("dua")
    report = office.rebuild(new)
    assert len(report.refused) == 3
    assert all(COPIES in line for line in report.refused)
    assert not any("99" in t.number for t in new.store.tickets(TicketFilter()))
    new.close()


def test_without_the_offices_key_nothing_is_believed(office: Office) -> None:
    begun(office).close()
    (office.folder / "satu" / "data" / "kunci.json").unlink()
    new = office.service("dua")
    with pytest.raises(BackupError, match="key"):
        office.rebuild(new)
    assert new.store.is_empty()
    new.close()


def test_a_database_that_holds_tickets_is_not_rebuilt_over(office: Office) -> None:
    service = begun(office)
    with pytest.raises(BackupError, match="holds tickets"):
        office.rebuild(service)
    service.close()


def test_a_second_rebuild_is_refused(office: Office) -> None:
    begun(office).close()
    new = office.service("dua")
    office.rebuild(new)
    with pytest.raises(BackupError, match="already"):
        office.rebuild(new)
    new.close()


def test_what_was_never_mailed_is_listed(office: Office) -> None:
    """One letter of two of the same decision has no copy."""
    old = begun(office)
    shelf = office.world.shelves[COPIES]
    lost = [u for u, (o, _) in shelf.mails.items() if b"\nMessage-ID: <2026000001.1." in o]
    assert len(lost) == 1
    for uid in lost:
        del shelf.mails[uid]
    old.close()
    new = office.service("dua")
    report = office.rebuild(new)
    assert any(line.startswith("2026000001.1 ") for line in report.rebuilt.unproved)
    new.close()


def test_a_mail_that_no_copy_names_is_decided_again_and_its_letters_are_held(
    office: Office,
) -> None:
    """The database is lost between the decision and the copy."""
    old = begun(office)
    office.world.put(
        written("Tidak bisa login.", "Ani <ani@baru.example>", message_id="<9@baru.example>")
    )
    assert old.parts.settings.mailbox.copies
    old.intake._copier = None
    old.round()
    old.close()
    new = office.service("dua")
    report = office.rebuild(new)
    assert report.rebuilt.again == 1
    sent = len(office.world.arrived)
    office.live(new, 2)
    resumed = office.resume(new)
    office.live(new, 2)
    ani = [
        t for t in new.store.tickets(TicketFilter()) if t.requester.address == "ani@baru.example"
    ]
    assert len(ani) == 1
    assert resumed.held >= 1
    assert not [to for to, _ in office.world.arrived[sent:] if to == "ani@baru.example"]
    new.close()


def test_mail_from_before_the_first_copy_is_never_answered(office: Office) -> None:
    office.clock.at -= timedelta(days=300)
    office.world.shelves["Ditangani"] = Shelf()
    office.world.put(written("lama", "lama@x.example", message_id="<l@x.example>"), "Ditangani")
    office.clock.at += timedelta(days=300)
    begun(office).close()
    new = office.service("dua")
    office.rebuild(new)
    office.live(new, 2)
    addresses = {t.requester.address for t in new.store.tickets(TicketFilter())}
    assert "lama@x.example" not in addresses
    new.close()


def test_the_letter_that_left_has_no_state_in_it(office: Office) -> None:
    begun(office).close()
    assert office.world.arrived
    assert not [1 for _, octets in office.world.arrived if b"X-Maild-State" in octets]
    copied = [o for o, _ in office.world.shelves[COPIES].mails.values()]
    assert all(b"X-Maild-State" in octets for octets in copied)


def test_a_copy_is_made_once_though_its_commit_was_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = begun(office)
    office.world.put(
        written("Tidak bisa login.", "Ani <ani@baru.example>", message_id="<9@baru.example>")
    )

    def lost(_: object) -> None:
        raise OSError("the process is killed here")

    monkeypatch.setattr(service.store, "copied", lost)
    with pytest.raises(OSError, match="killed"):
        service.round()
    service.close()
    again = office.service("satu")
    again.recover()
    office.live(again, 2)
    again.close()
    ids = [
        re.search(rb"(?m)^Message-ID: (\S+)", octets)[1]  # type: ignore[index]
        for octets, _ in office.world.shelves[COPIES].mails.values()
    ]
    assert len(ids) == len(set(ids))


def test_no_copies_are_kept_where_the_office_wants_none(office: Office) -> None:
    service = begun(office)
    without = replace(service.settings, mailbox=replace(service.settings.mailbox, copies=""))
    with pytest.raises(BackupError, match="copies is empty"):
        rebuilding.rebuild(
            without,
            office.service("dua").store,
            cast(Any, None),
            keyring.load(service.settings.key_file),
            office.clock.now(),
        )
    service.close()
