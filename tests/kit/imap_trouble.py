"""A proxy before a real IMAP server that spoils the answer to one command, once."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Self

HOST = "127.0.0.1"
Spoil = Callable[[socket.socket, bytes, bytes], bool]  # client, answer, tag -> goes on


def _reset(client: socket.socket, _answer: bytes, _tag: bytes) -> bool:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    return False


def _silence(_client: socket.socket, _answer: bytes, _tag: bytes) -> bool:
    return True


def _drip(client: socket.socket, answer: bytes, _tag: bytes) -> bool:
    for at in range(0, len(answer), max(1, len(answer) // 40)):
        client.sendall(answer[at : at + max(1, len(answer) // 40)])
        time.sleep(0.002)
    return True


def _says(words: bytes, *, goes_on: bool = True) -> Spoil:
    """`%t` stands for the tag, `%a` for the server's own answer."""

    def spoil(client: socket.socket, answer: bytes, tag: bytes) -> bool:
        client.sendall(words.replace(b"%t", tag).replace(b"%a", answer))
        return goes_on

    return spoil


def _half(client: socket.socket, answer: bytes, _tag: bytes) -> bool:
    client.sendall(answer[: len(answer) // 2])
    return False


def _late(client: socket.socket, answer: bytes, _tag: bytes) -> bool:
    time.sleep(0.1)
    client.sendall(answer)
    return True


def _garbled(client: socket.socket, answer: bytes, _tag: bytes) -> bool:
    client.sendall(bytes(octet ^ 0x15 if n % 7 == 3 else octet for n, octet in enumerate(answer)))
    return True


KINDS: dict[str, Spoil] = {
    "reset": _reset,
    "closed": _says(b"", goes_on=False),
    "cut in the middle": _half,
    "silence": _silence,
    "late": _late,
    "drip": _drip,
    "garbled": _garbled,
    "twice": _says(b"%a%a"),
    "NO": _says(b"%t NO [SERVERBUG] later\r\n"),
    "BAD": _says(b"%t BAD what\r\n"),
    "BYE": _says(b"* BYE shutting down\r\n", goes_on=False),
    "junk before": _says(b"* 99 WHATEVER (\r\n%a"),
    "endless line": _says(b"* OK " + b"x" * 3_000_000, goes_on=False),
    "another tag": _says(b"XX99 OK done\r\n"),
    "news of an expunge": _says(b"* 9 EXPUNGE\r\n%a"),
    "nothing but OK": _says(b"%t OK done\r\n"),
}


class Troubled:
    """Passes on, but spoils the answer to the first line of the client that holds `word`."""

    def __init__(self, target_port: int, word: bytes, spoil: Spoil) -> None:
        self._target, self._word, self._spoil = target_port, word, spoil
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self.spoilt = False
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for sock in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection((HOST, self._target))
                self._open += [client, server]
                tags: list[bytes] = []
                for pump in (self._up, self._down):
                    threading.Thread(target=pump, args=(client, server, tags), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, tags: list[bytes]) -> None:
        with contextlib.suppress(OSError):
            while octets := client.recv(65536):
                if not self.spoilt and self._word in octets:
                    tags.append(octets.partition(b" ")[0])
                server.sendall(octets)
        self._shut(client, server)

    def _down(self, client: socket.socket, server: socket.socket, tags: list[bytes]) -> None:
        with contextlib.suppress(OSError):
            goes_on = True
            while goes_on and (octets := server.recv(1 << 20)):
                if tags and not self.spoilt:
                    self.spoilt = True
                    goes_on = self._spoil(client, octets, tags.pop())
                else:
                    client.sendall(octets)
        self._shut(client, server)

    @staticmethod
    def _shut(*socks: socket.socket) -> None:
        for sock in socks:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
