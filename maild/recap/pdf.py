"""The door of typst: the recap as the page that an official would print and sign.

Texts reach the typesetter as data, never as its language. Above some thousand rows a PDF helps
nobody: `TooLong` says so before memory is gone.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path
from typing import Final

from maild.model.dates import written_date, written_period
from maild.recap.cell import lines_of
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, HEADING, Cover, Row, Tally, signature

MOST_ROWS: Final = 20_000
_HIGHEST: Final = 24  # lines; a higher row may be torn between pages
_TOGETHER: Final = 30  # lines that stand on a page with the signature
_PROBLEM, _SOLUTION = 34, 42  # characters on a line of the columns, rather too few
_SOURCE: Final = Path(__file__).with_name("page.typ")


class TooLong(ValueError):  # noqa: N818
    """More rows than anybody prints."""


def write(path: Path, rows: Iterable[Row], cover: Cover) -> None:
    """Writes the pages; the file appears whole or not at all.

    OSError: it cannot be written. TooLong: over 20,000 rows. ImportError: typst is not there
    (maild[office]).
    """
    import typst

    tally = Tally()
    shown = list(tally.of(islice(rows, MOST_ROWS + 1)))
    if len(shown) > MOST_ROWS:
        raise TooLong(f"a PDF holds no more than {MOST_ROWS} rows")
    office = cover.office
    data = {
        "title": HEADING,
        "office": office.name,
        "institution": office.institution,
        "contact": " · ".join(filter(None, (office.telephone, office.mailbox.address))),
        "period": written_period(cover.first, cover.last),
        "columns": COLUMNS,
        "rows": [{"said": _cells(row), "long": _lines(row) > _HIGHEST} for row in shown],
        "kept": _kept(shown),
        "tally": str(tally),
        "signature": signature(cover),
    }
    created = datetime.combine(cover.last, time(0), UTC)
    pages = typst.compile(
        _SOURCE,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(created.timestamp()),
    )
    with replacing(path) as part:
        part.write_bytes(pages)


def _cells(row: Row) -> tuple[str, ...]:
    day = written_date(row.finished_on) if row.finished_on else ""
    return (str(row.no), *row[1:5], written_date(row.received_on), day, row.remarks)


def _lines(row: Row) -> int:
    return max(lines_of(row.problem, _PROBLEM), lines_of(row.solution, _SOLUTION))


def _kept(rows: list[Row]) -> int:
    """How many of the last rows go with the signature: two, or as many as a page holds."""
    kept, room = 0, _TOGETHER
    for row in reversed(rows[-2:]):
        room -= _lines(row)
        if room < 0:
            break
        kept += 1
    return kept
