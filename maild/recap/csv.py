"""The recap as CSV for a spreadsheet with Indonesian settings: UTF-8 with BOM, semicolons.

The first line holds the column names, nothing stands above it; a row is one line of the file
(RFC 4180). Lines are put together here, a piece of the file at a time: the standard library's
writer takes longer over a row than reading it and saying what stands in it together.
"""

import codecs
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from maild.model.dates import written_short
from maild.recap.cell import guarded
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, Row

_PIECE: Final = 500
_DELIMITERS: Final = len(COLUMNS) - 1


def write(path: Path, rows: Iterable[Row], delimiter: str = ";") -> None:
    """Writes the rows; the file appears whole or not at all. OSError when it cannot be written.

    `delimiter` is one character, but no quotation mark and no line break.
    """
    with replacing(path) as part, part.open("wb") as stream:
        stream.write(codecs.BOM_UTF8 + f"{delimiter.join(COLUMNS)}\r\n".encode())
        lines = _lines(rows, delimiter)
        while piece := "".join(islice(lines, _PIECE)):
            stream.write(piece.encode())


def _lines(rows: Iterable[Row], delimiter: str) -> Iterator[str]:
    d = delimiter
    for no, name, email, problem, solution, received_on, finished_on, remarks in rows:
        if "\n" in solution or "\n" in problem:
            solution, problem = solution.replace("\n", " "), problem.replace("\n", " ")
        # The problem begins with its kind and the remarks with the number: words of our own.
        if not (name[:1].isalnum() and email[:1].isalnum() and (solution or "a")[:1].isalnum()):
            name, email, solution = guarded(name), guarded(email), guarded(solution)
        finished = written_short(finished_on) if finished_on else ""
        days = f"{written_short(received_on)}{d}{finished}"
        line = f"{no}{d}{name}{d}{email}{d}{problem}{d}{solution}{d}{days}{d}{remarks}\r\n"
        # Most rows need no quotation marks; one look at the whole line tells.
        if line.count(d) > _DELIMITERS or '"' in line:
            name, email, problem, solution, remarks = [
                _quoted(text) if d in text or '"' in text else text
                for text in (name, email, problem, solution, remarks)
            ]
            line = f"{no}{d}{name}{d}{email}{d}{problem}{d}{solution}{d}{days}{d}{remarks}\r\n"
        yield line


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
