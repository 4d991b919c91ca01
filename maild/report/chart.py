"""The door of matplotlib: three charts as SVG, to stand inside the report's own file.

No network, no script; letters stay letters, so that they can be read aloud and searched. The same
figures give the same bytes.
"""

import io
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from maild.report.figures import Month, Share

_WIDE: Final = 4.8  # inches; narrow, so that letters stay readable on a telephone
_PALE = "#b9cbdb"
_BLUE, _GREEN, _RED, _GREY = "#2f6690", "#5a9367", "#c1443c", "#5b6472"
_STYLE: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "maild",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _GREY,
    "xtick.color": _GREY,
    "ytick.color": _GREY,
}
_HEAD: Final = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_SIZE: Final = re.compile(r' (?:width|height)="[\d.]+pt"')


def by_month(months: Sequence[Month], names: Sequence[str]) -> str:
    """Received and solved side by side, and what was open at each month's end as a line."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDE, 2.9), layout="constrained")
        axes = figure.subplots()
        at = range(len(months))
        for shift, color, label, values in (
            (-0.2, _BLUE, "Diterima", [m.received for m in months]),
            (0.2, _GREEN, "Selesai", [m.solved for m in months]),
        ):
            axes.bar([n + shift for n in at], values, 0.4, color=color, label=label)
        still = [m.open for m in months]
        axes.plot(at, still, color=_RED, marker="o", markersize=3, label="Terbuka di akhir bulan")
        axes.set_xticks(list(at), names)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        line, received, solved = figure.axes[0].get_legend_handles_labels()[0]
        figure.legend(
            handles=[received, solved, line], loc="outside upper center", ncols=3, frameon=False
        )
        return _svg(figure)


def by_share(shares: Sequence[Share]) -> str:
    """Lying bars, the most frequent on top, with the month before in a paler tone; "" for none."""
    if not shares:
        return ""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDE, 0.7 + 0.34 * len(shares)), layout="constrained")
        axes = figure.subplots()
        at = range(len(shares))
        for shift, color, label, values in (
            (-0.2, _BLUE, "Bulan ini", [s.count for s in shares]),
            (0.2, _PALE, "Bulan lalu", [s.before for s in shares]),
        ):
            bars = axes.barh([n + shift for n in at], values, 0.4, color=color, label=label)
            axes.bar_label(bars, padding=2, fontsize=7, color=_GREY)
        axes.set_ylim(-0.6, len(shares) - 0.4)
        axes.margins(x=0.08)
        axes.set_yticks(list(at), [_cut(s.name) for s in shares])
        axes.invert_yaxis()
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        figure.legend(loc="outside lower center", ncols=2, frameon=False)
        return _svg(figure)


def by_party(days: Mapping[str, float]) -> str:
    """With whom the problems lay, in working days; "" when they lay with nobody."""
    if not any(days.values()):
        return ""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(_WIDE, 0.7 + 0.42 * len(days)), layout="constrained")
        axes = figure.subplots()
        bars = axes.barh(list(days), list(days.values()), 0.55, color=_GREEN)
        said = [f"{value:.1f}".replace(".", ",") for value in days.values()]
        axes.bar_label(bars, said, padding=3)
        axes.invert_yaxis()
        axes.set_xlabel("hari kerja")
        axes.margins(x=0.12)
        return _svg(figure)


def _svg(figure: Figure) -> str:
    """The drawing alone, as wide as there is room for."""
    written = io.StringIO()
    bare = {"Date": None, "Creator": None}
    figure.savefig(written, format="svg", metadata=bare, transparent=True)
    drawing = _HEAD.sub("", written.getvalue(), count=1)
    return _SIZE.sub("", drawing, count=2)


def _cut(name: str) -> str:
    """On two lines at most."""
    return "\n".join(textwrap.wrap(name, 30, max_lines=2, placeholder=" …"))
