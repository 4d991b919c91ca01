"""Works off a mailbox once with a fresh office: one arm of a comparison with other helpdesks.

    python bench/once.py --user USER --password PASSWORD --imap PORT --smtp PORT --folder NEW

Servers are on loopback and without TLS; the time of the whole process counts.
"""

import argparse
import os
import sys
from pathlib import Path

from ingest import MAILD, office


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--imap", type=int, required=True)
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    config = office(given.folder / "office", given.user, given.imap, given.smtp)
    os.environ["BENCH_PASSWORD"] = given.password
    sys.stdout.flush()
    os.execv(MAILD, [str(MAILD), "--config", str(config), "run", "--once"])


if __name__ == "__main__":
    main()
