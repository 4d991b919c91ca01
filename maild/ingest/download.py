"""How messages are fetched: in what portions, and what is done when a portion is not as announced.

Owns the sizes of batches and slices and the doubts about a server's counting. It knows no IMAP:
it asks a Source, which the mailbox is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from maild.ingest.identity import FIELDS

BATCH_COUNT = 50
BATCH_OCTETS = 8 << 20
SLICE_OCTETS = 4 << 20
HEAD_OCTETS = 256 << 10
NAME_OCTETS = 8 << 10
SET = 500  # UIDs in one command: below the 8,192 octets of RFC 7162, 4
UNKNOWN = BATCH_OCTETS + 1  # a size that makes a mail come alone and in slices


@dataclass(frozen=True, slots=True)
class Listed:
    """A message of the selected folder before it is fetched; `size` in octets (RFC822.SIZE)."""

    uid: int
    size: int
    internal_at: datetime


class Source(Protocol):
    """What a download needs of the selected folder."""

    def literals(
        self,
        uids: Sequence[int],
        octets: int,
        section: str = "",
        piece: tuple[int, int] | None = None,
    ) -> dict[int, bytes]:
        """A section of messages, or a piece of it (offset and length), by UID.

        What the server does not give is missing. `octets` is about how many will come.
        """

    def present(self, uids: Sequence[int]) -> set[int]:
        """Those of the messages that the folder still holds."""


def in_batches(listed: Iterable[Listed]) -> Iterator[list[Listed]]:
    """Groups for one command each, bounded by count and octets; what is larger goes alone."""
    batch: list[Listed] = []
    weight = 0
    for mail in listed:
        if batch and (len(batch) == BATCH_COUNT or weight + mail.size > BATCH_OCTETS):
            yield batch
            batch, weight = [], 0
        batch.append(mail)
        weight += mail.size
    if batch:
        yield batch


def in_sets(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """UIDs in portions that may stand in one command."""
    for start in range(0, len(uids), SET):
        yield [int(uid) for uid in uids[start : start + SET]]


class Download:
    """Fetches batches, and learns on the way whether the server's sizes can be believed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._miscounts = False

    def bodies(self, batch: Sequence[Listed], limit: int) -> dict[int, bytes | None]:
        """The octets by UID: None where they exceed `limit` or the server refuses them; no entry
        for a message that has vanished.

        A length other than the announced size is asked for again (F027). What comes three times
        is taken; from then on this server is known to miscount, as some do by design.
        """
        small = [mail for mail in batch if mail.size <= limit]
        bodies: dict[int, bytes | None] = dict.fromkeys(
            self._source.present([mail.uid for mail in batch if mail.size > limit])
        )
        bodies |= self._fetched(small, limit)
        doubtful = self._doubtful(small, bodies)
        for _ in range(2):
            if not doubtful or self._miscounts:
                return bodies
            for mail in doubtful:
                del bodies[mail.uid]
            bodies |= self._fetched(doubtful, limit)
            doubtful = self._doubtful(doubtful, bodies)
        self._miscounts = bool(doubtful)
        return bodies

    def head(self, uid: int) -> bytes:
        """The header of a message that is not fetched, cut at 256 KB."""
        piece = (0, HEAD_OCTETS)
        return self._source.literals([uid], HEAD_OCTETS, "HEADER", piece).get(uid, b"")

    def names(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The fields that name each message (`identity.FIELDS`), cut at 8 KB, by UID."""
        section, found = f"HEADER.FIELDS ({' '.join(FIELDS).upper()})", dict[int, bytes]()
        for some in in_sets(uids):
            octets = len(some) * NAME_OCTETS
            found |= self._source.literals(some, octets, section, (0, NAME_OCTETS))
        return found

    @staticmethod
    def _doubtful(batch: Iterable[Listed], bodies: dict[int, bytes | None]) -> list[Listed]:
        return [
            mail
            for mail in batch
            if (octets := bodies.get(mail.uid)) is not None and len(octets) != mail.size
        ]

    def _fetched(self, batch: Sequence[Listed], limit: int) -> dict[int, bytes | None]:
        if not batch:
            return {}
        weight = sum(mail.size for mail in batch)
        if weight > BATCH_OCTETS:
            return {uid: o for mail in batch for uid, o in self._sliced(mail, limit).items()}
        uids = [mail.uid for mail in batch]
        got: dict[int, bytes | None] = dict(self._source.literals(uids, weight))
        missing = [mail for mail in batch if mail.uid not in got]
        present = self._source.present([mail.uid for mail in missing]) if missing else set()
        for mail in missing:
            if mail.uid in present:
                # One message that the server cannot give must not hold up its neighbours (P5).
                got |= self._fetched([mail], limit) if len(batch) > 1 else {mail.uid: None}
        return got

    def _sliced(self, mail: Listed, limit: int) -> dict[int, bytes | None]:
        """A large message piece by piece, so that it is held in memory once only."""
        octets = bytearray()
        while len(octets) <= limit:
            piece = (len(octets), SLICE_OCTETS)
            got = self._source.literals([mail.uid], SLICE_OCTETS, piece=piece)
            if mail.uid not in got:
                return dict.fromkeys(self._source.present([mail.uid]))
            octets += got[mail.uid]
            if len(got[mail.uid]) < SLICE_OCTETS:
                return {mail.uid: bytes(octets)}
        return {mail.uid: None}
