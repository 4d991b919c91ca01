"""The door of xlsxwriter: the sheet that an office prints, signs and files, without its rows.

A4 landscape, one page wide, header row frozen and repeated, filter, signature block, page numbers.
`xlsx` puts the rows in. One table row is written as a sample: it tells how cells are formatted.
"""

from datetime import datetime, time
from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from maild.model.dates import written_period
from maild.recap.rows import COLUMNS, HEADING, Cover, signature

HEADER_ROW: Final = 4  # from 0, as the library counts
SAMPLE_ROW: Final = HEADER_ROW + 1
TALLY: Final = "(jumlah)"  # stands where the tally will
WIDTHS: Final = (5, 22, 28, 42, 48, 17, 17, 32)
_A4: Final = 9
_INDONESIAN_DATE: Final = "[$-421]d mmmm yyyy"
# Handed over as a copy, for the library writes into it. No scheme: it would mean another font.
_FONT: Final = {"font_name": "Arial", "font_size": 9, "font_scheme": False}
_TITLE: Final = {"bold": True, "align": "center", "valign": "top", "font_size": 11}
_NAME: Final = {**_FONT, "bold": True, "underline": 1}
_OPTIONS: Final = {
    "in_memory": True,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def page(cover: Cover) -> bytes:
    """A workbook with everything but the rows: one sample row stands in their place.

    Below `HEADER_ROW` come the sample, a blank line and the row of the signature.
    """
    written = BytesIO()
    with xlsxwriter.Workbook(
        written, {**_OPTIONS, "default_format_properties": {**_FONT}}
    ) as book:
        # A fixed moment: the library would put the present one into the file.
        created = datetime.combine(cover.last, time(0))
        book.set_properties({"title": HEADING, "company": cover.office.name, "created": created})
        sheet = book.add_worksheet("Rekap")
        _lay_out(sheet, cover)
        _write_head(sheet, cover, book.add_format(_TITLE))
        _write_table(sheet, book)
        sheet.autofilter(HEADER_ROW, 0, SAMPLE_ROW, len(COLUMNS) - 1)
        _write_signature(sheet, SAMPLE_ROW + 2, cover, book)
    return written.getvalue()


def _lay_out(sheet: Worksheet, cover: Cover) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.repeat_rows(HEADER_ROW)
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
    sheet.set_row(HEADER_ROW - 1, 20)


def _write_table(sheet: Worksheet, book: Workbook) -> None:
    header = book.add_format(
        {
            "border": 1,
            "align": "center",
            "valign": "vcenter",
            "bold": True,
            "bg_color": "#D9E2F3",
        }
    )
    for column, name in enumerate(COLUMNS):
        sheet.write_string(HEADER_ROW, column, name, header)
    cell = {"border": 1, "valign": "top", "text_wrap": True}
    text, centred = book.add_format(cell), book.add_format({**cell, "align": "center"})
    day = book.add_format({**cell, "align": "center", "num_format": _INDONESIAN_DATE})
    formats = (centred, text, text, text, text, day, day, text)
    for column, form in enumerate(formats):
        sheet.write_blank(SAMPLE_ROW, column, None, form)


def _write_signature(sheet: Worksheet, line: int, cover: Cover, book: Workbook) -> None:
    """The whole block in one row: a row is never torn between two pages."""
    *above, name, number = signature(cover)
    block = book.add_format({"text_wrap": True, "valign": "top"})
    plain, bold = book.add_format(_FONT), book.add_format(_NAME)
    sheet.set_row(line, 12 * (len(above) + 3))
    sheet.merge_range(line, 0, line, 5, "", block)
    sheet.write_string(line, 0, TALLY, block)
    sheet.merge_range(line, 6, line, 7, "", block)
    before = "\n".join(above) + "\n"
    sheet.write_rich_string(line, 6, plain, before, bold, name, plain, f"\n{number}", block)
