"""How one stage tells the next that there is work, within a process.

Only a hint: the work itself is a row in the database, and every stage also looks by itself.
"""

import select
import socket
import threading
from contextlib import suppress


class Bell:
    """Rung by one stage, waited for by another; a ring while nobody waits is not lost."""

    def __init__(self) -> None:
        self._rung = threading.Event()

    def ring(self) -> None:
        """Wakes the waiting stage."""
        self._rung.set()

    def wait(self, seconds: float) -> bool:
        """Waits for a ring, at most so long; True if it came."""
        rung = self._rung.wait(seconds)
        self._rung.clear()
        return rung


class WireBell:
    """A bell that a thread waiting on sockets can hear (the IMAP connection in IDLE)."""

    def __init__(self) -> None:
        self.ear, self._hand = socket.socketpair()
        self.ear.setblocking(False)
        self._hand.setblocking(False)

    def ring(self) -> None:
        """Makes `ear` readable. Never waits: who has not heard hundreds of rings will hear."""
        with suppress(BlockingIOError):
            self._hand.send(b"!")

    def hear(self, seconds: float) -> None:
        """Waits for a ring, at most so long, without any other socket."""
        select.select([self.ear], [], [], seconds)

    def hush(self) -> None:
        """Takes the rings off, so that the next wait waits."""
        try:
            while self.ear.recv(1024):
                pass
        except BlockingIOError:
            return

    def close(self) -> None:
        """Gives both sockets back."""
        self.ear.close()
        self._hand.close()
