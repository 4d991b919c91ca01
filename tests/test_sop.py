"""The SOP file says what the document says: same rows, same numbers, same words."""

import tomllib
from pathlib import Path

import pytest

from maild.desk import sheet
from maild.model.people import HELPDESK, LKPP, MAILD, USER
from maild.rules import procedure, soundness
from maild.rules.questions import QUESTIONS

ROOT = Path(__file__).parents[1]
FILE = ROOT / "sop" / "penanganan-email.toml"
LETTERS = frozenset(path.stem for path in (ROOT / "templates").glob("*.txt"))
PARTIES = frozenset({USER, HELPDESK, LKPP, MAILD})


def load() -> procedure.Procedure:
    sop, complaints = procedure.read(tomllib.loads(FILE.read_text("utf-8")), FILE.name)
    assert complaints == []
    return sop


def document() -> list[list[str]]:
    """The rows of the transcription: No, Aktivitas, two parties, Perlengkapan, Waktu, ..."""
    lines = (ROOT / "docs" / "sop" / "penanganan-email.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line[:1].isdigit()]


def test_the_shipped_sop_is_sound():
    assert soundness.faults(load(), FILE.name, LETTERS, frozenset(QUESTIONS), PARTIES) == []


@pytest.mark.parametrize("row", document(), ids=lambda row: f"langkah {row[0]}")
def test_a_row_says_what_the_document_says(row):
    cells = next(c for c in sheet.table(load(), extra=False) if c[0] == row[0])
    no, activity, _, _, needs, time, output, note = (c.strip() for c in (*row, *[""] * 8)[:8])
    assert [cells[0], cells[1], *cells[4:]] == [no, activity, needs, time, output, note]


def test_the_document_rows_stand_in_their_order_and_are_ten():
    numbers = [cells[0] for cells in sheet.table(load(), extra=False)[1:]]
    assert numbers == [row[0] for row in document()]
    assert len(numbers) == 10


def test_rows_that_maild_added_are_marked_as_such():
    assert {r.no for r in load().rows.values() if r.extra} == {
        no for no in load().rows if not no.isdigit()
    }


def test_the_printed_table_and_flow_name_every_row():
    sop = load()
    for text in (sheet.as_text(sop), sheet.as_markdown(sop), sheet.diagram(sop)):
        assert all(no in text for no in sop.rows)
