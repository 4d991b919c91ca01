"""What a recap costs, beside the bare csv writer on the same rows in the same run.

    python bench/recap.py [--tickets 1000000] [--rounds 3] [--keep FOLDER]

`bare` streams a plain cursor over the eight columns into csv.writer, with nothing done to them;
`bare, all` the columns that the recap has to read. `csv` and `xlsx` are `maild recap` as an office
runs it: a process of its own, the whole file. Rounds alternate; seconds are medians of CPU time
(the machine may be shared), megabytes the peak of the process. Then a month of 5,000 tickets, out
of all the tickets and out of 10,000. Needs about 1.5 kilobytes of disk a ticket.
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
ZONE = ZoneInfo("Asia/Jakarta")
COLUMNS = "number, requester_name, requester_address, summary, solution, received_at, answered_at"
READ = (
    f"{COLUMNS}, state, kind, priority, closed_at, escalated_at, outside_number, linked, remarks"
)
BARE = """\
import csv, sqlite3, sys
with open(sys.argv[3], "w", newline="") as stream:
    lines = sqlite3.connect(sys.argv[1]).execute(
        f"SELECT {sys.argv[2]} FROM ticket ORDER BY received_at, id")
    csv.writer(stream).writerows(lines)
"""
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
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return database


def run(*command: str | Path) -> tuple[float, float]:
    """CPU seconds and peak megabytes of a process."""
    child = (
        "import resource, subprocess, sys, json\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "r = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([r.ru_utime + r.ru_stime, r.ru_maxrss / 1024]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", child, *map(str, command)],
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def whole(folder: Path, count: int, rounds: int) -> None:
    """The table of whole files."""
    database, out = office(folder / "all", count), folder / "out"
    recap = (MAILD, "--config", database.with_name("config.toml"), "recap")
    days = ("--from", "2015-01-01", "--to", "2027-12-31", "--output")
    arms = {
        "bare": (sys.executable, "-c", BARE, database, COLUMNS + ", state", out),
        "bare, all": (sys.executable, "-c", BARE, database, READ, out),
        "csv": (*recap, *days, out.with_suffix(".csv")),
        "xlsx": (*recap, *days, out.with_suffix(".xlsx")),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, command in arms.items():
            found[name].append(run(*command))
    seconds = {name: statistics.median(s for s, _ in runs) for name, runs in found.items()}
    print(f"{count:,} tickets; the machine's load was {os.getloadavg()[0]:.1f}")
    print(f"{'':10} {'s':>7} {'us a row':>9} {'x bare':>7} {'x bare, all':>12} {'MB':>6}")
    for name, runs in found.items():
        s, mb = seconds[name], max(mb for _, mb in runs)
        ratios = f"{s / seconds['bare']:7.2f} {s / seconds['bare, all']:12.2f}"
        print(f"{name:10} {s:7.2f} {s / count * 1e6:9.2f} {ratios} {mb:6.0f}")


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
        whole(chosen.keep or Path(folder), chosen.tickets, chosen.rounds)
        month(chosen.keep or Path(folder), chosen.tickets, chosen.rounds)


if __name__ == "__main__":
    main()
