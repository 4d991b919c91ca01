"""The secret keys that sign reply addresses and Message-IDs: a 0600 file of its own (S16).

Losing it breaks no ticket, but answers to letters sent before are then known by their subject
only; so it belongs into the backup.
"""

import json
import os
import secrets
import stat
from pathlib import Path

from maild.model.token import KeyRing
from maild.store import crash, folders

_OCTETS = 32


class KeyRingError(Exception):
    """The key file cannot be used; the text says why and what to do."""


def load(path: Path) -> KeyRing:
    """The key ring in this file; made at the first start."""
    if not path.exists():
        folders.make(path.parent)
        _write(path, {"current": 1, "keys": {"1": secrets.token_hex(_OCTETS)}})
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyRingError(f"{path} may be read by others. Run: chmod 600 {path}")
    try:
        held = json.loads(path.read_text("utf-8"))
        keys = {int(number): bytes.fromhex(key) for number, key in held["keys"].items()}
        return KeyRing(keys, int(held["current"]))
    except (ValueError, KeyError, TypeError) as error:
        raise KeyRingError(f"{path} is damaged. Restore it from the backup.") from error


def rotated(path: Path) -> KeyRing:
    """A new key signs from now on; the one that did so far still verifies, older ones do not."""
    old = load(path)
    number = next(n for n in range(old.current + 1, old.current + 257) if n % 256 not in old.keys)
    number %= 256
    keys = {old.current: old.keys[old.current].hex(), number: secrets.token_hex(_OCTETS)}
    fresh = path.with_name(f"{path.name}.baru")
    fresh.unlink(missing_ok=True)
    _write(fresh, {"current": number, "keys": {str(n): key for n, key in keys.items()}})
    fresh.replace(path)
    folders.sync(path.parent)
    return load(path)


def _write(path: Path, held: object) -> None:
    """Created as a whole or not at all; a second start at the same moment finds the first's."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(held, file)
        file.flush()
        os.fsync(file.fileno())
    crash.here("key drafted")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folders.sync(path.parent)
