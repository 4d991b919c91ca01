"""What weighing a mail costs: µs of CPU a mail, best of seven rounds of some hundred mails.

    python bench/rules.py [--mails 400] [--table sop/prioritas.toml] [--phrases 2000]

"which phrases" is the pass over the words with the choice of phrases that can be there; "where"
adds their places, which the reasons and the weighing need. A second table holds phrases made of
the first one's words, up to --phrases. "x8 longer" tells by how much time grows when each mail is
eight times as long: 8 is linear.
"""

import argparse
import random
import sys
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from maild.desk.problem import first_problem  # noqa: E402
from maild.ingest import parse  # noqa: E402
from maild.rules.assess import Problem, assess, with_more  # noqa: E402
from maild.rules.match import Matcher, matcher  # noqa: E402
from maild.rules.phrase import Phrase, compile_phrase  # noqa: E402
from maild.rules.priorities import PriorityTable  # noqa: E402
from maild.rules.table import read_table  # noqa: E402
from maild.service.load import worktime_of  # noqa: E402
from mails import mail  # noqa: E402

RECEIVED = datetime(2026, 3, 10, 2, tzinfo=UTC)


def cost(work: Callable[..., object], rows: Iterable[tuple[Any, ...]]) -> float:
    """µs of CPU a row; the first round is not counted."""
    rounds: list[float] = []
    rows = list(rows)
    for _ in range(8):
        started = time.process_time()
        for row in rows:
            work(*row)
        rounds.append((time.process_time() - started) / len(rows) * 1e6)
    return min(rounds[1:])


def enlarged(table: PriorityTable, phrases: list[Phrase], total: int) -> Matcher:
    """A matcher of `total` phrases: those of the table, and mixtures of their words."""
    chance = random.Random(4)
    words = sorted({w for p in phrases for w in p.text.split() if w.isalpha() and len(w) > 5})
    further = [
        compile_phrase(
            " .. ".join(chance.sample(words, 2)), "kategori.x", 1.0, table.normaliser, {}
        )
        for _ in range(total - len(phrases))
    ]
    return matcher([*phrases, *further])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--table", type=Path, default=ROOT / "sop" / "prioritas.toml")
    parser.add_argument("--phrases", type=int, default=2000)
    given = parser.parse_args()
    table, faults = read_table(tomllib.loads(given.table.read_text("utf-8")), given.table.name)
    worktime = worktime_of(ROOT / "config.toml", RECEIVED.date())
    assert not faults, faults
    assert worktime is not None
    problems = [
        first_problem(parse.read(mail(number, mixed=False)), RECEIVED)
        for number in range(given.mails)
    ]
    light = [p for p in problems if len(p.text.splitlines()) <= 12]
    for name, chosen in (("light", light), ("mixed", problems)):
        characters = sum(len(p.text) for p in chosen) / len(chosen)
        print(f"\n{len(chosen)} {name} mails, {characters:.0f} characters each       µs a mail")
        show("assess", cost(assess, ((p, table, worktime) for p in chosen)))
        first = assess(chosen[0], table, worktime)
        show("with_more", cost(with_more, ((first, p, table, worktime) for p in chosen)))
        matching(table, chosen, given.phrases)
    long = [replace(p, text=(p.text + "\n\n") * 8) for p in problems[:40]]
    once = cost(assess, ((p, table, worktime) for p in problems[:40]))
    show("\nassess, x8 longer: times", cost(assess, ((p, table, worktime) for p in long)) / once)


def matching(table: PriorityTable, problems: list[Problem], total: int) -> None:
    readings = [table.normaliser.read(p.subject, p.text) for p in problems]
    rows = [(reading,) for reading in readings]
    show("words", cost(table.normaliser.read, ((p.subject, p.text) for p in problems)))
    phrases = table.matcher.phrases
    for name, found in (
        (f"{len(phrases)} phrases", table.matcher),
        (f"{total} phrases", enlarged(table, phrases, total)),
    ):
        show(f"{name}, which", cost(found.possible, rows))
        show(f"{name}, where", cost(found.find, rows))


def show(name: str, figure: float) -> None:
    print(f"  {name:<36}{figure:>10.1f}")


if __name__ == "__main__":
    main()
