"""A scan of an identity card stays in the office unless an officer asks for it (SOP 10)."""

from kit.people import FOR_LKPP, parsed
from kit.service import Clock, Service, written

SARI = "Sari Wulandari <sari@contoh.go.id>"


def with_files(octets: bytes, *names: str) -> bytes:
    mail = parsed(octets)
    for name in names:
        content = f"isi {name}".encode()
        mail.add_attachment(content, maintype="image", subtype="png", filename=name)
    return mail.as_bytes()


def files_to_lkpp(service: Service, clock: Clock, order: str) -> set[str]:
    """The names of the files that LKPP gets after this order."""
    service.world.put(with_files(written(FOR_LKPP), "ktp-direktur.png", "layar-error.png"))
    for _ in range(2):
        service.round()
        clock.move(minutes=1)
    task = parsed(next(o for to, o in service.world.arrived if to.startswith("sari")))
    service.world.put(
        written(order, sender=SARI, message_id="<eskalasi@contoh.go.id>", answering=task)
    )
    for _ in range(2):
        service.round()
        clock.move(minutes=1)
    (letter,) = (octets for to, octets in service.world.arrived if "lkpp" in to)
    return {name for part in parsed(letter).walk() if (name := part.get_filename())}


def test_a_scan_of_an_identity_card_stays_here(service: Service, clock: Clock) -> None:
    files = files_to_lkpp(service, clock, "#eskalasi tanpa data")
    assert "layar-error.png" in files
    assert not {name for name in files if "ktp" in name}


def test_it_goes_along_when_an_officer_says_so(service: Service, clock: Clock) -> None:
    files = files_to_lkpp(service, clock, "#eskalasi tanpa data semua lampiran")
    assert {"layar-error.png", "ktp-direktur.png"} <= files
