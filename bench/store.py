"""What it costs to decide a mail in the store, beside plain sqlite3 in the same run.

    python bench/store.py [--mails 2000] [--group 1 20] [--prefill 0] [--rounds 3] [--profile]

`maild`: take a mail, everything `decide` may know, then ticket, message, acknowledgement, alarms,
passage, journal and ledger row, --group mails a commit, synchronous=FULL.
`sqlite3`: two look-ups and six rows a mail by hand-written SQL with the same commits: the least
that any helpdesk must write. Rounds alternate; figures are medians, in microseconds a mail.
"""

import argparse
import cProfile
import pstats
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from maild.model.action import AddMessage, Decision, Outcome, Passage, Record, SendLetter, SetAlarm
from maild.model.event import AlarmKind
from maild.model.known import Known
from maild.model.mail import Address, Nature, ParsedMail, RawMail, Trust
from maild.model.ticket import (
    Assessment,
    Direction,
    Kind,
    Match,
    Priority,
    Role,
    State,
    Ticket,
)
from maild.store.store import Store
from maild.store.values import RenderedLetter

Pair = tuple[float, float]

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TEXT = ("Mohon bantuan, kami tidak dapat mengunggah dokumen penawaran. " * 25)[:1500]
OCTETS = b"Subject: Tanda terima\r\n\r\n" + b"Terima kasih atas laporan Saudara. " * 60
ASSESSMENT = Assessment(
    kind=Kind.COMPLAINT,
    category="unggah",
    priority=Priority.HIGH,
    base_priority=Priority.MEDIUM,
    urgent_deadline=True,
    deadline=NOW,
    requester_role=Role.VENDOR,
    missing=("kode_tender",),
    fields={"nama": "CV Contoh"},
    escalate="lpse",
    confidence=0.8,
    reasons=(Match("unggah", "mengunggah dokumen"), Match("batas", "hari ini")),
)


def mail(number: int) -> ParsedMail:
    """A new problem of one of 400 people."""
    sender = Address(f"Orang {number % 400}", f"orang{number % 400}@kantor.example")
    return ParsedMail(
        sender=sender,
        sender_doubt="",
        reply_to=(),
        to=(Address("", "helpdesk@lpse.example"),),
        cc=(),
        delivered_to=(),
        subject=f"Gagal unggah {number}",
        subject_base=f"Gagal unggah {number}",
        message_id=f"<{number * 2654435761 % 2**32:08x}.{number}@kantor.example>",
        in_reply_to=(),
        references=(),
        date=NOW,
        text=TEXT,
        reply_text=TEXT,
        signature="",
        quoted="",
        commands=(),
        answer_text=TEXT,
        attachments=(),
        nature=Nature.HUMAN,
        nature_reason="",
        bounce=None,
        trust=Trust(),
        defects=(),
        content_hash=f"{number:064x}",
    )


def decision(parsed: ParsedMail, known: Known, mail_id: int, now: datetime) -> Decision:
    """What the desk decides on a new problem: two rows of the SOP and a wait."""
    assert parsed.sender is not None
    ticket = Ticket(
        id=known.next_id,
        number=known.next_number,
        requester=parsed.sender,
        subject=parsed.subject,
        summary=parsed.subject,
        state=State.NEW,
        sop="penanganan-email@1",
        row="4",
        entered_at=now,
        due_at=now + timedelta(hours=4),
        received_at=now,
        assessment=ASSESSMENT,
        letters=1,
    )
    acknowledgement = SendLetter(
        "tanda_terima", ticket, 1, "pengguna", 0, parsed.sender, {}, automatic=True
    )
    message = AddMessage(
        ticket.id,
        Direction.IN,
        "pengguna",
        parsed.sender,
        parsed.reply_text,
        now,
        parsed.subject,
        parsed.message_id or "",
        mail_id,
    )
    actions = (
        message,
        acknowledgement,
        Passage(ticket.id, "2", now, now, "lanjut"),
        SetAlarm(ticket.id, AlarmKind.DUE, now + timedelta(hours=4), "4"),
        SetAlarm(ticket.id, AlarmKind.REMIND, now + timedelta(hours=2), "4"),
        Record(ticket.id, now, "maild", "2", "Tiket dibuka", ASSESSMENT.reasons),
    )
    return Decision(ticket, actions, (), Outcome.DONE)


def run_maild(store: Store, first: int, mails: int, group: int) -> None:
    """Decides mails that are already in the ledger."""
    done = 0
    while taken := store.take_mails(group, NOW):
        with store.begin() as unit:
            for undecided in taken:
                parsed = mail(first + done)
                now = NOW + timedelta(seconds=20 * (first + done))
                known = unit.known(parsed, (), now, undecided.sha256)
                what = decision(parsed, known, undecided.id, now)
                name = f"{known.next_id}.1"
                letter = RenderedLetter(
                    name, f"<{name}.0.x@lpse>", "helpdesk@lpse.example", "x@y", OCTETS
                )
                unit.commit_decision(what, {1: letter}, undecided.id, parsed, now)
                done += 1
    assert done == mails, done


def fill(store: Store, first: int, mails: int) -> None:
    """Puts mails into the ledger; not measured here."""
    for start in range(first, first + mails, 200):
        store.record(
            [
                RawMail("a", "INBOX", 1, n, NOW, 4, n.to_bytes(4, "big"))
                for n in range(start, min(start + 200, first + mails))
            ],
            NOW,
        )


BARE = """
CREATE TABLE ticket (id INTEGER PRIMARY KEY, number TEXT UNIQUE, subject TEXT, state TEXT,
  category TEXT, requester TEXT, opened TEXT, changed TEXT);
CREATE INDEX ticket_state ON ticket (state, changed);
CREATE INDEX ticket_requester ON ticket (requester);
CREATE TABLE message (id INTEGER PRIMARY KEY, ticket INTEGER REFERENCES ticket (id),
  message_id TEXT UNIQUE, parent TEXT, sender TEXT, at TEXT, body TEXT);
CREATE INDEX message_ticket ON message (ticket);
CREATE TABLE person (id INTEGER PRIMARY KEY, ticket INTEGER, address TEXT, role TEXT);
CREATE INDEX person_ticket ON person (ticket);
CREATE TABLE journal (id INTEGER PRIMARY KEY, ticket INTEGER, what TEXT, at TEXT);
CREATE INDEX journal_ticket ON journal (ticket);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, ticket INTEGER, recipient TEXT, state TEXT,
  due TEXT, octets BLOB);
CREATE INDEX outbox_due ON outbox (state, due);
"""


def bare(path: Path) -> sqlite3.Connection:
    """A database with the least schema."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(BARE)
    return connection


def run_bare(connection: sqlite3.Connection, first: int, mails: int, group: int) -> None:
    """Six rows and two look-ups a mail."""
    do = connection.execute
    at = NOW.isoformat()
    for start in range(first, first + mails, group):
        do("BEGIN IMMEDIATE")
        for n in range(start, min(start + group, first + mails)):
            parsed = mail(n)
            assert parsed.sender is not None
            who = parsed.sender.address
            do("SELECT id FROM message WHERE message_id=?", (parsed.message_id,)).fetchone()
            do("SELECT ticket FROM message WHERE message_id=?", (f"<{n}@>",)).fetchone()
            ticket = do(
                "INSERT INTO ticket (number, subject, state, category, requester, opened, changed)"
                " VALUES (?,?,?,?,?,?,?)",
                (f"T-{n}", parsed.subject, "baru", "unggah", who, at, at),
            ).lastrowid
            do(
                "INSERT INTO message (ticket, message_id, parent, sender, at, body)"
                " VALUES (?,?,?,?,?,?)",
                (ticket, parsed.message_id, "", who, at, TEXT),
            )
            for address in (who, "helpdesk@lpse.example"):
                do(
                    "INSERT INTO person (ticket, address, role) VALUES (?,?,'x')",
                    (ticket, address),
                )
            do("INSERT INTO journal (ticket, what, at) VALUES (?,?,?)", (ticket, "baru", at))
            do(
                "INSERT INTO outbox (ticket, recipient, state, due, octets) VALUES (?,?,?,?,?)",
                (ticket, who, "ready", at, OCTETS),
            )
        do("COMMIT")


def timed(work: Callable[..., None], what: object, first: int, mails: int, group: int) -> Pair:
    """Wall and CPU time, microseconds a mail."""
    wall, cpu = time.perf_counter(), time.process_time()
    work(what, first, mails, group)
    return (
        (time.perf_counter() - wall) / mails * 1e6,
        (time.process_time() - cpu) / mails * 1e6,
    )


def main() -> None:
    """Alternates both and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=2000)
    parser.add_argument("--group", type=int, nargs="+", default=[1, 20])
    parser.add_argument("--prefill", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--url", help="another database for maild, such as PostgreSQL; emptied by you"
    )
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        store = Store.open(given.url or f"sqlite:///{here}/maild.db", here / "blobs")
        plain = bare(here / "bare.db")
        first = 1
        if given.prefill:
            fill(store, first, given.prefill)
            run_maild(store, first, given.prefill, 500)
            run_bare(plain, first, given.prefill, 500)
            first += given.prefill
        for group in given.group:
            ours, theirs = [], []
            for _ in range(given.rounds):
                fill(store, first, given.mails)
                theirs.append(timed(run_bare, plain, first, given.mails, group))
                if given.profile:
                    profile = cProfile.Profile()
                    profile.runcall(run_maild, store, first, given.mails, group)
                    pstats.Stats(profile).sort_stats("tottime").print_stats(30)
                else:
                    ours.append(timed(run_maild, store, first, given.mails, group))
                first += given.mails
            for name, figures in (("sqlite3", theirs), ("maild", ours)):
                if figures:
                    wall = statistics.median(f[0] for f in figures)
                    cpu = statistics.median(f[1] for f in figures)
                    print(
                        f"{name:8} {group:4} a commit  wall {wall:7.0f} us  cpu {cpu:7.0f} us"
                        f"  {1e6 / wall:7.0f} mails/s"
                    )
        store.close()


if __name__ == "__main__":
    main()
