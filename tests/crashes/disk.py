"""A disk in a power cut, made again from the calls that a process made (strace): M6.

Of a file is left what its last sync covered; of a folder the names that its last sync covered.
What came after may be gone, or may be there in part and in any order: pages of 512 octets, and
names up to some moment (file systems keep changes of names in order).
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,mkdir,mkdirat"
)
_SECTOR = 512
_CALL = re.compile(r"^(\d+) +(?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)$")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_AT = re.compile(r"^(?:\d+|AT_FDCWD)(?:<([^>]*)>)?")


@dataclass(frozen=True)
class Call:
    """A call that succeeded: the paths and octets in it, and its plain arguments."""

    name: str
    of: str  # the file or folder behind the descriptor
    texts: tuple[bytes, ...]
    rest: str


def calls(log: Path) -> Iterator[Call]:
    """What strace (-f -y -xx) has written, in the order in which the calls ended."""
    begun: dict[str, str] = {}
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = _CALL.match(line.rstrip("\n"))
            if found is None:
                continue
            process, name, text = found.groups()
            if text.endswith("<unfinished ...>"):
                begun[process] = text.removesuffix("<unfinished ...>").rstrip()
                continue
            if f"{name} resumed>" in line:
                text = begun.pop(process, "") + text
            arguments, _, result = text.rpartition(") ")
            if not re.match(r"\s*=\s+\d", result):  # short lines are padded
                continue
            at = _AT.match(arguments)
            of = _plain(at[1]) if at and at[1] else ""
            texts = tuple(bytes.fromhex(t.replace("\\x", "")) for t in _TEXT.findall(arguments))
            yield Call(name, of, texts, _TEXT.sub("", arguments))


def _plain(path: str) -> str:
    if "\\x" in path:
        return bytes.fromhex(path.replace("\\x", "")).decode()
    return path


@dataclass
class _File:
    now: bytearray = field(default_factory=bytearray)
    synced: bytes = b""


@dataclass
class _Folder:
    now: dict[str, "_File | _Folder"] = field(default_factory=dict)
    synced: dict[str, "_File | _Folder"] = field(default_factory=dict)
    since: list[dict[str, "_File | _Folder"]] = field(default_factory=list)


class Disk:
    """Everything under `root`, which itself is there for good."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.top = _Folder()

    def take(self, call: Call) -> bool:
        """Plays a call; tells whether it touched this disk."""
        paths = [self._parts(text.decode("utf-8", "replace")) for text in call.texts]
        match call.name:
            case "openat" if paths and paths[0]:
                folder, name = self._at(paths[0])
                if "O_CREAT" in call.rest and name not in folder.now:
                    self._change(folder, name, _File())
                elif "O_TRUNC" in call.rest:
                    folder.now[name].now.clear()  # type: ignore[union-attr]
                return "O_CREAT" in call.rest
            case "write" | "pwrite64" if (parts := self._parts(call.of)) is not None:
                file = self._file(parts)
                at = len(file.now) if call.name == "write" else int(call.rest.split(", ")[-1])
                end = at + len(call.texts[0])
                file.now.extend(b"\0" * (end - len(file.now)))
                file.now[at:end] = call.texts[0]
            case "ftruncate" if (parts := self._parts(call.of)) is not None:
                file, size = self._file(parts), int(call.rest.split(", ")[-1])
                del file.now[size:]
                file.now.extend(b"\0" * (size - len(file.now)))
            case "fsync" | "fdatasync" if (parts := self._parts(call.of)) is not None:
                self._sync(parts)
            case "mkdir" | "mkdirat" if paths[0] is not None:
                self._change(*self._at(paths[0]), _Folder())
            case "unlink" | "unlinkat" if paths[0] is not None:
                self._change(*self._at(paths[0]), None)
            case "link" | "linkat" if paths[0] is not None and paths[1] is not None:
                folder, name = self._at(paths[0])
                self._change(*self._at(paths[1]), folder.now[name])
            case "rename" | "renameat" | "renameat2" if paths[0] is not None:
                assert paths[1] is not None
                folder, name = self._at(paths[0])
                moved = folder.now[name]
                self._change(folder, name, None)
                self._change(*self._at(paths[1]), moved)
            case _:
                return False
        return True

    def cut(self, target: Path, chance: random.Random | None = None) -> None:
        """Lays down what a power cut leaves: what was made sure of, and by chance a part of what
        was not."""
        self._lay(self.top, target, chance)

    def _lay(self, folder: _Folder, target: Path, chance: random.Random | None) -> None:
        target.mkdir(mode=0o700, exist_ok=True)
        names = folder.synced
        if chance and folder.since:
            names = chance.choice([folder.synced, *folder.since])
        for name, held in names.items():
            if isinstance(held, _Folder):
                self._lay(held, target / name, chance)
            elif not name.endswith("-shm"):
                (target / name).write_bytes(_left(held, chance))
                (target / name).chmod(0o600)

    def _parts(self, path: str) -> tuple[str, ...] | None:
        whole = Path(path)
        return whole.relative_to(self._root).parts if whole.is_relative_to(self._root) else None

    def _at(self, parts: tuple[str, ...]) -> tuple[_Folder, str]:
        folder = self.top
        for part in parts[:-1]:
            found = folder.now[part]
            assert isinstance(found, _Folder)
            folder = found
        return folder, parts[-1]

    def _file(self, parts: tuple[str, ...]) -> _File:
        folder, name = self._at(parts)
        file = folder.now[name]
        assert isinstance(file, _File)
        return file

    def _change(self, folder: _Folder, name: str, held: "_File | _Folder | None") -> None:
        if held is None:
            folder.now.pop(name, None)
        else:
            folder.now[name] = held
        folder.since.append(dict(folder.now))

    def _sync(self, parts: tuple[str, ...]) -> None:
        held: _File | _Folder = self.top
        if parts:
            folder, name = self._at(parts)
            held = folder.now[name]
        if isinstance(held, _File):
            held.synced = bytes(held.now)
        else:
            held.synced = dict(held.now)
            held.since.clear()


def _left(file: _File, chance: random.Random | None) -> bytes:
    """The synced octets, or with chance any of the sectors that were written since."""
    if chance is None or file.synced == file.now:
        return file.synced
    size = chance.choice((len(file.synced), len(file.now)))
    left = bytearray(file.synced[:size].ljust(size, b"\0"))
    for at in range(0, min(size, len(file.now)), _SECTOR):
        if chance.random() < 0.5:
            piece = file.now[at : min(at + _SECTOR, size)]
            left[at : at + len(piece)] = piece
    return bytes(left)
