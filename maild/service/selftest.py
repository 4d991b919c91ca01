"""What must be true of interpreter, libraries and machine before a mail may be touched (S01).

Each check tries the thing itself: a header that wants to become two, a From that two readers
take for different people, the flags that make SQLite durable. One that fails means no start.
"""

import sqlite3
import ssl
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from maild.ingest import parse
from maild.model.mail import Address
from maild.replies import header
from maild.store.database import Database

_BUILT: Final = datetime(2026, 1, 1, tzinfo=UTC)  # no clock may stand before this program
_HOSTILE: Final = "Perihal\r\nBcc: korban@x.example\r\n\r\nisi"
_TWINS: Final = b"From: sari@contoh.go.id\r\nFrom: penipu@x.example\r\nSubject: x\r\n\r\nisi\r\n"
_ZONES: Final = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}
_SQLITE: Final = (3, 37, 0)


def faults(now: datetime) -> list[str]:
    """What is unsafe here, a line each with its remedy; nothing means: start."""
    return [line for check in CHECKS for line in check(now)]


def _headers(_: datetime) -> Iterator[str]:
    composed = header.unstructured("Subject", _HOSTILE) + header.mailbox(
        "To", Address(_HOSTILE, "a@x.example")
    )
    if any(line.lower().startswith("bcc") for line in composed.splitlines()):
        yield "A line break in a subject becomes a header field of its own. Install maild anew."


def _twins(_: datetime) -> Iterator[str]:
    if parse.read(_TWINS, "", frozenset()).sender is not None:
        yield "Of two From fields one is believed. Install maild and its libraries anew."


def _durable(_: datetime) -> Iterator[str]:
    if sqlite3.sqlite_version_info < _SQLITE:
        yield f"SQLite {sqlite3.sqlite_version} is too old. Use a Python with 3.37 or newer."
        return
    with tempfile.TemporaryDirectory(prefix="maild-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'coba.db'}")
        try:
            with database.read() as connection:
                flags = [
                    connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys")
                ]
        finally:
            database.close()
    if flags != ["wal", 2, 1]:
        yield f"SQLite does not take WAL, FULL and foreign keys ({flags}). Use another build."


def _tls(_: datetime) -> Iterator[str]:
    context = ssl.create_default_context()
    if not (context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED):
        yield "TLS does not check certificates by default. Use another build of Python."
    if context.minimum_version < ssl.TLSVersion.TLSv1_2:
        yield "TLS older than 1.2 is allowed. Use another build of Python or OpenSSL."


def _clock(now: datetime) -> Iterator[str]:
    if now < _BUILT:
        yield f"The clock says {now:%Y-%m-%d}. Set it (timedatectl set-ntp true)."


def _zones(_: datetime) -> Iterator[str]:
    for zone, hours in _ZONES.items():
        try:
            offset = datetime(2026, 2, 2, tzinfo=ZoneInfo(zone)).utcoffset()
        except ZoneInfoNotFoundError:
            offset = None
        if offset is None or offset.total_seconds() != hours * 3600:
            yield f"The zone {zone} is missing or wrong. Run: pip install --upgrade tzdata"


CHECKS: Final[tuple[Callable[[datetime], Iterator[str]], ...]] = (
    _headers,
    _twins,
    _durable,
    _tls,
    _clock,
    _zones,
)
