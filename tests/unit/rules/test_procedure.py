"""A SOP file is read in one pass, with every complaint in Indonesian, by file and row."""

import pytest

from maild.model.ticket import State
from maild.model.worktime import Allowance, Unit
from maild.rules import procedure

HEAD = {"nama": "uji", "mulai": "1", "buka_kembali": "2"}
START = {"no": "1", "pelaksana": "pengguna", "lanjut": "2"}


def read(*rows, head=None):
    return procedure.read({"sop": head or HEAD, "langkah": list(rows)}, "uji.toml")


def test_a_row_keeps_the_documents_words_and_what_is_run():
    sop, complaints = read(
        START,
        {
            "no": "2",
            "pelaksana": "helpdesk",
            "aktivitas": "Menganalisa",
            "waktu": "1 hari kerja",
            "ingatkan": "menurut prioritas",
            "surat": {"helpdesk": "tugas_baru"},
            "pilihan": {"selesai": "3"},
            "lewat": "2",
        },
        {"no": "3", "pelaksana": "maild", "selesai": True},
    )
    assert complaints == []
    row = sop.rows["2"]
    assert row.document == {"aktivitas": "Menganalisa", "waktu": "1 hari kerja"}
    assert (row.allowance, row.by_priority) == (Allowance(1, Unit.DAY), False)
    assert (row.remind_every, row.remind_by_priority) == (None, True)
    assert dict(row.arrows()) == {"lewat": "2", "pilihan.selesai": "3"}
    assert (row.waits, row.state) == (True, State.IN_PROGRESS)
    assert (sop.rows["3"].waits, sop.rows["3"].state) == (False, State.CLOSED)


@pytest.mark.parametrize(
    ("actor", "state"),
    [
        ("pengguna", State.WAITING_DATA),
        ("helpdesk", State.IN_PROGRESS),
        ("lkpp", State.ESCALATED),
        ("maild", State.NEW),
        ("koordinator", State.IN_PROGRESS),
    ],
)
def test_a_row_without_status_has_the_state_of_whom_it_waits_for(actor, state):
    sop, _ = read({"no": "1", "pelaksana": actor})
    assert sop.rows["1"].state is state


FAULTS = {
    "an unknown key": ({**START, "kalau": "x"}, "langkah 1: kunci 'kalau' tidak dikenal"),
    "no number": ({"pelaksana": "maild"}, "langkah ke-1: 'no' dan 'pelaksana' wajib diisi"),
    "nobody acts": ({"no": "1"}, "langkah 1: 'no' dan 'pelaksana' wajib diisi"),
    "a span nobody understands": ({**START, "waktu": "nanti"}, "langkah 1: waktu: "),
    "a reminder nobody understands": ({**START, "ingatkan": "sering"}, "langkah 1: ingatkan: "),
    "an unknown state": ({**START, "status": "beres"}, "langkah 1: status 'beres' tidak dikenal"),
    "letters without a party": ({**START, "surat": "x"}, "langkah 1: surat harus berbentuk"),
    "choices without words": ({**START, "pilihan": "9"}, "langkah 1: pilihan harus berbentuk"),
}


@pytest.mark.parametrize(("row", "complaint"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_by_file_and_row(row, complaint):
    _, complaints = read(row)
    assert len(complaints) == 1
    assert complaints[0].startswith(f"uji.toml: {complaint}")


def test_a_number_that_stands_twice_is_told():
    _, complaints = read(START, START)
    assert complaints == ["uji.toml: langkah 1 ada dua kali; beri nomor lain"]


def test_all_complaints_come_at_once():
    _, complaints = read({"no": "1", "x": 1, "waktu": "nanti"}, head={"nama": "", "y": 1})
    assert len(complaints) == 5


def test_an_empty_file_is_told_what_it_lacks():
    _, complaints = procedure.read({}, "kosong.toml")
    assert [c.partition(": ")[2].split(";")[0] for c in complaints] == [
        "tidak ada satu pun [[langkah]]",
        "[sop] nama kosong",
    ]


def test_the_row_of_a_choice_is_found_for_its_party_only():
    sop, _ = read(START, {"no": "2", "pelaksana": "helpdesk", "pilihan": {"selesai": "3"}})
    assert sop.row_of_choice("helpdesk", "selesai") is sop.rows["2"]
    assert sop.row_of_choice("pengguna", "selesai") is None
    assert sop.row_of_choice("helpdesk", "kirim") is None


NOT_TABLES = {
    "langkah is no list": {"sop": HEAD, "langkah": 3},
    "a row is no table": {"sop": HEAD, "langkah": ["x"]},
    "sop is no table": {"sop": "x", "langkah": [START]},
    "kolom is no table": {"sop": {**HEAD, "kolom": "x"}, "langkah": [START]},
}


@pytest.mark.parametrize("data", NOT_TABLES.values(), ids=NOT_TABLES.keys())
def test_a_file_of_another_shape_is_a_complaint_and_no_crash(data):
    _, complaints = procedure.read(data, "uji.toml")
    assert complaints
    assert all(c.startswith("uji.toml: ") for c in complaints)
