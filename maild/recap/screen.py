"""The recap as a table of text for the screen, at most 100 columns wide."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from maild.recap.rows import COLUMNS, Row

# 8 columns and the 7 gaps of one character between them make 100.
_WIDTHS: Final = (4, 11, 13, 17, 17, 10, 10, 11)
_LONGEST_CELL: Final = 200


def table(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the table; a long cell is wrapped, a very long one shortened with a mark."""
    rule = " ".join("-" * width for width in _WIDTHS)
    yield from _lines(COLUMNS)
    yield rule
    for row in rows:
        yield from _lines(
            (
                str(row.no),
                row.name,
                row.email,
                row.problem,
                row.solution,
                f"{row.received_on:%d-%m-%Y}",
                f"{row.finished_on:%d-%m-%Y}" if row.finished_on else "",
                row.remarks,
            )
        )
        yield rule


def _lines(cells: tuple[str, ...]) -> Iterator[str]:
    columns = [
        textwrap.wrap(textwrap.shorten(cell, _LONGEST_CELL, placeholder=" …"), width) or [""]
        for cell, width in zip(cells, _WIDTHS, strict=True)
    ]
    for nth in range(max(map(len, columns))):
        pieces = [column[nth] if nth < len(column) else "" for column in columns]
        yield " ".join(f"{p:{w}}" for p, w in zip(pieces, _WIDTHS, strict=True)).rstrip()
