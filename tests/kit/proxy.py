"""A TCP proxy on loopback that misbehaves on purpose between a client and a real server."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Self

HOST = "127.0.0.1"


class Proxy:
    """Passes octets on; `cut_after` is how many of the server's octets pass before the line is
    cut, `freeze` stops passing anything while both connections stay open, and `insert` puts words
    behind those of the server that it names."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self.cut_after: int | None = None
        self.insert: tuple[bytes, bytes] = (b"", b"")
        self.passed = 0
        self._flowing = threading.Event()
        self._flowing.set()
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._flowing.set()
        self._shut(self._listener)
        for sock in self._open:
            self._shut(sock)

    def freeze(self) -> None:
        """From now on nothing passes, as behind a dead NAT entry."""
        self._flowing.clear()

    def _accept(self) -> None:
        for client in self._clients():
            server = socket.create_connection((HOST, self._target_port))
            self._open += [client, server]
            self.passed = 0
            for source, sink, counted in ((client, server, False), (server, client, True)):
                threading.Thread(
                    target=self._pump, args=(source, sink, counted), daemon=True
                ).start()

    def _clients(self) -> Iterator[socket.socket]:
        with contextlib.suppress(OSError):
            while True:
                yield self._listener.accept()[0]

    def _pump(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while octets := source.recv(65536):
                self._flowing.wait()
                if counted and self.cut_after is not None:
                    octets = octets[: max(0, self.cut_after - self.passed)]
                if counted and self.insert[0]:
                    octets = octets.replace(self.insert[0], b"".join(self.insert))
                sink.sendall(octets)
                self.passed += len(octets) if counted else 0
                if counted and self.cut_after is not None and self.passed >= self.cut_after:
                    break
        self._shut(source)
        self._shut(sink)

    @staticmethod
    def _shut(sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()
