"""The smallest life that still breaks: happenings are left out for as long as it does.

Delta debugging (Zeller and Hildebrandt, 2002): halves first, then ever smaller pieces. The result
is one-minimal as far as the tries reach: to leave out any single one more would make it pass.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

TRIES = 200  # lives that shrinking a broken one may cost
SEEDS = Path(__file__).with_name("seeds")


@dataclass(frozen=True)
class Kept:
    """A life that once broke an invariant: seed, days, what is left out, and what broke."""

    seed: int
    days: float
    dropped: frozenset[int]
    why: str


def smallest(fails: Callable[[frozenset[int]], bool], count: int, tries: int) -> frozenset[int]:
    """The largest set of happenings 1 to `count` found that may be left out while `fails` of it
    is still true; asks at most `tries` times."""
    kept = list(range(1, count + 1))
    pieces = 2
    while kept and tries > 0 and pieces <= 2 * len(kept):
        size = max(1, len(kept) // pieces)
        for at in range(0, len(kept), size):
            rest = kept[:at] + kept[at + size :]
            tries -= 1
            if fails(frozenset(range(1, count + 1)) - frozenset(rest)):
                kept, pieces = rest, max(2, pieces - 1)
                break
            if tries <= 0:
                break
        else:
            if size == 1:
                break
            pieces *= 2
    return frozenset(range(1, count + 1)) - frozenset(kept)


def keep(life: Kept, folder: Path = SEEDS) -> Path:
    """Writes a life down, to be played again for ever."""
    path = folder / f"{life.seed}.json"
    told = {"seed": life.seed, "days": life.days, "dropped": sorted(life.dropped), "why": life.why}
    path.write_text(json.dumps(told) + "\n", "utf-8")
    return path


def kept(folder: Path = SEEDS) -> Iterator[Kept]:
    """The lives that were written down."""
    for path in sorted(folder.glob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        yield Kept(told["seed"], told["days"], frozenset(told["dropped"]), told["why"])
