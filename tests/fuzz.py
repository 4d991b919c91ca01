"""`make fuzz`: odd mails until one is read wrongly. Prints the seed; keeps what fails.

    python -m tests.fuzz [--mails 100000] [--seed N] [--keep FOLDER]

A mail that fails is written to `--keep` with its number, so that it can become a test. Exit code 1
when something was found.
"""

import argparse
import secrets
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from kit import collection, mutation  # noqa: E402

SLOW = 5.0  # seconds of CPU for a mail, thrice read


def seeds() -> list[bytes]:
    """The sample mails, and the corpora where they are."""
    folder = ROOT / "tests/mails"
    found = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    for path in sorted(folder.rglob("*.mails")):
        found += [sample.octets for sample in collection.load(path)]
    corpora = ROOT.parent / "shared/corpora"
    return found + [path.read_bytes() for path in sorted(corpora.rglob("*.eml"))]


def main() -> int:
    """Run; say what was found."""
    options = argparse.ArgumentParser()
    options.add_argument("--mails", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    options.add_argument("--keep", type=Path, default=ROOT / ".fuzz")
    chosen = options.parse_args()
    print(f"seed {chosen.seed}, {chosen.mails} mails", flush=True)
    wrong = 0
    slowest = 0.0
    for number, octets in enumerate(mutation.mails(seeds(), chosen.mails, chosen.seed)):
        start = time.process_time()
        found = mutation.faults(octets)
        spent = time.process_time() - start
        slowest = max(slowest, spent)
        if spent > SLOW:
            found.append(f"takes {spent:.1f} s")
        if found:
            wrong += 1
            chosen.keep.mkdir(exist_ok=True)
            path = chosen.keep / f"{chosen.seed}-{number}.eml"
            path.write_bytes(octets)
            print(f"{path}: {'; '.join(found)}", flush=True)
    print(
        f"{wrong} of {chosen.mails} mails are read wrongly; slowest {slowest:.2f} s, thrice read"
    )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
