"""`make reliability`: the proofs of docs/reliability.md, one after the other, a line for each.

What has been shown of this version is kept in build/reliability and not shown again, so the run
may be interrupted at any time. `--only WORD` plays the proofs with that word in their name.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from kit import progress

KEPT = progress.ROOT / "build" / "reliability"
ON_POSTGRES = {"MAILD_TEST_DATABASE": "postgresql"}


@dataclass(frozen=True)
class Proof:
    """Tests with the variables that make them play all; `pieces` are commands of what is no
    pytest."""

    name: str
    tests: tuple[str, ...] = ()
    more: dict[str, str] = field(default_factory=dict)
    pieces: tuple[str, ...] = ()

    @property
    def kept(self) -> Path:
        """Where its progress is kept."""
        return KEPT / f"{self.name.replace(' ', '-')}.txt"


CRASHES = ("tests/crashes/test_crashes.py", "tests/crashes/test_board_kills.py")
FAILING = ("tests/crashes/test_failing_calls.py",)
MATRICES = ("tests/servers/test_imap_matrix.py", "tests/unit/replies/test_relay.py")
CANARIES = ("tests/unit/service/test_canaries.py",)
BAD_INPUTS = ("tests/badinputs",)
MACHINES = ("tests/servers/test_several_machines.py",)
PROOFS = (
    Proof("crash points", CRASHES, {"MAILD_CRASH_REPEATS": "20"}),
    Proof("crash points PostgreSQL", CRASHES, {"MAILD_CRASH_REPEATS": "20", **ON_POSTGRES}),
    Proof("failing calls", FAILING, {"MAILD_FAIL_EVERY": "1"}),
    Proof("failing calls PostgreSQL", FAILING, {"MAILD_FAIL_EVERY": "1", **ON_POSTGRES}),
    Proof("bad inputs", BAD_INPUTS, {"MAILD_ZONES": "3"}),
    Proof("bad inputs PostgreSQL", BAD_INPUTS, {"MAILD_ZONES": "3", **ON_POSTGRES}),
    Proof("fault cells", MATRICES, {"MAILD_CELLS_EVERY": "1"}),
    Proof("random kills", ("tests/servers/test_kill.py",), {"MAILD_KILLS": "300"}),
    Proof("several machines", MACHINES, {"MAILD_PARTITIONS": "60"}),
    Proof("backup and rebuild", ("tests/backup", "tests/servers/test_rebuild_servers.py")),
    Proof("upgrade", ("tests/backup/test_upgrade.py",), {"MAILD_UPGRADE_TICKETS": "100000"}),
    Proof("canaries", CANARIES, {"MAILD_CANARY_MAILS": "10000"}),
    Proof("loops", ("tests/simulation/test_loops.py",), {"MAILD_LOOP_DAYS": "30"}),
    Proof("floods", ("tests/simulation/test_floods.py",)),
    Proof("power loss", ("tests/crashes/test_power_loss.py",), {"MAILD_CUTS": "1"}),
    Proof("bombs", ("tests/unit/ingest/test_bombs.py",)),
    Proof("first start", pieces=("bench.first_start --mails 500000",)),
    Proof("fuzz", pieces=tuple(f"tests.fuzz --mails 100000 --seed {n}" for n in range(1, 11))),
    Proof("simulation", pieces=("maild.cli.simulation --count 20000",)),
)


def run(proof: Proof, jobs: int) -> tuple[bool, str]:
    """Whether all is as it should be, and what was counted."""
    if proof.tests:
        good = _python(proof, ("pytest", "-q", "-p", "kit.progress", *_kept(proof), *proof.tests))
    else:
        broken = [piece for piece in proof.pieces if not _piece(proof, piece, jobs)]
        good = not broken
    done = progress.read(proof.kept)
    counted = [f"{len(done.passed)} {'tests' if proof.tests else 'pieces'}"]
    counted += [f"{number:,} {name}" for name, number in sorted(done.counted.items())]
    if not good:
        counted.append(f"see {_log(proof).name}; FAILED: {' '.join(sorted(done.failed)[:3])}")
    return good, ", ".join(counted)


def _kept(proof: Proof) -> tuple[str, str]:
    return "--progress", str(proof.kept)


def _log(proof: Proof) -> Path:
    return proof.kept.with_suffix(".log")


def _piece(proof: Proof, piece: str, jobs: int) -> bool:
    if piece in progress.read(proof.kept).passed:
        return True
    more = ("--jobs", str(jobs), "--done", str(KEPT / "lives.txt"))
    good = _python(proof, (*piece.split(), *(more if proof.name == "simulation" else ())))
    with proof.kept.open("a", encoding="utf-8") as file:
        file.write(progress.line("passed" if good else "failed", piece, ()))
    return good


def _python(proof: Proof, module: tuple[str, ...]) -> bool:
    environment = os.environ | proof.more | {"PYTHONPATH": str(progress.ROOT / "tests")}
    with _log(proof).open("a", encoding="utf-8") as log:
        command = [sys.executable, "-m", *module]
        ended = subprocess.run(
            command, cwd=progress.ROOT, env=environment, stdout=log, stderr=log, check=False
        )
    return ended.returncode == 0


def main() -> int:
    """One line a proof while they run; ends with 1 when one of them does not hold."""
    arguments = argparse.ArgumentParser(prog="make reliability", description=main.__doc__)
    arguments.add_argument("--only", default="", help="proofs with this word in their name")
    arguments.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = arguments.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(f"version {progress.version()}; kept in build/reliability\n\n")
    sys.stdout.write(f"{'Proof':26}{'Result':9}{'Minutes':>8}  What\n")
    good = True
    for proof in PROOFS:
        if given.only not in proof.name:
            continue
        began = time.monotonic()
        sys.stdout.write(f"{proof.name:26}...\r")
        sys.stdout.flush()
        holds, what = run(proof, given.jobs)
        good = good and holds
        minutes = (time.monotonic() - began) / 60
        result = "holds" if holds else "BROKEN"
        sys.stdout.write(f"{proof.name:26}{result:9}{minutes:8.1f}  {what}\n")
        sys.stdout.flush()
    return not good


if __name__ == "__main__":
    sys.exit(main())
