"""What counts as told: messages of a program, when it happened, what fails and what does not."""

import pytest

from maild.model.ticket import Kind
from maild.rules.fields import errors, offices, user_ids
from maild.rules.grounds import CHANGE, REASON
from tests.unit.rules.conftest import Judge

BROKEN = "CV Maju Jaya, tender 10096653000: dokumen penawaran tidak bisa dikirim"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("muncul 'Gagal membaca kunci publik'", "Gagal membaca kunci publik"),
        ('agregasi ditolak: "duplikat NPWP"', "duplikat NPWP"),
        ("menolak token dengan kalimat token tidak ditemukan", "token tidak ditemukan"),
        ("akun saya tertulis nonaktif, padahal aktif", "nonaktif"),
        ("keluar maaf sesi anda habis", "maaf sesi anda habis"),
        ("katanya bukan PDF, padahal PDF", "bukan PDF"),
        ("unggah gagal: ORA-00942", "ORA-00942"),
        ('winrar bilang "unexpected end of archive"', "unexpected end of archive"),
        (
            'laman kembali dengan pita kuning "Sesi Anda telah berakhir"',
            "Sesi Anda telah berakhir",
        ),
        ('Hovering says "Document set incomplete"', "Document set incomplete"),
    ],
)
def test_what_a_program_says_is_a_message(text: str, message: str) -> None:
    assert message in [found.value for found in errors(text)]


@pytest.mark.parametrize(
    "text",
    [
        "PP bilang undangan telah dikirim ke kami",
        "Penyedia kami bilang undangan tidak pernah masuk",
        "katanya kami diundang pengadaan langsung",
        "tidak ada tulisan apa-apa di layar saya",
        "kode 8876123 dan kode paket 10096653000",
        "Pak Budi mengirim 'surat permohonan' kemarin",
    ],
)
def test_what_people_say_is_none(text: str) -> None:
    assert list(errors(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Akun KUMALA2019 tidak bisa masuk", ["KUMALA2019"]),
        ("akun INAPROC saya terkunci", []),
        ("punya dua user ID (LINTASNUSA dan LINTASNUSA2)", ["LINTASNUSA"]),
    ],
)
def test_an_account_is_named_by_its_capitals(text: str, found: list[str]) -> None:
    named = [f.value for f in user_ids(text.replace("Akun", "akun"))]
    assert named == found


def test_the_word_for_an_agency_alone_is_no_agency() -> None:
    assert offices("pesanan dinas di katalog") == ()
    assert [f.value for f in offices("saya camat Mekarsari yang baru")] == ["camat Mekarsari"]


@pytest.mark.parametrize(
    "text",
    [
        "Ditutup hari ini pukul 12.00, kejadian pukul 09.50.",
        "Percobaan terakhir 08.30. Ditutup siang ini pukul 12.00.",
        "Sudah dua hari begini terus.",
        "Begitu dari semalem.",
    ],
)
def test_when_it_happened_is_told_beside_a_deadline_too(judge: Judge, text: str) -> None:
    assert "waktu_kejadian" not in judge(f"{BROKEN}. {text}", "gagal kirim").missing


def test_when_it_should_have_begun_is_not_when_it_happened(judge: Judge) -> None:
    text = "Reverse auction 10096653000 belum mulai, seharusnya 08.30. CV Maju Jaya"
    assert "waktu_kejadian" in judge(text, "auction belum mulai").missing


def test_a_range_of_days_is_a_proposed_schedule(judge: Judge) -> None:
    text = (
        "Mohon jadwal evaluasi tender 10096653000 diubah\nSemula: 11-12 Maret 2026\n"
        "Menjadi: 16-18 Maret 2026\nDasar: anggota dinas luar"
    )
    found = judge(text, "perubahan jadwal")
    assert found.missing == ()
    assert "18-03-2026" in found.fields["jadwal_usulan"]


def test_the_address_may_be_the_one_he_writes_from(judge: Judge) -> None:
    asked = judge("lupa password akun penyedia CV Maju Jaya, email yang terdaftar ya email ini")
    assert "email_terdaftar" not in asked.missing


def test_an_address_to_which_nothing_comes_is_the_registered_one(judge: Judge) -> None:
    text = "tautan reset password tidak sampai ke email saya budi@maju.example"
    assert judge(text, "reset password").fields["email_terdaftar"] == "budi@maju.example"


def test_others_who_have_no_trouble_make_no_outage(judge: Judge) -> None:
    text = "Dekripsi penawaran CV Maju tender 10096653000 gagal. Peserta lain tidak ada kendala."
    assert judge(text, "gagal dekripsi").priority.level == 2


def test_all_rows_are_not_everybody(judge: Judge) -> None:
    assert judge("semua baris di menu Peralatan hilang", "data hilang").priority.level == 3


def test_the_subject_of_an_answer_is_not_what_is_said_now(judge: Judge) -> None:
    thanks = "Alhamdulillah sudah bisa masuk lagi, terima kasih banyak bantuannya"
    assert judge(thanks, "Re: Login mental").kind is Kind.NO_PROBLEM


def test_an_advertisement_that_speaks_of_our_work_is_one(judge: Judge) -> None:
    text = "Stok kertas dan toner. Pesan sebelum 10 Mei gratis kirim, juga lewat e-katalog"
    assert judge(text, "Kertas A4 untuk semua LPSE").kind is Kind.NO_PROBLEM


def test_general_words_alone_name_no_category(judge: Judge) -> None:
    found = judge("min tolong dong error nih", "halo")
    assert (found.category, found.also) == ("lainnya", ("error_aplikasi",))


def test_a_failure_within_a_request_is_none(judge: Judge) -> None:
    text = "Tanggal SPMK paket 10096653000 terlanjur salah input, mohon dibuka kuncinya"
    assert judge(text, "salah tanggal SPMK kontrak").kind is Kind.CONSULTATION


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Pagi, SDN 3 Contoh mau mencatat", "SDN 3 Contoh"),
        ("Pokja 2 Kemenag Kab. Contoh", "Kemenag Kab"),
        ("dua pemeriksa BPK Perwakilan", "BPK Perwakilan"),
        ("Pemdes Sukaraja", "Pemdes Sukaraja"),
        ("akun PP Distrik Kurulu", "Distrik Kurulu"),
        ("kantor kelurahan pasar baru", "kantor kelurahan pasar"),
    ],
)
def test_offices_of_every_kind_are_named(text: str, office: str) -> None:
    assert office in [found.value for found in offices(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Di profil nama kami tertulis PT Wahana Bakit, yang betul PT Wahana Bakti.",
        "NPWP CV Mandiri ayeuna jadi 16 digit: 0312345678901000, di SPSE masih 15 digit.",
    ],
)
def test_what_is_wrong_and_what_is_right_is_the_change(judge: Judge, text: str) -> None:
    assert "data_perubahan" not in judge(text, "perubahan data penyedia").missing


def test_since_an_update_on_a_day_is_when_it_happened(judge: Judge) -> None:
    text = "Menu laporan menampilkan layar putih semenjak pembaruan Kamis malam."
    assert "waktu_kejadian" not in judge(text, "error menu laporan").missing


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("User saya SUMIATI_PP, passwordnya saya lupa", "SUMIATI_PP"),
        ("CV Selaras Bersama / SELARASBRS", "SELARASBRS"),
    ],
)
def test_an_account_behind_a_business_or_saya_is_one(text: str, user: str) -> None:
    assert user in [found.value for found in user_ids(text)]


@pytest.mark.parametrize("text", ["Saya di BKAD. gmn itu bu?", "akun PPK saya di Disporapar"])
def test_an_office_is_known_by_its_short_name(text: str) -> None:
    assert list(offices(text))


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("alamat pindah dari Jl. Melati 3 ke Jl. Kenanga 9", "ke Jl. Kenanga 9"),
        ("direktur semula Budi Raharjo menjadi Sari Utami", "Budi Raharjo menjadi Sari Utami"),
        ("nama tertulis CV Maju Jya, seharusnya CV Maju Jaya", "seharusnya CV Maju Jaya"),
        ("NPWP lama: 01.234.567.8-912.000\nNPWP baru: 02.345.678.9-912.000", "02.345.678.9"),
        ("Dari: staf pokja 2\nMenjadi: ketua pokja 4", "Menjadi: ketua pokja 4"),
        ("dulu di Jl. Kenanga No. 4 Lahat, sekarang di Jl. Lintas KM 7", "sekarang di Jl. Lintas"),
    ],
)
def test_what_becomes_what_is_a_change(text: str, change: str) -> None:
    found = CHANGE.search(text)
    assert found is not None
    assert change in found[0]


@pytest.mark.parametrize(
    "text",
    ["mohon ganti data perusahaan kami", "kami mau pindah ke menu lain", "alamat kami berubah"],
)
def test_a_wish_to_change_something_tells_no_change(text: str) -> None:
    assert CHANGE.search(text) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mohon dibatalkan karena anggaran digeser", "anggaran digeser"),
        ("minta diulang sebab semua peserta gugur", "semua peserta gugur"),
        ("mohon dibuka lagi, kami salah klik tombol setuju", "salah klik tombol setuju"),
        ("tidak ada satu pun yang memasukkan penawaran", "memasukkan penawaran"),
        ("Dasar: hasil reviu inspektorat", "hasil reviu inspektorat"),
        ("semua peserta (3 perusahaan) tidak lulus evaluasi", "tidak lulus evaluasi"),
        ("cucu saya main laptop dan tertekan tombol batal", "tertekan tombol batal"),
        ("yang daftar 9 tapi tidak satu pun menaruh penawaran", "menaruh penawaran"),
    ],
)
def test_why_something_is_asked_is_a_reason(text: str, reason: str) -> None:
    found = REASON.search(text)
    assert found is not None
    assert reason in found[0]


def test_a_bare_wish_gives_no_reason() -> None:
    assert REASON.search("Mohon tender 10096653000 dibatalkan. Terima kasih.") is None


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("saya PPK DPMK Manokwari", "DPMK Manokwari"),
        ("sy ppk disnaker karawang", "disnaker karawang"),
        ("Kami PPK Rumah Tangga Biro Umum", "Biro Umum"),
        ("Saya PPK 2.3 BPJN Kalimantan Utara", "BPJN Kalimantan Utara"),
    ],
)
def test_an_office_behind_a_role_is_known(text: str, office: str) -> None:
    assert office in [found.value for found in offices(text)]


@pytest.mark.parametrize(
    "text", ["saya PPK NIP 19840312", "saya ppk dinas mana ya", "PPK PT Maju"]
)
def test_what_else_stands_behind_a_role_is_no_office(text: str) -> None:
    assert offices(text) == ()
