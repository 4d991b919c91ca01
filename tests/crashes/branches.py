"""What would come of it: a child process plays a story on from here, then everything is put back.

Where a story stands still (`morning.story`) nothing is under way: no transaction, no reading. So
a trouble late in the story costs what comes after it, and not the whole story once more.
"""

import gc
import os
import pickle
import shutil
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from rows import Rows

from kit.quick import Place, disconnect
from kit.service import Service
from maild.store import crash

T = TypeVar("T")


class Branches:
    """The places of one story from which others are played."""

    def __init__(self, place: Place, url: str) -> None:
        self._place, self._rows = place, Rows(url)
        self._kept = place.folder.with_name(f"{place.folder.name}-kept")
        self._service: Service | None = None
        self._noted = False

    def of(self, story: Iterable[Service | None]) -> Iterator[None]:
        """Stands still where the story does."""
        for self._service in story:
            self._noted = False
            yield
        self._rows.close()

    def _note(self) -> None:
        """Notes everything that is on the disk where the story stands."""
        if self._noted:
            return
        self._noted = True
        if self._service is not None:  # connections do not survive a fork
            self._service.store._database.close()
            self._service.store._database._writer = None
        disconnect()
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self._place.folder, self._kept)
        self._rows.keep()

    def future(self, play_on: Callable[[], T]) -> T:
        """What comes of it in a child; then everything is as it was."""
        found = self._in_child(play_on)
        self.put_back()
        assert found, "the child was killed"
        return cast(T, pickle.loads(found))

    def is_killed(self, play_on: Callable[[], object]) -> bool:
        """Whether a child in which this is played is killed; what it has done stays."""
        return not self._in_child(play_on)

    def put_back(self) -> None:
        """Everything is as it was where the story stands."""
        shutil.rmtree(self._place.folder)
        shutil.copytree(self._kept, self._place.folder)
        self._rows.put_back()

    def _in_child(self, play_on: Callable[[], object]) -> bytes:
        """What it gives, pickled; nothing when the child was killed."""
        self._note()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            gc.disable()  # it lives for a moment, and looking through all pages would copy them
            try:
                found = pickle.dumps(play_on())
                with os.fdopen(writing, "wb") as out:
                    out.write(found)
            except BaseException:  # noqa: BLE001 (a child must never come back into the test run)
                traceback.print_exc()
                os._exit(3)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as told:
            found = told.read()
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the story itself has failed"
        return found


def killed_at(
    place: Place,
    url: str,
    story: Callable[[Path, str], Iterator[Service | None]],
    outcome: Callable[[Path, str], T],
    reached: Sequence[int],
    step: str,
    comings: Iterable[int],
) -> Iterator[T]:
    """A story that is killed at each of these comings to a step, in branches of it, is started
    again and goes on: what has come of it. `reached` is how often it comes to the step between two
    places where it stands still."""
    left, before = sorted(comings), 0
    branches, telling = Branches(place, url), story(place.folder, url)

    def killed(nth: int) -> None:
        crash.arm(crash.Armed(f"{step}:{nth}"))
        next(telling, None)

    def started_again() -> T:
        for _ in story(place.folder, url):
            pass
        return outcome(place.folder, url)

    for _, times in zip(branches.of(telling), reached, strict=True):
        while left and left[0] <= before + times:
            at = left.pop(0)
            assert branches.is_killed(partial(killed, at - before)), f"no {at}. time at {step}"
            yield branches.future(started_again)
        before += times
