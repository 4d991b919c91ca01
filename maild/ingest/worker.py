"""Reading in a disposable child process: a mail that hangs or eats memory harms only itself.

SHELL. The parent (`Reader`) names files of raw mail, the child opens them, reads one after the
other and answers with one JSON line each; the parent checks every line, kills a child that is
silent too long and starts the next one (reliability R9). The child lives under resource limits and
ends when its parent does. What it has read it also weighs, where it is asked to: the dearest pure
step so stays out of the process that decides.
"""

import contextlib
import gc
import json
import os
import pickle
import resource
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from pydantic import TypeAdapter, ValidationError

from maild.model.mail import ParsedMail
from maild.model.ticket import Assessment

COMMAND = (sys.executable, "-m", "maild.ingest.worker")
_PIPELINE = 64
_MAX_LINE = 24_000_000
_READY = b"ready"
_START_SECONDS = 120.0  # on a busy machine; no mail is to blame for it


class Weigher(Protocol):
    """What a mail weighs by itself; can be pickled. None when it opens no ticket."""

    def __call__(self, mail: ParsedMail, received_at: datetime) -> Assessment | None: ...


@dataclass(frozen=True, slots=True)
class Read:
    """What a mail says, and its weight where that was asked for and could be told."""

    mail: ParsedMail
    assessment: Assessment | None = None


_READ = TypeAdapter(Read)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost. Memory is the child's address space in MB, times are in seconds."""

    memory_mb: int = 640
    cpu_seconds: int = 10
    wall_seconds: float = 15.0
    octets: int = 64_000_000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail that could not be read, and why; it is parked, the others go on."""

    reason: str


class Reader:
    """Reads mails in a child process, which is started when needed and kept for the next batch."""

    def __init__(
        self,
        authserv_id: str = "",
        own_addresses: frozenset[str] = frozenset(),
        limits: Limits | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self.limits = limits or Limits()
        self._command = tuple(command)
        self._start = {
            "authserv_id": authserv_id,
            "own_addresses": sorted(own_addresses),
            "memory_mb": self.limits.memory_mb,
            "cpu_seconds": self.limits.cpu_seconds,
            "octets": self.limits.octets,
        }
        self._weigher: Weigher | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def weigh_by(self, weigher: Weigher) -> None:
        """From the next mail on this tells what mails weigh."""
        if weigher is not self._weigher:
            self.close()
            self._weigher = weigher

    def read_many(
        self, paths: Sequence[Path], received_at: Sequence[datetime | None] = ()
    ) -> list[Read | Unreadable]:
        """One answer for each path, in order. Never raises for what a mail does.

        A mail that has a `received_at` at its place is weighed too (see `weigh_by`).
        """
        orders = _orders(paths, received_at)
        answers: list[Read | Unreadable] = []
        sent = 0
        while len(answers) < len(orders):
            try:
                waits = sent > len(answers)  # then its answers are read first, even when it died
                child = self._child if waits and self._child else self._running()
                window = min(len(orders), len(answers) + _PIPELINE)
                sent = max(sent, len(answers))
                with contextlib.suppress(_EndedError):  # reading tells which mail it died at
                    _send(child, orders[sent:window])
                sent = window
                answers.append(_checked(self._line(child, self.limits.wall_seconds)))
            except _EndedError as ended:
                # The mail that the child was reading is the first without an answer.
                answers.append(Unreadable(ended.reason))
                self._kill()
                sent = len(answers)
        return answers

    def close(self) -> None:
        """End the child. Another `read_many` would start a new one."""
        if self._child is None:
            return
        if self._child.stdin:
            with contextlib.suppress(OSError):
                self._child.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(1.0)
        self._kill()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._kill()
        child = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            close_fds=True,
            start_new_session=True,
        )
        self._child, self._rest = child, b""
        weigher = pickle.dumps(self._weigher)
        start = json.dumps(self._start | {"weigher": len(weigher)}).encode()
        # The weigher is larger than a pipe: writing it waits for a child that reads.
        late = threading.Timer(_START_SECONDS, child.kill)
        late.start()
        try:
            _write(child, start + b"\n" + weigher)
            if self._line(child, _START_SECONDS) != _READY:
                raise _EndedError("the reader did not start")
        finally:
            late.cancel()
        return child

    def _line(self, child: subprocess.Popen[bytes], seconds: float) -> bytes:
        """The child's next line, within so many seconds and the cap on its length."""
        line, found, rest = self._rest.partition(b"\n")
        if found:
            self._rest = rest
            return line
        stream = _pipe(child.stdout)
        until = time.monotonic() + seconds
        pieces = [self._rest]
        size = len(self._rest)
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while b"\n" not in pieces[-1]:
                left = until - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise _EndedError(f"reading took longer than {seconds:g} s")
                chunk = os.read(stream.fileno(), 1 << 18)
                if not chunk:
                    raise _EndedError(_death(child))
                pieces.append(chunk)
                size += len(chunk)
                if size > _MAX_LINE + (1 << 20):
                    raise _EndedError("the reader's answer is too large")
        line, _, self._rest = b"".join(pieces).partition(b"\n")
        return line

    def _kill(self) -> None:
        child, self._child, self._rest = self._child, None, b""
        if child is None:
            return
        if child.poll() is None:
            child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()


class _EndedError(Exception):
    """The child is of no more use; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _orders(paths: Sequence[Path], received_at: Sequence[datetime | None]) -> list[bytes]:
    """A line for each mail: where it stands, and when it came if it is to be weighed."""
    times = received_at or [None] * len(paths)
    return [
        json.dumps([str(path), at and at.isoformat()]).encode() + b"\n"
        for path, at in zip(paths, times, strict=True)
    ]


def _send(child: subprocess.Popen[bytes], orders: Sequence[bytes]) -> None:
    if orders:
        _write(child, b"".join(orders))


def _write(child: subprocess.Popen[bytes], octets: bytes) -> None:
    stream = _pipe(child.stdin)
    try:
        stream.write(octets)
        stream.flush()
    except OSError as error:
        raise _EndedError(_death(child)) from error


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise _EndedError("the reader has no pipe")
    return stream


def _death(child: subprocess.Popen[bytes]) -> str:
    try:
        code = child.wait(1.0)
    except subprocess.TimeoutExpired:
        return "the reader closed its output"
    if code == -signal.SIGXCPU or code == -signal.SIGKILL:
        return "the reader used up its processor time or was killed"
    return f"the reader ended with code {code}"


def _checked(line: bytes) -> Read | Unreadable:
    """A child that read hostile octets is not believed: its line must be a mail and its weight."""
    if line.startswith(b"!"):
        return Unreadable(line[1:200].decode("utf-8", "replace"))
    try:
        return _READ.validate_json(line)
    except ValidationError as error:
        return Unreadable(f"the reader's answer has {error.error_count()} faults")


def few_collections() -> None:
    """To be called when all that lives as long as the process is there: the garbage collector
    then looks at that no more, and at the rest less often. A mail leaves hardly any garbage in
    circles; looking for it after every few of them took some two of a hundred samples."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def main() -> int:
    """The child: settings on the first line and the weigher behind it, then an order a line; an
    answer a line."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start = json.loads(sys.stdin.buffer.readline() or b"{}")
    if not start:
        return 0
    limit = start["memory_mb"] << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from maild.ingest import parse  # after the limits, and not in the parent

    own = frozenset(start["own_addresses"])
    # From our parent, which made it itself.
    weigher: Weigher | None = pickle.loads(sys.stdin.buffer.read(start["weigher"]))  # noqa: S301
    few_collections()
    out = sys.stdout.buffer
    out.write(_READY + b"\n")
    out.flush()
    for line in sys.stdin.buffer:
        _renew_processor_limit(start["cpu_seconds"])
        try:
            name, received_at = json.loads(line)
            path = Path(name)
            if path.stat().st_size > start["octets"]:
                out.write(b"!larger than the limit\n")
            else:
                mail = parse.read(path.read_bytes(), start["authserv_id"], own)
                weight = _weighed(weigher, mail, received_at)
                out.write(_READ.dump_json(Read(mail, weight)) + b"\n")
        except MemoryError:
            out.write(b"!not enough memory\n")
        except OSError as error:
            out.write(f"!cannot open: {error.strerror}\n".encode())
        except Exception as error:  # noqa: BLE001  # any fault costs this mail only
            out.write(f"!{type(error).__name__}\n".encode())
        out.flush()
    return 0


def _weighed(
    weigher: Weigher | None, mail: ParsedMail, received_at: str | None
) -> Assessment | None:
    """A fault in weighing is no fault of the mail: then it is weighed where it is decided."""
    if weigher is None or received_at is None:
        return None
    try:
        return weigher(mail, datetime.fromisoformat(received_at))
    except Exception:  # noqa: BLE001
        return None


def _renew_processor_limit(seconds: int) -> None:
    """The soft limit counts from the process's start, so it moves on with every mail."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, hard))


if __name__ == "__main__":
    sys.exit(main())
