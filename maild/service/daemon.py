"""The loops: intake, desk, courier and clock, each in its own thread, meeting in the database.

A bell between them is only a hint; each also looks by itself from time to time. Ending means:
intake stops, what is in hand is decided and sent, then all is closed; the rest waits in rows, as
it does after a kill at any line (P8).
"""

import logging
import threading
from collections.abc import Callable

from maild.ingest.worker import few_collections
from maild.service.bell import Bell
from maild.service.wiring import Parts
from maild.store.errors import StoreUnavailable

log = logging.getLogger(__name__)

LOOK_EVERY = 30.0  # seconds; the net under the bells
_CLOCK_EVERY = 10.0
_REST = 10.0


class Daemon:
    """One service run."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stopping = threading.Event()
        self._desk_bell = Bell()
        self._courier_bell = Bell()
        self._clock_bell = Bell()
        self._intake = parts.intake(self._desk_bell.ring)
        self._desk_ends = threading.Event()
        self._courier_ends = threading.Event()
        self._broken: list[BaseException] = []

    def stop(self) -> None:
        """Asks the service to end; may be called from a signal handler."""
        self._stopping.set()
        self._intake.bell.ring()
        self._clock_bell.ring()

    def run(self) -> None:
        """Runs until stopped. An error that no stage expects ends the service (P8)."""
        self._recover()
        desk, courier = self._start_desk(), self._start_courier()
        clock = self._thread("clock", self._run_clock)
        try:
            self._intake.run(self._stopping.is_set)
        finally:
            self._stopping.set()
            self._clock_bell.ring()
            clock.join()
            self._end(desk, courier)
        if self._broken:
            raise self._broken[0]

    def run_once(self) -> int:
        """Works off what waits and ends; gives how many mails were new."""
        self._recover()
        desk, courier = self._start_desk(), self._start_courier()
        try:
            with self._intake.alone() as mine:
                taken = self._intake.work() if mine else 0
                self._parts.clock.work()
                self._end_desk(desk)
                if mine:
                    self._intake.file()
        finally:
            self._end(desk, courier)
            self._intake.close()
        if self._broken:
            raise self._broken[0]
        return taken

    def _recover(self) -> None:
        """What a run that ended without warning has left (R4)."""
        few_collections()
        now = self._parts.now()
        mails = self._parts.store.recover_mails()
        ready, uncertain = self._parts.store.recover_letters(now)
        if mails or ready or uncertain:
            log.warning(
                "taken up again: %d mails, %d letters; %d letters are uncertain",
                mails,
                ready,
                uncertain,
            )

    def _start_desk(self) -> threading.Thread:
        def tell() -> None:
            self._courier_bell.ring()
            self._intake.bell.ring()

        def work() -> float:
            self._parts.desk.work(tell, self._stopping.is_set)
            return LOOK_EVERY

        def run() -> None:
            self._parts.desk.warm()
            self._loop(work, self._desk_bell, self._desk_ends)

        return self._thread("desk", run)

    def _start_courier(self) -> threading.Thread | None:
        if not self._parts.settings.courier.deliver:
            return None
        courier = self._parts.courier

        def work() -> float:
            if courier.work(self._stopping.is_set):
                self._clock_bell.ring()
            return courier.seconds_to_next(LOOK_EVERY)

        return self._thread(
            "courier", lambda: self._loop(work, self._courier_bell, self._courier_ends)
        )

    def _run_clock(self) -> None:
        while not self._stopping.is_set():
            try:
                self._parts.holder.refresh()
                if self._parts.clock.work():
                    self._courier_bell.ring()
                seconds = self._parts.clock.seconds_to_next(_CLOCK_EVERY)
            except StoreUnavailable as trouble:
                log.error("%s; again in %.0f s", trouble, _REST)
                seconds = _REST
            self._clock_bell.wait(max(0.2, seconds))

    def _loop(self, work: Callable[[], float], bell: Bell, ends: threading.Event) -> None:
        while True:
            last = ends.is_set()
            try:
                seconds = work()
            except StoreUnavailable as trouble:
                log.error("%s; again in %.0f s", trouble, _REST)
                seconds = _REST
            if last:
                return
            if not ends.is_set():
                bell.wait(seconds)

    def _end_desk(self, desk: threading.Thread) -> None:
        self._desk_ends.set()
        self._desk_bell.ring()
        desk.join()

    def _end(self, desk: threading.Thread, courier: threading.Thread | None) -> None:
        self._end_desk(desk)
        self._courier_ends.set()
        self._courier_bell.ring()
        if courier is not None:
            courier.join()
        self._parts.close()

    def _thread(self, name: str, target: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                target()
            except BaseException as error:
                log.exception("%s has broken down", name)
                self._broken.append(error)
                self.stop()

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        thread.start()
        return thread
