"""What goes along to LKPP (SOP 10): screenshots, also pasted ones; no logo of a signature; a scan
of an identity card only when an officer asks for it."""

from kit.people import FOR_LKPP, parsed
from kit.service import Clock, Service, written

SARI = "Sari Wulandari <sari@contoh.go.id>"


def with_files(octets: bytes, *names: str) -> bytes:
    mail = parsed(octets)
    for name in names:
        content = f"isi {name}".encode()
        mail.add_attachment(content, maintype="image", subtype="png", filename=name)
    return mail.as_bytes()


def with_pictures() -> bytes:
    """A mail that shows a pasted screenshot, and a logo below a signature."""
    page = (
        f'<p>{FOR_LKPP}</p><img src="cid:layar@x"><div class="gmail_signature">Hendra'
        '<img src="cid:logo@x"></div>'
    )
    mail = parsed(written(FOR_LKPP))
    mail.add_alternative(page, subtype="html")
    for name in ("layar", "logo"):
        mail.get_payload(1).add_related(  # type: ignore[union-attr]
            name.encode() * 1_000, "image", "png", cid=f"<{name}@x>", filename=f"{name}.png"
        )
    return mail.as_bytes()


def files_to_lkpp(service: Service, clock: Clock, order: str, octets: bytes = b"") -> set[str]:
    """The names of the files that LKPP gets after this order."""
    files = "ktp-direktur.png", "layar-error.png"
    service.world.put(octets or with_files(written(FOR_LKPP), *files))
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


def test_b086_a_pasted_screenshot_goes_along_the_logo_of_the_signature_does_not(
    service: Service, clock: Clock
) -> None:
    files = files_to_lkpp(service, clock, "#eskalasi tanpa data", with_pictures())
    assert "layar.png" in files
    assert "logo.png" not in files
    (letter,) = (octets for to, octets in service.world.arrived if "lkpp" in to)
    assert b"layar.png" in letter
    text = parsed(letter).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "layar.png" in text
    assert "logo.png" not in text
