"""The recap as CSV for a spreadsheet with Indonesian settings: UTF-8 with BOM, semicolons.

The first line holds the column names, nothing stands above it; a row is one line of the file
(RFC 4180). Lines are put together here, a piece of the file at a time: the standard library's
writer takes longer over a row than reading it and saying what stands in it together.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from maild.model.dates import written_short
from maild.recap.cell import guarded
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, Row

_PIECE: Final = 1000
_DELIMITERS: Final = len(COLUMNS) - 1


def write(path: Path, rows: Iterable[Row], delimiter: str = ";") -> None:
    """Writes the rows; the file appears whole or not at all. OSError when it cannot be written.

    `delimiter` is one character, but no quotation mark and no line break.
    """
    with replacing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(delimiter.join(COLUMNS) + "\r\n")
        lines = _lines(rows, delimiter)
        while piece := "".join(islice(lines, _PIECE)):
            stream.write(piece)


def _lines(rows: Iterable[Row], delimiter: str) -> Iterator[str]:
    d = delimiter
    for no, name, email, problem, solution, received_on, finished_on, remarks in rows:
        if "\n" in solution or "\n" in problem:
            solution, problem = solution.replace("\n", " "), problem.replace("\n", " ")
        days = (
            f"{written_short(received_on)}{d}{written_short(finished_on) if finished_on else ''}"
        )
        line = f"{no}{d}{name}{d}{email}{d}{problem}{d}{solution}{d}{days}{d}{remarks}\r\n"
        # Most rows are their texts and nothing more; one look at the whole line tells.
        if (
            line.count(d) > _DELIMITERS
            or '"' in line
            or not name[:1].isalnum()
            or not email[:1].isalnum()
            or not (solution or "a")[:1].isalnum()
        ):
            name, email, problem, solution, remarks = (
                _quoted(guarded(text), d) for text in (name, email, problem, solution, remarks)
            )
            line = f"{no}{d}{name}{d}{email}{d}{problem}{d}{solution}{d}{days}{d}{remarks}\r\n"
        yield line


def _quoted(text: str, delimiter: str) -> str:
    if delimiter in text or '"' in text:
        return '"' + text.replace('"', '""') + '"'
    return text
