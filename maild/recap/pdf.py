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
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, HEADING, NO_ROWS, Cover, Row, signature

MOST_ROWS: Final = 20_000
_SOURCE: Final = Path(__file__).with_name("page.typ")


class TooLong(ValueError):  # noqa: N818
    """More rows than anybody prints."""


def write(path: Path, rows: Iterable[Row], cover: Cover) -> None:
    """Writes the pages; the file appears whole or not at all.

    OSError: it cannot be written. TooLong: over 20,000 rows. ImportError: typst is not there
    (maild[office]).
    """
    import typst

    shown = [_cells(row) for row in islice(rows, MOST_ROWS + 1)]
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
        "rows": shown,
        "none": NO_ROWS,
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
