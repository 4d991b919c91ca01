"""What every test server needs: a folder that others may enter, free ports, a certificate."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


class ServerMissingError(Exception):
    """The server is not installed or cannot run here; the text says why."""


def new_folder(name: str) -> Path:
    """A folder outside pytest's own, which only root may enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"maild-{name}-"))
    folder.chmod(0o755)
    return folder


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def program(name: str, *folders: str) -> str:
    """The path of a program, also where an ordinary user does not look."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *folders))
    found = shutil.which(name, path=path)
    if found is None:
        raise ServerMissingError(f"{name} is not installed (tests/servers/install.sh, as root)")
    return found


def wait_for(ready: Callable[[], bool], what: str, log: Path | None = None) -> None:
    """Until a starting server answers; its log is in the error when it does not."""
    end = time.monotonic() + 15
    while not ready():
        if time.monotonic() > end:
            tail = log.read_text("utf-8", "replace")[-2000:] if log and log.exists() else ""
            raise RuntimeError(f"{what} did not start\n{tail}")
        time.sleep(0.02)


def greets(port: int) -> bool:
    """Whether something listens there and says the first word."""
    try:
        with socket.create_connection((HOST, port), 5) as sock:
            return bool(sock.recv(64))
    except OSError:
        return False


def run(*command: str | Path) -> None:
    """Runs a command to its end; what it said is in the error."""
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False, timeout=60
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def certificate(folder: Path, host: str = HOST) -> tuple[Path, Path]:
    """A self-signed certificate for `host` and localhost, and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "maild test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ip_address(host))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / "cert.pem", folder / "key.pem"
    cert_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert_file, key_file
