"""Waiting on an IMAP connection without missing anything (RFC 2177).

imapclient's own `idle_check` polls the socket only: an EXISTS that came together with `+ idling`
already lies in the reader's buffer and is never seen, and a dead peer makes it spin. So: look
into the buffer first, wait for the socket and the bell together, and always end with DONE, after
which the caller looks for mail again in any case.
"""

import select
import socket
import time

from imapclient import IMAPClient

RENEW_SECONDS = 9 * 60.0  # F028: some networks forget a silent connection after ten minutes


class IdleWait:
    """One wait on one selected connection; without IDLE it asks NOOP every few seconds."""

    def __init__(self, client: IMAPClient, idle: bool) -> None:
        self._client = client
        self._idle = idle

    def wait(self, seconds: float, ear: socket.socket) -> None:
        """Returns when the server said something, the ear hears, or the time is up."""
        if self._idle:
            self._wait_idle(min(seconds, RENEW_SECONDS), ear)
        else:
            select.select([ear], [], [], seconds)
            self._client.noop()

    def _wait_idle(self, seconds: float, ear: socket.socket) -> None:
        self._client.idle()
        if not self._buffered():
            wire = self._client.socket()
            deadline = time.monotonic() + seconds
            pending = getattr(wire, "pending", int)
            while not pending() and (left := deadline - time.monotonic()) > 0:
                ready, _, _ = select.select([wire, ear], [], [], left)
                if ready:
                    break
        self._client.idle_done()

    def _buffered(self) -> bool:
        """Whether the reader has already taken something off the wire."""
        wire = self._client.socket()
        timeout = wire.gettimeout()
        wire.setblocking(False)
        try:
            return bool(self._client._imap.file.peek(1))
        except (BlockingIOError, ValueError):
            return False
        finally:
            wire.settimeout(timeout)
