"""Rows for eyes outside the office: who is meant can no longer be told (UU 27/2022).

Names and addresses are hidden in their own columns and wherever they stand in the texts, and with
them whatever numbers identify a person (NIK, NPWP, NIP, telephone).
"""

import re
from collections.abc import Iterable, Iterator

from maild.recap.rows import Row

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"']{1,64}@([\w-]+(?:\.[\w-]+)+)")
# Our own ticket numbers and dates stay; any other number of eight digits or more goes.
_NUMBER = re.compile(r"(\b[A-Z]{2,10}-\d{4}-\d{6}\b|\b\d\d-\d\d-\d{4}\b)|\+?\d[\d .()-]{6,}\d")
_WORD = re.compile(r"\w{3,}")


def masked(rows: Iterable[Row]) -> Iterator[Row]:
    """The same rows without names, addresses and personal numbers."""
    for row in rows:
        names = _WORD.findall(row.name)
        words = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b", re.I) if names else None
        problem, solution, remarks = (
            _hidden(text, words) for text in (row.problem, row.solution, row.remarks)
        )
        yield row._replace(
            name=" ".join(f"{word[0]}***" for word in row.name.split()),
            email=_ADDRESS.sub(r"***@\1", row.email),
            problem=problem,
            solution=solution,
            remarks=remarks,
        )


def _hidden(text: str, names: re.Pattern[str] | None) -> str:
    text = _ADDRESS.sub(r"***@\1", text)
    text = _NUMBER.sub(lambda found: found[1] or "***", text)
    return names.sub("***", text) if names else text
