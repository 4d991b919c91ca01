"""What the people of a simulated year say: an officer's answers, a requester's data, LKPP's mails.

The problems themselves are the office's own sample letters (sop/contoh-surat.jsonl).
"""

import re

ANSWERS = {
    "lupa_password": "Kata sandi akun Bapak/Ibu telah kami setel ulang. Silakan membuka menu Lupa "
    "Password pada halaman SPSE, memasukkan User ID, lalu mengikuti tautan yang dikirim ke "
    "alamat e-mail yang terdaftar.\nTautan tersebut berlaku 24 jam.",
    "gagal_login": "Silakan menghapus cache peramban, lalu masuk kembali melalui jendela samaran "
    "(Ctrl+Shift+N). Akun sudah kami periksa dan berstatus aktif.",
    "upload_penawaran": "Dokumen penawaran melebihi batas ukuran berkas. Mohon:\n1. Memisahkan "
    "dokumen menjadi beberapa berkas di bawah 10 MB.\n2. Mengunggah ulang melalui menu Kirim "
    "Penawaran.\n3. Memastikan muncul tanda terima elektronik.",
    "registrasi_verifikasi": "Berkas pendaftaran sudah kami verifikasi dan akun telah diaktifkan. "
    "Mohon membawa dokumen asli ke kantor LPSE paling lambat 5 hari kerja.",
    "ganti_email": "Alamat e-mail telah diganti sesuai surat permohonan nomor "
    "027/114/SP/2026 tanggal 12 Januari 2026.",
    "server_down": "Layanan SPSE sempat terhenti karena gangguan jaringan pada pusat data dan "
    "telah pulih pukul 10.15 WIB. Silakan mencoba kembali.",
    "buka_penawaran": "Pasangan kunci paket sudah diperbaiki. Silakan mengunduh ulang dokumen "
    "penawaran peserta, lalu membukanya dengan Apendo versi 5.2.1.",
    "konsultasi_regulasi": "Sesuai Peraturan Presiden Nomor 16 Tahun 2018 sebagaimana diubah "
    "terakhir dengan Peraturan Presiden Nomor 46 Tahun 2025, perubahan tersebut dituangkan dalam "
    "adendum kontrak. Untuk kasus khusus, mohon berkonsultasi langsung dengan LKPP.",
    "perubahan_jadwal": "Perubahan jadwal dilakukan oleh Pokja Pemilihan melalui menu Jadwal "
    "dengan menyertakan alasan perubahan; peserta mendapat pemberitahuan otomatis.",
}
ANSWER = (
    "Permasalahan tersebut sudah kami periksa dan kami perbaiki pada aplikasi. Silakan mencoba "
    "kembali; bila masih terkendala, mohon menyertakan tangkapan layar dan kode paketnya."
)
LKPP_SAYS = (
    "Kami informasikan bahwa kendala tersebut telah diperbaiki pada SPSE versi 4.5u20260110. "
    "Nomor tiket: INC-2026-{:05d}. Mohon dilakukan pengujian kembali."
)
DATA = {
    "peran": "Penyedia",
    "badan usaha": "CV Karya Mandiri",
    "npwp": "02.345.678.9-021.000",
    "e-mail": "admin@karya.example",
    "paket": "12345678, Pembangunan Gedung Serbaguna",
    "pesan": "Internal Server Error",
    "waktu": "hari ini pukul 09.40 WIB",
    "telepon": "0812-0000-4411",
}
THANKS = "Terima kasih banyak, sudah berhasil."
STILL = "Mohon maaf, masih gagal dengan pesan yang sama. Mohon dibantu lagi."
_BLANK = re.compile(r"^(\d+\. .*):$", re.MULTILINE)


def answer(category: str, name: str) -> str:
    """A whole answer with its courtesies."""
    return (
        f"Yth. Bapak/Ibu {name},\n\n{ANSWERS.get(category, ANSWER)}\n\n"
        "Demikian disampaikan, terima kasih.\n\nHormat kami,\nPetugas Helpdesk"
    )


def filled_in(form: str) -> str:
    """The helpdesk's form with something behind every colon."""

    def fill(found: re.Match[str]) -> str:
        label = found[1].lower()
        value = next((v for word, v in DATA.items() if word in label), "terlampir")
        return f"{found[1]}: {value}"

    return _BLANK.sub(fill, form)
