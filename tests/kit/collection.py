"""Collections of sample mails: a text file holds many, as an editor shows them.

    === what this mail proves
    From: ...                    header fields as they are; what is missing is added
    Subject: ...

    the plain text
    --- html                     an alternative in HTML; alone when there is no plain text
    <p>...</p>
    --- jawaban                  what the person wrote himself
    ...
    --- sifat bounce             the nature, where it is not the one of the whole file

Octets are made as mail programs make them: UTF-8, several parts quoted-printable.
"""

import quopri
import re
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"^--- (html|jawaban|sifat)(?: (\w+))?$", re.M)
_ADDED = {
    "To": "Helpdesk LPSE <helpdesk@lpse.example>",
    "Date": "Fri, 9 Jan 2026 10:00:00 +0700",
    "Message-ID": "<contoh@surat.example>",
    "MIME-Version": "1.0",
}


@dataclass(frozen=True)
class Sample:
    """One mail of a collection. `answer` is None where only the nature is known."""

    proves: str
    octets: bytes
    answer: str | None
    nature: str | None
    html: str


def load(path: Path) -> list[Sample]:
    """All mails of a collection, in order."""
    entries = re.split(r"^=== ", path.read_text("utf-8"), flags=re.M)
    return [_sample(entry) for entry in entries if entry.strip()]


def _sample(entry: str) -> Sample:
    proves, _, rest = entry.partition("\n")
    pieces = _MARK.split(rest)
    named = {name: (word, text.strip("\n")) for name, word, text in _threes(pieces[1:])}
    head, _, text = pieces[0].partition("\n\n")
    answer = named["jawaban"][1] if "jawaban" in named else None
    nature = named["sifat"][0] if "sifat" in named else None
    html = named["html"][1] if "html" in named else ""
    return Sample(proves.strip(), _octets(head, text.rstrip("\n"), html), answer, nature, html)


def _threes(pieces: list[str]) -> list[tuple[str, str, str]]:
    return list(zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True))


def _octets(head: str, text: str, html: str) -> bytes:
    fields = head.strip("\n")
    for name, value in _ADDED.items():
        if not re.search(rf"^{name}:", fields, re.M | re.I):
            fields += f"\n{name}: {value}"
    if "content-type:" in fields.lower():
        return f"{fields}\n\n{text}\n".encode()
    if not html:
        return f"{fields}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n".encode()
    if not text.strip():
        return f"{fields}\nContent-Type: text/html; charset=utf-8\n\n{html}\n".encode()
    return (
        f"{fields}\nContent-Type: multipart/alternative; boundary=bagian\n\n".encode()
        + b"".join((_part("plain", text), _part("html", html), b"--bagian--\n"))
    )


def _part(kind: str, text: str) -> bytes:
    head = f"--bagian\nContent-Type: text/{kind}; charset=utf-8\n"
    return f"{head}Content-Transfer-Encoding: quoted-printable\n\n".encode() + quopri.encodestring(
        f"{text}\n".encode()
    )
