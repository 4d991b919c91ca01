"""The report as one page: for a telephone, a screen and paper; one file, without network."""

from collections.abc import Sequence
from html import escape
from typing import Final

from maild.report.blocks import Block, Report, Tile

_STYLE: Final = """
:root { color-scheme: light; --ink: #1c2430; --soft: #5b6472; --line: #d5dbe3; --blue: #2f6690 }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, "Segoe UI", Roboto, Arial, sans-serif; color: var(--ink);
  background: #f4f6f9; margin: 0 }
main { max-width: 62rem; margin: 0 auto; padding: 1.25rem }
header { border-bottom: 3px double var(--ink); padding-bottom: .75rem; margin-bottom: 1rem }
h1 { font-size: 1.45rem; line-height: 1.25; margin: .2rem 0 }
h2 { font-size: 1.1rem; margin: 0 0 .5rem }
header p, .soft { color: var(--soft); margin: 0 }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: .75rem }
.tile, section { background: #fff; border: 1px solid var(--line); border-radius: .6rem }
.tile { padding: .7rem .9rem }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; color: var(--blue) }
.tile span { color: var(--soft); font-size: .87rem }
section { padding: 1rem; margin-top: 1rem; overflow-x: auto }
.pair { display: grid; gap: 0 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)) }
table { border-collapse: collapse; width: 100%; font-size: .93rem }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid var(--line);
  vertical-align: top }
th { color: var(--soft); font-weight: 600 }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
td.n, th.n { white-space: nowrap }
svg { display: block; width: 100%; height: auto; max-width: 38rem; margin: 0 auto }
footer { color: var(--soft); font-size: .85rem; padding: 1rem 0 2rem }
/* On paper the page is as narrow as a small screen, and its tables are still tables. */
@media screen and (max-width: 38rem) {
  .tiles { grid-template-columns: 1fr 1fr }
  .tile b { font-size: 1.3rem }
  table { font-size: .87rem }
  td.n, th.n { white-space: normal }
  main { padding: .6rem }
  section { padding: .75rem }
  th, td { padding: .3rem .25rem }
  table.rows thead, table.rows colgroup, table.rows td:empty { display: none }
  table.rows, table.rows tbody { display: block }
  table.rows tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line) }
  table.rows td { display: block; border: 0; padding: .05rem 0 }
  table.rows td.n { text-align: left; white-space: normal }
  table.rows td[data-k]::before { content: attr(data-k) ": "; color: var(--soft) }
}
@media print {
  @page { size: A4; margin: 14mm }
  body { background: #fff; font-size: 10pt }
  main { max-width: none; padding: 0 }
  section, .tile { break-inside: avoid; border-color: #bbb }
  .tiles { grid-template-columns: repeat(3, 1fr) }
  .tile, section { padding: .35rem .55rem }
  .tile b { font-size: 1.4rem }
  .pair { grid-template-columns: 1fr 1fr }
  section { margin-top: .6rem }
  table { font-size: 8.5pt }
  th, td { padding: .12rem .25rem }
  th.n { white-space: normal }
  svg { max-width: 23rem }
  footer { padding: .5rem 0 0; font-size: 8pt }
}
"""


def page(report: Report, style: str = "") -> str:
    """The whole page; `style` is added to that of all reports."""
    body = "\n".join((_head(report), _tiles(report.tiles), *_sections(report.blocks)))
    return (
        '<!DOCTYPE html>\n<html lang="id"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{_STYLE}{style}</style></head>\n"
        f"<body><main>\n{body}\n<footer>{escape(report.note)}</footer></main></body></html>\n"
    )


def _head(report: Report) -> str:
    return (
        f"<header><p>{escape(report.office.institution)}</p><h1>{escape(report.title)}</h1>"
        f"<p>{escape(report.office.name)}, {escape(report.period)}</p></header>"
    )


def _tiles(tiles: Sequence[Tile]) -> str:
    shown = "".join(
        f'<div class="tile"><span>{escape(tile.label)}</span><b>{escape(tile.value)}</b>'
        f"<span>{escape(tile.note)}</span></div>"
        for tile in tiles
    )
    return f'<div class="tiles">{shown}</div>' if tiles else ""


def _sections(blocks: Sequence[Block]) -> list[str]:
    """The blocks; two narrow ones stand side by side where there is room."""
    shown: list[str] = []
    narrow: list[str] = []
    for block in (*blocks, None):
        if block is not None and block.narrow:
            narrow.append(_section(block))
            continue
        if narrow:
            shown.append(f'<div class="pair">{"".join(narrow)}</div>')
            narrow = []
        if block is not None:
            shown.append(_section(block))
    return shown


def _section(block: Block) -> str:
    content = block.drawing or (_table(block) if block.lines else _empty(block))
    title = f"<h2>{escape(block.title)}</h2>" if block.title else ""
    return f"<section>{title}{content}</section>"


def _empty(block: Block) -> str:
    return f'<p class="soft">{escape(block.when_empty)}</p>'


def _table(block: Block) -> str:
    first = len(block.heads) - block.numbers
    kind = ' class="rows"' if block.stacks else ""
    heads = "".join(
        f"<th{_class(n, first)}>{escape(name)}</th>" for n, name in enumerate(block.heads)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<td{_class(n, first)} data-k="{escape(block.heads[n])}">{_breakable(text)}</td>'
            for n, text in enumerate(line)
        )
        + "</tr>\n"
        for line in block.lines
    )
    whole = sum(block.widths)
    widths = "".join(f'<col style="width:{100 * w / whole:.2f}%">' for w in block.widths)
    columns = f"<colgroup>{widths}</colgroup>" if widths else ""
    return f"<table{kind}>{columns}<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _breakable(text: str) -> str:
    """Addresses and words with a stroke may go on in the next line."""
    return escape(text).replace("@", "@<wbr>").replace("/", "/<wbr>")


def _class(column: int, first_number: int) -> str:
    return ' class="n"' if column >= first_number else ""
