"""The recap as CSV for a spreadsheet with Indonesian settings: UTF-8 with BOM, semicolons.

The first line holds the column names, nothing stands above it; a row is one line of the file
(RFC 4180). Lines are put together here: the standard library's writer takes longer over a row than
reading it and saying what stands in it together.
"""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from maild.model.dates import written_short
from maild.recap.cell import guarded
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, Row

_AT_ONCE: Final = 1 << 17  # octets


def write(path: Path, rows: Iterable[Row], delimiter: str = ";") -> None:
    """Writes the rows; the file appears whole or not at all. OSError when it cannot be written.

    `delimiter` is one character, but no quotation mark and no line break.
    """
    with replacing(path) as part, part.open("wb", _AT_ONCE) as stream:
        stream.write(codecs.BOM_UTF8 + f"{delimiter.join(COLUMNS)}\r\n".encode())
        stream.writelines(map(str.encode, _lines(rows, delimiter)))


def _lines(rows: Iterable[Row], delimiter: str) -> Iterator[str]:
    d = delimiter
    for no, name, email, problem, solution, received_on, finished_on, remarks in rows:
        # The problem begins with its kind and the remarks with the number: words of our own.
        if not (name[:1].isalnum() and email[:1].isalnum() and (solution or "a")[:1].isalnum()):
            name, email, solution = guarded(name), guarded(email), guarded(solution)
        # Most texts need no quotation marks, and to ask each is quicker than to call a function.
        if "\n" in solution:
            solution = solution.replace("\n", " ")
        if "\n" in problem:
            problem = problem.replace("\n", " ")
        if d in name or '"' in name:
            name = _quoted(name)
        if d in email or '"' in email:
            email = _quoted(email)
        if d in problem or '"' in problem:
            problem = _quoted(problem)
        if d in solution or '"' in solution:
            solution = _quoted(solution)
        if d in remarks or '"' in remarks:
            remarks = _quoted(remarks)
        days = (
            f"{written_short(received_on)}{d}{written_short(finished_on) if finished_on else ''}"
        )
        yield f"{no}{d}{name}{d}{email}{d}{problem}{d}{solution}{d}{days}{d}{remarks}\r\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
