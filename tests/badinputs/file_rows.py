"""B080 to B086: files that come along."""

import io
import unicodedata
import zipfile
from base64 import b64encode

from badmail import ASK, MIME, answering, head, multipart, octets
from badoffice import BY_SARI, SARI, SITI, BadOffice, Came, acknowledged

from kit.people import FOR_LKPP

LKPP = "helpdesk@lkpp.example"
RESERVED = ("CON", "NUL.txt", "com1", "titik.", "spasi ", "a\nb.txt", "nul\0.txt", "x" * 1_000)


def _file(name: str, kind: str = "application/pdf", content: str = "PDF") -> str:
    word = f"=?utf-8?B?{b64encode(name.encode()).decode()}?="
    return f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{word}"\n\n{content}'


def _brings(it: BadOffice, *files: str) -> Came:
    (came,) = it.asks(octets(MIME) + multipart(ASK, *files))
    return came


def _names(it: BadOffice, came: Came) -> list[str]:
    return [f.name for f in it.service.store.attachments(came.mails[0].id)]


def b080_no_name_leads_out_of_the_store(it: BadOffice) -> None:
    """`../../x`, absolute, drive, UNC names: stored by hash, name cleaned."""
    bad = (
        "../../x.pdf",
        "/etc/cron.d/x",
        "C:\\Windows\\x.exe",
        "\\\\server\\bagi\\x",
        "..",
        "~/x",
    )
    for name in _names(it, _brings(it, *map(_file, bad))):
        assert not set(name) & set("/\\:"), name
        assert name.strip(".")


def b081_a_name_shows_its_true_ending(it: BadOffice) -> None:
    """RTL override, zero-width, bidi in names: removed."""
    bad = ("surat\u202efdp.exe", "surat.pdf\u200b.exe", "\u2066surat\u2069.exe", "s\ufeffurat.exe")
    for name in _names(it, _brings(it, *map(_file, bad))):
        assert name.endswith(".exe")
        assert not [c for c in name if unicodedata.category(c) in ("Cf", "Cc")]


def b082_names_are_safe_and_each_is_there_once(it: BadOffice) -> None:
    """CON, NUL, trailing dot, newline, NUL byte, 1,000 characters, none, 50 equal names."""
    none = "Content-Type: application/pdf\nContent-Disposition: attachment\n\nPDF"
    names = _names(it, _brings(it, *map(_file, RESERVED), none, *[_file("sama.pdf")] * 50))
    assert len(names) == len({n.lower() for n in names}) == len(RESERVED) + 51
    for name in names:
        assert name.isprintable()
        assert 0 < len(name.encode()) <= 200
        assert name.partition(".")[0].upper() not in ("CON", "NUL", "COM1")
        assert name == name.strip(" .")


def b083_what_would_run_leaves_as_mere_octets(it: BadOffice) -> None:
    """.exe, .js, .lnk, HTML, SVG, double extension; type lies: octet-stream on the way out."""
    files = (
        ("surat.pdf.exe", "application/pdf"),
        ("gambar.svg", "image/svg+xml"),
        ("halaman.html", "text/html"),
        ("tautan.lnk", "image/png"),
        ("naskah.js", "text/plain"),
    )
    mail = head(f"Hendra <{SITI}>") + octets(MIME)
    mail += multipart(f"\n{FOR_LKPP}", *[_file(n, k) for n, k in files])
    asked = it.comes(mail, letters=acknowledged(SITI))
    order = answering(asked.letter(f"tugas_baru {SARI}"), BY_SARI) + octets(
        "\n#eskalasi\nMohon.\n"
    )
    letters = (f"eskalasi {LKPP}", f"pemberitahuan_eskalasi {SITI}", f"resi {SARI}")
    came = it.comes(order, letters=letters, opens=0, touches=[asked.ticket])
    sent = {p.get_filename(): p.get_content_type() for p in came.letter(letters[0]).walk()}
    for name, _ in files:
        assert sent[name] == "application/octet-stream"


def b084_archives_are_never_unpacked(it: BadOffice) -> None:
    """Zip bomb, nested or encrypted archive, pixel bomb."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nol", b"\0" * 50_000_000)
    kind = "application/zip\nContent-Transfer-Encoding: base64"
    packed = b64encode(bomb.getvalue()).decode()
    pixels = b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff").decode()
    image = "image/png\nContent-Transfer-Encoding: base64"
    came = _brings(it, _file("bom.zip", kind, packed), _file("bom.png", image, pixels))
    assert _names(it, came) == ["bom.zip", "bom.png"]


def b085_of_ten_thousand_files_a_hundred_are_listed(it: BadOffice) -> None:
    """10,000 tiny files."""
    came = _brings(it, *[_file("a.txt", content="a")] * 10_000)
    assert 0 < len(_names(it, came)) <= 101


def b086_a_picture_is_stored_once(it: BadOffice) -> None:
    """cid: without part; same image 100 times (signatures): size grows once."""
    page = f'Content-Type: text/html\n\n<p>{ASK}</p><img src="cid:tidak-ada"><img src="cid:logo">'
    logo = "Content-Type: image/png; name=logo.png\nContent-ID: <logo>\n\n" + "PNG" * 5_000
    before = len(list((it.folder / "data" / "mail").glob("*")))
    cames = [_brings_page(it, page, logo) for _ in range(3)]
    came = _brings_page(it, page, *[logo] * 100)
    kept = list((it.folder / "data" / "mail").glob("*"))
    assert len(kept) - before == len(cames) + 2  # one file a mail, and the neighbour's
    digests = {f.sha256 for f in it.service.store.attachments(came.mails[0].id)}
    assert len(digests) == 1


def _brings_page(it: BadOffice, *parts: str) -> Came:
    (came,) = it.asks(octets(MIME) + multipart(*parts, kind="related"))
    return came
