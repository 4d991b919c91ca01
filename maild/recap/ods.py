"""The door of stream-write-ods: the recap as a sheet for LibreOffice, in little memory.

A table and nothing else: the library lays out no page. Whoever prints and signs takes XLSX or PDF,
which LibreOffice opens as well.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, Row

_WRITTEN_AT: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (a ZIP file knows no zone; same bytes)


def write(path: Path, rows: Iterable[Row]) -> None:
    """Writes the sheet; the file appears whole or not at all.

    OSError: it cannot be written. ImportError: the library is not there (maild[office]).
    """
    from stream_write_ods import stream_write_ods

    sheets = (("Rekap", COLUMNS, _cells(rows)),)
    with replacing(path) as part, part.open("wb") as stream:
        stream.writelines(stream_write_ods(sheets, get_modified_at=lambda: _WRITTEN_AT))


def _cells(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        texts = row._replace(
            problem=row.problem.replace("\n", " "), solution=row.solution.replace("\n", " ")
        )
        yield tuple(value if isinstance(value, int | date) else value or "" for value in texts)
