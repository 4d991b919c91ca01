"""Priority, kind, category and role, as a good officer would judge, and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maild.model.mail import Address
from maild.model.ticket import Kind, Priority, Role
from maild.model.worktime import WorkTime
from maild.rules.priorities import PriorityTable
from maild.rules.trial import figures, read_mails, tried
from tests.unit.rules.conftest import ROOT, Judge

EXAMPLES = ROOT / "sop" / "contoh-surat.jsonl"


@pytest.mark.parametrize(
    ("text", "priority"),
    [
        ("CV Maju tidak bisa upload penawaran, tutup jam 10", Priority.CRITICAL),
        ("CV Maju tidak bisa upload penawaran, besok jam 08.00 tutup", Priority.CRITICAL),
        ("CV Maju tidak bisa upload penawaran, besok jam 14.00 tutup", Priority.HIGH),
        ("CV Maju tidak bisa upload penawaran", Priority.HIGH),
        ("CV Maju tidak bisa upload penawaran, tutup 30 Maret", Priority.MEDIUM),
        ("CV Maju tidak bisa upload penawaran, kemarin jam 16.00 sudah ditutup", Priority.HIGH),
        ("Tidak bisa login. URGENT!!! SEGERA!!! PENTING!!!", Priority.MEDIUM),
        ("Tidak bisa login, jam 10 penutupan penawaran", Priority.CRITICAL),
        ("Summary report kosong, hari ini batas laporan ke BPK", Priority.HIGH),
        ("Summary report kosong, besok harus diserahkan ke BPK", Priority.MEDIUM),
        ("Apakah jaminan penawaran wajib menurut Perpres?", Priority.LOW),
        ("Kapan pemenang tender 10096653000 diumumkan?", Priority.MEDIUM),
        ("Lpse down, semua rekanan tidak bisa buka", Priority.CRITICAL),
    ],
)
def test_a_clock_time_of_a_stage_makes_urgency(
    judge: Judge, text: str, priority: Priority
) -> None:
    assert judge(text).priority is priority


def test_a_reminder_raises_by_one(judge: Judge) -> None:
    text = "Menindaklanjuti email kami minggu lalu, permohonan reset password belum dibalas."
    result = judge(text)
    assert (result.base_priority, result.priority) == (Priority.MEDIUM, Priority.HIGH)
    assert any(r.rule == "penyesuaian.pengingat" for r in result.reasons)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Tombol sanggah tidak muncul", Kind.COMPLAINT),
        ("Bersama ini kami mohon dibuatkan akun PPK", Kind.CONSULTATION),
        ("Apakah jaminan penawaran wajib menurut Perpres?", Kind.QUESTION),
        ("Undangan rapat: mengharap kehadiran Saudara", Kind.NO_PROBLEM),
    ],
)
def test_kinds(judge: Judge, text: str, kind: Kind) -> None:
    assert judge(text).kind is kind


@pytest.mark.parametrize(
    ("sender", "text", "role"),
    [
        (Address("", "a@surel.example"), "Saya PPK Dinas Sosial, lupa password", Role.PPK),
        (Address("Pokja 3", "a@surel.example"), "lupa password", Role.POKJA),
        (Address("", "budi@cvmaju.example"), "lupa password", Role.VENDOR),
        (Address("", "budi.ppk@surel.example"), "lupa password", Role.PPK),
        (Address("", "a@surel.example"), "Saya mahasiswa, mohon data tender", Role.PUBLIC),
        (Address("", "a@surel.example"), "lupa password", Role.UNKNOWN),
    ],
)
def test_roles(judge: Judge, sender: Address, text: str, role: Role) -> None:
    assert judge(text, sender=sender).requester_role is role


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("Gagal simpan kontrak, keluar java.lang.NullPointerException", "lkpp"),
        ("Gagal simpan kontrak", "lpse"),
        ("Gagal simpan kontrak, mohon dieskalasi", "lkpp"),
        ("Apakah penyedia wajib migrasi akun inaproc?", "lpse"),
    ],
)
def test_who_usually_solves_it(judge: Judge, text: str, party: str) -> None:
    assert judge(text).escalate == party


def test_it_says_why(judge: Judge) -> None:
    result = judge("CV Maju tidak bisa upload penawaran, tutup jam 10")
    reasons = {r.rule: r.evidence for r in result.reasons}
    assert "upload penawaran" in reasons["kategori.upload_penawaran"]
    assert reasons["penyesuaian.batas_pemilihan_hari_ini"] == "tutup jam 10"


def test_a_mail_that_says_nothing_is_lainnya_with_low_confidence(judge: Judge) -> None:
    result = judge("min tolong dong")
    assert (result.category, result.kind) == ("lainnya", Kind.COMPLAINT)
    assert result.confidence < 0.3
    assert "uraian_masalah" in result.missing


def test_a_forwarded_mail_is_judged_by_what_it_forwards(judge: Judge) -> None:
    text = (
        "Mohon ditindaklanjuti.\n\n---------- Pesan terusan ----------\n"
        "Dari: Gilang <g@x.example>\n"
        'Tanggal: Sen, 9 Mar 2026 pukul 14.07\n\nMenu Inbox keluar "Error 500".\n\n'
        "DISCLAIMER: this is urgent, server down."
    )
    assert judge(text, "Fwd: menu Inbox").category == "error_aplikasi"


def test_outside_text_limits_nothing_breaks(judge: Judge) -> None:
    assert judge("tidak bisa " * 20_000).kind is Kind.COMPLAINT
    assert judge("", "").category == "lainnya"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_no_text_makes_it_raise(judge: Judge, text: str, subject: str) -> None:
    assert 0 <= judge(text, subject).confidence <= 1


WORDS = """
    tidak bisa upload jam 10 besok tutup 12/3 31/2 tgl 99 kode 1009 : > - . ? CV PT rup 29 Februari
"""


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=40))
def test_no_mixture_of_its_own_words_makes_it_raise(judge: Judge, words: list[str]) -> None:
    judge(" ".join(words))


LEARNT_FROM = ("r9-", *(f"r{n}-" for n in range(10, 30)), "awam-")


def test_mails_written_after_the_rules_are_judged_well(
    table: PriorityTable, worktime: WorkTime
) -> None:
    """Seen by now; the first scores of each round stand in docs/accuracy.md."""
    every, complaints = read_mails(EXAMPLES.read_text("utf-8"), EXAMPLES.name)
    # The table alone: what later rounds say was left to what is learnt from them.
    mails = [mail for mail in every if not mail.id.startswith(LEARNT_FROM)]
    found = {figure.name: figure.percent for figure in figures(tried(mails, table, worktime))}
    assert not complaints
    assert len(mails) >= 264
    assert min(found["category"], found["priority"], found["urgent_deadline"]) >= 92, found
    assert min(found["kind"], found["missing"], found["escalate_expected"]) >= 88, found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CV Maju, user MAJU07: syarat ganti email terdaftar apa?", "konsultasi"),
        ("Syarat ganti email terdaftar apa?", "pertanyaan"),
        ("Saya PPK, akun saya habis masa berlakunya, syarat perpanjangannya apa?", "konsultasi"),
        ("Apa syarat memperpanjang akun PPK?", "pertanyaan"),
    ],
)
def test_ones_own_case_is_a_request_though_it_is_asked(judge: Judge, text: str, kind: str) -> None:
    assert judge(text).kind.value == kind


ONE_COLLEAGUE = (
    "Peran PPK hilang setelah gabung akun. Rekan saya menggabungkan akun pada minggu yang sama.",
    "BAST tidak bisa disimpan. Teman sebelah mencoba di komputernya, sama.",
    "Penetapan pemenang error. Semua tahap sebelumnya lancar tanpa hambatan.",
)


@pytest.mark.parametrize("text", ONE_COLLEAGUE)
def test_one_colleague_or_all_of_something_else_is_no_wide_impact(judge: Judge, text: str) -> None:
    assert judge(text).priority is not Priority.CRITICAL


MANY = (
    "SPSE tidak bisa dibuka, beberapa peserta juga melapor.",
    "Semua penyedia gagal login sejak pagi.",
    "Rekanan lain mengalami hal yang sama, website down.",
)


@pytest.mark.parametrize("text", MANY)
def test_what_many_people_meet_is_critical(judge: Judge, text: str) -> None:
    assert judge(text).priority is Priority.CRITICAL


def test_who_asks_for_advice_does_not_tell_of_many(judge: Judge) -> None:
    text = "Boleh kami undang penyedia lain, atau harus dinyatakan gagal dulu? Mohon pendapat."
    assert judge(text).kind is Kind.CONSULTATION
    assert judge(text).priority is not Priority.CRITICAL


OLD_MAIL = (
    "Pada Sen, 9 Mar 2026, Lestari menulis:\n"
    '> Akun PT Adiguna Karya tidak bisa login, tertulis "Akun diblokir". Besok jam 9 penutupan.'
)


def test_a_reminder_that_says_nothing_else_is_about_what_it_quotes(judge: Judge) -> None:
    reminder = judge("Email di bawah ini belum dijawab.", "Re: mohon bantuan", quoted=OLD_MAIL)
    assert (reminder.category, reminder.priority) == ("gagal_login", Priority.HIGH)
    assert reminder.fields["instansi"] == "PT Adiguna Karya"
    assert not reminder.urgent_deadline, "its tomorrow is not ours"


def test_a_mail_that_says_what_it_is_about_is_not_about_what_it_quotes(judge: Judge) -> None:
    other = "Surat kami belum dijawab. Sekarang kami lupa password, mohon reset password."
    assert judge(other, quoted=OLD_MAIL).category == "lupa_password"
    assert judge("Terima kasih, sudah bisa login.", quoted=OLD_MAIL).kind is Kind.NO_PROBLEM


def test_what_is_settled_above_a_forwarded_mail_is_no_problem(judge: Judge) -> None:
    old = "\n\n---------- Pesan terusan ----------\nDari: Ani\nTanggal: Sel, 9 Mar 2026\n\n"
    problem = "Penawaran paket 10012345000 tidak bisa diupload, tutup jam 14.00."
    settled = judge(f"Mohon diabaikan yang di bawah, sudah beres.{old}{problem}")
    assert not settled.urgent_deadline
    assert settled.priority is Priority.LOW
    unsettled = judge(f"Sudah bisa masuk tapi masih gagal kirim.{old}{problem}")
    assert unsettled.urgent_deadline


def test_who_asks_how_far_it_has_come_asks_about_something_running(judge: Judge) -> None:
    asked = judge("Mau tanya, apakah pendaftaran kami sudah diverifikasi?")
    assert (asked.kind, asked.priority) == (Kind.QUESTION, Priority.MEDIUM)
    general = judge("Mau tanya, apa saja syarat pendaftaran penyedia?")
    assert (general.kind, general.priority) == (Kind.QUESTION, Priority.LOW)
