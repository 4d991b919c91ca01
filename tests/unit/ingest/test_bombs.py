"""T21: mails that are made to burst their reader, through the real child with its real limits of
memory and processor time (but not of time by the clock, which a busy machine may use up).

Each is as large as MAILD_BOMB_MB says (24 in the long run, as large as intake fetches at most).
Read or given up, the main process stays small, the child below its limit, and the next mail is
read.
"""

import base64
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from kit.office import MONDAY, office
from maild.ingest.worker import Limits, Read, Reader, Unreadable
from maild.service.ahead import Ahead
from maild.service.keys import MailboxKeys

SHORT = float(os.environ.get("MAILD_BOMB_MB", "2"))
WHOLE = 24.0
HEAD = b"From: budi@x.example\r\nTo: h@x.example\r\nSubject: bom\r\nMessage-ID: <b@x.example>\r\n"
MIXED = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
NEXT = b"From: siti@x.example\r\nSubject: berikutnya\r\n\r\nGagal login.\r\n"


def filled(piece: bytes, octets: int) -> bytes:
    return piece * (octets // len(piece))


def zipped(octets: int) -> bytes:
    """Zeros that pack a thousand to one, in an archive in an archive."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(4):
            archive.writestr(f"{n}.txt", bytes(octets * 4))
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(30):
            archive.writestr(f"{n}.zip", inner.getvalue())
    encoded = base64.encodebytes(outer.getvalue())
    return (
        HEAD + MIXED + b"\r\n--b\r\n\r\nterlampir\r\n--b\r\nContent-Type: application/zip; "
        b"name=bom.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded + b"\r\n--b--\r\n"
    )


def nested(octets: int) -> bytes:
    each = b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n"
    count = octets // 60
    levels = b"".join(each % (n, n + 1) for n in range(count))
    return HEAD + MIXED.replace(b"boundary=b", b"boundary=0") + b"\r\n" + levels


def enclosed(octets: int) -> bytes:
    return HEAD + filled(b"Content-Type: message/rfc822\r\n\r\n", octets)


BOMBS: dict[str, Callable[[int], bytes]] = {
    "zip in zip": zipped,
    "multiparts nested": nested,
    "messages nested": enclosed,
    "empty parts": lambda n: HEAD + MIXED + b"\r\n" + filled(b"--b\r\n\r\n", n) + b"--b--\r\n",
    "files of an octet": lambda n: (
        HEAD
        + MIXED
        + b"\r\n"
        + filled(b"--b\r\nContent-Type: image/png; name=a.png\r\n\r\nx\r\n", n)
        + b"--b--\r\n"
    ),
    "one field": lambda n: HEAD + b"X-Besar: " + filled(b"a", n) + b"\r\n\r\nisi\r\n",
    "many fields": lambda n: HEAD + filled(b"X-A: b\r\n", n) + b"\r\nisi\r\n",
    "recipients": lambda n: HEAD + b"Cc: " + filled(b"a@x.example, ", n) + b"\r\n\r\nisi\r\n",
    "references": lambda n: HEAD + b"References: " + filled(b"<a@x.example> ", n) + b"\r\n\r\nisi",
    "encoded words": lambda n: HEAD + b"Subject: " + filled(b"=?utf-8?q?=41?= ", n) + b"\r\n",
    "comments": lambda n: b"From: " + filled(b"(", n) + b" a@x.example\r\n\r\nisi\r\n",
    "one line": lambda n: HEAD + b"\r\n" + filled(b"a", n),
    "quotes": lambda n: HEAD + b"\r\nisi\r\n" + filled(b"> > > a\r\n", n),
    "open tags": lambda n: HEAD + b"Content-Type: text/html\r\n\r\n" + filled(b"<div><b>", n),
    "blanks in HTML": lambda n: HEAD + b"Content-Type: text/html\r\n\r\n<p>" + filled(b" \n", n),
    "quoted-printable": lambda n: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + filled(b"=41=\r\n", n)
    ),
    "base64 of nothing": lambda n: (
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + filled(b"====\r\n", n)
    ),
}


def memory_of(pid: int | str, what: str) -> int:
    """MB, from the kernel: VmRSS (now) or VmHWM (at most)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(x for x in lines if x.startswith(what)).split()[1]) >> 10


def burst(folder: Path, name: str, octets: int) -> str:
    bomb, following = folder / "bom.eml", folder / "berikutnya.eml"
    bomb.write_bytes(BOMBS[name](octets))
    following.write_bytes(NEXT)
    before = memory_of("self", "VmRSS")
    with Reader(limits=Limits(wall_seconds=300)) as reader:
        book = office().book
        reader.weigh_by(Ahead(book.table, book.worktime))
        first, second = reader.read_many([bomb, following], [MONDAY, MONDAY])
        assert reader._child is not None
        child = memory_of(reader._child.pid, "VmHWM")
    grown = memory_of("self", "VmRSS") - before
    assert isinstance(second, Read), second
    assert second.mail.text == "Gagal login."
    assert second.assessment is not None
    assert child <= Limits().memory_mb
    assert grown < 300
    if isinstance(first, Read):
        assert len(first.mail.attachments) <= 200
    end = first.reason if isinstance(first, Unreadable) else "read"
    return f"{name}: {end}, child {child} MB, main +{max(0, grown)} MB"


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_harms_nobody_but_itself(tmp_path: Path, name: str) -> None:
    print(burst(tmp_path, name, int(SHORT * (1 << 20))))  # noqa: T201


@pytest.mark.long
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_as_large_as_intake_fetches_harms_nobody_but_itself(
    tmp_path: Path, name: str
) -> None:
    print(burst(tmp_path, name, int(WHOLE * (1 << 20))))  # noqa: T201


def test_the_largest_mail_of_the_settings_is_one_that_the_reader_takes() -> None:
    given = {"address": "h@x.example", "host": "x.example"}
    assert MailboxKeys(**given, max_mail_mb=60).max_mail_mb << 20 <= Limits().octets
    with pytest.raises(ValidationError):
        MailboxKeys(**given, max_mail_mb=62)


def test_a_mail_of_a_hundred_megabytes_is_not_even_opened(tmp_path: Path) -> None:
    """Intake leaves it on the server (B092); should its file be here, the reader refuses it."""
    large = tmp_path / "besar.eml"
    with large.open("wb") as file:
        file.write(HEAD + b"\r\n")
        file.truncate(100 << 20)
    (tmp_path / "n.eml").write_bytes(NEXT)
    with Reader(limits=Limits(wall_seconds=300)) as reader:
        first, second = reader.read_many([large, tmp_path / "n.eml"])
        assert reader._child is not None
        assert memory_of(reader._child.pid, "VmHWM") < 150
    assert first == Unreadable("larger than the limit")
    assert isinstance(second, Read)
