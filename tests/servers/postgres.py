"""A PostgreSQL of our own on loopback, from Debian's binaries, in a folder that is thrown away.

PostgreSQL refuses to run as root: root then lends it the user `postgres` (or `nobody`).
"""

import os
import pwd
import shutil
import subprocess
from itertools import count
from pathlib import Path
from typing import Self

from place import HOST, ServerMissingError, free_port, new_folder, wait_for

_serial = count(1)


def _binaries() -> Path:
    versions = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()),
        key=lambda path: int(path.parent.name),
    )
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    if found is None:
        raise ServerMissingError("PostgreSQL is not installed (tests/servers/install.sh, as root)")
    return Path(found).parent


class Postgres:
    """One server without durability: it is for behaviour, not for crashes of the machine."""

    def __init__(self) -> None:
        self._bin = _binaries()
        self._folder = new_folder("postgres")
        self.port = free_port()
        self._owner: str | None = None
        if os.geteuid() == 0:
            names = {user.pw_name for user in pwd.getpwall()}
            self._owner = "postgres" if "postgres" in names else "nobody"
            shutil.chown(self._folder, self._owner)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Makes the cluster and starts it."""
        data = self._folder / "data"
        self._run(
            "initdb", "-D", data, "-A", "trust", "-U", "maild", "-E", "UTF8",
            "--no-locale", "--no-sync",
        )  # fmt: skip
        options = {
            "listen_addresses": HOST,
            "port": str(self.port),
            "unix_socket_directories": str(self._folder),
            "fsync": "off",
            "shared_buffers": "32MB",
            "max_connections": "60",
        }
        command = [str(self._bin / "postgres"), "-D", str(data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        log = self._folder / "log"
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                command, stdout=out, stderr=out, user=self._owner, group=self._group()
            )
        wait_for(self._is_ready, "postgres", log)

    def stop(self) -> None:
        """Ends it at once and removes the data."""
        if self._process is not None:
            self._process.send_signal(2)  # SIGINT: fast shutdown
            self._process.wait(15)
            self._process = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def new_database(self) -> str:
        """Makes an empty database; its address for SQLAlchemy with psycopg."""
        name = f"maild_{next(_serial)}"
        self._run("createdb", "-h", HOST, "-p", str(self.port), "-U", "maild", name)
        return f"postgresql+psycopg://maild@{HOST}:{self.port}/{name}"

    def _is_ready(self) -> bool:
        command = [str(self._bin / "pg_isready"), "-q", "-h", HOST, "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0

    def _group(self) -> int | None:
        return pwd.getpwnam(self._owner).pw_gid if self._owner else None

    def _run(self, name: str, *words: str | Path) -> None:
        done = subprocess.run(
            [str(self._bin / name), *map(str, words)],
            capture_output=True, text=True, check=False, cwd=self._folder,
            user=self._owner, group=self._group(),
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stdout}{done.stderr}")
