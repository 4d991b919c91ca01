"""The phrases an office may write."""

import pytest

from maild.rules.match import matcher
from maild.rules.normalise import normaliser
from maild.rules.phrase import PhraseError, compile_phrase

SPELLER = normaliser({"tidak": ["ga"], "upload": ["unggah"]})
GROUPS = {"gagal": (("tidak", "bisa"), ("gagal",))}


def finds(phrase: str, text: str) -> str:
    compiled = compile_phrase(phrase, "kategori.x", 3.0, SPELLER, GROUPS)
    reading = SPELLER.read("", text)
    hits = matcher([compiled]).find(reading)
    return reading.words(hits[0].first, hits[0].last) if hits else ""


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("gagal kirim", "Gagal mengirim berkas", "Gagal mengirim"),
        ("gagal kirim", "gagal kami kirim", "gagal kami kirim"),
        ("gagal kirim", "gagal total saat kirim", ""),
        ("gagal .. kirim", "gagal total saat kirim", "gagal total saat kirim"),
        ("gagal .. kirim", "gagal satu dua tiga empat kirim", ""),
        ("gagal ... kirim", "gagal satu dua tiga empat kirim", "gagal satu dua tiga empat kirim"),
        ("gagal ... kirim", "sudah gagal. Besok kirim lagi", ""),
        ("kirim|upload penawaran", "mau unggah penawaran", "unggah penawaran"),
        ("@gagal upload", "ga bisa unggah", "ga bisa unggah"),
        ("reset? password", "password saya", "password"),
        ("=buka", "dibuka", ""),
        ("java*", "java.lang.NullPointerException", "java.lang.NullPointerException"),
    ],
)
def test_a_phrase_finds(phrase: str, text: str, found: str) -> None:
    assert finds(phrase, text) == found


@pytest.mark.parametrize(
    ("phrase", "remedy"),
    [
        ("", "frasa kosong"),
        (".. kirim", "mulai dan akhiri dengan kata"),
        ("kirim ..", "mulai dan akhiri dengan kata"),
        ("kirim?", "sisakan satu kata"),
        ("@tidakada kirim", "tambahkan di [kelompok]"),
        ("(kirim|", "pakai kata biasa"),
        ("yang kirim", "tulis satu kata itu saja"),
        ("a b c d e f g h i j", "pecah menjadi beberapa frasa"),
    ],
)
def test_a_bad_phrase_is_refused_with_a_remedy(phrase: str, remedy: str) -> None:
    with pytest.raises(PhraseError, match=remedy.replace("[", r"\[").replace("?", r"\?")):
        finds(phrase, "")


def test_a_phrase_found_twice_is_two_hits() -> None:
    compiled = compile_phrase("gagal kirim", "kategori.x", 3.0, SPELLER, GROUPS)
    assert len(matcher([compiled]).find(SPELLER.read("", "gagal kirim, gagal kirim"))) == 2
