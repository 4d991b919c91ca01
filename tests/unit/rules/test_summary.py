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


@pytest.mark.parametrize(
    "line",
    [
        "Kami dari PT. Maju Jaya tidak dapat masuk",
        "Akun CV. Karya a.n. Budi Santoso terkunci",
        "Jadwal tgl. 5 s.d. 9 Maret tidak tampil di paket kami",
        "Surat No. 12/PBJ/2026 belum kami terima balasannya",
        "Kantor kami di Jl. Merdeka No. 4 tidak dapat membuka SPSE",
        "Bpk. M. Rizal dkk. tidak dapat membuka dokumen",
        "Dinas PU Kab. Bandung gagal membuat paket",
        "Penawaran senilai Rp. 500 juta hilang dari paket",
        "Dikirim d.a. kantor Prov. Jambi belum sampai",
        "Mohon akun Sdri. Siti Nur di Dinas Perkebunan dinonaktifkan",
        "Drs. Hadi, S.E., M.M. belum terdaftar sebagai PPK",
    ],
)
def test_a_shortened_word_does_not_end_the_line(line: str) -> None:
    assert summary_line("", f"Selamat pagi admin. {line}. Mohon dibantu.") == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Akun kami ditolak oleh PPK. Mohon dibantu.", "Akun kami ditolak oleh PPK"),
        ("gagal masuk ke akun lpse. tolong dibantu", "Gagal masuk ke akun lpse"),
        (
            "Data berubah sejak tadi pagi oleh Budi. Mohon dicek.",
            "Data berubah sejak tadi pagi oleh Budi",
        ),
        ("Unggahan gagal untuk RAB, RKS, dll. Mohon dicek.", "Unggahan gagal untuk RAB, RKS, dll"),
        ("1. Tombol kirim tidak muncul. 2. Jadwal hilang", "Tombol kirim tidak muncul"),
    ],
)
def test_a_sentence_still_ends_where_it_ends(text: str, line: str) -> None:
    assert summary_line("", text) == line
