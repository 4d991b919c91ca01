"""What a recap costs, beside the bare csv writer on the same rows in the same run.

    python bench/recap.py [--tickets 1000000] [--rounds 3] [--keep FOLDER]

`bare` streams a plain cursor over the eight columns into csv.writer, with nothing done to them;
`bare, all` the columns that the recap has to read. `csv` and `xlsx` are `maild recap` as an office
runs it: a process of its own, the whole file. Rounds alternate; seconds are medians of CPU time
(the machine may be shared; the clock's stand beside it), megabytes the peak of the process.
Then as many tickets as are told with the days of each party, a quarter of them escalated; and a
month of 5,000 tickets, out of all the tickets and out of 10,000. Needs about 2.5 kilobytes of
disk a ticket.
"""

import argparse
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from maild.model.mail import Address
from maild.model.ticket import Assessment, Kind, Match, Priority, Role, State, Ticket
from maild.recap import csv
from maild.recap.period import instants
from maild.recap.rows import rows
from maild.store.register import Register
from maild.store.rows import ticket_values
from maild.store.store import Store

MAILD = Path(sys.executable).with_name("maild")
MONTH = date(2026, 1, 1), date(2026, 1, 31)
IN_MONTH = 5_000
WITH_WAYS = "2019-01-01", "2020-12-31"  # of a million tickets a little less than 200,000
ZONE = ZoneInfo("Asia/Jakarta")
COLUMNS = "number, requester_name, requester_address, summary, solution, received_at, answered_at"
READ = (
    f"{COLUMNS}, state, kind, priority, closed_at, escalated_at, outside_number, linked, remarks"
)
BARE = """\
import csv, sqlite3, sys
with open(sys.argv[3], "w", newline="") as stream:
    lines = sqlite3.connect(sys.argv[1]).execute(
        f"SELECT {sys.argv[2]} FROM ticket WHERE received_at BETWEEN ? AND ? "
        "ORDER BY received_at, id", sys.argv[4:])
    csv.writer(stream).writerows(lines)
"""
SOP = Path(__file__).resolve().parent.parent / "sop" / "penanganan-email.toml"
# Row and minutes after receipt at which it was left.
WAY = (
    *(("1", 0), ("2", 1), ("3", 1), ("7", 120), ("8", 120), ("10", 121), ("10a", 2880)),
    *(("10b", 4000), ("10c", 4100), ("8", 4100), ("9", 4100), ("9a", 8420)),
)
CONFIG = """\
office = {{ name = "LPSE Contoh", institution = "Pemerintah Contoh", city = "Contoh" }}
mailbox = {{ address = "helpdesk@lpse.example", host = "127.0.0.1", tls = "none" }}
smtp = {{ host = "127.0.0.1", tls = "none" }}
database = {{ url = "sqlite:///maild.db", data_dir = "." }}
hours = {{ monday = ["08:00-16:00"] }}
people = [{{ id = "a", number = 1, name = "A", address = "a@lpse.example", party = "helpdesk" }}]
"""
PROBLEMS = (
    'Gagal mengunggah dokumen penawaran paket {}; muncul pesan "Internal Server Error"',
    "Tidak dapat masuk ke SPSE dengan akun penyedia {}",
    "Bagaimana cara mengubah alamat e-mail perusahaan {}?",
    "Jadwal aanwijzing paket {} tidak dapat dibuka – mohon dicek",
    "=cmd|' /C calc'!A{}",
)
SOLUTIONS = (
    "Silakan mengunggah ulang dokumen penawaran melalui Apendo versi terbaru.\n1. Buka menu Kirim "
    "Penawaran.\n2. Pilih berkas paket {}.\n3. Tekan Unggah sampai tanda terima muncul.",
    "Akun {} sudah kami aktifkan kembali; silakan masuk dengan kata sandi baru yang dikirim ke "
    "alamat e-mail terdaftar perusahaan.",
    "Permohonan perubahan data {} sudah kami teruskan kepada verifikator. Mohon membawa surat "
    "permohonan bermeterai serta KTP direktur ke kantor LPSE pada jam layanan.",
    "",
)
ASSESSMENT = Assessment(
    kind=Kind.COMPLAINT,
    category="upload_penawaran",
    priority=Priority.HIGH,
    base_priority=Priority.MEDIUM,
    urgent_deadline=False,
    deadline=None,
    requester_role=Role.VENDOR,
    missing=(),
    fields={"nama_perusahaan": "CV Contoh"},
    escalate="lpse",
    confidence=0.8,
    reasons=(Match("unggah", "mengunggah dokumen"), Match("batas", "hari ini")),
)


def tickets(count: int) -> Iterator[Ticket]:
    """So many tickets: those of the month last, whatever their number; texts from four moulds."""
    chance = random.Random(7)
    first, last = instants(MONTH, ZONE)
    early = datetime(2016, 1, 1, tzinfo=UTC)
    before = max(1, count - IN_MONTH)
    for n in range(count):
        nth = n - before
        at = (
            early + (first - early) * (n / before)
            if nth < 0
            else first + (last - first) * (nth / IN_MONTH)
        )
        solution = chance.choice(SOLUTIONS).format(n)
        answered = at + timedelta(hours=chance.randrange(1, 60)) if solution else None
        yield Ticket(
            id=2016_000_000 + n,
            number=f"LPSE-2026-{n:06d}",
            requester=Address(f"Orang Ke {n % 4000}", f"orang{n % 4000}@perusahaan.example"),
            subject="Bantuan",
            summary=chance.choice(PROBLEMS).format(n),
            state=State.CLOSED if solution else State.ESCALATED,
            sop="penanganan-email",
            row="9b",
            entered_at=at,
            due_at=None,
            received_at=at,
            assessment=replace(ASSESSMENT, priority=chance.choice(tuple(Priority))),
            solution=solution,
            answered_at=answered,
            closed_at=answered and answered + timedelta(days=3),
            escalated_at=None if solution else at + timedelta(hours=2),
        )


def ways(count: int) -> Iterator[tuple[int, str, datetime, datetime]]:
    """The ways of those that were escalated, as they are in the SOP."""
    for ticket in tickets(count):
        entered = ticket.received_at
        for row, minutes in WAY if ticket.escalated_at else ():
            left = ticket.received_at + timedelta(minutes=minutes)
            yield ticket.id, row, entered, left
            entered = left


def office(folder: Path, count: int) -> Path:
    """An office with so many tickets; gives its database."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "maild.db"
    (folder / "config.toml").write_text(CONFIG.format(), "utf-8")
    if database.exists():
        return database
    Store.open(f"sqlite:///{database}", folder / "mail").close()
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous=OFF")
    sqlite3.register_adapter(datetime, lambda at: f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}")
    names = tuple(ticket_values(next(tickets(1))))
    statement = (
        f"INSERT INTO ticket ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})"
    )
    connection.executemany(statement, map(ticket_values, tickets(count)))
    connection.execute(
        "INSERT INTO procedure VALUES (?, ?)", ("penanganan-email", SOP.read_text("utf-8"))
    )
    connection.executemany("INSERT INTO passage VALUES (NULL, ?, ?, ?, ?, 'lanjut')", ways(count))
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return database


def run(*command: str | Path) -> tuple[float, float, float]:
    """CPU seconds, seconds by the clock, and peak megabytes of a process."""
    child = (
        "import resource, subprocess, sys, json, time\n"
        "begun = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "clock = time.perf_counter() - begun\n"
        "r = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([r.ru_utime + r.ru_stime, clock, r.ru_maxrss / 1024]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, *map(str, command)],
        check=True,
        capture_output=True,
        text=True,
    )
    cpu, clock, megabytes = json.loads(done.stdout)
    return cpu, clock, megabytes


def whole(folder: Path, count: int, rounds: int, days: tuple[str, str]) -> None:
    """The table of whole files: the tickets of these days."""
    database, out = office(folder / "all", count), folder / "out"
    recap = (MAILD, "--config", database.with_name("config.toml"), "recap")
    span = ("--from", days[0], "--to", days[1], "--output")
    arms = {
        "bare": (sys.executable, "-c", BARE, database, COLUMNS + ", state", out, *days),
        "bare, all": (sys.executable, "-c", BARE, database, READ, out, *days),
        "csv": (*recap, *span, out.with_suffix(".csv")),
        "xlsx": (*recap, *span, out.with_suffix(".xlsx")),
    }
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, command in arms.items():
            found[name].append(run(*command))
    middle = {
        name: [statistics.median(values) for values in zip(*runs, strict=True)]
        for name, runs in found.items()
    }
    with out.with_suffix(".csv").open("rb") as stream:
        lines = sum(1 for _ in stream) - 1
    print(f"{lines:,} tickets, {rounds} rounds; the machine's load was {os.getloadavg()[0]:.1f}")
    print(
        f"{'':10} {'cpu s':>7} {'clock':>7} {'us a row':>9} {'x bare':>7} {'by clock':>9} ", end=""
    )
    print(f"{'x bare, all':>12} {'MB':>6}  x bare, round by round")
    for name, (cpu, clock, _) in middle.items():
        ratios = f"{cpu / middle['bare'][0]:7.2f} {clock / middle['bare'][1]:9.2f} "
        ratios += f"{cpu / middle['bare, all'][0]:12.2f}"
        each = " ".join(
            f"{mine[0] / bare[0]:.2f}"
            for mine, bare in zip(found[name], found["bare"], strict=True)
        )
        mb = max(mb for _, _, mb in found[name])
        print(
            f"{name:10} {cpu:7.2f} {clock:7.2f} {cpu / lines * 1e6:9.2f} {ratios}"
            f" {mb:6.0f}  {each}"
        )


def month(folder: Path, count: int, rounds: int) -> None:
    """The same month out of many tickets and out of few."""
    registers = {
        n: Register.open(f"sqlite:///{office(folder / name, n)}", ZONE)
        for name, n in (("all", count), ("few", 2 * IN_MONTH))
    }
    found: dict[int, list[float]] = {n: [] for n in registers}
    for _ in range(5 * rounds):
        for n, register in registers.items():
            start = time.perf_counter()
            csv.write(
                folder / "month.csv", rows(register.entries(*instants(MONTH, ZONE)), MONTH[1])
            )
            found[n].append(time.perf_counter() - start)
    many, few = (statistics.median(times) * 1000 for times in found.values())
    print(f"a month of {IN_MONTH:,}: {many:.1f} ms out of {count:,}, {few:.1f} ms out of ", end="")
    print(f"{2 * IN_MONTH:,}: x {many / few:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="keep the databases here and use them again")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = chosen.keep or Path(folder)
        whole(kept, chosen.tickets, chosen.rounds, ("2015-01-01", "2027-12-31"))
        whole(kept, chosen.tickets, chosen.rounds, WITH_WAYS)
        month(kept, chosen.tickets, chosen.rounds)


if __name__ == "__main__":
    main()
