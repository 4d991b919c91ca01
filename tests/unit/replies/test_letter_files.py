"""Files of letters: what a template may do, and what an office is told when one is wrong.

The letters that the desk does not write of itself stand in tests/letters/ too, made from the
sample; MAILD_WRITE_LETTERS=1 writes them anew.
"""

import os
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from kit.office import ROOT
from maild.replies.layout import wrapped
from maild.replies.letter import LetterFault, Letters, LetterText, cut, quote
from maild.replies.sample import SAMPLE
from maild.replies.vocabulary import ALL, OFFERED, chosen

SOURCES = {path.stem: path.read_text("utf-8") for path in (ROOT / "templates").glob("*.txt")}


@cache
def shipped():
    return Letters(SOURCES)


AT = datetime(2026, 2, 9, 3, 0, tzinfo=UTC)


def written(body, words=SAMPLE, name="surat_kantor", zone=None):
    """An office's own letter with this text."""
    letters = Letters({name: f"Perihal: Halo\n\n{body}"}, zone)
    own = [fault for fault in letters.faults([words]) if f"{name}.txt" in fault]
    assert own == []
    return letters.render(name, words).text


def faults(source, name="tanda_terima"):
    return [fault for fault in Letters({name: source}).faults() if f"/{name}.txt" in fault]


def test_the_letters_as_shipped_have_no_faults_and_none_is_missing():
    letters = shipped()
    assert letters.faults() == []
    assert letters.names == set(OFFERED)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_letter_is_one_screen_of_short_lines_in_plain_ascii(name):
    text = shipped().render(name, SAMPLE)
    assert (text.subject + text.text).isascii(), "typographic marks cost every letter its 7 bits"
    assert "\n\n\n" not in text.text
    assert not any(line != line.rstrip() for line in text.text.split("\n"))
    long = [line for line in wrapped(text.text).split("\n") if len(line) > 78]
    assert all(line.endswith(":") or "<mailto:" in line for line in long)
    assert len(text.subject) <= 200


@pytest.mark.parametrize("name", ["bantuan", "rekap", "rekap_mingguan", "ringkasan", "tersisih"])
def test_a_letter_reads_as_it_was_approved(name):
    text = shipped().render(name, SAMPLE)
    got = f"Perihal: {text.subject}\n\n{wrapped(text.text)}"
    path = ROOT / "tests" / "letters" / f"{name}.txt"
    if os.environ.get("MAILD_WRITE_LETTERS"):
        path.write_text(got, "utf-8")
    assert got == path.read_text("utf-8")


@pytest.mark.parametrize("name", ["tanda_terima", "minta_data", "pengingat_data"])
@pytest.mark.parametrize("word", ["tiket.nama", "tiket.perihal", "tiket.ringkasan", "teks"])
def test_an_office_cannot_make_an_automatic_letter_repeat_a_stranger(name, word):
    source = SOURCES[name].replace("Yth. Bapak/Ibu", f"Yth. {{{{ {word} }}}}")
    assert any(f"kata '{word}' tidak tersedia" in fault for fault in faults(source, name))
    sneaky = SOURCES[name] + "{% set t = tiket %}{{ t.nama }}"
    assert faults(sneaky, name)


def test_an_escalation_cannot_carry_the_whole_history():
    source = SOURCES["eskalasi"] + "{% for a, b, c in percakapan %}{{ c }}{% endfor %}"
    assert any("'percakapan'" in fault for fault in faults(source, "eskalasi"))


GOOD = "Perihal: Halo\n\nYth. {{ kantor.nama }}\n"


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("Yth. Bapak\n", 1, "baris pertama bukan 'Perihal: ...'"),
        ("", 1, "baris pertama bukan"),
        ("Perihal: Halo\nYth. Bapak\n", 2, "baris kedua tidak kosong"),
        ("Perihal: Halo\n\n", 2, "tidak berisi"),
        (GOOD + "{{ tiket.nomer }}", 4, "mungkin maksudnya 'tiket.nomor'"),
        (GOOD + "\n{{ nomor }}", 5, "kata 'nomor' tidak tersedia"),
        ("Perihal: {{ tiket.nama }}\n\nHalo", 1, "kata 'tiket.nama' tidak tersedia"),
        (GOOD + "{{ batas", 4, "tidak lengkap atau keliru"),
        (GOOD + "{% if batas %}", 4, "ada if atau for yang belum ditutup"),
        (GOOD + "{% endif %}", 4, "ada penutup tanpa pembuka"),
        (GOOD + "{% jika x %}", 4, "perintah 'jika' tidak dikenal"),
        (GOOD + "{{ batas | jam }}", 4, "penyaring 'jam' tidak dikenal"),
        (GOOD + "{{ range(3) }}", 4, "kata 'range' tidak tersedia"),
    ],
)
def test_a_fault_names_file_line_problem_and_remedy(source, line, said):
    (fault,) = faults(source)
    assert fault.startswith(f"templates/tanda_terima.txt: baris {line}: ")
    assert said in fault
    assert fault.count("; ") == 1
    assert fault.partition("; ")[2]


def test_a_missing_letter_is_a_fault():
    sources = {name: text for name, text in SOURCES.items() if name != "resi"}
    (fault,) = Letters(sources).faults()
    assert fault.startswith("templates/resi.txt: berkas: surat ini tidak ada; ")


def test_all_faults_are_told_at_once():
    found = Letters({**SOURCES, "resi": "x", "status": GOOD + "{{ a }}{{ b }}"}).faults()
    assert len(found) == 3


def test_what_fails_only_when_it_is_written_is_found_by_the_samples():
    (fault,) = faults(GOOD + "{{ batas + 1 }}")
    assert fault.startswith("templates/tanda_terima.txt: isi surat: ")


@pytest.mark.parametrize(
    "body",
    [
        "{{ kantor.__class__.__mro__ }}",
        "{{ teks.__class__ }}",
        "{{ ''.__class__ }}",
        "{{ kantor.update({'nama': 'x'}) }}",
        "{{ teks.format(x=1).__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{% include 'resi/isi' ~ kantor.xx %}",
    ],
)
def test_a_template_cannot_reach_out_of_its_words(body):
    assert faults(GOOD + body)


def test_a_letter_that_does_not_exist_or_fit_says_so():
    letters = Letters({"a": "Perihal: x\n\n{{ batas + 1 }}"})
    with pytest.raises(LetterFault, match=r"templates/b\.txt: surat ini tidak ada"):
        letters.render("b", {})
    with pytest.raises(LetterFault, match=r"templates/a\.txt: isi surat"):
        letters.render("a", SAMPLE)


def test_words_that_were_not_given_are_empty():
    assert chosen("resi", {})["tiket"]["nomor"] == ""
    assert written("[{{ teks }}{{ tiket.nama }}{{ batas | waktu }}]", {}) == "[]\n"
    assert set(chosen("tanda_terima", SAMPLE)) == {"kantor", "tiket", "batas"}


def test_a_letter_of_the_offices_own_may_use_every_word():
    body = " ".join(f"{{{{ {word} }}}}" for word in sorted(ALL))
    assert "Siti Aminah" in written(body)


def test_a_line_of_tags_leaves_no_trace_and_others_keep_their_end():
    body = "a\n{% if teks %}\n  {% if batas %}  \nb\n{% endif %}{% endif %}\n"
    body += "c{% if teks %}d{% endif %}\ne"
    assert written(body) == "a\nb\ncd\ne\n"


def test_windows_files_are_read_alike():
    letters = Letters(
        {"x": "\ufeffPerihal: Halo\r\n\r\na\r\n{% if teks %}\r\nb\r\n{% endif %}\r\n"}
    )
    assert letters.render("x", SAMPLE) == LetterText("Halo", "a\nb\n")


def test_a_subject_is_one_line_without_controls_whatever_its_words_hold():
    letters = Letters({"x": "Perihal: {{ tiket.perihal }}\n\nisi"})
    subject = "a\r\nBcc: x@y.example\n\n\x00b\u2028c \u202ed" + "e" * 500
    text = letters.render("x", {"tiket": {"perihal": subject}})
    assert text.subject.startswith("a Bcc: x@y.example b c de")
    assert len(text.subject) == 200
    assert text.text == "isi\n"


def test_text_keeps_its_lines_and_loses_its_controls():
    assert written("{{ teks }}", {"teks": "a\r\nb\tc\x00\x1b[31md"}) == "a\nb\tc [31md\n"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Jakarta", "Senin, 9 Februari 2026, pukul 10.00 WIB"),
        ("Asia/Makassar", "Senin, 9 Februari 2026, pukul 11.00 WITA"),
        ("Asia/Jayapura", "Senin, 9 Februari 2026, pukul 12.00 WIT"),
    ],
)
def test_times_are_the_offices(zone, text):
    words = {"batas": AT}
    assert written("{{ batas | waktu }}", words, zone=ZoneInfo(zone)) == f"{text}\n"
    assert written("{{ batas | tanggal }}", words, zone=ZoneInfo(zone)) == "9 Februari 2026\n"


def test_a_label_can_lose_its_explanation():
    assert written("{{ 'Kode RUP (ID SiRUP)' | ringkas }}") == "Kode RUP\n"


@pytest.mark.parametrize(
    ("text", "most", "cut_text"),
    [
        ("satu dua tiga", 20, "satu dua tiga"),
        ("satu dua tiga", 13, "satu dua tiga"),
        ("satu dua tiga", 12, "satu dua..."),
        ("satudua tiga", 8, "satud..."),
        ("satu\ndua tiga empat", 14, "satu\ndua..."),
        ("", 5, ""),
    ],
)
def test_a_text_is_cut_between_words(text, most, cut_text):
    assert cut(text, most) == cut_text
    assert len(cut_text) <= most


def test_a_quote_marks_every_line():
    assert quote("a\n\n> b\n") == "> a\n>\n> > b"
    assert quote("  ") == "> (tanpa teks)"


def test_every_word_filter_and_letter_stands_on_the_offices_page():
    page = (ROOT / "docs" / "templates.md").read_text("utf-8")
    for name in (*ALL, *OFFERED, "waktu", "tanggal", "kutip", "ringkas"):
        assert f"`{name}`" in page, name
