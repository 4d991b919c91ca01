"""The problem in one line."""

import pytest

from maild.rules.summary import summary_line


@pytest.mark.parametrize(
    ("subject", "text", "line"),
    [
        ("Re: [LPSE] Gagal unggah dokumen penawaran", "x", "Gagal unggah dokumen penawaran"),
        (
            "mohon bantuan",
            "Selamat pagi admin. Tombol kirim penawaran tidak muncul. Trims",
            "Tombol kirim penawaran tidak muncul",
        ),
        ("", "Yth. Admin LPSE,\nSPSE tidak dapat diakses.", "SPSE tidak dapat diakses"),
        ("TIDAK BISA LOGIN LPSE", "x", "Tidak bisa login lpse"),
        ("", "", "(tanpa isi)"),
        ("tanya", "Assalamualaikum", "Assalamualaikum"),
    ],
)
def test_the_line_says_the_problem(subject: str, text: str, line: str) -> None:
    assert summary_line(subject, text) == line


def test_it_is_short_and_holds_no_secret() -> None:
    assert len(summary_line("", "kata " * 100)) <= 140
    assert "Rahasia1" not in summary_line("password: Rahasia1 tidak bisa dipakai", "")
