"""The recap as a page for a browser: one file, no network, for paper and for telephones."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final

from maild.model.dates import written_date, written_period
from maild.recap.file import replacing
from maild.recap.rows import COLUMNS, HEADING, Cover, Row, Tally, signature

_WIDTHS: Final = (3.5, 10, 16, 18, 21.5, 9, 9, 13)  # per cent, column by column
_STYLE: Final = """
:root { color-scheme: light }
body { font: 15px/1.45 system-ui, "Segoe UI", Roboto, Arial, sans-serif; color: #1c2430 }
body { margin: 2rem }
h1 { font-size: 1.25rem; text-align: center; text-transform: uppercase; margin: 0 }
header p { text-align: center; margin: .15rem 0 }
table { border-collapse: collapse; width: 100%; margin: 1.25rem 0; table-layout: fixed }
table { font-size: .9rem }
th, td { border: 1px solid #b8c0cc; padding: .35rem .5rem; text-align: left; vertical-align: top }
th { background: #e3eaf4; text-align: center }
td { overflow-wrap: anywhere; white-space: pre-line }
td:nth-child(1), td:nth-child(6), td:nth-child(7) { text-align: center }
footer { margin-left: auto; width: max-content; max-width: 100%; white-space: pre-line }
footer b { text-decoration: underline }
aside { margin: 1rem 0 }
/* On paper the page is as narrow as a small screen, and is still a table. */
@media screen and (max-width: 50rem) {
  body { margin: 1rem }
  thead, colgroup, td:empty { display: none }
  tr { display: block; border: 1px solid #b8c0cc; border-radius: .5rem; margin-bottom: .75rem }
  table, tbody, td { display: block }
  td { border: 0; text-align: left !important; padding: .2rem .6rem }
  td::before { content: attr(data-k) ": "; font-weight: 600 }
}
@media print {
  @page { size: A4 landscape; margin: 12mm }
  body { margin: 0; font-size: 9pt }
  table { font-size: 8pt }
  th, td { padding: .2rem .3rem }
  thead { display: table-header-group }
  tr { break-inside: avoid }
  footer, aside { break-inside: avoid; break-before: avoid }
}
"""


def write(path: Path, rows: Iterable[Row], cover: Cover) -> None:
    """Writes the page; the file appears whole or not at all. OSError: it cannot be written."""
    office = cover.office
    heads = "".join(f"<th>{name}</th>" for name in COLUMNS)
    widths = "".join(f'<col style="width:{width}%">' for width in _WIDTHS)
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(
            '<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{HEADING}</title><style>{_STYLE}</style></head><body>\n"
            f"<header><h1>{HEADING}</h1><p><b>{escape(office.name)}</b></p>"
            f"<p>{escape(office.institution)}</p>"
            f"<p>Periode: {written_period(cover.first, cover.last)}</p></header>\n"
            f"<table><colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead><tbody>\n"
        )
        tally = Tally()
        for row in tally.of(rows):
            day = written_date(row.finished_on) if row.finished_on else ""
            shown = (*row[:5], written_date(row.received_on), day, row.remarks)
            cells = (
                f'<td data-k="{name}">{escape(str(text)).replace("@", "@<wbr>")}</td>'
                for name, text in zip(COLUMNS, shown, strict=True)
            )
            stream.write(f"<tr>{''.join(cells)}</tr>\n")
        stream.write("</tbody></table>\n")
        stream.write(f"<aside>{tally}</aside>\n")
        *above, name, number = map(escape, signature(cover))
        signed = "\n".join((*above, f"<b>{name}</b>", number))
        stream.write(f"<footer>{signed}</footer></body></html>\n")
