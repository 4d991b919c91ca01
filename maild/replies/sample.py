"""An invented ticket with every word filled, to try letters on before a citizen receives them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

_RECEIVED = datetime(2026, 2, 9, 1, 15, tzinfo=UTC)
_DUE = datetime(2026, 2, 9, 3, 15, tzinfo=UTC)

_LINE = (
    "LPSE-2026-000042",
    1,
    "diproses",
    "Gagal mengunggah dokumen penawaran",
    _DUE,
    "mailto:helpdesk@lpse.contoh.go.id?subject=LPSE-2026-000042",
)

SAMPLE: Final[Mapping[str, Any]] = {
    "tiket": {
        "nomor": "LPSE-2026-000042",
        "perihal": "Gagal unggah dokumen penawaran",
        "ringkasan": "Gagal mengunggah dokumen penawaran, batas hari ini pukul 10.00",
        "nama": "Siti Aminah",
        "email": "siti@majujaya.example",
        "telepon": "0812 0000 0000",
        "kategori": "Gagal mengunggah/mengirim dokumen penawaran atau kualifikasi",
        "jenis": "Pengaduan",
        "prioritas": "kritis",
        "level": 1,
        "diterima": _RECEIVED,
        "jatuh_tempo": _DUE,
        "langkah": "7",
        "nomor_luar": "INC-00012345",
        "status": "diproses",
        "objek": "12345678",
        "pihak_luar": "Helpdesk LKPP",
        "telepon_luar": "144 atau (021) 2993 5577",
        "portal_luar": "lapor.contoh.go.id",
        "terkait": "LPSE-2026-000017",
        "petugas": "Sari Wulandari",
    },
    "kantor": {
        "nama": "LPSE Kota Contoh",
        "instansi": "Pemerintah Kota Contoh",
        "kota": "Contoh",
        "telepon": "(021) 000 0000",
        "jam_layanan": "Senin s.d. Jumat, pukul 07.30-16.00 WIB",
        "email": "helpdesk@lpse.contoh.go.id",
    },
    "kurang": [
        ("kode_paket", "Kode tender/non tender/paket (7-11 angka) atau ID paket katalog"),
        ("bukti_error", "Pesan/kode error atau tangkapan layar (screenshot)"),
    ],
    "kolom": [
        ("Nama badan usaha", "CV Maju Jaya"),
        ("Tanggal dan jam kejadian", "9 Februari 2026, pukul 08.05"),
    ],
    "alasan": ["kategori: gagal unggah dokumen penawaran", "batas waktu: hari ini pukul 10.00"],
    "riwayat": [("LPSE-2026-000017", "Lupa kata sandi", "selesai", _RECEIVED)],
    "serupa": [
        (
            "LPSE-2026-000009",
            "Gagal mengunggah dokumen penawaran",
            _RECEIVED,
            "Mohon memperkecil berkas menjadi di bawah 2 MB, kemudian mengunggahnya kembali.",
        )
    ],
    "tersisih": [("terlalu besar dan tetap di kotak surat", 2, "")],
    **{name: [_LINE] for name in ("terlambat", "milik", "menunggu", "piket")},
    "penilaian": [
        (
            "Sangat puas",
            "mailto:helpdesk@lpse.contoh.go.id?subject=Penilaian%20LPSE-2026-000042:%204",
        )
    ],
    "percakapan": [("Siti Aminah", _RECEIVED, "Selamat pagi,\nkami gagal mengunggah dokumen.")],
    "petugas": "Sari Wulandari",
    "pihak": "helpdesk",
    "asal": "pengguna",
    "teks": (
        "Selamat pagi, kami dari CV Maju Jaya tidak dapat mengunggah dokumen penawaran pada "
        'tender 12345678. Muncul pesan "Error 500 Internal Server Error".\n\n'
        "Mohon bantuannya karena batas pemasukan hari ini pukul 10.00 WIB."
    ),
    "catatan": "Sudah dicoba dengan peramban lain dan jaringan lain, hasilnya sama.",
    "batas": _DUE,
    "kapan": _RECEIVED,
    "lampiran": ["tangkapan-layar.png", "surat-penawaran.pdf"],
    "dikirim": _DUE,
    "kepada": "siti@majujaya.example",
    "surat": "jawaban",
    "kata": "#ya",
    "blok": [
        ("IDENTITAS LPSE", [("Petugas", "Sari Wulandari"), ("Telepon", "(021) 000 0000")]),
        ("PERMASALAHAN", [("Kode paket", "12345678"), ("Batas tahapan", "hari ini")]),
    ],
    "ditahan": ["scan-ktp.jpg"],
    "salinan": True,
    "rancangan": "Kunci pada tender tersebut sudah diperbaiki. Silakan dicoba kembali.",
    "kasus": ["LPSE-2026-000017"],
    "giliran": [("Pengguna", "2 jam (2 jam kerja)"), ("Helpdesk LKPP", "3 hari (22 jam kerja)")],
    "periode": "Februari 2026",
    "contoh": "LPSE-2026-000042",
    "baris": [("#prioritas 1", "prioritas menjadi 1 (kritis)"), ("jawaban", "dikirim")],
    "gagal": [("#eskalsi", "tidak dikenal, mungkin maksudnya #eskalasi")],
    "tautan": [("Saya tangani", "mailto:helpdesk@lpse.contoh.go.id?body=%23ambil")],
}
