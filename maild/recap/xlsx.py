"""The recap as a sheet: the rows, streamed into the page that `page` makes.

Every text is written as text: no formula, no link (B123). Memory does not grow with the rows, and
the same rows give the same bytes. The rows' XML is put together here because the libraries that
lay out a page take fifteen times as long over a row as reading it does, and the quick ones write
no signature below the table and a different file each time.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final

from maild.recap.cell import lines_of
from maild.recap.file import replacing
from maild.recap.page import SAMPLE_ROW, TALLY, WIDTHS, page
from maild.recap.rows import Cover, Row, Tally

_SHEET: Final = "xl/worksheets/sheet1.xml"
_BOOK: Final = "xl/workbook.xml"
_TEXTS: Final = "xl/sharedStrings.xml"
_SAMPLE: Final = re.compile(rf'<row r="{SAMPLE_ROW + 1}".*?</row>', re.DOTALL)
# `r="9"`, `r="G9"`, both ends of `ref="G8:H8"`, the end of `$A$5:$H$6`
_REFERENCE: Final = re.compile(r'(\br="[A-Z]*|\bref="[A-Z]+|:[A-Z]+|:\$[A-Z]+\$)(\d+)')
_FORMAT: Final = re.compile(r' s="(\d+)"')
_DIMENSION: Final = re.compile(r"<dimension [^>]*/>")
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MARKUP: Final = re.compile("[&<>]|_x")
_DAY_ZERO: Final = date(1899, 12, 30).toordinal()
_MOST_ROWS: Final = 1_048_576 - 20  # a sheet's lines, less those around the table
_MOST_OCTETS: Final = 2_000_000_000  # of a part, in a file that every program opens (no ZIP64)
_PIECE: Final = 300
# Characters of the page's font on a line of each column of text, rather too few; points a line.
_ROOM: Final = tuple(round(width * 1.02) for width in WIDTHS)
_LINE: Final = 12
_HIGHEST: Final = 409  # points; no row may be higher


class TooLong(ValueError):  # noqa: N818
    """More rows, or more text, than a sheet holds."""


def write(path: Path, rows: Iterable[Row], cover: Cover) -> None:
    """Writes the sheet; the file appears whole or not at all.

    OSError: it cannot be written. TooLong: a sheet does not hold it.
    """
    laid_out = zipfile.ZipFile(BytesIO(page(cover)))
    head, sample, tail = _sheet_of(laid_out)
    tally = Tally()
    lines = _lines(tally.of(rows), tuple(_FORMAT.findall(sample)))
    count = octets = 0
    with replacing(path) as part, zipfile.ZipFile(part, "w") as archive:
        with archive.open(_part(_SHEET), "w") as stream:
            stream.write(_DIMENSION.sub("", head).encode())
            while piece := list(islice(lines, _PIECE)):
                count += len(piece)
                written = "".join(piece).encode()
                octets += len(written)
                if count > _MOST_ROWS or octets > _MOST_OCTETS:
                    raise TooLong(f"a sheet holds no more than about {count} rows")
                stream.write(written)
            stream.write(_moved(tail, count - 1).encode())
        for name in laid_out.namelist():
            if name != _SHEET:
                content = laid_out.read(name)
                if name == _TEXTS:
                    content = content.replace(TALLY.encode(), str(tally).encode(), 1)
                if name == _BOOK:
                    content = _moved(content.decode(), count - 1).encode()
                archive.writestr(_part(name), content)


def _part(name: str) -> zipfile.ZipInfo:
    """A part without the time of its writing."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    part._compresslevel = 1  # type: ignore[attr-defined]  # public from Python 3.13 on
    return part


def _sheet_of(book: zipfile.ZipFile) -> tuple[str, str, str]:
    """The sheet's XML before the sample row, the sample row, and what comes after it."""
    sheet = book.read(_SHEET).decode()
    sample = _SAMPLE.search(sheet)
    assert sample is not None, "page() writes a sample row"
    return sheet[: sample.start()], sample[0], sheet[sample.end() :]


def _moved(xml: str, by: int) -> str:
    """The XML with its references to the sample row, and to rows below it, so many rows lower."""

    def move(found: re.Match[str]) -> str:
        row = int(found[2])
        return f"{found[1]}{row + by}" if row > SAMPLE_ROW else found[0]

    return _REFERENCE.sub(move, xml)


def _lines(rows: Iterable[Row], formats: tuple[str, ...]) -> Iterator[str]:
    """A `row` element for each (ECMA-376, 18.3.1.73), with its texts in line."""
    a, b, c, d, e, f, g, h = formats
    for n, row in enumerate(rows, SAMPLE_ROW + 1):
        no, name, email, problem, solution, received_on, finished_on, remarks = row
        if _MARKUP.search(f"{name}{email}{problem}{solution}{remarks}"):
            name, email, problem, solution, remarks = map(
                _escaped, (name, email, problem, solution, remarks)
            )
        height = _height(row)
        finished = f"><v>{_serial(finished_on)}</v></c>" if finished_on else "/>"
        yield (
            f'<row r="{n}" ht="{height}" customHeight="1"><c r="A{n}" s="{a}"><v>{no}</v></c>'
            f'<c r="B{n}" s="{b}" t="inlineStr"><is><t>{name}</t></is></c>'
            f'<c r="C{n}" s="{c}" t="inlineStr"><is><t>{email}</t></is></c>'
            f'<c r="D{n}" s="{d}" t="inlineStr"><is><t>{problem}</t></is></c>'
            f'<c r="E{n}" s="{e}" t="inlineStr"><is><t>{solution}</t></is></c>'
            f'<c r="F{n}" s="{f}"><v>{_serial(received_on)}</v></c><c r="G{n}" s="{g}"{finished}'
            f'<c r="H{n}" s="{h}" t="inlineStr"><is><t>{remarks}</t></is></c></row>'
        )


def _height(row: Row) -> int:
    """Points for the wrapped text: not every program finds the height of a row by itself."""
    lines = max(
        -(-len(row.name) // _ROOM[1]),
        -(-len(row.email) // _ROOM[2]),
        lines_of(row.problem, _ROOM[3]),
        lines_of(row.solution, _ROOM[4]),
        -(-len(row.remarks) // _ROOM[7]),
        1,
    )
    return min(_LINE * lines + 3, _HIGHEST)


def _escaped(text: str) -> str:
    """The text within XML; what looks like an escape of the format is escaped itself."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _ESCAPE.sub("_x005F_", text)


@lru_cache(maxsize=1024)
def _serial(day: date) -> int:
    """The day as spreadsheets count."""
    return day.toordinal() - _DAY_ZERO
