"""The shipped conversations hold, pass every row of the SOP, and notice when they are wrong."""

from pathlib import Path

import pytest

from kit.office import ROOT, book, letters
from maild.desk.rehearsal import Rehearsal

SHIPPED = ROOT / "sop" / "penanganan-email.percakapan"
FILES = [SHIPPED, *sorted((Path(__file__).parent / "conversations").glob("*.percakapan"))]


def rehearse(text: str) -> Rehearsal:
    rehearsal = Rehearsal(book(), lambda name, words: letters().render(name, words).text)
    rehearsal.play(text)
    return rehearsal


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_goes_as_it_is_written(path: Path):
    assert rehearse(path.read_text("utf-8")).failures == []


def test_the_shipped_conversations_enter_every_row():
    procedure = book().procedures[book().current]
    entered = rehearse(SHIPPED.read_text("utf-8")).walked
    assert set(procedure.rows) - entered == set()


STATEMENTS = [
    number
    for number, line in enumerate(SHIPPED.read_text("utf-8").splitlines())
    if line.startswith("maild mengirim")
]


@pytest.mark.parametrize("number", STATEMENTS[::4])
def test_a_letter_left_out_of_the_script_is_noticed(number: int):
    lines = SHIPPED.read_text("utf-8").splitlines()
    del lines[number]
    assert rehearse("\n".join(lines)).failures


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ("tiket di langkah 9c", "tiket di langkah 9b"),
        ("jatuh tempo 2026-02-02 14:00", "jatuh tempo 2026-02-02 14:01"),
        ("tiket berstatus dieskalasi", "tiket berstatus dijawab"),
        ("surat memuat INC-204518", "surat memuat INC-204519"),
        ("maild mengirim jawaban kepada pengguna", "maild mengirim selesai kepada pengguna"),
        ("maild mengirim tugas_baru kepada helpdesk", "maild mengirim tugas_baru kepada lkpp"),
        ("maild diam", "maild tidur"),
        ("  | #eskalasi", "  | #data"),
    ],
)
def test_a_sentence_that_is_wrong_is_noticed(written: str, wrong: str):
    text = SHIPPED.read_text("utf-8")
    assert written in text
    assert rehearse(text.replace(written, wrong, 1)).failures


def test_a_mail_body_without_a_mail_is_a_complaint():
    assert rehearse("  | halo").failures == ["baris 1: isi surel tanpa 'mengirim' di atasnya"]
