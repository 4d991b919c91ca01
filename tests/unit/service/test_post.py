"""The recap sends itself, and is corrected by an answer."""

import email
import email.policy
import io
from datetime import timedelta
from email.message import EmailMessage

import openpyxl
import pytest

from kit.office import SARI
from kit.service import Clock, Service, written
from kit.world import World
from maild.service.settings import RecapPost
from maild.service.stages.post import Post

HEAD = "kepala@contoh.go.id"
PROBLEM = "Kami CV Maju Jaya gagal unggah dokumen penawaran, mohon dibantu."


def post(service: Service, **plan: tuple[str, ...]) -> Post:
    parts = service.parts
    return Post(service.store, parts.holder.current, parts.writer, RecapPost(**plan))


def letters(service: Service) -> dict[str, EmailMessage]:
    """The letters in the outbox, by reader."""
    found = {}
    for letter in service.store.letters():
        octets = service.store.letter_octets(letter.name)
        assert octets is not None
        parsed = email.message_from_bytes(octets, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        found[letter.recipient] = parsed
    return found


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def a_month_of_work(service: Service, world: World, clock: Clock) -> str:
    """One ticket, received on 2 February; then it is the second of March. Gives its number."""
    service.store.keep_setting("rekap bulanan", "2026-01-01")
    service.store.keep_setting("rekap mingguan", "2026-01-26")
    world.put(written(PROBLEM))
    service.round()
    clock.move(days=28)
    ((number,),) = [[entry.number] for entry in entries(service, clock)]
    return number


def entries(service: Service, clock: Clock) -> list:
    return list(service.store.register.entries(clock.at - timedelta(days=60), clock.at))


def test_the_month_before_goes_to_everybody_named_with_its_file(
    service: Service, clock: Clock, a_month_of_work: str
) -> None:
    sending = post(service, monthly=(HEAD, SARI.address), formats=("xlsx", "csv"))
    assert sending.work(clock.at) == 2
    letter = letters(service)[HEAD]
    assert letter["Subject"] == "Rekap Penanganan Permasalahan Melalui E-mail, Februari 2026"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "Diterima: 1" in text_of(letter)
    assert f"\n{a_month_of_work} solusi: teks" in text_of(letter)
    files = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert set(files) == {"rekap-2026-02.xlsx", "rekap-2026-02.csv"}
    sheet = openpyxl.load_workbook(io.BytesIO(files["rekap-2026-02.xlsx"])).active
    assert a_month_of_work in sheet["H6"].value


def test_it_is_sent_once_even_by_a_second_run(
    service: Service, clock: Clock, a_month_of_work: str
) -> None:
    assert post(service, monthly=(HEAD,)).work(clock.at) == 1
    assert post(service, monthly=(HEAD,)).work(clock.at) == 0
    clock.move(days=1)
    assert post(service, monthly=(HEAD,)).work(clock.at) == 0


@pytest.mark.parametrize("formats", [("xlsx",), ()])  # without, when no file could be written
def test_a_crash_before_the_note_sends_nothing_twice(
    service: Service, clock: Clock, a_month_of_work: str, formats: tuple[str, ...]
) -> None:
    post(service, monthly=(HEAD,), formats=formats).work(clock.at)
    service.store.keep_setting("rekap bulanan", "2026-02-01")
    clock.move(minutes=3)
    assert post(service, monthly=(HEAD,), formats=formats).work(clock.at) == 0
    assert len([x for x in service.store.letters() if x.template == "rekap"]) == 1


def test_a_day_on_which_the_service_stood_still_is_made_up_for(
    service: Service, clock: Clock, a_month_of_work: str
) -> None:
    clock.move(days=4)
    assert post(service, monthly=(HEAD,)).work(clock.at) == 1


def test_a_service_set_up_in_mid_month_waits_for_the_next(service: Service, clock: Clock) -> None:
    clock.move(days=16)
    sending = post(service, monthly=(HEAD,))
    assert sending.work(clock.at) == 0
    clock.move(days=12)
    assert sending.work(clock.at) == 1


def test_nobody_named_gets_nothing(service: Service, clock: Clock, a_month_of_work: str) -> None:
    assert post(service).work(clock.at) == 0


def test_each_week_the_open_tickets_are_listed_and_the_late_ones_first(
    service: Service, clock: Clock, a_month_of_work: str
) -> None:
    assert post(service, weekly=(HEAD,)).work(clock.at) == 1
    letter = letters(service)[HEAD]
    assert letter["Subject"] == "Tiket terbuka dan lewat waktu per 2 Maret 2026"
    text = text_of(letter)
    assert "Terbuka: 1" in text
    assert "Lewat waktu: 1" in text
    assert f"{a_month_of_work}: prioritas " in text
    (file,) = letter.iter_attachments()
    assert file.get_filename() == "tiket-terbuka-2026-03-02.xlsx"


def test_a_ticket_that_was_reminded_of_its_time_is_still_late(
    service: Service, world: World, clock: Clock
) -> None:
    service.store.keep_setting("rekap mingguan", "2026-01-26")
    world.put(written(f"{PROBLEM} Kode tender 12345678, pesan Error 500 pukul 08.30."))
    for _ in range(9):
        service.round()
        clock.move(days=1)
    (number,) = (entry.number for entry in entries(service, clock))
    ticket = service.store.ticket_by_number(number)
    assert ticket is not None
    assert ticket.row == "7a"  # past its time, with a new limit
    assert ticket.due_at is not None
    clock.at = ticket.due_at - timedelta(minutes=5)
    assert post(service, weekly=(HEAD,)).work(clock.at) == 1
    text = text_of(letters(service)[HEAD])
    assert "Lewat waktu: 1" in text
    assert "batas berikutnya" in " ".join(text.split())


def test_a_file_too_large_for_a_letter_is_said(
    service: Service, clock: Clock, a_month_of_work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.service.stages.post.MOST_OCTETS", 100)
    post(service, monthly=(HEAD,)).work(clock.at)
    letter = letters(service)[HEAD]
    assert not list(letter.iter_attachments())
    assert "rekap-2026-02.xlsx: terlalu besar" in text_of(letter)


def test_an_agent_corrects_the_recap_by_answering_it(
    service: Service, world: World, clock: Clock, a_month_of_work: str
) -> None:
    post(service, monthly=(SARI.address,)).work(clock.at)
    recap = next(x for x in letters(service).values() if str(x["Subject"]).startswith("Rekap"))
    world.put(
        written(
            f"{a_month_of_work} solusi: Berkas diperkecil.\n"
            f"{a_month_of_work} keterangan: per telepon",
            sender=SARI.address,
            message_id="<koreksi@contoh.go.id>",
            answering=recap,
        )
    )
    service.round()
    (entry,) = entries(service, clock)
    assert (entry.solution, entry.remarks) == ("Berkas diperkecil.", "per telepon")
    ticket = service.store.ticket_by_number(a_month_of_work)
    assert ticket is not None
    made = [x for x in service.store.journal(ticket.id) if "balasan rekap" in x.text]
    assert [(x.actor, x.at) for x in made] == [(SARI.id, clock.at)] * 2
    receipt = [x for x in service.store.letters() if x.template == "resi"]
    assert len(receipt) == 1
