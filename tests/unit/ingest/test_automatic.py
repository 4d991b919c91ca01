"""Machines are told from people, and people from machines (RFC 3834; B098 to B105)."""

import pytest

from maild.ingest import parse
from maild.model.mail import Nature, ParsedMail

MACHINE = "MAILER-DAEMON@mx.example"


def mail(
    subject: str = "Tanya", body: str = "isi", sender: str = "budi@x.example", **fields: str
) -> ParsedMail:
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    source = f"From: {sender}\nTo: h@lpse.example\nSubject: {subject}\n{head}\n{body}\n"
    return parse.read(source.encode(), own_addresses=frozenset({"h@lpse.example"}))


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"Precedence": "auto_reply"},
        {"Precedence": "bulk"},
        {"Precedence": "junk"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "Tanya"},
        {"X_Auto_Reply_From": "budi@x.example"},
        {"Return_Path": "<>"},
        {"X_Loop": "autoresponder@x"},
    ],
    ids=str,
)
def test_a_header_of_a_responder_is_an_auto_reply(fields: dict[str, str]) -> None:
    assert mail(**fields).nature is Nature.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Tanya",
        "Balasan otomatis: Tanya",
        "Jawaban Otomatis: Tanya",
        "Out of Office: Tanya",
        "Out of office",
        "Autoreply: Tanya",
        "Auto: Tanya",
        "Di luar kantor: Tanya",
        "Sedang cuti sampai Senin",
        "Abwesenheitsnotiz: Tanya",
        "Automatische Antwort: Tanya",
        "R\u00e9ponse automatique : Tanya",
        "Respuesta autom\u00e1tica: Tanya",
        "Resposta autom\u00e1tica: Tanya",
        "Automatisch antwoord: Tanya",
        "Autosvar: Tanya",
        "\u81ea\u52a8\u56de\u590d: Tanya",
        "\u0410\u0432\u0442\u043e\u043e\u0442\u0432\u0435\u0442: Tanya",
    ],
)
def test_a_subject_that_starts_so_is_an_auto_reply(subject: str) -> None:
    assert mail(subject).nature is Nature.AUTO_REPLY


@pytest.mark.parametrize(
    "body",
    [
        "Saya sedang cuti sampai tanggal 12 Januari 2026.",
        "Mohon maaf, saya sedang dinas luar hingga Jumat dan akan kembali Senin.",
        "I am out of the office until Monday with limited access to email.",
        "I'm on annual leave from 5 January and will return on 12 January.",
        "Email ini dikirim secara otomatis. Mohon tidak membalas email ini.",
        "This is an automatic reply.",
        "Pesan ini dibuat secara otomatis oleh sistem.",
    ],
)
def test_an_absence_notice_without_headers_is_told_by_subject_and_text(body: str) -> None:
    assert mail("Re: [LPSE-2026-000042] Tanya", body).nature is Nature.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Cuti bersama dan jadwal tender", "Apakah jadwal tender bergeser karena cuti bersama?"),
        ("Akun admin sedang cuti", "Admin kami sedang cuti, bagaimana cara menggantinya?"),
        ("Re: Tanya", "Saya akan cuti sampai tanggal 12, mohon diproses sebelum itu."),
        ("Re: Data", "Saya sedang dinas luar sampai Jumat, nanti saya kirim datanya."),
        ("Tanya", "Minggu lalu saya cuti sampai Jumat, jadi baru sekarang membalas."),
        ("Balasan otomatis dari SPSE tidak masuk", "Kami tidak menerima balasan otomatis."),
        ("Email gagal terkirim", "Email aanwijzing gagal dikirim, muncul 550 user unknown."),
        ("Fwd: Undelivered Mail Returned to Sender", "Mohon bantuan, email kami ditolak."),
        ("Mail delivery failed", "Kami mendapat pesan ini, apa artinya? <a@b.example>: 550"),
        ("Verifikasi akun penyedia", "Mohon konfirmasi bahwa akun kami sudah diverifikasi."),
        ("Konfirmasi", "Silakan klik tautan ini agar pesan Anda dapat diproses, betul?"),
        ("Laporan spam di forum", "Ada spam dan penyalahgunaan di forum lelang."),
        ("Undangan rapat", "Kami undang rapat hari Senin pukul 09.00."),
        ("Read: dokumen", "Sudah saya baca dokumennya, tetapi belum jelas."),
        ("Auto reject penawaran", "Penawaran kami ditolak otomatis oleh sistem."),
        ("Otomatis logout", "Setiap login langsung keluar otomatis, mohon tidak membalas lama."),
        ("Gagal kirim penawaran", "Pengiriman gagal terus: tidak bisa dikirim."),
        ("Recall: penawaran", "Bisakah penawaran ditarik kembali?"),
        ("noreply SPSE", "Mengapa email dari noreply tidak bisa dibalas?"),
    ],
)
def test_a_person_who_writes_about_such_things_is_human(subject: str, body: str) -> None:
    assert mail(subject, body).nature is Nature.HUMAN


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "normal"},
        {"X_Autoreply": "no"},
        {"Return_Path": "<budi@x.example>"},
        {"X_Mailer": "Microsoft Outlook 16.0"},
        {"Disposition_Notification_To": "budi@x.example"},
        {"Importance": "high"},
    ],
    ids=str,
)
def test_harmless_headers_leave_a_person_human(fields: dict[str, str]) -> None:
    assert mail(**fields).nature is Nature.HUMAN


def test_a_person_who_quotes_an_automatic_letter_of_ours_is_human() -> None:
    letter = "> Surel ini dikirim secara otomatis. Mohon tidak membalas surel ini."
    body = f"Masih gagal.\n\nPada Sen, 5 Jan 2026 08.15 H <h@lpse.example> menulis:\n{letter}"
    assert mail("Re: [LPSE-2026-000042] Tanda terima", body).nature is Nature.HUMAN


def test_the_reason_is_told() -> None:
    assert mail(Auto_Submitted="auto-replied").nature_reason == (
        "Auto-Submitted: auto-replied (RFC 3834)"
    )


@pytest.mark.parametrize("name", ["List_Id", "List_Unsubscribe", "X_Mailing_List"])
def test_b104_a_list_is_a_list(name: str) -> None:
    assert mail(**{name: "<x.list.example>", "Precedence": "bulk"}).nature is Nature.LIST


def test_b100_our_own_mail_is_told_by_mark_and_by_sender() -> None:
    assert mail(X_Maild_Loop="lpse").nature is Nature.OWN
    assert mail(sender="H@LPSE.example").nature is Nature.OWN
    assert mail(sender="h+token@lpse.example").nature is Nature.OWN


def test_b075_a_read_receipt_is_a_receipt() -> None:
    part = "Content-Type: message/disposition-notification\n\nDisposition: x"
    body = f"--b\n\nDibaca\n--b\n{part}\n--b--"
    kind = "multipart/report; report-type=disposition-notification; boundary=b"
    assert mail(body=body, Content_Type=kind).nature is Nature.RECEIPT
    assert mail("Read: Tanya", "Your message was read on Monday.").nature is Nature.RECEIPT


@pytest.mark.parametrize("method", ["REQUEST", "REPLY", "CANCEL"])
def test_b074_an_invitation_is_a_calendar_mail(method: str) -> None:
    body = f"BEGIN:VCALENDAR\nMETHOD:{method}\nEND:VCALENDAR"
    assert mail(body=body, Content_Type="text/calendar").nature is Nature.CALENDAR


def test_b111_a_challenge_is_a_challenge() -> None:
    text = "Please verify that you are a human: click here to release your message."
    assert mail("Please confirm your message", text).nature is Nature.CHALLENGE


def test_b111_an_abuse_report_is_a_complaint() -> None:
    body = "--b\n\nspam\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--b--"
    kind = "multipart/report; report-type=feedback-report; boundary=b"
    assert mail(body=body, Content_Type=kind).nature is Nature.COMPLAINT


def test_nothing_but_a_header_is_empty() -> None:
    assert mail("", "").nature is Nature.EMPTY
    assert mail("ada subjek", "").nature is Nature.HUMAN


def test_a_mail_program_that_ends_a_subscription_is_a_complaint_not_a_notice() -> None:
    found = mail("unsubscribe", "Apple Mail sent this email to unsubscribe", Auto_Submitted="auto")
    assert found.nature is Nature.COMPLAINT


def test_a_person_who_asks_to_be_left_alone_is_a_person() -> None:
    assert mail("unsubscribe", "Mohon jangan kirim lagi").nature is Nature.HUMAN
