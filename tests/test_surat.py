"""The letters of the relay as an officer reads them, printed in docs/surat/.

Each comes out of a conversation of tests/conversations/. After a change that is meant, write them
anew with MAILD_WRITE_LETTERS=1 and read each one aloud.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from kit.office import ROOT, book, letters
from maild.desk.rehearsal import Rehearsal
from maild.replies.layout import wrapped

FOLDER = ROOT / "docs" / "surat"
CONVERSATIONS = Path(__file__).parent / "conversations"
# File, conversation, letter, reader, and which of them.
PRINTED = [
    ("01-resi-data-kurang", "lkpp-data-kurang", "resi", "helpdesk", 0),
    ("02-eskalasi", "lkpp-data-kurang", "eskalasi", "lkpp", 0),
    ("03-pemberitahuan-eskalasi", "lkpp-data-kurang", "pemberitahuan_eskalasi", "pengguna", 0),
    ("04-resi-eskalasi", "lkpp-rahasia", "resi", "helpdesk", 0),
    ("05-eskalasi-data-pribadi", "lkpp-rahasia", "eskalasi", "lkpp", 0),
    ("06-eskalasi-sisipan", "lkpp-pihak-lain", "eskalasi", "ppe", 0),
    ("07-tugas-portal", "lkpp-pihak-lain", "tugas_portal", "helpdesk", 0),
    ("08-pengingat-lkpp", "lkpp-jam", "pengingat", "lkpp", 0),
    ("09-lewat-lkpp", "lkpp-jam", "lewat_lkpp", "helpdesk", 0),
    ("10-kabar-menunggu", "lkpp-jam", "kabar_menunggu", "pengguna", 0),
    ("11-pertanyaan-lkpp", "lkpp-pertanyaan", "pertanyaan_lkpp", "helpdesk", 0),
    ("12-eskalasi-lanjutan", "lkpp-pertanyaan", "eskalasi_lanjutan", "lkpp", 0),
    ("13-jawaban-lkpp", "lkpp-pertanyaan", "jawaban_lkpp", "helpdesk", 0),
    ("14-kasus-ditutup", "lkpp-akhir", "jawaban_lkpp", "helpdesk", 0),
    ("15-jawaban-sesudah-selesai", "lkpp-akhir", "pesan_lanjutan", "helpdesk", 0),
    ("16-pengguna-menulis", "lkpp-pengguna-menulis", "pesan_lanjutan", "helpdesk", 0),
    ("17-satu-kasus", "lkpp-satu-kasus", "jawaban_lkpp", "helpdesk", 0),
    ("18-surel-tanpa-tanda", "lkpp-surel-baru", "surat_pihak_lain", "helpdesk", 0),
]


@cache
def played(conversation: str) -> Rehearsal:
    rehearsal = Rehearsal(book(), lambda name, words: letters().render(name, words).text)
    rehearsal.play((CONVERSATIONS / f"{conversation}.percakapan").read_text("utf-8"))
    return rehearsal


@pytest.mark.parametrize(("file", "conversation", "letter", "reader", "nth"), PRINTED)
def test_a_letter_of_the_relay_reads_as_it_was_approved(file, conversation, letter, reader, nth):
    sent = [p.letter for p in played(conversation).posted]
    chosen = [x for x in sent if (x.template, x.party) == (letter, reader)][nth]
    text = letters().render(chosen.template, chosen.words)
    head = f"Kepada: {chosen.to}\nPerihal: {text.subject}\n\n"
    tail = (
        f"\n[terlampir: salinan surel pengguna]\n\n{chosen.forward.text}" if chosen.forward else ""
    )
    got = head + wrapped(text.text) + tail
    path = FOLDER / f"{file}.txt"
    if os.environ.get("MAILD_WRITE_LETTERS"):
        path.write_text(got, "utf-8")
    assert got == path.read_text("utf-8")


def test_no_letter_is_printed_that_nobody_writes():
    assert {path.stem for path in FOLDER.glob("*.txt")} == {file for file, *_ in PRINTED}
