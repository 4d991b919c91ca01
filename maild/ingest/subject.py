"""Subjects: the line as it is shown, and the line by which mails are compared (B066, B067)."""

import re

MAX_SHOWN = 250
# Reply and forward prefixes of mail programs in many languages; a number or count may follow.
_PREFIX = re.compile(
    r"\s*(?:(?:re|r|fwd?|fw|bls|balas|balasan|trs|terusan|diteruskan|aw|antw|antwoord|wg|sv|svar"
    r"|vs|vb|vl|tr|rif|rv|res|enc|odp|pd|ynt|ilt|ha|fs|doorst|ref|atb|nad|на|отв|ответ|пересл"
    r"|回复|答复|回覆|转发|轉寄|返信|転送|رد)\s*(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,2})?\s*[:：]"
    r"|\[(?:external|ext|eksternal|spam|suspected spam|possible spam|caution|sumber eksternal)\]"
    r"|\*{2,}\s?(?:spam|external)\s?\*{2,})",
    re.I,
)
_MAX_PREFIXES = 40


def base(subject: str) -> str:
    """The subject without prefixes and marks of gateways, in lower case, for comparison only."""
    at = 0
    for _ in range(_MAX_PREFIXES):
        match = _PREFIX.match(subject, at)
        if match is None:
            break
        at = match.end()
    return " ".join(subject[at:].split()).casefold()
