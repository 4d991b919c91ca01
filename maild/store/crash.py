"""Crash points (M1): `MAILD_CRASH=name:n` ends the process at the n-th coming to a named step.

There is no clean-up: it is the kill that P8 speaks of, at a place that a test can choose. Every
commit has two names without being asked for: the method that commits, before and after, such as
`Outbox.finish.before`; what touches the world between two commits names itself with `here`.
"""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

_PASSED_OVER = ("contextlib.py", "database.py")


def _kill(_name: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Armed:
    """What is watched for: nothing in ordinary service. `reached` is told every step instead of
    being killed, for the test that wants to know them all."""

    def __init__(self, wanted: str = "", reached: Callable[[str], None] | None = None) -> None:
        self._name, _, number = wanted.partition(":")
        self._left = int(number or 1)
        self._reached = reached

    def come(self, name: str) -> None:
        """The process has come to a step."""
        if self._reached is not None:
            self._reached(name)
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                _kill(name)


_armed: Armed | None = Armed(os.environ["MAILD_CRASH"]) if "MAILD_CRASH" in os.environ else None


def arm(armed: Armed | None) -> None:
    """For tests: watches from now on, or no more."""
    global _armed
    _armed = armed


def here(name: str) -> None:
    """A step between two commits."""
    if _armed is not None:
        _armed.come(name)


def commit(when: str) -> None:
    """A commit, "before" or "after"; the step has the name of the method that commits."""
    if _armed is not None:
        _armed.come(f"{_committer(sys._getframe(1))}.{when}")


def _committer(frame: FrameType | None) -> str:
    while frame is not None:
        code = frame.f_code
        if not code.co_filename.endswith(_PASSED_OVER) and code.co_name != "begin":
            return code.co_qualname
        frame = frame.f_back
    return "nobody"
