"""Bytes are kept once, privately, and are on the disk before they have a name."""

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from maild.store.blobs import Blobs


def test_bytes_are_found_under_their_digest(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "b")
    digests = blobs.put_many((b"satu", b"dua", b"satu"))
    assert digests == [hashlib.sha256(x).hexdigest() for x in (b"satu", b"dua", b"satu")]
    assert blobs.get(digests[1]) == b"dua"
    assert {p.name for p in (tmp_path / "b").iterdir()} == set(digests)


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "b")
    path = blobs.path(blobs.put(b"rahasia"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_name_appears_after_its_bytes_are_synced_and_before_the_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(tmp_path / "b")
    steps: list[str] = []
    fsync, rename = os.fsync, os.rename

    def watched_fsync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def watched_rename(source: str, target: str) -> None:
        steps.append("name")
        rename(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "rename", watched_rename)
    blobs.put_many((b"satu", b"dua"))
    assert steps == ["file", "name", "file", "name", "folder"]
    steps.clear()
    blobs.put(b"satu")
    assert steps == ["folder"]


def test_a_full_disk_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(tmp_path / "b")
    write = os.write

    def full(descriptor: int, data: memoryview) -> int:
        if bytes(data[:3]) == b"dua":
            raise OSError(errno.ENOSPC, "no space")
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="no space"):
        blobs.put_many((b"satu", b"dua"))
    assert list((tmp_path / "b").iterdir()) == []


def test_a_short_write_is_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:2]))
    blobs = Blobs(tmp_path / "b")
    assert blobs.get(blobs.put(b"panjang")) == b"panjang"
