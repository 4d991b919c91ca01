"""An SMTP server that takes everything and notes when: the far end of the measurements."""

import asyncio
import re
import threading
import time


class Sink:
    """Runs in a thread. `arrivals` holds (seconds since the epoch, recipient, In-Reply-To),
    `names` the delivery numbers (X-Maild-Letter) of the same letters."""

    def __init__(self) -> None:
        self.arrivals: list[tuple[float, str, str]] = []
        self.names: list[str] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        self._ready.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _run(self) -> None:
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 26)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        recipient = ""
        try:
            while line := await reader.readline():
                verb = line[:4].upper()
                if verb == b"EHLO":
                    writer.write(b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
                elif verb == b"DATA":
                    writer.write(b"354 go\r\n")
                    octets = await reader.readuntil(b"\r\n.\r\n")
                    found = re.search(rb"(?im)^In-Reply-To:\s*(<[^>]*>)", octets[:4000])
                    answered = found[1].decode() if found else ""
                    self.arrivals.append((time.time(), recipient, answered))
                    named = re.search(rb"(?im)^X-Maild-Letter:\s*(\S+)", octets[:4000])
                    self.names.append(named[1].decode() if named else "")
                    writer.write(b"250 ok\r\n")
                elif verb == b"QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                else:
                    if verb == b"RCPT":
                        recipient = line[8:].strip().strip(b"<>").decode()
                    writer.write(b"250 ok\r\n")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
