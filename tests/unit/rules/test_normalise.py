"""One base form for every way of writing a word."""

import pytest

from maild.rules.normalise import normaliser, stem
from maild.rules.priorities import PriorityTable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("sy gk bs aplod", "saya tidak bisa upload"),
        ("mboten saged mlebu", "tidak bisa login"),
        ("teu tiasa dibuka", "tidak bisa buka"),
        ("kada kawa kirim", "tidak bisa kirim"),
        ("SAYA LUPA KATA SANDI", "saya lupa password"),
        ("loginnn2 trs", "login terus"),
        ("passwordnya salah", "password salah"),
        ("pencatatn swakelola", "catat swakelola"),
        ("mengunggah diunggah unggahan", "upload upload upload"),
    ],
)
def test_informal_words_become_base_forms(table: PriorityTable, written: str, read: str) -> None:
    assert " ".join(table.normaliser.bases(written)) == read


@pytest.mark.parametrize(
    ("word", "base"),
    [("mengirim", "kirim"), ("penutupan", "tutup"), ("memasukkan", "masuk"), ("terbuka", "buka")],
)
def test_affixes_fall_away(word: str, base: str) -> None:
    assert stem(word) == base


@pytest.mark.parametrize("word", ["pengadaan", "peserta", "terlambat", "pendapat", "pokja", "otp"])
def test_nouns_that_would_fall_together_stay(word: str) -> None:
    assert stem(word) == word


def test_typing_errors_are_repaired_towards_words_of_the_table() -> None:
    speller = normaliser({}, ["sanggah", "verifikasi"])
    assert speller.bases("sangggah verifikssi") == ("sanggah", "verifikasi")


def test_everyday_words_are_not_repaired() -> None:
    assert normaliser({}, ["sanggat"]).bases("sangat") == ("sangat",)


def test_words_know_where_they_stand() -> None:
    reading = normaliser({}).read("Judul", "Satu kalimat. Kalimat kedua?")
    assert reading.words(1, 3) == "Satu kalimat"
    assert reading.sentences[0] == 0
    assert reading.sentences[1] != reading.sentences[3]
    assert reading.sentences[3] in reading.asked


def test_a_wrapped_line_does_not_end_a_sentence() -> None:
    line = "kami dari dinas pendidikan ingin menyampaikan bahwa tombol kirim"
    reading = normaliser({}).read("", f"{line}\ntidak aktif")
    assert len(set(reading.sentences)) == 1


def test_nothing_at_all_can_be_read() -> None:
    assert normaliser({}).read("", "").bases == ()


@pytest.mark.parametrize("word", ["masalah", "sekolah", "istilah", "makalah"])
def test_a_noun_in_lah_keeps_its_end(word: str) -> None:
    assert stem(word) == word
