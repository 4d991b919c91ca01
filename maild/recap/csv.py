"""The recap as CSV for a spreadsheet with Indonesian settings: UTF-8 with BOM, semicolons.

The first line holds the column names, nothing stands above it; a row is one line of the file.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from maild.recap.cell import guarded
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, Row


def write(path: Path, rows: Iterable[Row], delimiter: str = ";") -> None:
    """Writes the rows; the file appears whole or not at all. OSError when it cannot be written."""
    with replacing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(COLUMNS)
        writer.writerows(_lines(rows))


def _lines(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            row.no,
            guarded(row.name),
            guarded(row.email),
            guarded(row.problem),
            guarded(row.solution.replace("\n", " ")),
            f"{row.received_on:%d-%m-%Y}",
            f"{row.finished_on:%d-%m-%Y}" if row.finished_on else "",
            guarded(row.remarks),
        )
