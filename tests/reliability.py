"""`make reliability`: the proofs of docs/reliability.md, several at a time, a line for each.

What has been shown of this version is kept in build/reliability and not shown again, so the run
may be interrupted at any time. `--only WORD` plays the proofs with that word in their name.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from kit import progress

KEPT = Path("build") / "reliability"  # under the source tree
ON_POSTGRES = {"MAILD_TEST_DATABASE": "postgresql"}


@dataclass(frozen=True)
class Proof:
    """Tests with the variables that make them play all; `pieces` are commands of what is no
    pytest, each of which may be run beside the others."""

    name: str
    tests: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)
    pieces: tuple[str, ...] = ()

    @property
    def kept(self) -> Path:
        """Where its progress is kept, from the source tree."""
        return KEPT / f"{self.name.replace(' ', '-')}.txt"

    @property
    def log(self) -> Path:
        """What its runs have said."""
        return self.kept.with_suffix(".log")

    def commands(self) -> tuple[str, ...]:
        """The modules to run, with their arguments."""
        if self.pieces:
            return self.pieces
        return (f"pytest -q -p kit.progress --progress {self.kept} {' '.join(self.tests)}",)


CRASHES = ("tests/crashes/test_crashes.py", "tests/crashes/test_board_kills.py")
FAILING = ("tests/crashes/test_failing_calls.py",)
MATRICES = "pytest -q tests/servers/test_imap_matrix.py tests/unit/replies/test_relay.py"
THRICE = tuple(f"{MATRICES} --randomly-seed={n}" for n in (1, 2, 3))
CANARIES = ("tests/unit/service/test_canaries.py",)
BAD_INPUTS = ("tests/badinputs",)
MACHINES = ("tests/servers/test_several_machines.py",)
BACKUPS = ("tests/backup", "tests/servers/test_rebuild_servers.py")
UPGRADE = ("tests/backup/test_upgrade.py",)
UPGRADE_POSTGRES = ("tests/servers/test_upgrade_postgres.py",)
LIVES = f"maild.cli.simulation --count 1000 --days 1 --done {KEPT / 'lives.txt'}"
# The longest that cannot be divided stand first; pieces fill up what is left of the time.
PROOFS = (
    Proof("failing calls PostgreSQL", FAILING, {"MAILD_FAIL_EVERY": "1", **ON_POSTGRES}),
    Proof("failing calls", FAILING, {"MAILD_FAIL_EVERY": "1"}),
    Proof("first start", pieces=("bench.first_start --mails 500000",)),
    Proof("fault cells", more={"MAILD_CELLS_EVERY": "1"}, pieces=THRICE),
    Proof("random kills", ("tests/servers/test_kill.py",), {"MAILD_KILLS": "300"}),
    Proof("several machines", MACHINES, {"MAILD_PARTITIONS": "60"}),
    Proof("backup and rebuild", BACKUPS),
    Proof("upgrade", UPGRADE, {"MAILD_UPGRADE_TICKETS": "100000"}),
    Proof("upgrade PostgreSQL", UPGRADE_POSTGRES, {"MAILD_UPGRADE_TICKETS": "10000"}),
    Proof("crash points PostgreSQL", CRASHES, {"MAILD_CRASH_REPEATS": "20", **ON_POSTGRES}),
    Proof("crash points", CRASHES, {"MAILD_CRASH_REPEATS": "20"}),
    Proof("power loss", ("tests/crashes/test_power_loss.py",), {"MAILD_CUTS": "1"}),
    Proof("bad inputs PostgreSQL", BAD_INPUTS, {"MAILD_ZONES": "3", **ON_POSTGRES}),
    Proof("bad inputs", BAD_INPUTS, {"MAILD_ZONES": "3"}),
    Proof("loops", ("tests/simulation/test_loops.py",), {"MAILD_LOOP_DAYS": "30"}),
    Proof("floods", ("tests/simulation/test_floods.py",)),
    Proof("canaries", CANARIES, {"MAILD_CANARY_MAILS": "10000"}),
    Proof("bombs", ("tests/unit/ingest/test_bombs.py",)),
    Proof("fuzz", pieces=tuple(f"tests.fuzz --mails 100000 --seed {n}" for n in range(1, 11))),
    Proof("simulation", pieces=tuple(f"{LIVES} --seed {n}000" for n in range(20))),
)


def shown(proof: Proof, command: str) -> bool:
    """Whether this part of a proof holds; a piece that has held is not run again."""
    if proof.pieces and command in progress.read(proof.kept).passed:
        return True
    environment = os.environ | proof.more | {"PYTHONPATH": str(progress.ROOT / "tests")}
    with proof.log.open("a", encoding="utf-8") as log:
        ended = subprocess.run(
            [sys.executable, "-m", *command.split()],
            env=environment,
            stdout=log,
            stderr=log,
            check=False,
        )
    good = ended.returncode == 0
    if proof.pieces:
        with proof.kept.open("a", encoding="utf-8") as file:
            file.write(progress.line("passed" if good else "failed", command, ()))
    return good


def what(proof: Proof, good: bool) -> str:
    """What was counted, and where to look for what has failed."""
    done = progress.read(proof.kept)
    counted = [f"{len(done.passed)} {'tests' if proof.tests else 'pieces'}"]
    counted += [f"{number:,} {name}" for name, number in sorted(done.counted.items())]
    if not good:
        counted.append(f"see {proof.log.name}; FAILED: {' '.join(sorted(done.failed)[:3])}")
    return ", ".join(counted)


def lines(proofs: list[Proof], jobs: int) -> Iterator[tuple[bool, str]]:
    """Whether a proof holds, and its line, as soon as its last part is through."""
    began: dict[str, float] = {}
    results: dict[str, list[bool]] = {proof.name: [] for proof in proofs}

    def timed(proof: Proof, command: str) -> bool:
        began.setdefault(proof.name, time.monotonic())
        return shown(proof, command)

    with ThreadPoolExecutor(jobs) as pool:
        parts = {pool.submit(timed, p, command): p for p in proofs for command in p.commands()}
        for part in as_completed(parts):
            proof = parts[part]
            results[proof.name].append(part.result())
            if len(results[proof.name]) == len(proof.commands()):
                good = all(results[proof.name])
                minutes = (time.monotonic() - began[proof.name]) / 60
                result = "holds" if good else "BROKEN"
                yield good, f"{proof.name:26}{result:9}{minutes:8.1f}  {what(proof, good)}"


def main() -> int:
    """One line a proof as it ends; ends with 1 when one of them does not hold."""
    arguments = argparse.ArgumentParser(prog="make reliability", description=main.__doc__)
    arguments.add_argument("--only", default="", help="proofs with this word in their name")
    # One more than there are processors: some parts mostly wait for a server.
    arguments.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1)
    given = arguments.parse_args()
    os.chdir(progress.ROOT)
    KEPT.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    sys.stdout.write(f"version {progress.version()}; kept in build/reliability\n\n")
    sys.stdout.write(f"{'Proof':26}{'Result':9}{'Minutes':>8}  What\n")
    good = True
    for holds, line in lines([p for p in PROOFS if given.only in p.name], given.jobs):
        good = good and holds
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    sys.stdout.write(f"\nall of it: {(time.monotonic() - began) / 60:.0f} minutes\n")
    return not good


if __name__ == "__main__":
    sys.exit(main())
