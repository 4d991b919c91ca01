"""The office edits the table: every mistake is named at once, with its remedy, in Indonesian."""

import copy
import re
from collections.abc import Callable
from typing import Any

import pytest

from maild.model.ticket import Kind, Priority
from maild.model.worktime import Allowance, Unit
from maild.rules.priorities import PriorityTable
from maild.rules.table import read_table


def test_the_shipped_table_has_no_complaint(document: dict[str, Any]) -> None:
    assert read_table(document, "prioritas.toml")[1] == []


def test_the_shipped_table_is_whole(table: PriorityTable) -> None:
    assert len(table.categories) == 35
    assert list(table.levels) == list(Priority)
    assert table.categories["server_down"].priority is Priority.CRITICAL
    assert table.categories["lupa_password"].resolution == Allowance(1, Unit.DAY)
    assert table.labels["alasan"] == "Alasan permohonan"


def test_no_secret_may_be_asked_for(table: PriorityTable) -> None:
    asked = {name for c in table.categories.values() for name in c.required}
    assert not asked & set(table.forbidden)


@pytest.mark.parametrize(
    ("kind", "status", "wanted"),
    [
        (Kind.COMPLAINT, False, ("kode_paket", "instansi", "bukti_error")),
        (Kind.CONSULTATION, False, ("kode_paket", "instansi")),
        (Kind.QUESTION, False, ()),
        (Kind.QUESTION, True, ("kode_paket",)),
        (Kind.NO_PROBLEM, True, ()),
    ],
)
def test_what_is_required_depends_on_the_kind(
    table: PriorityTable, kind: Kind, status: bool, wanted: tuple[str, ...]
) -> None:
    assert table.required("sanggah", kind, status) == wanted


Edit = Callable[[dict[str, Any]], object]
EDITS: list[tuple[str, Edit, str]] = [
    ("section", lambda d: d.update(kategry=[]), "mungkin maksudnya 'kategori'"),
    ("key", lambda d: d["kategori"][0].update(priorits=1), "mungkin maksudnya 'prioritas'"),
    ("field", lambda d: d["kategori"][0]["wajib"].append("kode_pakt"), "mungkin 'kode_paket'"),
    ("phrase", lambda d: d["kategori"][0]["kuat"].append("a (b"), "tidak dapat dibaca: '(b'"),
    ("group", lambda d: d["kategori"][0]["kuat"].append("@gagl"), "kelompok @gagl tidak ada"),
    ("level", lambda d: d["prioritas"].pop(), "tingkat 4 tidak ada"),
    ("twice", lambda d: d["kategori"].append(d["kategori"][0]), "ada dua kali"),
    ("number", lambda d: d["kategori"][0].update(prioritas=9), "isi bilangan bulat 1 sampai 4"),
    ("unit", lambda d: d["kategori"][0].update(respons="15 minggu"), "bukan lamanya waktu"),
    ("escalation", lambda d: d["kategori"][0].update(eskalasi="pusat"), '"lpse" atau "lkpp"'),
    ("condition", lambda d: d["penyesuaian"][0].update(jika="x"), "pilih salah satu: dampak_luas"),
    ("effects", lambda d: d["penyesuaian"][0].update(naikkan_ke=1), "isi tepat satu dari"),
    ("cue", lambda d: d["isyarat"].update(baru=["x"]), "pilih salah satu: kegagalan"),
    ("role", lambda d: d["peran"].update(bupati={}), "pilih salah satu: penyedia"),
    ("column", lambda d: d["kolom"].update(x="y"), 'tulis { label = "...", bukti = "teks" }'),
    ("evidence", lambda d: d["kolom"]["peran"].update(bukti="foto"), "pilih salah satu: teks"),
    ("clock", lambda d: d["tenggat"].update(besok_pagi_sampai="pagi"), 'tulis misalnya "10:00"'),
    ("fallback", lambda d: d["umum"].update(cadangan="x"), "tambahkan [[kategori]]-nya"),
    ("words", lambda d: d["kategori"][0].update(kuat="down"), 'tulis misalnya kuat = ["..."]'),
    ("kind", lambda d: d["wajib"].update(aduan={}), "pilih salah satu: pengaduan"),
    ("bonus", lambda d: d["kategori"][0].update(bobot=-1), "isi bilangan di atas 0 sampai 10"),
    ("service", lambda d: d["kategori"][0].update(layanan="ya"), "isi true atau false"),
]


@pytest.mark.parametrize(("edit", "remedy"), [e[1:] for e in EDITS], ids=[e[0] for e in EDITS])
def test_a_mistake_is_named(document: dict[str, Any], edit: Edit, remedy: str) -> None:
    broken = copy.deepcopy(document)
    edit(broken)
    complaints = read_table(broken, "prioritas.toml")[1]
    assert any(remedy in c and c.startswith("prioritas.toml: ") for c in complaints), complaints


def test_all_mistakes_are_named_at_once(document: dict[str, Any]) -> None:
    broken = copy.deepcopy(document)
    for _, edit, _ in EDITS[:4]:
        edit(broken)
    assert len(read_table(broken, "prioritas.toml")[1]) == 4


@pytest.mark.parametrize("data", [{}, {"kategori": 3}, {"kolom": []}, {"prioritas": [1]}])
def test_no_document_breaks_the_reader(data: dict[str, Any]) -> None:
    assert read_table(data, "prioritas.toml")[1]


def test_every_word_of_a_phrase_is_read_in_a_mail_as_the_phrase_means_it(
    table: PriorityTable,
) -> None:
    """The repair of typing errors makes no other word of one that the table itself uses."""
    other = []
    for phrase in table.matcher.phrases:
        meant = {sequence for element in phrase.elements for sequence in element.sequences}
        for option in re.split(r"[ |]", phrase.text.replace("?", "")):
            plain = option.strip(".") and not re.search(r"[@=*]", option)
            read = table.normaliser.bases(option) if plain else ()
            if read and read not in meant:
                other.append((option, read, phrase.text))
    assert other == []
