"""The door of xlsxwriter: the recap as the sheet that an office prints, signs and files.

A4 landscape, one page wide, header row frozen and repeated, dates as dates, signature block,
page numbers. Every text is written as text: no formula, no link (B123). Memory does not grow with
the rows, and the same rows give the same bytes.
"""

from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from typing import Final

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from maild.model.dates import written_date, written_period
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, HEADING, Cover, Row

_WIDTHS: Final = (5, 22, 28, 42, 48, 17, 17, 32)
_HEADER_ROW: Final = 4
_A4: Final = 9
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_INDONESIAN_DATE: Final = "[$-421]d mmmm yyyy"


def write(path: Path, rows: Iterable[Row], cover: Cover) -> None:
    """Writes the sheet; the file appears whole or not at all. OSError: it cannot be written."""
    with replacing(path) as part:
        try:
            with xlsxwriter.Workbook(part, _OPTIONS) as book:
                _fill(book, rows, cover)
        except FileCreateError as error:
            raise OSError(str(error)) from error


def _fill(book: Workbook, rows: Iterable[Row], cover: Cover) -> None:
    # A fixed moment: the library would put the present one into the file.
    created = datetime.combine(cover.last, time(0))
    book.set_properties({"title": HEADING, "company": cover.office.name, "created": created})
    sheet = book.add_worksheet("Rekap")
    _lay_out(sheet, cover)
    _write_head(sheet, cover, book.add_format({"bold": True, "align": "center"}))
    cell = {"border": 1, "valign": "top", "text_wrap": True}
    header = {"border": 1, "align": "center", "bold": True, "bg_color": "#D9E2F3"}
    _write_header(sheet, book.add_format(header))
    last = _write_rows(
        sheet,
        rows,
        book.add_format(cell),
        book.add_format({**cell, "align": "center"}),
        book.add_format({**cell, "align": "center", "num_format": _INDONESIAN_DATE}),
    )
    sheet.autofilter(_HEADER_ROW, 0, last, len(COLUMNS) - 1)
    _write_signature(sheet, last + 2, cover, book.add_format({"bold": True, "underline": 1}))


def _lay_out(sheet: Worksheet, cover: Cover) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer(f"&L&8{_footer_text(cover.office.name)}&R&8Halaman &P dari &N")


def _footer_text(text: str) -> str:
    """An ampersand would begin a code of the footer."""
    return text.replace("&", "&&")[:100]


def _write_head(sheet: Worksheet, cover: Cover, title: Format) -> None:
    period = f"Periode: {written_period(cover.first, cover.last)}"
    lines = (HEADING.upper(), cover.office.name, cover.office.institution, period)
    for number, line in enumerate(lines):
        sheet.merge_range(number, 0, number, len(COLUMNS) - 1, "", title)
        sheet.write_string(number, 0, line, title)


def _write_header(sheet: Worksheet, header: Format) -> None:
    for column, name in enumerate(COLUMNS):
        sheet.write_string(_HEADER_ROW, column, name, header)


def _write_rows(
    sheet: Worksheet, rows: Iterable[Row], text: Format, centred: Format, day: Format
) -> int:
    """Writes the table's body and gives the number of its last row."""
    line = _HEADER_ROW
    for line, row in enumerate(rows, _HEADER_ROW + 1):
        sheet.write_number(line, 0, row.no, centred)
        sheet.write_string(line, 1, row.name, text)
        sheet.write_string(line, 2, row.email, text)
        sheet.write_string(line, 3, row.problem, text)
        sheet.write_string(line, 4, row.solution, text)
        sheet.write_datetime(line, 5, datetime.combine(row.received_on, time(0)), day)
        if row.finished_on:
            sheet.write_datetime(line, 6, datetime.combine(row.finished_on, time(0)), day)
        else:
            sheet.write_blank(line, 6, None, day)
        sheet.write_string(line, 7, row.remarks, text)
    return line


def _write_signature(sheet: Worksheet, line: int, cover: Cover, name: Format) -> None:
    office = cover.office
    day = written_date(cover.signed_on) if cover.signed_on else "……………………………"
    sheet.write_string(line, 6, f"{office.city}, {day}")
    sheet.write_string(line + 1, 6, office.head_title or "Kepala LPSE")
    sheet.write_string(line + 5, 6, office.head_name or "……………………………………", name)
    sheet.write_string(line + 6, 6, f"NIP {office.head_nip}" if office.head_nip else "NIP")
