"""How well mails are understood: the table of docs/accuracy.md, maild beside public libraries.

    python measure/score_mail.py [--kit ../shared]

The corpora and their scorer are not part of maild: `--kit` is the folder that holds `measure/`
and `corpora/`; without it only the collections of tests/mails are scored. Every library runs over
the same mails in the same call; one that is not installed is left out (`pip install -e
.[measure]`).
"""

import argparse
import contextlib
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "measure")]

from kit import collection  # noqa: E402
from libraries import LIBRARIES  # noqa: E402
from maild.ingest import parse  # noqa: E402

MAILD = f"{Path(sys.executable).with_name('maild')} explain --json"
_MODULES = {
    "mail-parser": "mailparser",
    "flufl.bounce": "flufl.bounce",
    "mail-parser-reply": "mailparser_reply",
    "email-reply-parser": "email_reply_parser",
    "quotequail": "quotequail",
}
_ASKED = {
    "reply": ("mail-parser-reply", "email-reply-parser", "quotequail"),
    "bounce": ("flufl.bounce", "header-rules"),
    "auto": ("header-rules",),
    "attachments": ("mail-parser", "email"),
    "headers": ("mail-parser", "email"),
}


class Figure(NamedTuple):
    """A row of the issue's table: what the scorer calls it, and what is to be reached."""

    name: str
    measure: str
    to_reach: float


FIGURES = (
    Figure("reply text equal, all families", "reply text", 75),
    Figure("attachments: count", "attachment count", 97),
    Figure("attachments: name", "attachment names", 97),
    Figure("attachments: size", "attachment sizes", 98),
    Figure("subject", "subject", 99),
    Figure("from", "from", 99),
    Figure("bounce recall", "bounce recall", 98),
    Figure("bounce precision", "bounce precision", 99),
    Figure("bounce: failed address", "bounce recipients", 85),
    Figure("bounce: permanence", "bounce permanent", 85),
    Figure("bounce: status that the mail holds", "bounce status, in mail", 80),
    Figure("auto-reply recall", "auto-reply recall", 97),
    Figure("human mail that stays human", "human stays human", 100),
    Figure("complaint (ARF) recall", "complaint recall", 95),
)


def installed(library: str) -> bool:
    """Can this library be asked here?"""
    try:
        return importlib.util.find_spec(_MODULES.get(library, "email")) is not None
    except ModuleNotFoundError:
        return False


def score(kit: Path, command: str, capability: str, *more: str) -> dict[str, tuple[int, int]]:
    """Right and total of each measure, over all sources."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        run = [sys.executable, str(kit / "measure/score_mail.py"), "--command", command]
        run += ["--corpora", str(kit / "corpora"), "--capability", capability, "--json", out.name]
        subprocess.run([*run, *more], check=True, capture_output=True)
        rows = json.loads(Path(out.name).read_text("utf-8"))["rows"]
    return {r["measure"]: (r["right"], r["total"]) for r in rows if r["source"] == "all"}


def percent(right: int, total: int) -> float:
    """Of a hundred; nothing to find is nothing found."""
    return 100 * right / total if total else 0.0


def corpora_table(kit: Path) -> list[str]:
    """The rows of the issue's table, maild beside the best of the libraries."""
    maild = score(kit, MAILD, "all")
    others: dict[str, tuple[float, str]] = {}
    for capability, libraries in _ASKED.items():
        for library in filter(installed, libraries):
            ask = f"{sys.executable} {ROOT / 'measure/libraries.py'} {library}"
            for measure, counts in score(kit, ask, capability).items():
                others[measure] = max(others.get(measure, (-1.0, "")), (percent(*counts), library))
    lines = ["| figure | maild | best library, same run | to reach |", "|---|---|---|---|"]
    for figure in FIGURES:
        right, total = maild.get(figure.measure, (0, 0))
        best, library = others.get(figure.measure, (0.0, ""))
        beside = f"{best:.1f} % {library}" if library else ""
        mine = f"{percent(right, total):.1f} % ({right} of {total})"
        lines.append(f"| {figure.name} | {mine} | {beside} | {figure.to_reach:g} % |")
    return lines


def robustness(kit: Path) -> list[str]:
    """Mails that raise, hang or differ with their line ends."""
    rows = score(kit, MAILD, "parse", "--variants")
    wrong = {name: total - right for name, (right, total) in rows.items() if right != total}
    asked = max((total for _, total in rows.values()), default=0)
    said = ", ".join(f"{name}: {count} wrong" for name, count in wrong.items()) or "0"
    return [
        f"| raise, hang over 5 s, differ between LF, CRLF and CR ({asked} files) | {said} | | 0 |"
    ]


def mean_time(kit: Path) -> list[str]:
    """Parse, nature and reply text of every whole mail, and mail-parser alone: CPU in turn."""
    mails = [path.read_bytes() for path in sorted((kit / "corpora").rglob("*.eml"))]
    ours, theirs = 0.0, 0.0
    library = LIBRARIES["mail-parser"]
    for octets in mails:
        ours += _cpu(parse.read, octets)
        theirs += _cpu(library, octets, "eml")
    count = len(mails) or 1
    mine, other = 1000 * ours / count, 1000 * theirs / count
    return [
        f"| mean time of a mail ({count} files) | {mine:.2f} ms, {mine / other:.1f} times | "
        f"{other:.2f} ms mail-parser | 3 times |"
    ]


def _cpu(work: Callable[..., object], *given: object) -> float:
    start = time.process_time()
    with contextlib.suppress(Exception):  # a library that raises has spent its time too
        work(*given)
    return time.process_time() - start


def collections_table() -> list[str]:
    """The collections of tests/mails, and what the reply parsers make of the same texts."""
    lines = ["| collection | maild | best library, same run |", "|---|---|---|"]
    natures = {"balasan": "human", "otomatis": "auto_reply", "manusia": "human"}
    for folder, usual in natures.items():
        paths = sorted((ROOT / "tests/mails" / folder).glob("*.mails"))
        samples = [one for path in paths for one in collection.load(path)]
        replies = folder == "balasan"
        asked = _ASKED["reply"] if replies else _ASKED["auto"]
        results = {
            library: sum(_right(_ask(library, one), one, usual, replies) for one in samples)
            for library in ("maild", *filter(installed, asked))
        }
        mine = results.pop("maild")
        best = max(results, key=lambda name: results[name], default="")
        beside = f"{percent(results[best], len(samples)):.1f} % {best}" if best else ""
        own = f"{percent(mine, len(samples)):.1f} % ({mine} of {len(samples)})"
        lines.append(f"| {folder} | {own} | {beside} |")
    return lines


def _ask(library: str, sample: collection.Sample) -> dict[str, object]:
    if library == "maild":
        mail = parse.read(sample.octets)
        return {"nature": mail.nature.value, "reply_text": mail.reply_text}
    try:
        return LIBRARIES[library](sample.octets, "eml")
    except Exception:  # noqa: BLE001  # what a library raises is its answer
        return {}


def _right(
    answer: dict[str, object], sample: collection.Sample, usual: str, replies: bool
) -> bool:
    if replies and sample.answer is not None:
        return str(answer.get("reply_text", "")).split() == sample.answer.split()
    return answer.get("nature") == (sample.nature or usual)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser()
    options.add_argument("--kit", type=Path, default=ROOT.parent / "shared")
    kit = options.parse_args().kit
    if (kit / "corpora").is_dir() and (kit / "measure/score_mail.py").is_file():
        print("\n".join([*corpora_table(kit), *robustness(kit), *mean_time(kit)]), end="\n\n")
    else:
        print(f"No corpora and scorer below {kit}: only maild's own collections are scored.\n")
    print("\n".join(collections_table()))


if __name__ == "__main__":
    main()
