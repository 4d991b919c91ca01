"""Recognises a mail that only says thank you, so that it reopens nothing."""

import re

_THANKS = re.compile(
    r"\b(terima\s?kasih|makasih|trims|tks|thx|thanks?( you)?|matur\s?nuwun|suwun|hatur\s?nuhun"
    r"|nuhun|tarimo kasih)\b",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"\?|\b(belum|masih|tetap|tapi|tetapi|namun|gagal|error|tidak|tdk|ga|gak|nggak|bagaimana"
    r"|gimana|mohon|tolong|minta|lagi)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 25


def is_thanks(text: str) -> bool:
    """True for a short text that thanks, asks nothing, and reports nothing as still wrong."""
    few = len(text.split()) <= _MOST_WORDS
    return few and bool(_THANKS.search(text)) and not _STILL.search(text)
