"""Names of attached files, safe for every file system (reliability B080 to B082).

The name keeps what a reader sees; whatever could lead out of a folder, hide the extension or
collide with a device name is taken out. Files are stored by digest, so a name is only a label.
"""

import re
import unicodedata

MAX_OCTETS = 200
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.I)
_EXTENSION = re.compile(r"(?:\.tar)?\.[^.\s]{1,12}$")
_USUAL = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/calendar": ".ics",
    "text/rtf": ".rtf",
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


def safe(name: str, media_type: str, number: int) -> str:
    """A usable name: never empty; `lampiran-N` with an extension when the sender gave none."""
    plain = "".join(" " if c in "\r\n\t" else c for c in unicodedata.normalize("NFC", name))
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    plain = _FORBIDDEN.sub("_", re.split(r"[/\\]", plain)[-1])
    plain = " ".join(plain.split()).strip(" ").rstrip(". ")
    if not plain.strip("._ "):
        return f"lampiran-{number}{extension(media_type)}"
    if _DEVICES.fullmatch(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def unique(name: str, used: set[str]) -> str:
    """The name, with ` (2)` and so on when it is taken; `used` (casefolded) is added to."""
    candidate, count = name, 1
    while candidate.casefold() in used:
        count += 1
        ending = _EXTENSION.search(name)
        at = ending.start() if ending else len(name)
        candidate = f"{name[:at]} ({count}){name[at:]}"
    used.add(candidate.casefold())
    return candidate


def extension(media_type: str) -> str:
    """The usual extension of a media type with its dot, or an empty string."""
    return _USUAL.get(media_type, "")


def _shortened(name: str) -> str:
    if len(name.encode()) <= MAX_OCTETS:
        return name
    ending = _EXTENSION.search(name)
    tail = ending[0] if ending else ""
    head = name[: len(name) - len(tail)].encode()[: MAX_OCTETS - len(tail.encode())]
    return head.decode("utf-8", "ignore").rstrip(". ") + tail
