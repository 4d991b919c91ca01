"""Lays a backup down in a new folder, in restore mode: nothing leaves until it is released.

Nothing is overwritten. The folder appears under its name when everything in it has been checked,
brought to the schema of this program and put into the mode (F021).
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maild.service import backup
from maild.service.backup import BackupError, Contents, Tell, quiet
from maild.store import folders, snapshot
from maild.store.store import Store


@dataclass(frozen=True, slots=True)
class Restored:
    """What was laid down; `doubtful` letters of it may have been sent since it was made."""

    contents: Contents
    doubtful: int


def restore(
    file: Path, folder: Path, now: datetime, database_url: str = "", tell: Tell = quiet
) -> Restored:
    """Restores a backup; `database_url` names the empty PostgreSQL database that the dump in it
    goes to. BackupError, StoreError, or OSError when the disk refuses; then the folder is as it
    was."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(
            f"{folder} is not empty. Move it away first; nothing is overwritten, and what is in "
            "it may still be needed."
        )
    with _draft(folder) as draft:
        contents = backup.unpacked(file, draft, tell)
        url = f"sqlite:///{draft.absolute() / backup.SQLITE}"
        if contents.database == "postgresql":
            if not database_url or snapshot.sqlite_file(database_url) is not None:
                raise BackupError(
                    "The backup is of a PostgreSQL database. Name an empty one in [database] url."
                )
            url = database_url
            snapshot.pour(draft / backup.DUMP, url)
            (draft / backup.DUMP).unlink()
        with Store.open(url, draft / "mail") as store:
            doubtful = store.begin_restoring(contents.made_at, now)
        for filled in (draft / "mail", draft):
            folders.sync(filled)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
        folders.sync(folder.absolute().parent)
    return Restored(contents, doubtful)


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    parent = folder.absolute().parent
    folders.make(parent)
    draft = parent / f".{folder.name}.{secrets.token_hex(4)}"
    draft.mkdir(mode=0o700)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
