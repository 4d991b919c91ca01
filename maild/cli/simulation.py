"""`maild-sim`: plays seeded lives of the whole service, with faults; no promise may break.

The simulation belongs to the tests and is not installed with the product (docs/decisions, 0017);
this entry finds it in the source tree that maild runs from, or in the current directory.
"""

import importlib
import sys
from pathlib import Path

import maild

_LIVES = Path("tests") / "simulation" / "lives.py"
_MISSING = (
    "maild-sim: the simulation is not here: it belongs to the tests, which are not installed with "
    "maild. Run it in a source tree, after `make` or `pip install -e '.[dev]'`."
)


def source_tree() -> Path | None:
    """The folder that holds maild's tests, or None."""
    places = (Path(maild.__file__).parents[1], Path.cwd())
    return next((place for place in places if (place / _LIVES).is_file()), None)


def main() -> int:
    """Plays what the command line asks for; 1 when a promise breaks, 2 without a source tree."""
    root = source_tree()
    if root is None:
        print(_MISSING, file=sys.stderr)
        return 2
    sys.path[:0] = [str(root), str(root / "tests"), str(root / _LIVES.parent)]
    try:
        lives = importlib.import_module("lives")
    except ModuleNotFoundError as missing:
        print(f"maild-sim: {missing.name} is missing. Install the extra [dev].", file=sys.stderr)
        return 2
    return int(lives.main())


if __name__ == "__main__":
    sys.exit(main())
