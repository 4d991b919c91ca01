"""What holds of every mail: ones that a grammar writes, and whole ones that were broken."""

from email.message import EmailMessage
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import given, settings

from kit import collection, mutation
from maild.ingest import parse
from maild.model.mail import Nature

FOLDER = Path(__file__).parents[1] / "mails"
WORDS = (
    *("paket", "tender", "unggah", "gagal", "sejak", "pagi", "mohon", "dicek"),
    *("nomor", "41877096", "pukul", "14.52", "ya", "é", "中", "(dua)"),
)
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=9).map(" ".join)
OWN = st.lists(SENTENCES, min_size=1, max_size=4).map("\n".join)
ANSWERED = st.lists(SENTENCES, min_size=1, max_size=3)
WEEKDAYS = st.sampled_from(("Sen", "Sel", "Rab", "Kam", "Jum"))
NAMES = st.sampled_from(("Helpdesk LPSE", "Layanan Pengadaan", "helpdesk", "Ibu Wati"))
ADDRESS = "helpdesk@lpse.example"
FILE_NAMES = st.text("abé 中.-_()", min_size=1, max_size=30).map(lambda name: f"a{name}b.pdf")


@st.composite
def marked_quotes(draw: st.DrawFn) -> str:
    """A lead-in as mail programs write it, wrapped anywhere, and the quote in `>` lines."""
    day, name = draw(WEEKDAYS), draw(NAMES)
    lead = draw(
        st.sampled_from(
            (
                f"Pada {day}, 5 Jan 2026 pukul 08.15 {name} <{ADDRESS}> menulis:",
                f"Pada {day}, 5 Jan 2026 08.15, {name} <{ADDRESS}> menulis:",
                f"On Mon, 5 Jan 2026 at 08:15, {name} <{ADDRESS}> wrote:",
                f"Pada 2026-01-05 08:15, {name} menulis:",
                f"Pada 05/01/2026 08.15, {name} menulis:",
            )
        )
    )
    if draw(st.booleans()) and "<" in lead:
        lead = lead.replace("<", "\n<" if draw(st.booleans()) else "<\n")
    return f"{lead}\n\n" + "\n".join(f"> {line}" for line in draw(ANSWERED))


@st.composite
def header_quotes(draw: st.DrawFn) -> str:
    """The header block of Outlook, Zimbra or a phone, and the quote without marks."""
    rule = draw(
        st.sampled_from(
            ("", "_" * 32, "-----Original Message-----", "-------- Pesan asli --------")
        )
    )
    sender, sent, to, subject = draw(
        st.sampled_from(
            (
                ("From", "Sent", "To", "Subject"),
                ("Dari", "Dikirim", "Kepada", "Subjek"),
                ("Dari", "Terkirim", "Kepada", "Subjek"),
                ("Dari", "Tanggal", "Ke", "Perihal"),
            )
        )
    )
    head = f"{sender}: {draw(NAMES)} <{ADDRESS}>\n{sent}: Senin, 05 Januari 2026 08.15\n"
    head += f"{to}: Budi <budi@x.example>\n{subject}: Data"
    return f"{rule}\n{head}\n\n".lstrip("\n") + "\n".join(draw(ANSWERED))


def mail(own: str, quote: str, files: list[tuple[str, bytes]]) -> EmailMessage:
    """A reply, as the standard library writes it."""
    message = EmailMessage()
    message["From"] = "Budi Santoso <budi@x.example>"
    message["To"] = ADDRESS
    message["Subject"] = "Re: [LPSE-2026-000042] Gagal unggah é"
    message.set_content(f"{own}\n\n{quote}\n")
    for name, octets in files:
        message.add_attachment(octets, "application", "pdf", filename=name)
    return message


@settings(max_examples=150, deadline=None)
@given(OWN, marked_quotes() | header_quotes())
def test_a_reply_above_its_quote_is_the_writers_words_and_nothing_else(
    own: str, quote: str
) -> None:
    found = parse.read(mail(own, quote, []).as_bytes())
    assert found.reply_text.split() == own.split()
    assert found.nature is Nature.HUMAN


@settings(max_examples=100, deadline=None)
@given(OWN, marked_quotes())
def test_a_reply_below_a_marked_quote_is_the_writers_words_and_nothing_else(
    own: str, quote: str
) -> None:
    found = parse.read(mail("", quote + f"\n\n{own}", []).as_bytes())
    assert found.reply_text.split() == own.split()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(FILE_NAMES, st.binary(min_size=1)), max_size=4))
def test_every_file_comes_back_once_under_its_name_with_its_octets(
    files: list[tuple[str, bytes]],
) -> None:
    octets = mail("terlampir", "", files).as_bytes()
    found = parse.read(octets)
    assert [parse.content_of(octets, one.part) for one in found.attachments] == [
        content for _, content in files
    ]
    if len({name.casefold() for name, _ in files}) == len(files):
        names = [" ".join(name.split()) for name, _ in files]
        assert [one.name for one in found.attachments] == names


@settings(max_examples=40, deadline=None)
@given(OWN, marked_quotes() | header_quotes(), st.lists(st.tuples(FILE_NAMES, st.binary())))
def test_a_written_mail_keeps_what_must_hold(
    own: str, quote: str, files: list[tuple[str, bytes]]
) -> None:
    octets = mail(own, quote, files[:2]).as_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert mutation.faults(octets) == []


def test_five_hundred_broken_mails_keep_what_must_hold() -> None:
    """A new seed each day would be a new test each day: `make fuzz` looks for new mails."""
    seeds = [
        one.octets for path in sorted(FOLDER.rglob("*.mails")) for one in collection.load(path)
    ]
    broken = mutation.mails(seeds, 500, seed=3834)
    assert [(octets, found) for octets in broken if (found := mutation.faults(octets))] == []
