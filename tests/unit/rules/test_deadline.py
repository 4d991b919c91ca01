"""Cut-offs of a tender stage in Indonesian text; received on Tuesday, 10 March 2026, 09.00 WIB."""

from datetime import datetime

import pytest

from maild.model.worktime import WorkTime
from maild.rules.deadline import Deadline, DeadlineKind, find_deadlines
from maild.rules.times import _WEEKDAYS, mentions

RECEIVED = datetime.fromisoformat("2026-03-10T09:00:00+07:00")


def deadlines_of(text: str, worktime: WorkTime) -> tuple[Deadline, ...]:
    return find_deadlines(text, mentions(text.lower(), RECEIVED), RECEIVED, worktime)


def found(text: str, worktime: WorkTime) -> list[str]:
    return [f"{d.at:%d %H:%M}{' lewat' if d.passed else ''}" for d in deadlines_of(text, worktime)]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("upload tutup jam 10", "10 10:00"),
        ("batas akhir hari ini pukul 12.00 WIB", "10 12:00"),
        ("penutupan nanti jam 14.00", "10 14:00"),
        ("jam 2 siang ditutup", "10 14:00"),
        ("pemasukan terakhir jam 2", "10 14:00"),
        ("setengah jam lg tutup ini", "10 09:30"),
        ("sisa waktu tahapan tinggal 50 menit", "10 09:50"),
        ("sejam lagi tutup bang", "10 10:00"),
        ("besok pukul 23.59 WIB batas pemasukan", "11 23:59"),
        ("Besok sudah penutupan", "11 23:59"),
        ("besok jam 13.00 sdh tutup paketnya", "11 13:00"),
        ("auction seharusnya besok dimulai pkl 13.30 WIB", "11 13:30"),
        ("ditutup jam 16.00 WITA nanti", "10 15:00"),
        ("tutup jam 11.00 WIT", "10 09:00 lewat"),
        ("jam 11 saiki terakhir", "10 11:00"),
        ("masa sanggah berakhir Jumat jam 10.00", "13 10:00"),
        ("paling lambat 12 Maret 2026 pukul 15.00", "12 15:00"),
        ("batas pemasukan tgl 12/3 jam 10:00", "12 10:00"),
        ("penutupannya tanggal 12 Maret", "12 23:59"),
        ("Ini hari terakhir masa sanggah", "10 23:59"),
        ("sesuk jam 8 esuk tutup", "11 08:00"),
        ("Besok siang diminta tim pemeriksa BPK", "11 14:00"),
        ("Hari ini terakhir laporan pencatatan", "10 16:00"),
        ("kemarin jam 16.00 sudah ditutup", "09 16:00 lewat"),
        ("jam 08.00 tadi pemasukan ditutup", "10 08:00 lewat"),
        ("pukul 10.00 malam ini ditutup", "10 22:00"),
        ("deadline jam setengah sebelas", "10 10:30"),
        ("tutupnya setengah tiga", "10 14:30"),
        ("kata panitia sebelum asar berkas harus masuk", "10 15:15"),
        ("maksimal jam 11 kami harus memasukkan", "10 11:00"),
        ("lewat jam 3 sore sudah tidak boleh kirim", "10 15:00"),
        ("besok jam 10 kami harus membuka penawaran", "11 10:00"),
        ("jaksanya datang besok jam 1 siang", "11 13:00"),
        ("hari kemis jam 10 pungkasane", "12 10:00"),
        ("waktu unggah masih sampai siang ini", "10 14:00"),
        ("niki jam setengah siji sampun tutup", "10 12:30"),
        ("pukua tigo ko lah ditutuik", "10 15:00"),
        ("panutupan jam opat sonten", "10 16:00"),
        ("pembuktian hari ini sampai jam 16.30, peserta menunggu di ruang rapat", "10 16:30"),
        ("tutupnya nanti tanggal 28 Maret, sekarang baru tanggal 10", "28 23:59"),
        ("Hari ini sebelum kantor keuangan tutup jam 3 berkas harus di mejanya", "10 15:00"),
        ("sebentar lagi, jam 3, panitia sudah gembok lelang", "10 15:00"),
        ("kalau lewat jam 4 tahapnya tertutup sendiri", "10 16:00"),
        ("tutup besok, jam 2 siang, jadi kalau bisa hari ini dapat sandi baru", "11 14:00"),
        ("masa pembukaan sampai Jumat minggu depan", "20 23:59"),
        ("batas unggah penawaran Jumat siang", "13 14:00"),
        ("besok lusa penutupan", "12 23:59"),
        ("pukul 4 petang ni tak boleh masuk lagi", "10 16:00"),
        ("Jumat malam tadi jam 22.00 penutupan", "06 22:00 lewat"),
        ("mohon dibantu karena hari ini terakhir upload penawaran", "10 23:59"),
        ("surat pesanan harus terbit hari ini", "10 23:59"),
        ("penjelasan jam 14.30 ini sudah selesai", "10 14:30"),
        ("Besok jam 09.30 sesi berakhir", "11 09:30"),
        ("Tutupnye besok jam 9 pagi", "11 09:00"),
        ("tutup Jumat malam jam 7", "13 19:00"),
        ("ditutup Selasa pagi tadi jam 8", "10 08:00 lewat"),
        ("wektu mbukake mung nganti bedhug lohur dina iki", "10 12:00"),
        ("boleh dikirim lagi sebelum tutup tanggal 28 nanti", "28 23:59"),
        ("Besok jam satu siang kertasnya harus sudah di meja mereka", "11 13:00"),
    ],
)
def test_a_deadline_is_found(text: str, at: str, worktime: WorkTime) -> None:
    assert found(text, worktime) == [at]


@pytest.mark.parametrize("name", _WEEKDAYS)
def test_every_name_of_a_weekday_is_a_day(name: str, worktime: WorkTime) -> None:
    """A form of Friday that the pattern knew and the table did not made judging break off."""
    [day] = deadlines_of(f"hari {name} jam 10 ditutup", worktime)
    assert day.at.weekday() == _WEEKDAYS[name]


@pytest.mark.parametrize(
    "text",
    [
        "sejak pukul 08.30 tidak bisa dibuka",
        "tadi jam 8 muncul pesan error",
        "kantor LPSE buka sampai jam berapa?",
        "jam layanan sampai pukul 16.00",
        "Surat nomor 027/112/DISDIK/2026 tanggal 5 Maret 2026",
        "sudah logout, tapi sampe hari ini sama aja",
        "kami diundang reverse auction minggu depan",
        "rapat evaluasi Selasa, 14 April 2026 pukul 09.00",
        "tiga tahun terakhir tidak pernah begini",
        "nanti saya kirim berkasnya",
        "batas ukuran file 10 MB hari ini berapa",
        "mohon SEGERA!!! URGENT, penting",
        "sudah 2 jam loading",
        "login terakhir kemarin masih bisa",
        "pokoknya harus beres hari ini, saya tidak mau tahu",
        "mohon diselesaikan hari ini",
        "surat itu sampe hari ini sonde ada",
        "tadi pagi abis antar anak sekolah jam setengah sembilan",
        "Promo berakhir malam ini jam 9",
        "dari kemarin sore muncul tulisan sesi anda telah berakhir",
        "statusnya masa berlaku akun berakhir 31-12-2025",
        "tgl 28 sampai 31 Maret pelayanan tatap muka buka atau libur?",
        "sampai dengan hari ini belum memperoleh jawaban",
        "sampai hari ini akun a.n. Sudirman, S.Par. statusnya belum disetujui",
    ],
)
def test_other_times_are_no_deadlines(text: str, worktime: WorkTime) -> None:
    assert found(text, worktime) == []


HOW_LONG = (
    "Surat kami belum dijawab sampai hari ini.",
    "Lemot mulai tadi malam sampai siang ini.",
    "Anak saya begadang isi-isi formulir sampai jam 11 malam.",
    "Saya bisa dihubungi sampai jam 5 sore.",
    "Bengkel kosong, bisanya datang habis asar.",
    "Tolong tutup dulu aplikasi lain jam 10.",
)


@pytest.mark.parametrize("text", HOW_LONG)
def test_how_long_something_lasted_is_no_deadline(text: str, worktime: WorkTime) -> None:
    assert found(text, worktime) == []


def test_what_is_told_of_a_past_day_is_past(worktime: WorkTime) -> None:
    told = "Senin kemarin staf kami mengirim. Pukul 14.58 muncul pesan dan pukul 15.00 ditutup."
    assert all(d.passed for d in deadlines_of(told, worktime))
    kept = (
        "Kemarin, Senin 9 Maret kami mengirim. Sesudah diulang sudah pukul 16.00, masa tertutup."
    )
    assert all(d.passed for d in deadlines_of(kept, worktime))
    now = "Senin kemarin staf kami mengirim. Pukul 14.58 nanti ditutup."
    assert not deadlines_of(now, worktime)[0].passed


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hari ini batas unggah penawaran tender", DeadlineKind.STAGE),
        ("hari ini batas akhir kontrak untuk DAK", DeadlineKind.ADMINISTRATIVE),
        ("hari ini terakhir pengumuman RUP", DeadlineKind.ADMINISTRATIVE),
        ("tutup jam 11", DeadlineKind.UNKNOWN),
    ],
)
def test_the_kind_comes_from_the_words_around(
    text: str, kind: DeadlineKind, worktime: WorkTime
) -> None:
    assert deadlines_of(text, worktime)[0].kind is kind


def test_evidence_is_what_was_written(worktime: WorkTime) -> None:
    text = "Mohon dibantu. Batas akhir pemasukan pukul 12.00 WIB."
    deadline = deadlines_of(text, worktime)[0]
    assert deadline.evidence == "batas akhir pemasukan pukul 12.00 wib"
    assert text[deadline.start : deadline.end].lower() == deadline.evidence
