"""Raw mails as files that are named after their own SHA-256.

A file appears under its name only when its bytes are on the disk, so a row may name it as soon
as `put` has returned (R1, F013). Files are never changed; the same bytes are kept once.
"""

import hashlib
import os
from collections.abc import Container, Iterable
from datetime import datetime
from pathlib import Path

from maild.store import folders


class Blobs:
    """A folder (0700) of content-addressed files (0600)."""

    def __init__(self, root: Path) -> None:
        self._root = root
        folders.make(root)

    def path(self, sha256: str) -> Path:
        """Where the bytes with this digest are, whether or not they are there."""
        return self._root / sha256

    def get(self, sha256: str) -> bytes:
        """The bytes with this digest; FileNotFoundError when there are none."""
        return self.path(sha256).read_bytes()

    def orphans(self, known: Container[str], before: datetime) -> list[Path]:
        """Files older than `before` that no row names: a kill came between file and row."""
        return [
            path
            for path in self._root.iterdir()
            if path.name not in known and path.stat().st_mtime < before.timestamp()
        ]

    def replace(self, sha256: str, octets: bytes) -> bool:
        """Puts bytes in place of damaged or missing ones; False when they are not the same."""
        if hashlib.sha256(octets).hexdigest() != sha256:
            return False
        self.path(sha256).unlink(missing_ok=True)
        self.put(octets)
        return True

    def put(self, octets: bytes) -> str:
        """Keeps the bytes for good and gives their digest."""
        return self.put_many((octets,))[0]

    def put_many(self, items: Iterable[bytes]) -> list[str]:
        """Keeps many at once; the directory is synced once. OSError when the disk refuses.

        All are written before the first is synced: the file system then flushes them together.
        """
        digests: list[str] = []
        written: dict[str, tuple[str, int]] = {}
        try:
            for octets in items:
                digest = hashlib.sha256(octets).hexdigest()
                digests.append(digest)
                if digest not in written and not os.path.exists(self._place(digest)):  # noqa: PTH110
                    written[digest] = self._write(digest, octets)
            for digest, (temporary, descriptor) in tuple(written.items()):
                os.fsync(descriptor)
                os.rename(temporary, self._place(digest))  # noqa: PTH104
                os.close(descriptor)
                del written[digest]
        finally:
            for temporary, descriptor in written.values():
                os.close(descriptor)
                os.unlink(temporary)  # noqa: PTH108
        # Also when nothing was written: whoever renamed the file may not have come this far.
        if digests:
            folders.sync(self._root)
        return digests

    def _place(self, name: str) -> str:
        # A path as text: with `Path` the names cost more than the files.
        return f"{self._root}/{name}"

    def _write(self, digest: str, octets: bytes) -> tuple[str, int]:
        temporary = self._place(f".{digest}.{os.getpid()}.{os.urandom(4).hex()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        view = memoryview(octets)
        try:
            while view:
                view = view[os.write(descriptor, view) :]
        except OSError:
            os.close(descriptor)
            os.unlink(temporary)  # noqa: PTH108
            raise
        return temporary, descriptor
