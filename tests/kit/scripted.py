"""An IMAP server that says exactly what a test wants, for what no real server does on purpose."""

import contextlib
import socket
import threading
from collections.abc import Iterable
from typing import Self

HOST = "127.0.0.1"

Step = tuple[str, bytes]
GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE MOVE AUTH=PLAIN] ready\r\n"
CAPABILITY: Step = (
    "CAPABILITY",
    b"* CAPABILITY IMAP4rev1 IDLE MOVE AUTH=PLAIN\r\n{tag} OK done\r\n",
)
LOGIN: tuple[Step, ...] = (
    CAPABILITY,
    ("AUTHENTICATE PLAIN", b"+ \r\n"),
    ("", b"{tag} OK in\r\n"),
    CAPABILITY,
)
SELECT: Step = (
    "SELECT",
    b"* 1 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 5] x\r\n"
    b"* OK [PERMANENTFLAGS (\\Seen)] x\r\n{tag} OK [READ-WRITE] x\r\n",
)


class Scripted:
    """Serves one connection: for each step it waits for a line with the word and then answers;
    `{tag}` stands for the command's tag. After the last step it closes, unless `stays`.

    `heard` are the lines of the client.
    """

    def __init__(self, *steps: Step, greeting: bytes = GREETING, stays: bool = True) -> None:
        self._steps: Iterable[Step] = steps
        self._greeting = greeting
        self._stays = stays
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self.heard: list[str] = []
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(self._greeting)
                tag = b"*"
                for word, answer in self._steps:
                    line = lines.readline()
                    self.heard.append(line.decode("utf-8", "replace").strip())
                    first, _, rest = line.partition(b" ")
                    tag = first if rest else tag
                    if word.encode() not in line:
                        return
                    connection.sendall(answer.replace(b"{tag}", tag))
                if self._stays:
                    self._done.wait(10)
