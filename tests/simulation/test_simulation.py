"""M3: seeded lives of the whole service keep every invariant; a seed that broke one is kept."""

import os
from pathlib import Path

import pytest

from kit.database import POSTGRES
from simulation import play

SEEDS = int(os.environ.get("MAILD_SEEDS", "12"))
BROKEN_ONCE: tuple[int, ...] = ()


def test_one_life_in_short(tmp_path: Path, database_url: str) -> None:
    life = play(1000, tmp_path, database_url, days=1)
    assert life.written
    assert life.world.arrived


@pytest.mark.long
@pytest.mark.parametrize("seed", [*BROKEN_ONCE, *range(SEEDS)])
def test_a_life_keeps_the_promises(tmp_path: Path, database_url: str, seed: int) -> None:
    if POSTGRES and seed % 4:
        pytest.skip("every fourth seed there")
    play(seed, tmp_path, database_url)
