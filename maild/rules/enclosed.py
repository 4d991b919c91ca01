"""Which papers a mail encloses: only a real attachment counts; its name or the writer's words tell
what it is."""

import re
from collections.abc import Sequence

from maild.model.mail import Attachment

_ENCLOSED = re.compile(
    r"(?i)lampir|\battach|\bsertakan|"
    r"\bkirim(?:kan)? (?:pindaian|scan|foto|salinan|fotokopi)|\bberikut (?:ini )?(?:kami )?kirim"
    r"|\bkirim(?:kan)? (?:di|lewat|bersama|melalui) (?:e-?mail|surel|pesan|surat) ini"
)
# What is listed below "Lampiran:" is enclosed too.
_LIST = re.compile(
    r"(?i)(?:^|\n)\W{0,3}(?:lampiran|terlampir|dilampirkan)\b[^\n:]{0,40}:[ \t]*"
    r"(?:\n\W{0,3}(?:\d{1,2}[.)]|[-*•])[^\n]+)+"
)


# "Surat terlampir, SK masih di meja Kadis": what follows later is not enclosed.
_LATER = re.compile(
    r"(?i)\b(?:belum|blm|masih|menyusul|nyusul|susulkan|nanti|sedang|sdg|lagi|akan|ketinggalan)\b"
)


def _told_of(wanted: re.Pattern[str], sentence: str) -> bool:
    """Whether a part of the sentence speaks of it and does not say that it is yet to come."""
    parts = re.split(r"[,;]\s", sentence)
    return any(
        wanted.search(part) and (_ENCLOSED.search(part) or not _LATER.search(part))
        for part in parts
    )


def enclosed(wanted: re.Pattern[str], text: str, files: Sequence[Attachment]) -> str:
    """The name of the file that is the paper, by its own name or by the sentence that encloses it;
    "" where there is none."""
    if not files:
        return ""
    for file in files:
        if wanted.search(re.sub(r"[_\-.]", " ", file.name)):
            return file.name
    listed = _LIST.sub(lambda m: f"\n{m[0].strip().replace(chr(10), '; ')}", text)
    sentences = re.split(r"(?<=[a-z)])\.\s|\n", listed)
    said = any(_ENCLOSED.search(s) and _told_of(wanted, s) for s in sentences)
    return files[0].name if said else ""
