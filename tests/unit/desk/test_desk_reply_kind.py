"""The kinds of another office's mails, and the numbers it gives (peers row 63, mechanism 14)."""

from dataclasses import replace

import pytest

from maild.desk.outside_number import numbers_in
from maild.desk.reply_kind import ReplyKind, kind_of
from maild.model.party import HELPDESK_LKPP

RECEIPTS = (
    "Terima kasih, laporan Anda kami terima dengan nomor tiket: INC-204518",
    "Yth. Bapak/Ibu,\nLaporan Anda telah kami terima dan terdaftar dengan nomor 204518.\n"
    "Kami akan segera menindaklanjuti dalam 1x24 jam kerja.\nTerima kasih.\nHelpdesk LKPP",
    "Your request has been received (ticket #45221). Please do not reply to this email.",
    "Tiket INC-1 telah kami terima.\nMohon tidak membalas surel ini.",
    "Tiket Anda telah dibuat.\nStatus: Open\nPrioritas: Normal\nDetail laporan:\nApakah x?",
)
NEWS = (
    "Saat ini laporan sedang kami eskalasi ke tim teknis, mohon ditunggu.",
    "Masih dalam proses pengecekan.",
    "Terima kasih.",
)
QUESTIONS = (
    "Mohon dikirimkan tangkapan layar dan kode tender yang bermasalah.",
    "Apakah sudah dicoba dengan Apendo versi terbaru?",
    "Kami sudah cek, datanya belum lengkap. Mohon dilampirkan log aplikasi serta waktu kejadian.",
    "Please provide screenshot of the error.",
)
ANSWERS = (
    "Kunci sudah kami perbaiki. Nomor tiket: INC-204518",
    "Terima kasih, kunci tender sudah kami perbaiki.",
    "LKPP telah memperbaiki data peserta tersebut.",
    "Silakan minta peserta mengunggah ulang.",
    "Solusi: hapus tembolok peramban lalu masuk kembali.",
    "Permasalahan sudah diperbaiki. Silakan dicoba kembali. Apabila masih terkendala, mohon "
    "informasikan kembali dengan melampirkan tangkapan layar.",
    "Silakan sampaikan kepada penyedia agar melengkapi data pada menu Identitas.",
    "Sudah.",
)
CLOSED = ("Tiket INC-204518 telah ditutup.", "Ticket #45221 has been closed. Thank you.")
REOPENED = ("Tiket INC-204518 kami buka kembali karena perbaikannya belum tuntas.",)
CASES = [
    (kind, text)
    for kind, texts in (
        (ReplyKind.RECEIPT, RECEIPTS),
        (ReplyKind.NEWS, NEWS),
        (ReplyKind.QUESTION, QUESTIONS),
        (ReplyKind.ANSWER, ANSWERS),
        (ReplyKind.CLOSED, CLOSED),
        (ReplyKind.REOPENED, REOPENED),
    )
    for text in texts
]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_the_words_of_a_mail_say_what_it_is(kind, text):
    assert kind_of(text, automatic=False) is kind


@pytest.mark.parametrize("text", [*QUESTIONS, *ANSWERS[:6]])
def test_a_system_that_marks_everything_as_automatic_is_still_understood(text):
    assert kind_of(text, automatic=True) is kind_of(text, automatic=False)


@pytest.mark.parametrize(
    "text", ["Saya sedang cuti sampai 5 Maret.", "", "Out of office until 5."]
)
def test_an_automatic_mail_that_says_nothing_is_a_receipt(text):
    assert kind_of(text, automatic=True) is ReplyKind.RECEIPT


def test_a_mail_whose_answer_is_in_its_file_is_an_answer():
    assert kind_of("Terlampir.", automatic=True, files=True) is ReplyKind.ANSWER


def test_a_receipt_that_says_more_is_shown_and_taken_for_no_answer():
    text = "Laporan Anda telah kami terima. Kantor kami pindah ke gedung baru."
    assert kind_of(text, automatic=True) is ReplyKind.NEWS
    assert kind_of(text, automatic=False) is ReplyKind.ANSWER


OURS = "[Eskalasi][LPSE Kab. Uji][P3] Gagal unggah - 12345678 - LPSE-2026-000042"


@pytest.mark.parametrize(
    ("subject", "text", "number"),
    [
        (f"[INC-204518] Re: {OURS}", "", "INC-204518"),
        (f"Re: {OURS} [LKPP #45678]", "", "45678"),
        (f"##RE-4567## {OURS}", "", "RE-4567"),
        ("", "Nomor tiket: INC-204518", "INC-204518"),
        ("", "laporan Anda terdaftar dengan nomor 204518.", "204518"),
        ("", "Ticket number is REQ0012345", "REQ0012345"),
        ("", "kasus LKPP nomor 2026/XI/778", "2026/XI/778"),
    ],
)
def test_a_number_is_learned_where_ticket_systems_put_it(subject, text, number):
    assert numbers_in(subject, text, HELPDESK_LKPP, "LPSE") == (number,)


@pytest.mark.parametrize(
    "text",
    [
        "Mengenai nomor tiket LPSE-2026-000042 sudah selesai.",
        "Tender 12345678 sudah kami perbaiki.",
        "laporan 27-11-2026 sudah kami baca",
        "hubungi 144 atau 021-29935577",
    ],
)
def test_what_is_no_number_of_theirs_is_not_learned(text):
    assert numbers_in(f"Re: {OURS}", text, HELPDESK_LKPP, "LPSE") == ()


def test_an_office_writes_down_the_form_of_the_numbers():
    party = replace(HELPDESK_LKPP, numbers=("INC-#", "SR#/#"))
    text = "tiket ABC-1; INC-77, SR12/2026 dan XINC-5"
    assert numbers_in("", text, party, "LPSE") == ("INC-77", "SR12/2026")


def test_a_picture_in_the_page_is_an_answer_only_where_nothing_else_is_said() -> None:
    assert kind_of("Terlampir.", automatic=False, pictures=True) is ReplyKind.ANSWER
    assert kind_of(RECEIPTS[1], automatic=False, pictures=True) is ReplyKind.RECEIPT
    assert kind_of("", automatic=True, pictures=True) is ReplyKind.RECEIPT
