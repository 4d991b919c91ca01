"""A backup: one file with the database, every raw mail and the signing keys (P10, O05).

Made while the service works: first the database of one moment, then the raw mails that it names,
which never change and are on the disk before a row names them. The file appears under its name
when it has been read back whole: the database opened, each mail's digest compared (F020).
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Final

from maild.service.settings import Settings
from maild.store import folders, snapshot
from maild.store.blobs import Blobs

CONTENTS: Final = "cadangan.json"
SQLITE: Final = "maild.db"
DUMP: Final = "maild.dump"
KEYS: Final = "kunci.json"
RAW: Final = re.compile(r"mail/([0-9a-f]{64})")
FORMAT: Final = 1
_PIECE: Final = 1 << 20

Tell = Callable[[str, int, int], None]  # what, done, of how many


class BackupError(Exception):
    """A backup that cannot be made or used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds. `database` is "sqlite" or "postgresql"; counts are 0 for the latter,
    of which only a server can count the rows. `octets` are those of the raw mails."""

    made_at: datetime
    database: str
    schema: str
    tickets: int
    mails: int
    letters: int
    blobs: int
    octets: int


def quiet(_what: str, _done: int, _of: int) -> None:
    """For whoever does not want to be told how far it has come."""


def plan(settings: Settings) -> tuple[int, int]:
    """How many raw mails there are now, and the octets of all that would be copied."""
    blobs = list(_files(settings))
    database = snapshot.sqlite_file(settings.database_url)
    size = database.stat().st_size if database and database.is_file() else 0
    return len(blobs), size + sum(path.stat().st_size for path in blobs)


def make(settings: Settings, file: Path, now: datetime, tell: Tell = quiet) -> Contents:
    """Writes and verifies a backup. BackupError, StoreError, or OSError when the disk refuses;
    then nothing stands under the file's name."""
    if file.exists():
        raise BackupError(f"{file} is there already. Choose another name; nothing is overwritten.")
    _, needed = plan(settings)
    # The database stands there twice for a while.
    if (free := shutil.disk_usage(file.absolute().parent).free) < needed * 11 // 10 + (16 << 20):
        raise BackupError(
            f"{file.parent} has {free >> 20} MiB free, {needed >> 20} MiB are needed. "
            "Choose another disk."
        )
    with _draft(file) as draft, _draft(file) as database:
        is_sqlite = snapshot.sqlite_file(settings.database_url) is not None
        snapshot.copy(settings.database_url, database, lambda done, of: tell("database", done, of))
        contents = _written(settings, draft, database, is_sqlite, now, tell)
        found = verified(draft, tell)
        if found != contents:
            raise BackupError("The backup reads otherwise than it was written. Check the disk.")
        draft.rename(file)
        folders.sync(file.absolute().parent)
    return contents


def _written(
    settings: Settings, draft: Path, database: Path, is_sqlite: bool, now: datetime, tell: Tell
) -> Contents:
    if is_sqlite:
        rows = snapshot.held(database)
        named = sorted(snapshot.raw_mails(database))
    else:
        rows = snapshot.Held("", 0, 0, 0)
        named = sorted(snapshot.raw_mails_now(settings.database_url))
    blobs = Blobs(settings.data_dir / "mail")
    sizes = {sha256: _size(blobs.path(sha256)) for sha256 in named}
    kind = "sqlite" if is_sqlite else "postgresql"
    octets = sum(sizes.values())
    contents = Contents(
        now, kind, rows.schema, rows.tickets, rows.mails, rows.letters, len(named), octets
    )
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
            described = {"format": FORMAT, **asdict(contents), "made_at": now.isoformat()}
            text = json.dumps(described, indent=1).encode()
            archive.addfile(_member(CONTENTS, len(text), now), BytesIO(text))
            _add(archive, settings.key_file, KEYS, now)
            _add(archive, database, SQLITE if is_sqlite else DUMP, now)
            for done, sha256 in enumerate(named, 1):
                _add(archive, blobs.path(sha256), f"mail/{sha256}", now)
                tell("mails", done, len(named))
        out.flush()
        os.fsync(out.fileno())
    return contents


def verified(file: Path, tell: Tell = quiet) -> Contents:
    """Reads a backup whole and gives what it holds; BackupError or StoreError when it is not
    what it says."""
    return _read(file, None, tell)


def unpacked(file: Path, folder: Path, tell: Tell = quiet) -> Contents:
    """The same, and lays database, keys and raw mails down in a folder that is there."""
    return _read(file, folder, tell)


def _read(file: Path, folder: Path | None, tell: Tell) -> Contents:
    try:
        with _draft(file, folder) as database, tarfile.open(file, mode="r:") as archive:
            contents = _contents(archive.next(), archive)
            found: set[str] = set()
            octets = 0
            keys = False
            for member in archive:
                source = archive.extractfile(member) if member.isreg() else None
                if source is None:
                    raise BackupError(f"{file} holds something strange: {member.name[:80]}")
                if raw := RAW.fullmatch(member.name):
                    target = folder / member.name if folder else None
                    if _digest(source, target) != raw[1]:
                        raise BackupError(f"{file}: the mail {raw[1][:12]} in it is damaged.")
                    found.add(raw[1])
                    octets += member.size
                    tell("checked", len(found), contents.blobs)
                elif member.name == KEYS:
                    _digest(source, folder / KEYS if folder else None)
                    keys = True
                elif member.name in (SQLITE, DUMP):
                    _digest(source, database)
                elif member.name != CONTENTS:
                    raise BackupError(f"{file} holds something strange: {member.name[:80]}")
            if not keys:
                raise BackupError(f"{file}: the signing keys are missing from it.")
            _compare(file, contents, database, found, octets)
            if folder:
                database.rename(folder / (SQLITE if contents.database == "sqlite" else DUMP))
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{file} is damaged, or no backup of maild: {error}.") from error
    return contents


def _compare(file: Path, contents: Contents, database: Path, found: set[str], octets: int) -> None:
    if not database.exists():
        raise BackupError(f"{file}: the database is missing from it.")
    if contents.database == "sqlite":
        rows = snapshot.held(database)
        counted = (rows.schema, rows.tickets, rows.mails, rows.letters)
        if counted != (contents.schema, contents.tickets, contents.mails, contents.letters):
            raise BackupError(f"{file}: the database in it holds other rows than it says.")
        if missing := set(snapshot.raw_mails(database)) - found:
            raise BackupError(f"{file}: {len(missing)} raw mails are missing from it.")
    else:
        snapshot.held_by_dump(database)
    if (len(found), octets) != (contents.blobs, contents.octets):
        raise BackupError(f"{file}: other raw mails are in it than it says.")


def _contents(member: tarfile.TarInfo | None, archive: tarfile.TarFile) -> Contents:
    source = archive.extractfile(member) if member and member.name == CONTENTS else None
    if source is None:
        raise BackupError(f"{archive.name!r} is no backup of maild.")
    try:
        told = json.loads(source.read(1 << 16))
        if told.pop("format") != FORMAT:
            raise BackupError(f"{archive.name!r} is of a newer maild. Restore it with that one.")
        return Contents(**{**told, "made_at": datetime.fromisoformat(told["made_at"])})
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{archive.name!r} is no backup of maild: {error}.") from error


def _digest(source: IO[bytes], target: Path | None) -> str:
    """The digest of what is read; it is laid down at `target` (0600, synced), if there is one."""
    digest = hashlib.sha256()
    descriptor = -1
    if target is not None:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        while piece := source.read(_PIECE):
            digest.update(piece)
            view = memoryview(piece)
            while target is not None and view:
                view = view[os.write(descriptor, view) :]
        if target is not None:
            os.fsync(descriptor)
    finally:
        if target is not None:
            os.close(descriptor)
    return digest.hexdigest()


def _files(settings: Settings) -> Iterator[Path]:
    folder = settings.data_dir / "mail"
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if RAW.fullmatch(f"mail/{path.name}"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        raise BackupError(
            f"The raw mail {path.name[:12]} is missing. Run: maild audit --repair"
        ) from None


def _add(archive: tarfile.TarFile, path: Path, name: str, now: datetime) -> None:
    if not path.is_file():
        raise BackupError(f"{path} is missing. Run: maild check")
    with path.open("rb") as file:
        archive.addfile(_member(name, os.fstat(file.fileno()).st_size, now), file)


def _member(name: str, size: int, now: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(now.timestamp())
    return member


@contextmanager
def _draft(file: Path, folder: Path | None = None) -> Iterator[Path]:
    """A name beside the file (or in the folder) that nothing has, and that nothing keeps."""
    beside = folder or file.absolute().parent
    draft = beside / f".{file.name}.{secrets.token_hex(4)}"
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)
        draft.with_name(f"{draft.name}-journal").unlink(missing_ok=True)
