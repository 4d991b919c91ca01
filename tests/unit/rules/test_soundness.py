"""A SOP that cannot run is refused at load, and the complaint names the row and the remedy."""

import pytest

from maild.rules import procedure, soundness

LETTERS = frozenset({"tugas", "jawaban"})
QUESTIONS = frozenset({"butuh_data_tambahan"})
PARTIES = frozenset({"pengguna", "helpdesk", "maild"})

START = {"no": "1", "pelaksana": "pengguna", "lanjut": "2"}
WORK = {
    "no": "2",
    "pelaksana": "helpdesk",
    "waktu": "1 hari kerja",
    "lewat": "2",
    "lanjut": "3",
}
END = {"no": "3", "pelaksana": "maild", "selesai": True}


def faults(*rows, **head):
    data = {"sop": {"nama": "uji", "mulai": "1", "buka_kembali": "2", **head}}
    sop, complaints = procedure.read({**data, "langkah": list(rows)}, "uji.toml")
    assert complaints == []
    return soundness.faults(sop, "uji.toml", LETTERS, QUESTIONS, PARTIES)


def test_a_small_sound_sop_has_no_faults():
    assert faults(START, WORK, END) == []


def without(row, *keys):
    return {k: v for k, v in row.items() if k not in keys}


ASK = {"no": "2", "pelaksana": "maild", "tanya": "butuh_data_tambahan", "ya": "3", "tidak": "3"}
KINDS = {
    "an arrow into nothing": (
        (START, {**WORK, "lewat": "99"}, END),
        "langkah 2: lewat menunjuk langkah '99' yang tidak ada; perbaiki nomornya",
    ),
    "a choice into nothing": (
        (START, {**WORK, "pilihan": {"selesai": "98"}}, END),
        "langkah 2: pilihan.selesai menunjuk langkah '98' yang tidak ada; perbaiki nomornya",
    ),
    "an end that goes on": (
        (START, WORK, {**END, "lanjut": "2"}),
        "langkah 3: langkah 'selesai' tidak boleh punya arah lain; hapus salah satunya",
    ),
    "a question with one arrow": (
        (START, without(ASK, "tidak"), END),
        "langkah 2: 'tanya' memerlukan 'ya' dan 'tidak'",
    ),
    "a question to a person": (
        (START, {**WORK, "tanya": "butuh_data_tambahan", "ya": "3", "tidak": "3"}, END),
        "langkah 2: 'tanya' hanya untuk pelaksana maild; untuk orang pakailah 'pilihan'",
    ),
    "maild without a way": (
        (START, {"no": "2", "pelaksana": "maild", "lewat": "3"}, END),
        "langkah 2: maild tidak tahu harus ke mana; isi 'lanjut' atau 'tanya'",
    ),
    "a wait without time": (
        (START, without(WORK, "waktu"), END),
        "langkah 2: menunggu helpdesk tanpa batas; isi 'waktu' dan 'lewat'",
    ),
    "a wait without the clock's arrow": (
        (START, without(WORK, "lewat"), END),
        "langkah 2: menunggu helpdesk tanpa batas; isi 'waktu' dan 'lewat'",
    ),
    "a wait nobody can leave": (
        (START, {**without(WORK, "lanjut"), "lewat": "3"}, END),
        "langkah 2: helpdesk tidak dapat keluar dari langkah ini; isi 'lanjut' atau 'pilihan'",
    ),
    "a person who can only be waited for": (
        (START, {**without(WORK, "lanjut"), "pelaksana": "pengguna", "pilihan": {"ya": "3"}}, END),
        "langkah 2: pengguna tidak dapat keluar dari langkah ini; isi 'lanjut'",
    ),
    "a first row that only words leave": (
        ({**without(START, "lanjut"), "pilihan": {"ya": "2"}}, WORK, END),
        "langkah 1: surel pertama tidak tahu harus ke mana; isi 'lanjut'",
    ),
    "an arrow back to the first mail": (
        (START, {**WORK, "lewat": "1"}, END),
        "langkah 1: menunggu pengguna tanpa batas; isi 'waktu' dan 'lewat'",
    ),
    "a reminder without a span": (
        (START, {**WORK, "pengingat": {"helpdesk": "tugas"}}, END),
        "langkah 2: 'pengingat' tanpa 'ingatkan'; isi selang waktunya",
    ),
    "a letter that does not exist": (
        (START, {**WORK, "surat": {"helpdesk": "puisi"}}, END),
        "langkah 2: surat 'puisi' tidak ada di templates/; buat berkas puisi.txt",
    ),
    "a reminder that does not exist": (
        (START, {**WORK, "ingatkan": "1 jam", "pengingat": {"helpdesk": "puisi"}}, END),
        "langkah 2: surat 'puisi' tidak ada di templates/; buat berkas puisi.txt",
    ),
    "a question that does not exist": (
        (START, {**ASK, "tanya": "apa_kabar"}, END),
        "langkah 2: tanya 'apa_kabar' tidak ada; pilih: butuh_data_tambahan",
    ),
    "a party that does not exist": (
        (START, {**WORK, "pelaksana": "camat"}, END),
        "langkah 2: pihak 'camat' tidak ada dalam config.toml; tambahkan [[people]] untuknya",
    ),
    "a letter to a party that does not exist": (
        (START, {**WORK, "surat": {"camat": "tugas"}}, END),
        "langkah 2: pihak 'camat' tidak ada dalam config.toml; tambahkan [[people]] untuknya",
    ),
    "a row nobody reaches": (
        (START, WORK, END, {**END, "no": "4"}),
        "langkah 4 tidak pernah dicapai; beri panah ke sana",
    ),
}


@pytest.mark.parametrize(("rows", "complaint"), KINDS.values(), ids=KINDS.keys())
def test_each_kind_of_fault_is_told_with_its_row_and_remedy(rows, complaint):
    assert f"uji.toml: {complaint}" in faults(*rows)


def test_a_row_that_can_never_end_is_told():
    loop = {**WORK, "lanjut": "2"}
    assert "uji.toml: langkah 2 tidak pernah selesai; beri arah keluar" in faults(START, loop)


def test_a_circle_in_which_nobody_is_waited_for_is_told_for_each_of_its_rows():
    rows = (
        START,
        {**ASK, "ya": "4", "tidak": "3"},
        END,
        {"no": "4", "pelaksana": "maild", "lanjut": "2"},
    )
    told = [f for f in faults(*rows) if "berputar tanpa menunggu" in f]
    assert [f.split()[2] for f in told] == ["2", "4"]


@pytest.mark.parametrize("key", ["mulai", "buka_kembali"])
def test_a_beginning_that_does_not_exist_is_told(key):
    wanted = f"uji.toml: [sop] {key} menunjuk langkah '77' yang tidak ada"
    assert wanted in faults(START, WORK, END, **{key: "77"})


def test_all_faults_come_at_once():
    rows = (START, {**WORK, "surat": {"camat": "puisi"}, "lewat": "99"}, END, {**END, "no": "4"})
    assert len(faults(*rows)) == 4
