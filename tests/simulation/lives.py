"""Plays lives, one or many: in several processes, and gone on with where it was left off.

    maild-sim --seed 7 --verbose
    maild-sim --count 20000 --jobs 2 --done lives.txt

A life that breaks an invariant is shrunk and kept in tests/simulation/seeds; the others go on.
"""

import argparse
import gc
import logging
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cache, partial
from pathlib import Path

import pytest
from shrinking import SEEDS, TRIES, Kept, keep, smallest

from kit.progress import version
from kit.quick import Place, quick
from simulation import DAYS, Simulation

WHOLE = "whole"
PLAYED = ("maild/**/*.py", "tests/kit/*.py", "tests/simulation/*.py", "sop/*", "templates/*")


@dataclass(frozen=True)
class Lived:
    """A life in numbers; `result` is `whole`, or what broke."""

    seed: int
    mails: int
    letters: int
    faults: int
    result: str

    def line(self, days: float) -> str:
        """As it stands in the file of lives done, with the version of what was played."""
        return "\t".join((_played(days), *map(str, astuple(self)))) + "\n"


def _played(days: float) -> str:
    return f"{version(PLAYED)}/{days:g}"


def read_done(path: Path, days: float) -> dict[int, Lived]:
    """The lives of this version, that long, in the file; its last line may be cut short."""
    found = {}
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        match line.split("\t"):
            case [played, seed, mails, letters, faults, result] if played == _played(days):
                numbers = (int(seed), int(mails), int(letters), int(faults))
                found[int(seed)] = Lived(*numbers, result)
            case _:
                pass
    return found


def play(
    seed: int, folder: Path, url: str, days: float = DAYS, dropped: frozenset[int] = frozenset()
) -> Simulation:
    """Lives one life; AssertionError when an invariant breaks."""
    life = Simulation(seed, folder, url, days, dropped)
    try:
        life.live()
    except BaseException:
        sys.stderr.write("\n".join(life.log[-40:]) + f"\nseed {seed} has broken an invariant\n")
        raise
    finally:
        life.close()
    return life


def shrunk(seed: int, place: Place, days: float = DAYS, tries: int = TRIES) -> Kept | None:
    """The smallest life of this seed that still breaks; None when it does not break at all."""
    why, happenings = _broken(seed, place, days, frozenset())
    if not why:
        return None
    while days > 0.1 and _broken(seed, place, days / 2, frozenset())[0]:
        days /= 2
    why, happenings = _broken(seed, place, days, frozenset())
    dropped = smallest(
        lambda left_out: bool(_broken(seed, place, days, left_out)[0]), happenings, tries
    )
    return Kept(seed, days, dropped, _broken(seed, place, days, dropped)[0] or why)


def _broken(seed: int, place: Place, days: float, dropped: frozenset[int]) -> tuple[str, int]:
    """What breaks in a life, if anything does, and how many happenings there were."""
    life = Simulation(seed, place.folder, place.anew(), days, dropped)
    try:
        life.live()
    except Exception as error:  # noqa: BLE001 (whatever breaks it is what is looked for)
        return f"{type(error).__name__}: {str(error)[:300]}", life.happenings
    finally:
        life.close()
    return "", life.happenings


@cache
def _place() -> Place:
    """This process's own; gone with it."""
    folder = tempfile.TemporaryDirectory(prefix="maild-sim-")
    _KEPT_OPEN.append(folder)
    return Place(Path(folder.name))


_KEPT_OPEN: list[tempfile.TemporaryDirectory[str]] = []


def lived(seed: int, days: float = DAYS) -> Lived:
    """One life in this process; when it breaks, its smallest is kept."""
    place = _place()
    life = Simulation(seed, place.folder, place.anew(), days)
    result = WHOLE
    try:
        life.live()
    except Exception as error:  # noqa: BLE001 (whatever breaks it is what is looked for)
        result = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    finally:
        life.close()
    if result != WHOLE and (found := shrunk(seed, place, days)) is not None:
        keep(found)
    return Lived(seed, len(life.written), len(life.world.arrived), len(life.log), result)


def many(seeds: list[int], jobs: int, days: float = DAYS) -> Iterator[Lived]:
    """As they come to their end."""
    one = partial(lived, days=days)
    if jobs == 1:
        yield from map(one, seeds)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(one, seeds)


def told(lives: list[Lived], began: float, left: int) -> str:
    """How far it is."""
    broken = sum(life.result != WHOLE for life in lives)
    a_life = (time.monotonic() - began) / max(1, len(lives))
    return (
        f"{left} seeds to go, {a_life:.1f} s each, {broken} broken, {left * a_life / 60:.0f} min"
    )


def main() -> int:
    """Plays seeded lives of the whole service. Ends with 1 when one breaks an invariant."""
    arguments = argparse.ArgumentParser(prog="maild-sim", description=main.__doc__)
    arguments.add_argument("--seed", type=int, default=0, help="the first seed")
    arguments.add_argument("--count", type=int, default=1, help="how many seeds")
    arguments.add_argument("--jobs", type=int, default=1, help="how many processes")
    arguments.add_argument("--days", type=float, default=DAYS, help="how long a life has faults")
    arguments.add_argument("--done", type=Path, help="file of lives done; these are not repeated")
    arguments.add_argument("--verbose", action="store_true", help="tell what happens (one seed)")
    given = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    quick(pytest.MonkeyPatch())
    gc.freeze()  # what is loaded now stays; looking for rubbish in it takes a tenth of the time
    gc.set_threshold(20_000, 20, 100)
    if given.verbose:
        place = _place()
        life = play(given.seed, place.folder, place.anew(), given.days)
        sys.stdout.write("\n".join(life.log) + "\n")
        return 0
    seeds = range(given.seed, given.seed + given.count)
    before = read_done(given.done, given.days) if given.done else {}
    lives = [before[seed] for seed in seeds if seed in before]
    wanted = [seed for seed in seeds if seed not in before]
    new: list[Lived] = []
    began = said = time.monotonic()
    for life in many(wanted, given.jobs, given.days):
        new.append(life)
        if given.done:
            given.done.parent.mkdir(parents=True, exist_ok=True)
            with given.done.open("a", encoding="utf-8") as file:
                file.write(life.line(given.days))
        if life.result != WHOLE:
            sys.stderr.write(f"seed {life.seed}: {life.result}\n  shrunk: {SEEDS}\n")
        if time.monotonic() - said > 10:
            said = time.monotonic()
            sys.stderr.write(told(new, began, len(wanted) - len(new)) + "\n")
    lives += new
    broken = [life.seed for life in lives if life.result != WHOLE]
    counts = ", ".join(
        f"{sum(getattr(life, what) for life in lives):,} {what}"
        for what in ("mails", "letters", "faults")
    )
    sys.stdout.write(f"{len(lives)} seeds from {given.seed}: {len(broken)} broken; {counts}\n")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
