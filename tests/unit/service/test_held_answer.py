"""LKPP writes a fresh mail that names nothing; an officer says by reply which ticket it is for."""

from kit.people import FOR_LKPP, parsed
from kit.service import Clock, Service, written
from maild.store.values import TicketFilter

SARI = "Sari Wulandari <sari@contoh.go.id>"


def receive(service: Service, clock: Clock, octets: bytes) -> list[tuple[str, str, bytes]]:
    """The letters that a mail brings: recipient, subject, octets."""
    before = len(service.world.arrived)
    service.world.put(octets)
    for _ in range(3):
        service.round()
        clock.move(minutes=1)
    new = service.world.arrived[before:]
    return [(to, " ".join(str(parsed(o)["Subject"]).split()), o) for to, o in new]


def to_sari(letters: list[tuple[str, str, bytes]]) -> bytes:
    return next(octets for to, _, octets in letters if to.startswith("sari"))


def test_b119_a_held_answer_reaches_the_ticket_that_an_officer_names(
    service: Service, clock: Clock
) -> None:
    task = to_sari(receive(service, clock, written(FOR_LKPP)))
    order = written("#eskalasi tanpa data", SARI, message_id="<1@a>", answering=parsed(task))
    letters = receive(service, clock, order)
    lkpp = next(to for to, _, _ in letters if "lkpp" in to)
    answer = written(
        "Kunci tender sudah kami perbaiki.", lkpp, "Kunci tender", message_id="<2@lkpp>"
    )
    notice = to_sari(receive(service, clock, answer))
    (ticket,) = service.store.tickets(TicketFilter())
    assert ticket.row == "10a"
    given = written(f"#untuk {ticket.number}", SARI, message_id="<3@a>", answering=parsed(notice))
    told = receive(service, clock, given)
    (ticket,) = service.store.tickets(TicketFilter())
    assert ticket.row == "10c"
    assert any("Jawaban" in subject for to, subject, _ in told if to.startswith("sari"))
