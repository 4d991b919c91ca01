"""Prints a SOP back as the table it came from, and its flow as a picture in text.

Nothing is interpreted: the document's columns are printed as they stand in the file.
"""

from collections.abc import Iterator
from textwrap import wrap

from maild.rules.procedure import Procedure, Row

_WIDTHS = {"no": 4, "aktivitas": 44, "actors": 13, "kelengkapan": 26, "waktu": 10, "output": 22}
_NOTE_WIDTH = 26


def table(procedure: Procedure, extra: bool = True) -> list[list[str]]:
    """Heading and rows as cells: No, Aktivitas, one column a party, then the document's columns.

    `extra` false leaves out the rows that maild added to the document.
    """
    columns = list(dict.fromkeys(procedure.columns.values()))
    needs = procedure.headings.get("kelengkapan", "Kelengkapan")
    head = ["No", "Aktivitas", *columns, needs, "Waktu", "Output", "Keterangan"]
    rows = [r for r in procedure.rows.values() if extra or not r.extra]
    return [head, *(_cells(row, procedure, columns) for row in rows)]


def _cells(row: Row, procedure: Procedure, columns: list[str]) -> list[str]:
    document = row.document
    marked = procedure.columns.get(row.actor, row.actor)
    return [
        row.no,
        document.get("aktivitas", ""),
        *("X" if column == marked else "" for column in columns),
        document.get("kelengkapan", ""),
        document.get("waktu_sop", document.get("waktu", "")),
        document.get("output", ""),
        document.get("keterangan", ""),
    ]


def as_text(procedure: Procedure) -> str:
    """The table with wrapped cells, for a screen of about 160 columns."""
    cells = table(procedure)
    parties = len(cells[0]) - 6
    widths = [
        _WIDTHS["no"],
        _WIDTHS["aktivitas"],
        *[_WIDTHS["actors"]] * parties,
        _WIDTHS["kelengkapan"],
        _WIDTHS["waktu"],
        _WIDTHS["output"],
        _NOTE_WIDTH,
    ]
    rule = "-" * (sum(widths) + len(widths) - 1)
    lines = [procedure.title, rule]
    for row in cells:
        wrapped = [wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)]
        for index in range(max(map(len, wrapped))):
            parts = [
                (cell[index] if index < len(cell) else "").ljust(width)
                for cell, width in zip(wrapped, widths, strict=True)
            ]
            lines.append(" ".join(parts).rstrip())
        lines.append(rule)
    return "\n".join(lines)


def as_markdown(procedure: Procedure) -> str:
    """The table for docs/sop/."""
    head, *rows = table(procedure)
    lines = [f"# {procedure.title}", "", _bar(head), _bar(["---"] * len(head))]
    return "\n".join([*lines, *map(_bar, rows), ""])


def _bar(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def diagram(procedure: Procedure) -> str:
    """The flow: each row, who acts, and every arrow with the word that takes it."""
    return "\n".join(_flow(procedure))


def _flow(procedure: Procedure) -> Iterator[str]:
    for row in procedure.rows.values():
        what = row.document.get("aktivitas", "")
        yield f"[{row.no}] {row.actor}: {what[:80]}"
        for party, letter in row.letters.items():
            yield f"      surat {letter} -> {party}"
        for key, no in row.arrows():
            yield f"      {key.removeprefix('pilihan.')} -> [{no}]"
        if row.ends:
            yield "      selesai"
