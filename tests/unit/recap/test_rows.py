"""What stands in the eight columns of the recap."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from maild.model.mail import Address
from maild.model.ticket import Assessment, Kind, Priority, Role, State, Ticket
from maild.recap.rows import COLUMNS, HEADING, rows
from maild.recap.solution import without_courtesies

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
ASSESSMENT = Assessment(
    kind=Kind.COMPLAINT,
    category="upload_penawaran",
    priority=Priority.HIGH,
    base_priority=Priority.HIGH,
    urgent_deadline=False,
    deadline=None,
    requester_role=Role.VENDOR,
    missing=(),
    fields={},
    escalate="lpse",
    confidence=0.9,
    reasons=(),
)
NEW = Ticket(
    id=2026000042,
    number="LPSE-2026-000042",
    requester=Address("Budi Santoso", "budi@penyedia.example"),
    subject="Gagal unggah",
    summary="Gagal mengunggah dokumen penawaran",
    state=State.NEW,
    sop="penanganan-email",
    row="7",
    entered_at=datetime(2026, 1, 5, 2, tzinfo=UTC),
    due_at=None,
    received_at=datetime(2026, 1, 5, 2, tzinfo=UTC),
    assessment=ASSESSMENT,
)
DONE = replace(
    NEW,
    state=State.CLOSED,
    solution="Silakan unggah ulang.",
    answered_at=datetime(2026, 1, 6, 3, tzinfo=UTC),
    closed_at=datetime(2026, 1, 9, 3, tzinfo=UTC),
)


def of_kind(kind: Kind) -> Ticket:
    return replace(NEW, assessment=replace(ASSESSMENT, kind=kind))


def test_heading_and_columns_are_the_sops_own() -> None:
    assert HEADING == "Rekap Penanganan Permasalahan Melalui E-mail"
    assert ", ".join(COLUMNS) == (
        "No, Nama, E-mail, Permasalahan, Solusi, Tgl diterima, Tgl Selesai, Keterangan"
    )


def test_a_finished_ticket_fills_all_columns() -> None:
    (row,) = rows([DONE], WIB)
    assert (row.no, row.name, row.email) == (1, "Budi Santoso", "budi@penyedia.example")
    assert row.problem == "Pengaduan: Gagal mengunggah dokumen penawaran"
    assert row.solution == "Silakan unggah ulang."
    assert (row.received_on, row.finished_on) == (date(2026, 1, 5), date(2026, 1, 6))
    assert row.remarks == "LPSE-2026-000042, selesai, prioritas 2 (tinggi)"


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Kind.COMPLAINT, "Pengaduan: "),
        (Kind.QUESTION, "Pertanyaan: "),
        (Kind.CONSULTATION, "Konsultasi: "),
    ],
)
def test_the_problem_says_its_kind(kind: Kind, word: str) -> None:
    (row,) = rows([of_kind(kind)], WIB)
    assert row.problem.startswith(word)


def test_numbers_run_from_one_and_what_is_no_problem_has_no_row() -> None:
    found = list(rows([NEW, of_kind(Kind.NO_PROBLEM), NEW], WIB))
    assert [row.no for row in found] == [1, 2]


@pytest.mark.parametrize(
    "state", [State.NEW, State.WAITING_DATA, State.IN_PROGRESS, State.ESCALATED]
)
def test_an_open_ticket_has_no_finishing_date_even_if_it_was_answered_once(state: State) -> None:
    (row,) = rows([replace(DONE, state=state)], WIB)
    assert row.finished_on is None


def test_an_answered_ticket_is_finished_on_the_day_of_its_answer() -> None:
    (row,) = rows([replace(DONE, state=State.ANSWERED, closed_at=None)], WIB)
    assert row.finished_on == date(2026, 1, 6)


def test_a_ticket_closed_without_an_answer_says_so() -> None:
    (row,) = rows([replace(DONE, solution="", answered_at=None)], WIB)
    assert row.finished_on == date(2026, 1, 9)
    assert row.remarks.endswith("ditutup tanpa jawaban")


def test_midnight_is_the_offices_own() -> None:
    late = replace(NEW, received_at=datetime(2026, 1, 31, 16, 30, tzinfo=UTC))
    assert next(rows([late], WIB)).received_on == date(2026, 1, 31)
    assert next(rows([late], WIT)).received_on == date(2026, 2, 1)


def test_an_escalated_ticket_names_the_day_and_lkpps_number() -> None:
    escalated = replace(
        NEW,
        state=State.ESCALATED,
        escalated_at=datetime(2026, 1, 5, 18, tzinfo=UTC),
        outside_number="TTS-77",
        linked="LPSE-2026-000007",
    )
    (row,) = rows([escalated], WIB)
    assert row.remarks == (
        "LPSE-2026-000042, dieskalasi, prioritas 2 (tinggi), dieskalasi ke LKPP tanggal"
        " 06-01-2026, nomor tiket LKPP TTS-77, terkait LPSE-2026-000007"
    )


def test_an_empty_name_or_summary_is_said() -> None:
    bare = replace(NEW, requester=Address("", "a@b.example"), summary=" ", subject="")
    (row,) = rows([bare], WIB)
    assert (row.name, row.problem) == ("-", "Pengaduan: (tanpa uraian)")


def test_the_subject_stands_in_for_a_missing_summary() -> None:
    (row,) = rows([replace(NEW, summary="")], WIB)
    assert row.problem == "Pengaduan: Gagal unggah"


def test_rows_are_made_one_at_a_time() -> None:
    def endless() -> object:
        while True:
            yield NEW

    found = rows(endless(), WIB)  # type: ignore[arg-type]
    assert [next(found).no, next(found).no] == [1, 2]


ANSWER = "Silakan unggah ulang dokumen.\n1. Buka Apendo.\n2. Pilih berkas."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("Yth. Bapak Budi Santoso,\n\n", ""),
        ("Kepada Yth. Sdr. Budi\ndi tempat\nDengan hormat,\n", ""),
        ("Selamat pagi Bapak/Ibu,\n", "\n\nTerima kasih."),
        ("Assalamu'alaikum wr. wb.\nPak Budi,\n", "\nWassalamu'alaikum wr. wb."),
        ("Halo Kak Budi,\nTerima kasih telah menghubungi Helpdesk LPSE.\n", "\nSemoga membantu."),
        ("", "\n\nDemikian kami sampaikan. Terima kasih.\n\nHormat kami,\nSari\nHelpdesk LPSE"),
        (
            "",
            "\nDemikian disampaikan, atas perhatian Bapak/Ibu diucapkan terima kasih.\n-- \nSari",
        ),
        ("", "\nApabila masih ada kendala silakan balas surel ini.\nSalam,\nSari\n08123"),
        ("", "\nTerima kasih\nHelpdesk LPSE Kabupaten Contoh"),
    ],
)
def test_the_solution_stands_without_its_courtesies(before: str, after: str) -> None:
    assert without_courtesies(before + ANSWER + after) == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Ibu dapat mengunggah ulang dokumen",
        "Selamat pagi, dokumen sudah kami perbaiki.",
        "Yth. Bapak Budi, akun sudah aktif.",
        "Helpdesk telah mengaktifkan akun.",
        "Demikian pula sertifikat harus diperbarui.",
        "Terima kasih telah menghubungi kami. Akun sudah aktif.",
        "Akun sudah aktif, terima kasih.",
        "Terima kasih.",
        "Salam,",
        "",
    ],
)
def test_what_is_more_than_a_courtesy_stays(text: str) -> None:
    assert without_courtesies(text) == text


def test_a_sign_off_far_above_the_end_is_no_signature() -> None:
    text = "Jawaban:\nHormat kami,\n" + "\n".join(f"{n}. langkah" for n in range(1, 20))
    assert without_courtesies(text) == text


def test_a_long_hostile_text_is_read_in_linear_time() -> None:
    for word in ("terima kasih ", "bapak ", "atas perhatian ", "demikian kami "):
        assert without_courtesies(word * 20_000 + "x")
