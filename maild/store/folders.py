"""Folders that are still there after a power cut: a new name is the folder's above it, which must
be synced itself (F013)."""

import os
from pathlib import Path


def make(path: Path) -> None:
    """Makes a folder (0700), and those above it that are missing, and syncs their names."""
    if path.is_dir():
        return
    make(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    sync(path.parent)


def sync(folder: Path) -> None:
    """The names in a folder are on the disk when this returns. OSError when the disk refuses."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
