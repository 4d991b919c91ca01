"""From mailbox to ticket with its letter sent: maild against the bare cost of the same steps.

    python bench/ingest.py [--mails 2000] [--rounds 3] [--latency 60] [--without-copies]
        [--folder FOLDER]

Starts its own Dovecot (Debian's, root not needed) and an SMTP sink on loopback. In each round
both arms work off the same mailbox, one after the other, so that only their ratio counts. Prints
for light and mixed mail: ms a mail of the bare steps and of maild (from the first mail in the
ledger to the last letter at the sink, and with the start of the process), the ratio, peak memory;
then the time from delivery to letter through IDLE, p50 and p99. With copies of the letters in the
mailbox the bare steps file one too.

Everything stands in a new folder of FOLDER. Ext4 passes over inodes that were freed in the last
five minutes, one by one: where many files have just been deleted nearby, each new file costs up to
half a millisecond. So take a folder that is itself new, at the top of the disk.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "servers"), str(ROOT / "bench")]

from dovecot import PASSWORD, Dovecot  # noqa: E402
from mails import mail, message_id  # noqa: E402
from sink import Sink  # noqa: E402

MAILD = Path(sys.executable).with_name("maild")
_CONFIG = """\
[office]
name = "LPSE Bench"
institution = "Bench"
city = "Bench"
[mailbox]
address = "helpdesk@lpse.test"
host = "127.0.0.1"
port = {imap}
tls = "none"
user = "{user}"
password_env = "BENCH_PASSWORD"
cut_over = 2020-01-01T00:00:00
{copies}
[smtp]
host = "127.0.0.1"
port = {smtp}
tls = "none"
login = false
[courier]
cooling_seconds = 0
[limits]
automatic_per_hour = 100000
notices_per_hour = 100000
notices_per_sender_hour = 100000
[hours]
{hours}
[[people]]
id = "sari"
number = 1
name = "Sari"
address = "sari@lpse.test"
party = "helpdesk"
[[people]]
id = "lkpp"
number = 900
name = "LKPP"
address = "helpdesk@lkpp.test"
party = "lkpp"
"""
_ARMS, _KINDS = ("bare", "maild"), ("light", "mixed")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def office(folder: Path, user: str, imap: int, smtp: int, *, copies: bool = True) -> Path:
    """An office in a new folder that is pointed at our servers; `copies` of its letters go into
    the mailbox, as they do unless an office switches that off."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for name in ("sop", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    hours = "\n".join(f'{day} = ["00:00-00:00"]' for day in _DAYS)
    config = folder / "config.toml"
    kept = "" if copies else 'copies = ""'
    config.write_text(_CONFIG.format(user=user, imap=imap, smtp=smtp, hours=hours, copies=kept))
    return config


def fill(dovecot: Dovecot, user: str, count: int, mixed: bool) -> None:
    """Puts that many mails into a mailbox."""
    dovecot.put(user, *(mail(number, mixed) for number in range(count)))


def timed(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak MB of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, env={**os.environ, "BENCH_PASSWORD": PASSWORD}
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{command[0]} ended with {status}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - started, cpu, used.ru_maxrss / 1024


def compare(
    dovecot: Dovecot, work: Path, count: int, rounds: int, mixed: bool, copies: bool = True
) -> dict[str, float]:
    """Both arms on the same mails, in turn."""
    found: dict[str, list[float]] = {}
    name = "mixed" if mixed else "light"
    for turn in range(rounds):
        user = f"bare.{name}{turn}@lpse.test"
        fill(dovecot, user, count, mixed)
        sink = Sink()
        folder = work / f"bare-{name}{turn}"
        folder.mkdir()
        bare = json.loads(
            subprocess.check_output(
                [
                    *(sys.executable, str(ROOT / "bench" / "bare.py")),
                    *("--imap", str(dovecot.imap_port), "--smtp", str(sink.port)),
                    *("--user", user, "--password", PASSWORD, "--folder", str(folder)),
                    *(("--copies", "Terkirim") if copies else ()),
                ]
            )
        )
        sink.close()
        user = f"maild.{name}{turn}@lpse.test"
        sink = Sink()
        folder = work / f"maild-{name}{turn}"
        config = office(folder, user, dovecot.imap_port, sink.port, copies=copies)
        once = [str(MAILD), "--config", str(config), "run", "--once"]
        start, _, _ = timed(once)  # an empty mailbox: what starting costs
        fill(dovecot, user, count, mixed)
        whole, cpu, memory = timed(once)
        for key, value in (
            ("bare_ms", bare["seconds"] / count * 1e3),
            ("maild_ms", (whole - start) / count * 1e3),
            ("whole_ms", whole / count * 1e3),
            ("cpu_ms", cpu / count * 1e3),
            ("ratio", (whole - start) / bare["seconds"]),
            ("peak_mb", memory),
            ("letters", len(sink.arrivals)),
        ):
            found.setdefault(key, []).append(value)
        sink.close()
    return {key: round(statistics.median(values), 2) for key, values in found.items()}


def latency(dovecot: Dovecot, work: Path, count: int) -> dict[str, float]:
    """Delivery to acknowledgement of single mails, through IDLE."""
    user = "idle@lpse.test"
    sink = Sink()
    config = office(work / "idle", user, dovecot.imap_port, sink.port)
    daemon = subprocess.Popen(
        [str(MAILD), "--config", str(config), "run"],
        env={**os.environ, "BENCH_PASSWORD": PASSWORD},
    )
    sent: dict[str, float] = {}
    try:
        time.sleep(5)
        for number in range(100_000, 100_000 + count):
            sent[message_id(number)] = time.time()
            dovecot.put(user, mail(number, False))
            time.sleep(0.4)
        time.sleep(5)
    finally:
        daemon.terminate()
        daemon.wait(60)
    waits: dict[str, float] = {}
    for at, _, answered in sink.arrivals:
        if answered in sent:
            waits.setdefault(answered, (at - sent[answered]) * 1e3)
    ordered = sorted(waits.values())
    return {
        "mails": count,
        "answered": len(ordered),
        "p50_ms": round(ordered[len(ordered) // 2]),
        "p99_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency", type=int, default=60, help="mails through IDLE; 0 for none")
    parser.add_argument("--without-copies", action="store_true", help="of letters in the mailbox")
    parser.add_argument("--folder", type=Path, help="where all files stand meanwhile")
    given = parser.parse_args()
    tempfile.tempdir = str(given.folder) if given.folder else None
    work = Path(tempfile.mkdtemp(prefix="maild-bench-"))
    try:
        dovecot = Dovecot()
        dovecot.add("idle@lpse.test")
        for turn in range(given.rounds):
            dovecot.add(*(f"{arm}.{kind}{turn}@lpse.test" for arm in _ARMS for kind in _KINDS))
        with dovecot:
            for mixed in (False, True):
                name = "mixed" if mixed else "light"
                print(
                    name,
                    json.dumps(
                        compare(
                            *(dovecot, work, given.mails, given.rounds),
                            mixed,
                            not given.without_copies,
                        )
                    ),
                    flush=True,
                )
            if given.latency:
                print("idle", json.dumps(latency(dovecot, work, given.latency)))
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
