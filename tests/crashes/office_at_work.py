"""A process that is watched by strace: the first start of an office, and a short morning.

What it does to the world is written into a file without being synced, a line each: `moved` and
the digest of a mail that left the inbox, `taken` and the Message-ID of a letter on its way.
"""

import hashlib
import os
import sys
from pathlib import Path

from morning import bad_mails

from kit.people import People, first_mails, parsed
from kit.service import Clock, Service
from kit.world import World, WorldMailbox


def main(folder: Path, said: Path) -> None:
    """Plays it in this folder."""
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(what: str, which: str) -> None:
        os.write(out, f"{what} {which}\n".encode())

    clock = Clock()
    world = World(clock.now)
    world.deliver = lambda _, octets: say("taken", str(parsed(octets)["Message-ID"]))
    file_away = WorldMailbox.file_away

    def filing(self: WorldMailbox, uids: list[int], target: str) -> None:
        for uid in uids:
            if uid in self._shelf().mails:
                say("moved", hashlib.sha256(self._shelf().mails[uid][0]).hexdigest())
        file_away(self, uids, target)

    WorldMailbox.file_away = filing  # type: ignore[method-assign]
    service = Service(folder, f"sqlite:///{folder}/data/maild.db", world)
    service.recover()
    people = People(world)
    for octets in (*first_mails(), *bad_mails()):
        world.put(octets)
        service.round()
        people.act()
        clock.move(minutes=20)
    for _ in range(6):
        service.round()
        people.act()
        clock.move(minutes=90)
    with service.store._database.write() as connection:
        connection.exec_driver_sql("UPDATE serial SET last = last")
    with service.store._database.alone() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    world.put(first_mails()[0].replace(b"<1@", b"<2@"))
    service.round()
    service.round()
    service.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
