"""The question in the closing letter, answered by a click, from end to end."""

import email
import email.policy
import html
import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from kit.office import SARI, SITI, TONO
from kit.service import Clock, Service, written
from kit.world import World
from maild.model.ticket import State, Ticket

PROBLEM = "Kami CV Maju Jaya gagal unggah dokumen penawaran, mohon dibantu."


def letter(service: Service, template: str) -> email.message.EmailMessage:
    name = next(x.name for x in service.store.letters() if x.template == template)
    octets = service.store.letter_octets(name)
    assert octets is not None
    found = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


@pytest.fixture
def links(service: Service, world: World) -> dict[str, str]:
    """The links of a closing letter, by what they say."""
    world.put(written(PROBLEM))
    service.round()
    task = next(x for x in ("tugas_baru", "tugas_telepon") if has(service, x))
    world.put(
        written(
            "#selesai\nBerkas sudah kami perkecil.",
            sender=SARI.address,
            message_id="<j@contoh.go.id>",
            answering=letter(service, task),
        )
    )
    service.round()
    body = letter(service, "selesai").get_body(("html",))
    assert body is not None
    found = re.findall(r'<a [^>]*href="(mailto:[^"]+)"[^>]*>([^<]*)', body.get_content())
    text = letter(service, "selesai").get_body(("plain",))
    assert text is not None
    plain = re.findall(r"(\w[\w ]*?) ?<(mailto:[^>]+)>", text.get_content().replace("=\n", ""))
    return {said.strip(): html.unescape(link) for link, said in found} | dict(plain)


def has(service: Service, template: str) -> bool:
    return any(x.template == template for x in service.store.letters())


def click(link: str, sender: str = SITI.address, n: int = 1) -> bytes:
    """The mail that a mail program writes for the link."""
    parts = urlsplit(link)
    said = parse_qs(parts.query)
    return written(
        said["body"][0],
        sender=sender,
        subject=said["subject"][0],
        to=unquote(parts.path),
        message_id=f"<klik{n}@majujaya.example>",
    )


def ticket(service: Service) -> Ticket:
    found = service.store.ticket(2026000001)
    assert found is not None
    return found


def test_a_click_is_counted_and_changes_nothing_else(
    service: Service, world: World, links: dict[str, str]
) -> None:
    before, letters = ticket(service), len(service.store.letters())
    world.put(click(links["Sangat puas"]))
    service.round()
    after = ticket(service)
    assert (before.rating, after.rating) == (0, 4)
    assert after.state is before.state is State.CLOSED
    assert len(service.store.letters()) == letters
    assert service.store.ticket(2026000002) is None


def test_a_second_click_is_noted_and_not_counted(
    service: Service, world: World, clock: Clock, links: dict[str, str]
) -> None:
    world.put(click(links["Sangat puas"]))
    service.round()
    clock.move(hours=1)
    world.put(click(links["Tidak puas"], n=2))
    service.round()
    assert ticket(service).rating == 4
    assert "tidak dihitung" in service.store.journal(2026000001)[-1].text


def test_a_stranger_rates_nothing(service: Service, world: World, links: dict[str, str]) -> None:
    world.put(click(links["Sangat puas"], sender=TONO.address))
    service.round()
    assert ticket(service).rating == 0


def test_a_subject_alone_is_no_rating(
    service: Service, world: World, links: dict[str, str]
) -> None:
    assert links
    world.put(
        written(
            "Sangat puas",
            subject="Penilaian LPSE-2026-000001: 4",
            message_id="<tanpa-tanda@majujaya.example>",
        )
    )
    service.round()
    assert ticket(service).rating == 0
