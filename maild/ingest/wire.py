"""The octets of one IMAP connection: connecting, TLS, bounds on what a server may send, waiting.

Owns the socket under imaplib's protocol reader. It buffers by itself, so that it knows what has
arrived and not been read: imaplib's buffer hides mail that was announced together with the answer
to IDLE. It refuses an answer that is too long or too slow (F039) and text sent ahead of TLS
(F038). It knows nothing of mail.
"""

import imaplib
import socket
import ssl
import time
from select import POLLIN, poll

_CHUNK = 1 << 18
_LINE = 1_000_000
_SLOWEST = 16_384  # octets a second; a server slower than this is as good as silent


class Wire(imaplib.IMAP4):
    """An IMAP connection with `silence` seconds at most between two octets.

    Every failure is an OSError or an imaplib.IMAP4.abort.
    """

    def __init__(
        self,
        host: str,
        port: int,
        context: ssl.SSLContext | None,
        connect_timeout: float,
        silence: float,
    ) -> None:
        self._context = context
        self._connect_timeout = connect_timeout
        self._silence = silence
        self._arrived = bytearray()
        self._arrived_on: socket.socket | None = None
        self.expect(0)
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        sock = socket.create_connection((self.host, self.port), timeout or self._connect_timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3)):
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        if self._context is not None:
            sock = self._context.wrap_socket(sock, server_hostname=self.host)
        sock.settimeout(self._silence)
        return sock

    def expect(self, octets: int) -> None:
        """Bounds the next answer: about `octets` of literals, as long as they may take."""
        self._left = 2 * octets + 2 * _LINE
        self._deadline = time.monotonic() + self._silence + octets / _SLOWEST

    def readline(self) -> bytes:
        """The next line with its end. imaplib calls this."""
        if self._arrived_on is not self.sock:
            if self._arrived:
                raise ssl.SSLError("text was sent ahead of TLS")
            self._arrived_on = self.sock
        start = 0
        while (end := self._arrived.find(b"\n", start)) < 0:
            start = len(self._arrived)
            if start > _LINE:
                raise self.abort("a line of the server's answer does not end")
            self._receive()
        return self._take(end + 1)

    def read(self, size: int) -> bytes:
        """A literal of `size` octets. imaplib calls this."""
        if size > self._left:
            raise self.abort("the server announced far more than was asked for")
        if size <= len(self._arrived):
            return self._take(size)
        literal = bytearray(size)
        have = len(self._arrived)
        literal[:have] = self._take(have)
        view = memoryview(literal)
        while have < size:
            have += self._count(self.sock.recv_into(view[have : have + _CHUNK]))
        return bytes(literal)

    def _take(self, size: int) -> bytes:
        with memoryview(self._arrived) as view:
            taken = bytes(view[:size])
        del self._arrived[:size]
        return taken

    def _receive(self) -> None:
        octets = self.sock.recv(_CHUNK)
        self._count(len(octets))
        self._arrived += octets

    def _count(self, octets: int) -> int:
        if not octets:
            raise self.abort("the server closed the connection")
        self._left -= octets
        if self._left < 0:
            raise self.abort("the server sent far more than was asked for")
        if time.monotonic() > self._deadline:
            raise TimeoutError("the answer took too long")
        return octets

    def idle_until(self, response: str, seconds: float, wake: socket.socket) -> bool:
        """Idles (RFC 2177) until the server sends `response` ("EXISTS"), `wake` has something to
        read, or the time is over; says whether the response has come.

        What was sent before or together with the server's "+" counts too. The connection is
        taken out of IDLE in any case, which also finds out whether the peer is still there.
        """
        self.expect(0)
        tag = self._command("IDLE")
        while self._get_response() is not None:
            if self.tagged_commands[tag]:
                raise self.error(f"IDLE failed: {self.tagged_commands.pop(tag)}")
        end = time.monotonic() + seconds
        while not self.tagged_commands[tag]:
            seen = response in self.untagged_responses
            if not self._arrived and (seen or not self._has_arrived(end, wake)):
                break
            self.expect(0)
            self._get_response()
        self.expect(0)
        if not self.tagged_commands[tag]:
            self.send(b"DONE\r\n")
        self._command_complete("IDLE", tag)
        return response in self.untagged_responses

    def _has_arrived(self, end: float, wake: socket.socket) -> bool:
        """Waits for octets to read; False when the time is over or `wake` calls.

        A readable socket may hold nothing but TLS's own messages, hence the reading without
        waiting.
        """
        poller = poll()
        poller.register(self.sock, POLLIN)
        poller.register(wake, POLLIN)
        while not self._arrived:
            if not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
                ready = poller.poll(max(0.0, end - time.monotonic()) * 1000)
                if not ready or wake.fileno() in dict(ready):
                    return False
            self.sock.setblocking(False)
            try:
                self._receive()
            except (BlockingIOError, ssl.SSLWantReadError):
                continue
            finally:
                self.sock.settimeout(self._silence)
        return True
