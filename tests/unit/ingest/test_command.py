"""Command lines: only the leading ones, Indonesian words with English aliases."""

import pytest

from maild.ingest import command


def test_commands_are_taken_from_the_leading_lines_and_the_rest_is_the_answer() -> None:
    commands, answer = command.read("#prioritas 2\n\n#selesai\nSilakan coba lagi.\n#bukan ini")
    assert [(c.word, c.argument) for c in commands] == [("prioritas", "2"), ("selesai", "")]
    assert answer == "Silakan coba lagi.\n#bukan ini"


@pytest.mark.parametrize(
    ("line", "word", "argument"),
    [
        ("#done", "selesai", ""),
        ("#Escalate", "eskalasi", ""),
        ("#NOTE sudah ditelepon", "catatan", "sudah ditelepon"),
        ("#telepon: 08.15 sudah dihubungi", "telepon", "08.15 sudah dihubungi"),
        ("#kategori akun-login", "kategori", "akun-login"),
        ("  #merge LPSE-2026-000001  ", "gabung", "LPSE-2026-000001"),
        ("#templat = salam", "templat", "salam"),
    ],
)
def test_an_alias_gives_the_canonical_word(line: str, word: str, argument: str) -> None:
    (found,), _ = command.read(line)
    assert (found.word, found.argument, found.known) == (word, argument, True)


def test_an_unknown_word_is_no_text_and_gets_a_suggestion() -> None:
    (found,), answer = command.read("#selsai\nJawaban")
    assert (found.known, found.suggestion, answer) == (False, "selesai", "Jawaban")


def test_a_word_like_no_other_gets_no_suggestion() -> None:
    assert command.read("#xyzzy")[0][0].suggestion == ""


@pytest.mark.parametrize("text", ["#1 gagal", "## judul", "Jawaban\n#selesai", "# selesai", "#"])
def test_what_is_no_leading_command_line_is_text(text: str) -> None:
    assert command.read(text) == ((), text)


def test_the_text_below_a_note_belongs_to_the_answer_text() -> None:
    commands, answer = command.read("#catatan panjang\nbaris kedua")
    assert commands[0].argument == "panjang"
    assert answer == "baris kedua"


def test_a_flood_of_commands_is_cut() -> None:
    commands, answer = command.read("#status\n" * 50)
    assert len(commands) == 20
    assert answer.startswith("#status")
