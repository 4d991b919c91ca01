"""The files in the programs that people open them with: LibreOffice, and a browser.

Needs Debian's libreoffice-calc, poppler-utils and chromium; skipped with a reason where they are
not installed, unless MAILD_REQUIRE_SERVERS is set. Screenshots and pages are left in the test's
folder.
"""

import csv as library
import html
import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from kit.office import book
from maild.recap import csv, ods, pdf, xlsx
from maild.recap import html as page_for_browsers
from maild.recap.cell import CUT_MARK, clean
from maild.recap.rows import COLUMNS, HEADING, Cover, Row
from maild.report.blocks import Block, Report, Tile
from maild.report.page import page

HOSTILE = (
    *("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", '=HYPERLINK("http://x.example")'),
    *("＝1+1", "{=A1}", "http://x.example", "<b>&amp;", "_x000D_", "'=1", 'a;b"c', "👍🏽 naïve"),
)
COVER = Cover(book().office, date(2026, 1, 1), date(2026, 1, 31))


def rows(count: int) -> list[Row]:
    """Rows with every hostile text, and long answers."""
    return [
        Row(
            n,
            HOSTILE[n % len(HOSTILE)],
            "a@b.example",
            f"Pengaduan: {HOSTILE[n % len(HOSTILE)]}",
            f"{HOSTILE[n % len(HOSTILE)]} "
            + "Silakan mengunggah ulang dokumen penawaran. " * (n % 9),
            date(2026, 1, 5),
            date(2026, 1, 6),
            f"LPSE-2026-{n:06d}, selesai dalam 1 hari, prioritas 2 (tinggi)",
        )
        for n in range(1, count + 1)
    ]


def program(*names: str) -> str:
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        missing = pytest.fail if os.environ.get("MAILD_REQUIRE_SERVERS") else pytest.skip
        missing(f"{names[0]} is not installed")
    return found


def converted(path: Path, kind: str, folder: Path) -> Path:
    """What LibreOffice makes of a file."""
    home = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [program("soffice", "libreoffice"), home, "--headless", "--convert-to", kind]
    subprocess.run(
        [*command, "--outdir", str(folder), str(path)],
        check=True,
        timeout=120,
        capture_output=True,
    )
    return folder / f"{path.stem}.{kind.partition(':')[0]}"


def test_libreoffice_reads_every_hostile_cell_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, rows(len(HOSTILE)), COVER)
    read = converted(path, "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path)
    with read.open(encoding="utf-8", newline="") as stream:
        lines = list(library.reader(stream))[5:]
    names = [line[1] for line in lines[: len(HOSTILE)]]
    assert names == [row.name for row in rows(len(HOSTILE))]


def test_libreoffice_runs_no_formula_of_the_csv(tmp_path: Path) -> None:
    path = tmp_path / "rekap.csv"
    csv.write(path, rows(len(HOSTILE)), ",")
    flat = converted(path, "fods", tmp_path).read_text("utf-8")
    assert "table:formula" not in flat


def test_a_text_of_40000_characters_is_cut_in_every_program(tmp_path: Path) -> None:  # B124
    long = clean("panjang \u202e\x07" * 5_000)
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, [rows(1)[0]._replace(solution=long)], COVER)
    assert openpyxl.load_workbook(path).active["E6"].value == long
    read = converted(path, "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path)
    assert f'{CUT_MARK}",' in read.read_text("utf-8") or f"{CUT_MARK}," in read.read_text("utf-8")


def test_libreoffice_reads_the_ods_as_a_whole_page(tmp_path: Path) -> None:
    pytest.importorskip("stream_write_ods")
    path = tmp_path / "rekap.ods"
    ods.write(path, rows(len(HOSTILE)), COVER)
    read = converted(path, "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path)
    with read.open(encoding="utf-8", newline="") as stream:
        lines = list(library.reader(stream))
    assert lines[0][0] == HEADING.upper()
    assert lines[5] == list(COLUMNS)
    assert [line[1] for line in lines[6 : 6 + len(HOSTILE)]] == [
        row.name for row in rows(len(HOSTILE))
    ]
    assert lines[-1][6].startswith("NIP")


def pages_of(printed: Path) -> list[str]:
    """What stands on each page of a PDF."""
    done = subprocess.run(
        [program("pdftotext"), "-layout", str(printed), "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.rstrip("\f").split("\f")


@pytest.mark.parametrize("count", range(8, 32, 3))
def test_the_signature_is_never_torn_between_two_pages(tmp_path: Path, count: int) -> None:
    path = tmp_path / "rekap.pdf"
    pytest.importorskip("typst")
    pdf.write(path, rows(count), COVER)
    signed = [page for page in pages_of(path) if COVER.office.head_title in page]
    assert len(signed) == 1
    assert "NIP" in signed[0]
    assert COVER.office.city in signed[0]


def test_a_browser_prints_the_recap_as_a_table_with_its_header_on_every_page(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rekap.html"
    page_for_browsers.write(path, rows(40), COVER)
    printed = tmp_path / "rekap.pdf"
    browser = [
        *(program("chromium", "chromium-browser"), "--headless", "--no-sandbox", "--disable-gpu"),
        *(f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer"),
        f"--print-to-pdf={printed}",
    ]
    subprocess.run([*browser, path.as_uri()], check=True, timeout=120, capture_output=True)
    pages = pages_of(printed)
    with_rows = [page for page in pages if "LPSE-2026-" in page]
    assert len(with_rows) > 2
    assert all("Permasalahan" in page and "Tgl Selesai" in page for page in with_rows)
    assert not any("Permasalahan:" in page for page in pages)
    (signed,) = (page for page in pages if COVER.office.head_title in page)
    assert "NIP" in signed
    assert "5 Januari 2026" in pages[0]


def test_the_sheet_prints_with_its_header_on_every_page_and_nothing_cut(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    xlsx.write(path, rows(90), COVER)
    printed = converted(path, "pdf", tmp_path)
    info = subprocess.run(
        [program("pdfinfo"), str(printed)], check=True, capture_output=True, text=True
    ).stdout
    width, height = map(float, re.findall(r"Page size: +([\d.]+) x ([\d.]+)", info)[0])
    assert (round(width), round(height)) == (842, 595)
    pages = pages_of(printed)
    text = "".join(pages)
    assert len(pages) > 1
    assert all("Permasalahan" in one and "Tgl Selesai" in one for one in pages)
    assert f"Halaman 1 dari {len(pages)}" in pages[0]
    assert "5 Januari 2026" in pages[0]
    # A row whose text did not fit would have lost the end of its answer.
    assert text.count("penawaran.") == sum(n % 9 for n in range(1, 91))


@pytest.mark.parametrize("width", [360, 1000])
def test_a_browser_shows_the_report_without_scrolling_sideways(tmp_path: Path, width: int) -> None:
    lines = tuple((f"Kategori yang panjang sekali nomor {n}", "12", "9", "+3") for n in range(9))
    block = Block("Kategori", ("Kategori", "Bulan ini", "Bulan lalu", "Selisih"), lines, 3)
    tiles = (Tile("Diterima", "1.234", "+3 dari bulan lalu (1.231)"),) * 6
    report = Report(book().office, "Laporan Helpdesk", "Januari 2026", tiles, (block,), "Catatan")
    (tmp_path / "laporan.html").write_text(page(report), "utf-8")
    frame = (
        f'<body style="margin:0"><iframe id=f src="laporan.html" style="border:0;width:{width}px;'
        "height:2000px\"></iframe><script>onload=()=>{const d=document.getElementById('f')"
        ".contentDocument;document.title=[d.documentElement.scrollWidth,d.querySelectorAll"
        "('section').length,d.querySelectorAll('.tile').length].join(' ')}</script>"
    )
    (tmp_path / "frame.html").write_text(frame, "utf-8")
    browser = [
        *(program("chromium", "chromium-browser"), "--headless", "--no-sandbox", "--disable-gpu"),
        *("--allow-file-access-from-files", f"--user-data-dir={tmp_path / 'profile'}"),
    ]
    address = (tmp_path / "frame.html").as_uri()
    picture = f"--screenshot={tmp_path / f'laporan-{width}.png'}"
    subprocess.run([*browser, picture, address], check=True, timeout=120, capture_output=True)
    dump = subprocess.run(
        [*browser, "--dump-dom", address], check=True, timeout=120, capture_output=True, text=True
    ).stdout
    title = html.unescape(re.findall(r"<title>(.*?)</title>", dump)[0])
    assert title == f"{width} 1 6"
