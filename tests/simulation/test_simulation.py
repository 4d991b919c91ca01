"""M3: seeded lives of the whole service keep every invariant; a seed that broke one is kept."""

import os
from pathlib import Path

import pytest
from lives import play, shrunk
from shrinking import Kept, keep, kept, smallest

from kit.database import POSTGRES
from kit.quick import Place
from kit.world import Shelf

SEEDS = int(os.environ.get("MAILD_SEEDS", "12"))


@pytest.mark.parametrize("life", list(kept()), ids=lambda life: str(life.seed))
def test_a_life_that_broke_once_never_breaks_again(
    tmp_path: Path, database_url: str, life: Kept
) -> None:
    play(life.seed, tmp_path, database_url, life.days, life.dropped)


@pytest.mark.parametrize("guilty", [{7}, {3, 41}, {1, 60}, {20, 21, 22}])
def test_only_what_breaks_it_is_left(guilty: set[int]) -> None:
    dropped = smallest(lambda left_out: not guilty & left_out, 60, 500)
    assert set(range(1, 61)) - dropped == guilty


@pytest.mark.long
@pytest.mark.skipif(POSTGRES, reason="SQLite")
def test_a_broken_life_is_shrunk_and_kept(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a fault built in: no mailbox may be renumbered."""

    def broken(_: Shelf) -> None:
        raise AssertionError("renumbered")

    monkeypatch.setattr(Shelf, "renumber", broken)
    place = Place(tmp_path / "shrinking")
    seed = next(seed for seed in range(40) if shrunk(seed, place, 0.4, tries=0))
    found = shrunk(seed, place, 0.4)
    assert found is not None
    assert found.why == "AssertionError: renumbered"
    monkeypatch.undo()
    assert list(kept(keep(found, tmp_path).parent)) == [found]
    life = play(found.seed, tmp_path, database_url, found.days, found.dropped)
    assert life.happenings - len(found.dropped) < 12
    assert [line for line in life.log if "renumbered" in line]


def test_one_life_in_short(tmp_path: Path, database_url: str) -> None:
    life = play(1000, tmp_path, database_url, days=1)
    assert life.written
    assert life.world.arrived


@pytest.mark.long
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_life_keeps_the_promises(tmp_path: Path, database_url: str, seed: int) -> None:
    if POSTGRES and seed % 4:
        pytest.skip("every fourth seed there")
    play(seed, tmp_path, database_url)
