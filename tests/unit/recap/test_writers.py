"""The recap as a file: nothing becomes a formula, nothing breaks a row, never half a file."""

import csv as library
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from maild.model.mail import Address
from maild.model.office import Office
from maild.recap import csv, files, pdf, xlsx
from maild.recap.cell import CUT_MARK, LONGEST, clean, guarded, one_line
from maild.recap.files import CannotWrite, Form
from maild.recap.mask import masked
from maild.recap.rows import COLUMNS, HEADING, Cover, Row
from maild.recap.screen import table

OFFICE = Office(
    name="LPSE Kabupaten Contoh & Sekitarnya",
    institution="Pemerintah Kabupaten Contoh",
    city="Contoh",
    telephone="",
    hours="",
    zone=ZoneInfo("Asia/Jakarta"),
    prefix="LPSE",
    mailbox=Address("LPSE", "helpdesk@lpse.example"),
    head_title="Kepala LPSE",
    head_name="Dra. Rina Hartati, M.Si.",
    head_nip="19710609 199201 1 002",
)
COVER = Cover(OFFICE, date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 2))
FILES = [f"rekap.{form}" for form in Form]
NEEDS = {".pdf": "typst", ".ods": "stream_write_ods"}  # extra maild[office]
REMARKS = "LPSE-2026-000042, selesai, prioritas 2 (tinggi)"


def row(no: int = 1, **changes: object) -> Row:
    columns: dict[str, object] = {
        "no": no,
        "name": "Budi Santoso",
        "email": "budi@penyedia.example",
        "problem": "Pengaduan: Gagal unggah; kode 123",
        "solution": "Unggah ulang.\n1. Buka Apendo.",
        "received_on": date(2026, 1, 5),
        "finished_on": date(2026, 1, 6),
        "remarks": REMARKS,
    }
    return Row(**{**columns, **changes})  # type: ignore[arg-type]


HOSTILE = [
    "=1+1", "+1+cmd", "-1+1|calc", "@SUM(A1)", "|calc", "%0A", "＝1+1", "＋1", "－1", "＠a",
    '=HYPERLINK("http://x.example")', "=", "-",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "-5", "+6281234567", "-1.500.000,00", "Budi", "1=1", "a@b.c", "'=1"]
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.parametrize(
    ("dirty", "readable"),
    [
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\ufeffa\u200bb\u2066c\u2069", "abc"),
        ("a\ud800b\uffffc\ufdd0", "abc"),
        ("satu\r\ndua\rtiga\u2028empat\x85lima", "satu\ndua\ntiga\nempat\nlima"),
        ("a\t\u00a0 b", "a b"),
        ("  naïve — “kutip” €  ", "naïve — “kutip” €"),
        ("👍🏽", "👍🏽"),
    ],
)
def test_a_cell_holds_nothing_invisible(dirty: str, readable: str) -> None:
    assert clean(dirty) == readable


def test_one_line_has_no_break() -> None:
    assert one_line("satu\r\ndua\u2029tiga\tempat\n") == "satu dua tiga empat"


@pytest.mark.parametrize(
    "text", ["a" * 40_000, "👍" * 20_000, "a" * 1_000_000, "\u200b" * 200_000]
)
def test_a_text_too_long_for_a_cell_is_cut_with_a_mark(text: str) -> None:
    shown = clean(text)
    assert shown.endswith(CUT_MARK)
    assert len(shown.encode("utf-16-le")) // 2 <= LONGEST


def test_a_text_that_just_fits_is_left_whole() -> None:
    assert clean("a" * LONGEST) == "a" * LONGEST
    assert clean("👍" * (LONGEST // 2)) == "👍" * (LONGEST // 2)


def test_the_csv_is_what_indonesian_excel_opens(tmp_path: Path) -> None:
    path = tmp_path / "rekap.csv"
    csv.write(path, [row(), row(2, finished_on=None, name="=1+1")])
    assert path.read_bytes().decode("utf-8") == (
        "\ufeffNo;Nama;E-mail;Permasalahan;Solusi;Tgl diterima;Tgl Selesai;Keterangan\r\n"
        '1;Budi Santoso;budi@penyedia.example;"Pengaduan: Gagal unggah; kode 123";'
        f"Unggah ulang. 1. Buka Apendo.;05-01-2026;06-01-2026;{REMARKS}\r\n"
        '2;\'=1+1;budi@penyedia.example;"Pengaduan: Gagal unggah; kode 123";'
        f"Unggah ulang. 1. Buka Apendo.;05-01-2026;;{REMARKS}\r\n"
    )


def test_the_csv_may_have_another_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "rekap.csv"
    csv.write(path, [row()], delimiter=",")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(library.reader(stream))
    assert lines[0] == list(COLUMNS)
    assert lines[1][7] == REMARKS


def test_the_sheet_has_title_office_period_and_the_eight_columns(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [row()], COVER)
    sheet = openpyxl.load_workbook(path).active
    head = [sheet.cell(line, 1).value for line in range(1, 5)]
    assert head == [HEADING.upper(), OFFICE.name, OFFICE.institution, "Periode: Januari 2026"]
    assert [cell.value for cell in sheet[5]] == list(COLUMNS)


def test_dates_are_dates_in_indonesian_form(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [row(), row(2, finished_on=None)], COVER)
    sheet = openpyxl.load_workbook(path).active
    assert sheet["F6"].value == datetime(2026, 1, 5)  # noqa: DTZ001 (a cell has no zone)
    assert sheet["G6"].number_format == "[$-421]d mmmm yyyy"
    assert sheet["G7"].value is None
    assert sheet["A6"].value == 1
    assert sheet["E6"].value == "Unggah ulang.\n1. Buka Apendo."
    assert sheet["E6"].alignment.wrap_text


def test_the_sheet_prints_on_a4_landscape_with_its_header_on_every_page(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [row()], COVER)
    sheet = openpyxl.load_workbook(path).active
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is the format's default
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.freeze_panes == "A6"
    assert sheet.auto_filter.ref == "A5:H6"
    assert "Halaman &P dari &N" in sheet.oddFooter.right.text
    assert "Contoh && Sekitarnya" in zipfile.ZipFile(path).read(
        "xl/worksheets/sheet1.xml"
    ).decode().replace("&amp;", "&")


def test_the_head_of_the_office_signs_below_the_table(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [row()], COVER)
    sheet = openpyxl.load_workbook(path).active
    (signature,) = [cell.value for cell in sheet["G"][6:] if cell.value]
    assert [line for line in signature.split("\n") if line] == [
        "Contoh, 2 Februari 2026", "Kepala LPSE", "Dra. Rina Hartati, M.Si.",
        "NIP 19710609 199201 1 002",
    ]  # fmt: skip


def test_the_signature_is_one_row_that_no_page_break_tears(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [row(n) for n in range(1, 4)], COVER)
    sheet = openpyxl.load_workbook(path).active
    assert "G10:H10" in {str(area) for area in sheet.merged_cells.ranges}
    assert sheet["G10"].value.startswith("Contoh, 2 Februari 2026")
    assert sheet.row_dimensions[10].height >= 80


def test_capitals_get_more_room_than_small_letters() -> None:
    small, capitals = row(solution="mohon diunggah ulang " * 20), "MOHON DIUNGGAH ULANG " * 20
    assert xlsx._height(small._replace(solution=capitals)) > xlsx._height(small)


def test_an_empty_month_is_a_sheet_too(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [], COVER)
    assert openpyxl.load_workbook(path).active["A5"].value == "No"


def test_no_cell_of_a_sheet_is_a_formula_or_a_link(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    texts = [*HOSTILE, "http://x.example", "mailto:a@b.example", "{=A1}"]
    xlsx.write(path, [row(n, name=text, solution=text) for n, text in enumerate(texts, 1)], COVER)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
        assert not any("rels" in name and "sheet" in name for name in archive.namelist())
    assert not re.search(r"<f[ >]", xml)
    assert "hyperlink" not in xml
    sheet = openpyxl.load_workbook(path).active
    assert [sheet.cell(5 + n, 2).value for n in range(1, len(texts) + 1)] == texts
    assert {sheet.cell(5 + n, 2).data_type for n in range(1, len(texts) + 1)} == {"s"}


def test_text_that_looks_like_an_escape_of_the_format_is_escaped(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [row(name="_x000D_")], COVER)
    assert b">_x005F_x000D_<" in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("name", FILES)
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    first, second = tmp_path / f"a-{name}", tmp_path / f"b-{name}"
    for path in (first, second):
        write(path, iter([row()] * 50))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_a_failure_leaves_the_former_file_and_nothing_else(tmp_path: Path, name: str) -> None:
    def breaking() -> Iterator[Row]:
        yield row()
        raise RuntimeError("the database went away")

    path = tmp_path / name
    path.write_text("lama")
    with pytest.raises(RuntimeError):
        write(path, breaking())
    assert path.read_text() == "lama"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", FILES)
def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match="No such file"):
        write(tmp_path / "tidak-ada" / name, iter([row()]))


@pytest.mark.parametrize("name", FILES)
def test_the_recap_is_its_owners_alone(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, iter([row()]))
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def write(path: Path, rows: Iterator[Row]) -> None:
    if library_needed := NEEDS.get(path.suffix):
        pytest.importorskip(library_needed)
    files.write_to(Form(path.suffix[1:]), path, rows, COVER)


def test_the_table_on_the_screen_fits_a_hundred_columns() -> None:
    lines = list(table([row(), row(2, solution="kata " * 400, name="a" * 300)]))
    assert max(map(len, lines)) <= 100
    assert "Permasalahan" in lines[0]
    assert any("Budi" in line and "05-01-2026" in line for line in lines)
    assert any("…" in line for line in lines)


def test_a_csv_reads_back_as_it_was(tmp_path: Path) -> None:
    texts = ["a;b", 'kata "kutip"', "a\nb", ";", '"', "biasa", ""]
    rows = [
        row(n, name=t.partition("\n")[0] or "-", problem=f"Pengaduan: {t}", solution=t)
        for n, t in enumerate(texts)
    ]
    csv.write(tmp_path / "a.csv", rows)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        found = list(library.reader(stream, delimiter=";"))[1:]
    assert [line[4] for line in found] == [text.replace("\n", " ") for text in texts]
    assert {len(line) for line in found} == {8}


def test_the_rows_of_a_sheet_are_as_high_as_their_text(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [row(solution="kata " * 100), row(2), row(3, solution="a\n" * 900)], COVER)
    sheet = openpyxl.load_workbook(path).active
    high, low, highest = (sheet.row_dimensions[n].height for n in (6, 7, 8))
    assert low < high < highest == 409


def test_more_rows_than_a_sheet_holds_are_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx, "_MOST_ROWS", 29)
    with pytest.raises(CannotWrite, match="CSV"):
        files.write(Form.XLSX, tmp_path / "a.xlsx", [row()] * 30, COVER)
    assert not list(tmp_path.iterdir())


def test_more_rows_than_anybody_prints_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("typst")
    monkeypatch.setattr(pdf, "MOST_ROWS", 3)
    with pytest.raises(CannotWrite, match="shorter period"):
        files.write(Form.PDF, tmp_path / "a.pdf", [row()] * 4, COVER)


def test_a_library_that_is_not_there_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(CannotWrite, match=r"maild\[office\]"):
        files.write(Form.PDF, tmp_path / "a.pdf", [row()], COVER)


def test_a_page_for_the_browser_is_one_file_without_network(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    files.write(Form.HTML, path, [row(name="<script>alert(1)</script>")], COVER)
    text = path.read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"(src|href)=|url\(|@import", text)
    assert "NIP 19710609" in text


def test_an_ods_has_the_columns_and_dates_as_dates(tmp_path: Path) -> None:
    pytest.importorskip("stream_write_ods")
    path = tmp_path / "a.ods"
    files.write(Form.ODS, path, [row(name="=1+1")], COVER)
    xml = zipfile.ZipFile(path).read("content.xml").decode()
    assert "<text:p>=1+1</text:p>" in xml
    said = re.findall("<text:p>(.*?)</text:p>", xml)
    assert said[:2] == [HEADING.upper(), OFFICE.name.replace("&", "&amp;")]
    assert said[3:12] == ["Periode: Januari 2026", *COLUMNS]
    assert said[-1] == f"NIP {OFFICE.head_nip}"
    assert "table:formula" not in xml
    assert 'office:date-value="2026-01-05"' in xml


def test_a_pdf_takes_no_text_for_its_own_language(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    path = tmp_path / "a.pdf"
    files.write(Form.PDF, path, [row(solution='#panic() $x$ *tebal* <a> @b \\ "')], COVER)
    assert path.read_bytes().startswith(b"%PDF")


def test_masked_rows_tell_nobodys_name() -> None:
    (hidden,) = masked(
        [row(solution="Bapak Budi, NIK 3201 1234 5678 9012, hubungi 0812-3456-7890 a@b.example")]
    )
    assert (hidden.name, hidden.email) == ("B*** S***", "***@penyedia.example")
    assert hidden.solution == "Bapak ***, NIK ***, hubungi *** ***@b.example"
    assert hidden.remarks == REMARKS


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([], "Tidak ada permasalahan dalam periode ini."),
        (
            [row(), row(2, finished_on=None)],
            "Jumlah: 2 permasalahan, 1 selesai, 1 masih terbuka.",
        ),
    ],
)
def test_the_signature_stands_beside_how_much_it_signs(
    tmp_path: Path, rows: list[Row], line: str
) -> None:
    for form in (Form.XLSX, Form.HTML):
        files.write(form, tmp_path / f"r.{form}", iter(rows), COVER)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").active
    signed = sheet.max_row
    assert sheet.cell(signed, 1).value == line
    assert "Dra. Rina Hartati" in str(sheet.cell(signed, 7).value)
    assert line in (tmp_path / "r.html").read_text("utf-8")


def pages_of(pdf: Path) -> list[str]:
    """The text of each page, by Debian's poppler-utils."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext is not installed")
    done = subprocess.run([program, "-layout", pdf, "-"], capture_output=True, check=True)
    return done.stdout.decode().rstrip("\f").split("\f")


@pytest.mark.parametrize("count", range(6, 12))
def test_two_rows_go_with_the_signature_to_its_page(tmp_path: Path, count: int) -> None:
    pytest.importorskip("typst")
    some = (row(n, solution="Unggah ulang berkas. " * 15) for n in range(1, count + 1))
    files.write(Form.PDF, tmp_path / "r.pdf", some, COVER)
    last = pages_of(tmp_path / "r.pdf")[-1]
    assert "Dra. Rina Hartati" in last
    assert last.count("Budi Santoso") >= 2


def test_a_row_higher_than_a_page_is_printed_to_its_end(tmp_path: Path) -> None:
    pytest.importorskip("typst")
    steps = "\n".join(f"langkah {n}." for n in range(1, 201))
    files.write(Form.PDF, tmp_path / "r.pdf", iter([row(solution=steps)]), COVER)
    pages = pages_of(tmp_path / "r.pdf")
    said = "\n".join(pages)
    assert all(f"langkah {n}." in said for n in (1, 60, 100, 200))
    assert "Dra. Rina Hartati" in pages[-1]
