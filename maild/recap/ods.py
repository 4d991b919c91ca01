"""The door of stream-write-ods: the recap as a sheet for LibreOffice, in little memory.

What the page says stands in it as lines: title, office, period, the table, the signature. The
library lays out nothing: no widths, no frames, no repeated header. Whoever prints and signs takes
XLSX or PDF, which LibreOffice opens as well (docs/decisions/0010).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from maild.model.dates import written_period
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, HEADING, Cover, Row, Tally, signature

_WRITTEN_AT: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (a ZIP file knows no zone; same bytes)
_SIGNED_IN: Final = ("",) * 6  # the columns to the left of the signature


def write(path: Path, rows: Iterable[Row], cover: Cover) -> None:
    """Writes the sheet; the file appears whole or not at all.

    OSError: it cannot be written. ImportError: the library is not there (maild[office]).
    """
    from stream_write_ods import stream_write_ods

    sheets = (("Rekap", (HEADING.upper(),), _lines(rows, cover)),)
    with replacing(path) as part, part.open("wb") as stream:
        stream.writelines(stream_write_ods(sheets, get_modified_at=lambda: _WRITTEN_AT))


def _lines(rows: Iterable[Row], cover: Cover) -> Iterator[tuple[Any, ...]]:
    """Every line below the title."""
    yield (cover.office.name,)
    yield (cover.office.institution,)
    yield (f"Periode: {written_period(cover.first, cover.last)}",)
    yield ()
    yield COLUMNS
    tally = Tally()
    for row in tally.of(rows):
        texts = row._replace(
            problem=row.problem.replace("\n", " "), solution=row.solution.replace("\n", " ")
        )
        yield tuple(value if isinstance(value, int | date) else value or "" for value in texts)
    yield ()
    yield (str(tally),)
    yield ()
    for said in signature(cover):
        yield (*_SIGNED_IN, said)
