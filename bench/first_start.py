"""The first start on a mailbox with years of mail in it (T07, B096), on a real Dovecot.

    python bench/first_start.py [--mails 50000] [--folder DIR]

Writes the old mails into the Maildir as files, with arrivals over three years before the cut-over
that stands in config.toml, and starts `maild run`. While the old mail is being taken in, somebody
writes every 20 seconds; the service is ended once in order and once by SIGKILL, and started again.
Prints how long it took, the largest memory of service and readers, how long the new mails waited
for their letter, whom else a letter was sent to, and what `maild audit` says at the end.
"""

import argparse
import json
import os
import pwd
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "servers"), str(ROOT / "bench")]

from dovecot import PASSWORD, Dovecot  # noqa: E402
from ingest import MAILD, office  # noqa: E402
from mails import mail  # noqa: E402
from sink import Sink  # noqa: E402

USER = "lama@lpse.test"
_YEARS = timedelta(days=3 * 365)
_WRITES = 20.0  # seconds from one new mail to the next
_WIB = timezone(timedelta(hours=7))
_NEWCOMER = """\
From: Warga {n} <warga{n}@baru.test>
To: helpdesk@lpse.test
Subject: Gagal login {n}
Message-ID: <baru.{n}@baru.test>

Kami CV Warga {n} tidak bisa login ke SPSE sejak pukul 08.15, muncul pesan "Error 403".
"""


def fill(folder: Path, count: int, until: datetime) -> None:
    """Writes mails as a Maildir keeps them: size in the name, arrival as the file's time."""
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    step = _YEARS / count
    for number in range(count):
        octets = mail(number, mixed=False)
        at = (until - _YEARS + step * number).timestamp()
        size = len(octets)
        path = folder / "cur" / f"{at:.0f}.M{number}P1.lpse,S={size},W={size}:2,S"
        path.write_bytes(octets)
        os.utime(path, (at, at))
        if owner:
            os.chown(path, owner.pw_uid, owner.pw_gid)
    for path in (folder.parent, folder, *folder.iterdir()) if owner else ():
        os.chown(path, owner.pw_uid, owner.pw_gid)


class Memory(threading.Thread):
    """Watches the processes of the service: the largest resident sizes, in MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.pid = 0
        self.service = self.reader = 0.0

    def run(self) -> None:
        while True:
            if self.pid:
                self.service = max(self.service, _resident(self.pid))
                for child in _children(self.pid):
                    self.reader = max(self.reader, _resident(child))
            time.sleep(0.5)


def _resident(pid: int) -> float:
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(x for x in lines if x.startswith("VmRSS")).split()[1]) / 1024
    return 0.0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


class Office:
    """The office's service, and what its database says of it."""

    def __init__(self, folder: Path, dovecot: Dovecot, sink: Sink, cut_over: datetime) -> None:
        self.config = office(folder / "office", USER, dovecot.imap_port, sink.port)
        local = cut_over.astimezone(_WIB)
        text = self.config.read_text()
        text = text.replace("2020-01-01T00:00:00", f"{local:%Y-%m-%dT%H:%M:%S}")
        self.config.write_text(text)
        self.database = folder / "office" / "data" / "maild.db"
        self.memory = Memory()
        self.memory.start()
        self.log = (folder / "log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, or starts it again."""
        self.process = subprocess.Popen(
            [str(MAILD), "--config", str(self.config), "run"],
            stderr=self.log,
            env={**os.environ, "BENCH_PASSWORD": PASSWORD},
        )
        self.memory.pid = self.process.pid

    def end(self, how: signal.Signals) -> float:
        """Ends it, and gives how many seconds that took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(how)
        self.process.wait()
        self.memory.pid = 0
        return time.monotonic() - started

    def decided(self) -> dict[str, int]:
        """How many mails of the inbox stand where, and how many of those are filed."""
        if not self.database.exists():
            return {}
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            try:
                rows = database.execute("SELECT state, count(*) FROM mail GROUP BY state")
                found = dict(rows.fetchall())
                filed = "SELECT count(*) FROM mail WHERE filed_at IS NOT NULL"
                return found | {"filed": database.execute(filed).fetchone()[0]}
            except sqlite3.OperationalError:
                return {}

    def said(self, *words: str) -> str:
        """The last line of a command of maild."""
        done = subprocess.run(
            [str(MAILD), "--config", str(self.config), *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "BENCH_PASSWORD": PASSWORD},
        )
        return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=50_000)
    parser.add_argument("--folder", type=Path, help="where the office is made")
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="maild-bench-", dir=given.folder))
    sink, dovecot = Sink(), Dovecot()
    dovecot.add(USER)
    cut_over = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    try:
        with dovecot:
            started = time.monotonic()
            fill(dovecot._folder / "mail" / USER / "Maildir", given.mails, cut_over)
            took = time.monotonic() - started
            print(f"{given.mails} mails laid down in {took:.0f} s", flush=True)
            service = Office(work, dovecot, sink, cut_over)
            print(json.dumps(_run(service, dovecot, sink, given.mails)))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _run(service: Office, dovecot: Dovecot, sink: Sink, count: int) -> dict[str, object]:
    written: dict[str, float] = {}
    breaks = [(0.2, signal.SIGTERM), (0.5, signal.SIGKILL)]
    ended: dict[str, float] = {}
    began = last = shown = time.monotonic()
    service.start()
    while (stands := service.decided()).get("filed", 0) < count + len(written):
        done = stands.get("inert", 0) / count
        if breaks and done > breaks[0][0]:
            _, how = breaks.pop(0)
            ended[how.name] = round(service.end(how), 1)
            service.start()
        if time.monotonic() - last > _WRITES and done < 0.98:
            last = time.monotonic()
            n = len(written)
            written[f"warga{n}@baru.test"] = time.time()
            dovecot.put(USER, _NEWCOMER.format(n=n).replace("\n", "\r\n").encode())
        if time.monotonic() - shown > 30:
            shown = time.monotonic()
            progress = [x for x in service.said("status").splitlines() if x.startswith("reading")]
            print(f"  {shown - began:5.0f} s {stands} {progress}", flush=True)
        time.sleep(2)
    took = time.monotonic() - began
    time.sleep(5)
    ended["last SIGTERM"] = round(service.end(signal.SIGTERM), 1)
    answered = {to: at for at, to, _ in sink.arrivals if to in written}
    waits = sorted(answered[to] - written[to] for to in answered)
    others = {to for _, to, _ in sink.arrivals} - written.keys()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "mails": count,
        "seconds": round(took),
        "ms a mail": round(took / count * 1e3, 2),
        "CPU ms a mail": round((used.ru_utime + used.ru_stime) / count * 1e3, 2),
        "MB service": round(service.memory.service),
        "MB reader": round(service.memory.reader),
        "new mails": len(written),
        "answered": len(answered),
        "mails a second": round(count / took),
        "waited s": {
            "median": round(statistics.median(waits or [0.0]), 1),
            "longest": round(max(waits, default=0.0), 1),
        },
        "also written to": sorted(others),
        "seconds to end": ended,
        "states": service.decided(),
        "audit": service.said("audit"),
    }


if __name__ == "__main__":
    main()
