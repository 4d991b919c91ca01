"""Mails that come in the wrong order, old threads with new matters, agents who write as users."""

from email.message import EmailMessage

from kit.people import COMPLETE, parsed
from kit.service import Clock, Service, written
from maild.store.values import TicketFilter

SITI = "Siti Aminah <siti@majujaya.example>"
SARI = "Sari Wulandari <sari@contoh.go.id>"
MORE = "Menyusuli surel tadi, masih belum bisa juga. Mohon bantuannya."
OTHER = "Kami lupa kata sandi akun penyedia. Mohon direset."


def receive(service: Service, clock: Clock, octets: bytes) -> list[tuple[str, EmailMessage]]:
    """A mail comes and is worked off; the letters that leave."""
    before = len(service.world.arrived)
    service.world.put(octets)
    for _ in range(2):
        service.round()
        clock.move(minutes=1)
    return [(to, parsed(letter)) for to, letter in service.world.arrived[before:]]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def test_b063_a_mail_that_comes_before_the_one_it_follows_shares_a_ticket_with_it(
    service: Service, clock: Clock
) -> None:
    first = written(COMPLETE, SITI, message_id="<1@majujaya.example>")
    later = written(MORE, SITI, message_id="<2@majujaya.example>", answering=parsed(first))
    receive(service, clock, later)
    letters = receive(service, clock, first)
    (ticket,) = service.store.tickets(TicketFilter())
    said = [m.text.strip() for m in service.store.conversation(ticket.id) if m.text]
    assert [MORE in said[0], COMPLETE in said[1]] == [True, True]
    assert not ticket.assessment.missing
    assert "siti@majujaya.example" not in [to for to, _ in letters]


def test_b068_an_old_thread_with_a_new_matter_stays_on_its_ticket_and_pisah_is_offered(
    service: Service, clock: Clock
) -> None:
    letters = receive(service, clock, written(COMPLETE, SITI, message_id="<1@majujaya.example>"))
    receipt = next(letter for to, letter in letters if to.startswith("siti"))
    other = parsed(written(OTHER, SITI, message_id="<2@majujaya.example>", answering=receipt))
    other.replace_header("Subject", "Lupa kata sandi")
    notices = receive(service, clock, other.as_bytes())
    (ticket,) = service.store.tickets(TicketFilter())
    assert all(OTHER in text_of(letter) and "#pisah" in text_of(letter) for _, letter in notices)
    mine = next(letter for to, letter in notices if to.startswith("sari"))
    split = written("#pisah", SARI, message_id="<3@contoh.go.id>", answering=mine)
    receive(service, clock, split)
    new = next(t for t in service.store.tickets(TicketFilter()) if t.id != ticket.id)
    assert (new.linked, new.subject) == (ticket.number, "Lupa kata sandi")


def test_b106_an_agent_who_writes_as_a_user_gets_one_notice(
    service: Service, clock: Clock
) -> None:
    letters = receive(service, clock, written(COMPLETE, SARI, message_id="<1@contoh.go.id>"))
    assert [str(x["Subject"])[:25] for to, x in letters if to.startswith("sari")] == [
        "[LPSE-2026-000001][P2] Ga"
    ]
    (ticket,) = service.store.tickets(TicketFilter())
    assert ticket.requester.address == "sari@contoh.go.id"


def test_b106_his_incomplete_problem_is_not_asked_of_him_by_machine(
    service: Service, clock: Clock
) -> None:
    letters = receive(service, clock, written("min sy lupa password lpse", SARI))
    mine = [letter for to, letter in letters if to.startswith("sari")]
    assert len(mine) == 1
    assert "Data yang belum ada" in text_of(mine[0])
