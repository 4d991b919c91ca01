"""The bare cost of the same steps, serially: what no helpdesk on this machine can do without.

One mail at a time: download (stdlib imaplib), parse (stdlib email), six rows in one commit
(stdlib sqlite3, synchronous=FULL), one letter by raw SMTP, and with `--copies FOLDER` its copy by
APPEND. No rules, no errors handled.
"""

import argparse
import email
import imaplib
import json
import re
import socket
import sqlite3
import time
from pathlib import Path

_TABLES = (
    "mail(id INTEGER PRIMARY KEY, uid INT UNIQUE, mid TEXT UNIQUE, state TEXT)",
    "ticket(id INTEGER PRIMARY KEY, number TEXT UNIQUE, subject TEXT, requester TEXT)",
    "message(id INTEGER PRIMARY KEY, ticket INT, mid TEXT, text TEXT)",
    "letter(id INTEGER PRIMARY KEY, ticket INT, rcpt TEXT, state TEXT)",
    "alarm(id INTEGER PRIMARY KEY, ticket INT, at TEXT)",
    "journal(id INTEGER PRIMARY KEY, ticket INT, text TEXT)",
)


class Smtp:
    """Just enough SMTP."""

    def __init__(self, port: int) -> None:
        self._wire = socket.create_connection(("127.0.0.1", port))
        self._file = self._wire.makefile("rb")
        self._reply()
        self._say(b"EHLO bench.test\r\n")

    def send(self, to: str, octets: bytes) -> None:
        for command in (b"MAIL FROM:<helpdesk@lpse.test>", f"RCPT TO:<{to}>".encode(), b"DATA"):
            self._say(command + b"\r\n")
        self._say(octets + b"\r\n.\r\n")

    def _say(self, octets: bytes) -> None:
        self._wire.sendall(octets)
        self._reply()

    def _reply(self) -> None:
        while self._file.readline()[3:4] == b"-":
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--imap", type=int, required=True)
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--copies", default="")
    given = parser.parse_args()
    imap = imaplib.IMAP4("127.0.0.1", given.imap)
    imap.login(given.user, given.password)
    if given.copies:
        imap.create(given.copies)
    imap.select()
    smtp = Smtp(given.smtp)
    database = sqlite3.connect(given.folder / "bare.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    for table in _TABLES:
        database.execute(f"CREATE TABLE {table}")
    started = time.perf_counter()
    uids = imap.uid("SEARCH", "ALL")[1][0].split()
    for uid in uids:
        raw = imap.uid("FETCH", uid, "(BODY.PEEK[])")[1][0][1]
        mail = email.message_from_bytes(raw)
        parts = [p for p in mail.walk() if not p.is_multipart()]
        payloads = [p.get_payload(decode=True) for p in parts]
        text = payloads[0].decode("utf-8", "replace")
        to = re.search(r"[\w.+-]+@[\w.-]+", mail["From"])[0]
        run = database.execute
        run("BEGIN IMMEDIATE")
        run("INSERT INTO mail(uid, mid, state) VALUES (?,?,?)", (uid, mail["Message-ID"], "done"))
        ticket = run(
            "INSERT INTO ticket(subject, requester) VALUES (?,?)", (mail["Subject"], to)
        ).lastrowid
        run(
            "INSERT INTO message(ticket, mid, text) VALUES (?,?,?)",
            (ticket, mail["Message-ID"], text),
        )
        run("INSERT INTO letter(ticket, rcpt, state) VALUES (?,?,?)", (ticket, to, "sent"))
        run("INSERT INTO alarm(ticket, at) VALUES (?,?)", (ticket, mail["Date"]))
        run("INSERT INTO journal(ticket, text) VALUES (?,?)", (ticket, "opened"))
        run("COMMIT")
        letter = f"To: {to}\r\nSubject: ticket {ticket}\r\n\r\nTerima kasih.".encode()
        smtp.send(to, letter)
        if given.copies:
            imap.append(given.copies, r"(\Seen)", None, letter)
    print(json.dumps({"mails": len(uids), "seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main()
