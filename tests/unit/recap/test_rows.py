"""What stands in the eight columns of the recap (docs/recap.md, rule by rule)."""

from collections.abc import Iterator
from datetime import date

import pytest

from kit.entries import OPEN
from maild.model.entry import Entry
from maild.model.ticket import Kind, State
from maild.recap.rows import COLUMNS, HEADING, Row, rows
from maild.recap.solution import without_courtesies

ON = date(2026, 1, 31)
NEW = OPEN._replace(
    number="LPSE-2026-000042",
    name="Budi Santoso",
    problem="Gagal mengunggah dokumen penawaran",
    priority="tinggi",
    state="baru",
)
DONE = NEW._replace(
    state="selesai", solution="Silakan unggah ulang.", finished_on=date(2026, 1, 6)
)


def only(entry: Entry) -> Row:
    (row,) = rows([entry], ON)
    return row


def test_heading_and_columns_are_the_sops_own() -> None:
    assert HEADING == "Rekap Penanganan Permasalahan Melalui E-mail"
    assert ", ".join(COLUMNS) == (
        "No, Nama, E-mail, Permasalahan, Solusi, Tgl diterima, Tgl Selesai, Keterangan"
    )


def test_a_finished_ticket_fills_all_columns() -> None:
    assert only(DONE) == (
        1,
        "Budi Santoso",
        "budi@penyedia.example",
        "Pengaduan: Gagal mengunggah dokumen penawaran",
        "Silakan unggah ulang.",
        date(2026, 1, 5),
        date(2026, 1, 6),
        "LPSE-2026-000042, selesai dalam 1 hari, prioritas 2 (tinggi)",
    )


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (Kind.COMPLAINT, "Pengaduan: "),
        (Kind.QUESTION, "Pertanyaan: "),
        (Kind.CONSULTATION, "Konsultasi: "),
    ],
)
def test_the_problem_says_its_kind(kind: Kind, word: str) -> None:
    assert only(NEW._replace(kind=kind.value)).problem.startswith(word)


def test_the_problem_is_one_line_unless_the_whole_mail_is_wished_for() -> None:
    entry = NEW._replace(problem="Gagal unggah\nsejak  pagi")
    assert only(entry).problem == "Pengaduan: Gagal unggah sejak pagi"
    (row,) = rows([entry], ON, full=True)
    assert row.problem == "Pengaduan: Gagal unggah\nsejak pagi"


def test_numbers_run_from_one_and_what_is_no_problem_has_no_row() -> None:
    found = rows([NEW, NEW._replace(kind=Kind.NO_PROBLEM.value), NEW], ON)
    assert [row.no for row in found] == [1, 2]


def test_a_ticket_that_became_part_of_another_has_no_row_of_its_own() -> None:
    found = rows([NEW, NEW._replace(merged=2026000042), NEW], ON)
    assert [row.no for row in found] == [1, 2]


def test_every_report_of_one_incident_has_its_row_and_names_the_first() -> None:
    child = DONE._replace(number="LPSE-2026-000043", linked="LPSE-2026-000042")
    found = list(rows([DONE, child], ON))
    assert [row.no for row in found] == [1, 2]
    assert found[1].remarks.endswith("terkait LPSE-2026-000042")


@pytest.mark.parametrize("state", [state for state in State if state.is_open])
def test_an_open_ticket_has_no_finishing_date_even_if_it_was_answered_once(state: State) -> None:
    assert only(DONE._replace(state=state.value)).finished_on is None


def test_an_answered_ticket_is_finished_on_the_day_of_its_answer() -> None:
    row = only(DONE._replace(state=State.ANSWERED.value))
    assert row.finished_on == date(2026, 1, 6)
    assert "dijawab dalam 1 hari" in row.remarks


def test_an_answer_after_the_edge_of_the_month_stands_in_the_month_of_receipt() -> None:
    row = only(DONE._replace(received_on=date(2026, 1, 31), finished_on=date(2026, 2, 2)))
    assert (row.received_on, row.finished_on) == (date(2026, 1, 31), date(2026, 2, 2))
    assert "selesai dalam 2 hari" in row.remarks


def test_what_was_answered_at_once_says_so() -> None:
    assert (
        "selesai pada hari yang sama" in only(DONE._replace(finished_on=DONE.received_on)).remarks
    )


def test_an_open_ticket_tells_how_long_it_has_been_waiting_on_the_day_of_the_recap() -> None:
    assert only(NEW).remarks == (
        "LPSE-2026-000042, baru, menunggu 26 hari per 31-01-2026, prioritas 2 (tinggi)"
    )


def test_a_ticket_closed_without_an_answer_says_so() -> None:
    assert only(DONE._replace(solution="")).remarks.endswith("ditutup tanpa jawaban")


def test_an_escalated_ticket_names_the_day_and_lkpps_number() -> None:
    escalated = NEW._replace(
        state="dieskalasi", escalated_on=date(2026, 1, 6), outside_number="TTS-77"
    )
    assert only(escalated).remarks == (
        "LPSE-2026-000042, dieskalasi, menunggu 26 hari per 31-01-2026, prioritas 2 (tinggi), "
        "dieskalasi ke LKPP tanggal 06-01-2026, nomor tiket LKPP TTS-77"
    )


def test_an_officers_own_remarks_come_last() -> None:
    row = only(DONE._replace(linked="LPSE-2026-000007", remarks="disertai surat\nnomor 12"))
    assert row.remarks.endswith("terkait LPSE-2026-000007; disertai surat nomor 12")


def test_an_empty_name_or_problem_is_said() -> None:
    row = only(NEW._replace(name=" ", problem=" "))
    assert (row.name, row.problem) == ("-", "Pengaduan: (tanpa uraian)")


def test_hidden_marks_of_any_column_are_gone() -> None:  # B124, B125
    dirty = "a\u202eb\x07c\u200b"
    entry = NEW._replace(
        name=dirty,
        address=dirty,
        problem=dirty,
        solution=dirty,
        linked=dirty,
        outside_number=dirty,
        remarks=dirty,
    )
    text = "".join(map(str, only(entry)))
    assert text.count("abc") == 7
    assert not {"\u202e", "\x07", "\u200b"} & set(text)


def test_rows_are_made_one_at_a_time() -> None:
    def endless() -> Iterator[Entry]:
        while True:
            yield NEW

    found = rows(endless(), ON)
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
