"""A morning at an LPSE: the people of the demo and what they write.

Everything here is invented. Times are those of the office (WIB), Monday 2 February 2026.
"""

from dataclasses import dataclass

HELPDESK = "helpdesk@lpse.contoh.test"
PASSWORD = "demo"  # noqa: S105 (an account that lives for as long as the demo)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with a mailbox."""

    name: str
    address: str
    role: str


@dataclass(frozen=True, slots=True)
class Scene:
    """At `at`, `who` writes: a new mail, or a reply to the last letter whose subject holds `to`.

    `automatic` marks a machine's answer. `note` is told to the reader before it happens.
    """

    at: str
    who: str
    text: str
    subject: str = ""
    to: str = ""
    automatic: bool = False
    picture: bool = False
    note: str = ""


ACTORS = {
    "siti": Actor("Siti Aminah", "siti@majujaya.test", "penyedia"),
    "rudi": Actor("Rudi Hartono", "rudi@karya.test", "penyedia"),
    "dewi": Actor("Dewi Lestari", "dewi@sinar.test", "penyedia"),
    "agus": Actor("Agus Salim", "agus@umum.test", "masyarakat"),
    "hendra": Actor("Hendra Gunawan", "hendra@pokja.test", "Pokja"),
    "sari": Actor("Sari Wulandari", "sari@lpse.contoh.test", "petugas helpdesk"),
    "budi": Actor("Budi Prakoso", "budi@lpse.contoh.test", "petugas helpdesk"),
    "lkpp": Actor("Helpdesk LKPP", "helpdesk@lkpp.test", "LKPP"),
}

SCENES = (
    Scene(
        "08:05",
        "siti",
        "Yth. Helpdesk LPSE,\n\nKami CV Maju Jaya gagal mengunggah dokumen penawaran pada tender "
        '12345678 tadi pukul 07.50. Muncul pesan "Error 500 Internal Server Error".\n'
        "NPWP 01.234.567.8-912.000, HP 0812-3456-7890. Tangkapan layar terlampir.\n\n"
        "Hormat kami,\nSiti Aminah",
        subject="Gagal unggah dokumen penawaran",
        picture=True,
        note="Pengaduan yang lengkap.",
    ),
    Scene(
        "08:10",
        "rudi",
        "min sy lupa password lpse gmn ya, tlg dibantu",
        subject="lupa password",
        note="Pengaduan yang datanya kurang.",
    ),
    Scene(
        "08:20",
        "dewi",
        "Selamat pagi, penawaran kami PT Sinar Abadi untuk tender 87654321 tidak bisa terkirim, "
        'tombol kirim tidak muncul, pesannya "Gagal menyimpan dokumen". Upload ditutup hari ini '
        "jam 10.00 WIB, mohon segera dibantu!\nHP 0813-9876-5432, kejadian pukul 08.15.",
        subject="URGENT upload penawaran ditutup jam 10",
        note="Mendesak: batas tahapan hari ini.",
    ),
    Scene(
        "08:21",
        "siti",
        "Saya sedang dinas luar sampai 6 Februari. Surel akan saya balas sekembalinya.",
        to="Tanda terima",
        automatic=True,
        note="Balasan otomatis: dicatat, tidak pernah dijawab.",
    ),
    Scene(
        "08:30",
        "agus",
        "Selamat pagi, saya mau bertanya, jam berapa layanan helpdesk LPSE buka dan apakah bisa "
        "datang langsung ke kantor? Terima kasih.",
        subject="Tanya jam layanan",
        note="Pertanyaan.",
    ),
    Scene(
        "08:40",
        "hendra",
        "Kami Pokja Pemilihan 3, dokumen penawaran peserta PT Sinar Abadi pada tender 11223344 "
        'tidak bisa didekripsi, muncul pesan "file corrupt" pukul 08.35. Tangkapan layar '
        "terlampir.",
        subject="Dokumen penawaran tidak dapat dibuka",
        picture=True,
        note="Yang tidak dapat diselesaikan di LPSE.",
    ),
    Scene(
        "08:55",
        "rudi",
        "Kami penyedia CV Karya Mandiri, User ID KARYA01, NPWP 02.345.678.9-021.000, e-mail "
        "terdaftar rudi@karya.test. Surat permohonan dan KTP terlampir. HP 0811-222-333.",
        to="Permintaan data",
        picture=True,
        note="Data yang diminta datang.",
    ),
    Scene(
        "09:00",
        "sari",
        "Penyebabnya sudah kami perbaiki di server. Mohon keluar dari aplikasi, masuk kembali, "
        "kemudian unggah ulang dokumen penawaran sebelum pukul 10.00 WIB.",
        to="P1",
        note="Petugas menjawab dengan balasan biasa.",
    ),
    Scene(
        "09:05",
        "budi",
        "#eskalasi\nSudah dicoba dengan Apendo terbaru pada dua komputer, hasilnya sama.",
        to="tidak dapat dibuka",
        note="Petugas lain meneruskan ke LKPP dengan satu kata perintah.",
    ),
    Scene(
        "09:06",
        "lkpp",
        "Terima kasih, laporan Anda kami terima dengan nomor tiket: INC-204518. Surel ini "
        "dikirim otomatis, mohon tidak dibalas.",
        to="Eskalasi",
        automatic=True,
        note="Tanda terima otomatis LKPP: nomornya dicatat.",
    ),
    Scene(
        "09:20",
        "sari",
        "#selesai\nTautan untuk mengganti kata sandi sudah kami kirim ke alamat e-mail yang "
        "terdaftar. Demi keamanan, mohon tidak memberitahukan kata sandi kepada siapa pun.",
        to="Data tambahan diterima",
        note="Menjawab dan langsung menutup.",
    ),
    Scene(
        "09:25",
        "budi",
        "Layanan helpdesk buka Senin s.d. Kamis pukul 07.30-16.00 dan Jumat pukul 07.30-16.30 "
        "WIB. Bapak/Ibu dapat datang langsung ke kantor LPSE pada jam tersebut.",
        to="jam layanan",
    ),
    Scene(
        "10:30",
        "lkpp",
        "Kunci pada tender 11223344 sudah kami perbaiki. Silakan Pokja membuka kembali dokumen "
        "penawaran dengan Apendo versi terbaru.",
        to="Eskalasi",
        note="LKPP menjawab; jawabannya diperiksa petugas dahulu.",
    ),
    Scene(
        "10:40",
        "budi",
        "#kirim",
        to="Jawaban Helpdesk LKPP",
        note="Petugas meneruskannya kepada pengguna.",
    ),
    Scene(
        "11:00",
        "sari",
        "Mohon memperkecil berkas PDF menjadi kurang dari 2 MB dan mengunggahnya kembali.",
        to="Gagal unggah",
    ),
)

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cf500f0004020181d6c4b1f00000000049454e44ae426082"
)
