"""The answer without its courtesies: the recap keeps the solution, not the letter around it.

Careful by intent: a line goes only if each of its sentences is nothing but a courtesy, and an
answer that would vanish altogether stays as it was.
"""

import re

_TITLE = r"(bapak|ibu|pak|bu|bpk|sdr|sdri|saudara|saudari|kak|mas|mbak)"
_NAMED = rf"([, ]+{_TITLE}\b[\w/ .]{{0,50}})?[,.!]*"
_GREETING = re.compile(
    rf"(kepada )?(yth|yang terhormat)\b[^,:]{{0,80}}[,:]?"
    rf"|{_TITLE}\b[^.:,]{{0,60}},"
    rf"|(halo|hai|hi|hello|dear)( [\w/.]+){{0,3}}[,.!]*"
    rf"|selamat (pagi|siang|sore|malam){_NAMED}"
    rf"|ass?alam[\w .'’]{{0,60}}[,.!]*|salam sejahtera\b[\w ]{{0,40}}[,.!]*"
    rf"|dengan hormat\W*|di[ -]*tempat\W*"
    rf"|terima ?kasih (telah|sudah|atas) "
    rf"(menghubungi|surel|e-?mail|laporan|pertanyaan|pesan)\b[^.!?]*[.!]?",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"demikian (yang |kami|saya|untuk|atas|agar|dan|di|jawaban|penjelasan|informasi)[^.!?]*[.!]?"
    r"|(atas|terhadap) (perhatian|kerja ?sama|pengertian)\b[^.!?]*[.!]?"
    r"|(sekian( dan)? )?(terima ?kasih|makasih|tks|thanks|thank you)\b[^.!?]{0,80}[.!]?"
    r"|(apabila|jika|bila) (masih )?(ada|terdapat|memerlukan|membutuhkan|mengalami)\b[^.!?]*"
    r"(hubungi|membalas|balas)\b[^.!?]*[.!]?"
    r"|semoga (membantu|bermanfaat)\W*"
    r"|wass?alam[\w .'’]{0,60}[,.!]*",
    re.IGNORECASE,
)
# From this line on comes the signature, if it stands near the end.
_SIGN_OFF = re.compile(
    r"(hormat (kami|saya)|salam( hormat)?|best regards|regards|ttd|tertanda)\W*"
    r"|-- ?|_{3,}"
    r"|(tim |petugas |admin )?helpdesk lpse"
    r"( (provinsi|prov|kabupaten|kab|kota|kementerian|universitas)\b[\w .]{0,40})?",
    re.IGNORECASE,
)
_SIGNATURE_LINES = 8
_SENTENCE_END = re.compile(r"(?<=[.!?]) +(?=[A-Z])")


def without_courtesies(text: str) -> str:
    """The answer's own lines; the whole text when nothing else would be left."""
    lines = [line.strip() for line in text.strip().splitlines()]
    kept = _without_end(_without_greeting(lines))
    return "\n".join(kept).strip() or text.strip()


def _without_greeting(lines: list[str]) -> list[str]:
    first = 0
    while first < len(lines) and _is_only(_GREETING, lines[first]):
        first += 1
    return lines[first:]


def _without_end(lines: list[str]) -> list[str]:
    for nth in range(max(0, len(lines) - _SIGNATURE_LINES), len(lines)):
        if _SIGN_OFF.fullmatch(lines[nth]):
            lines = lines[:nth]
            break
    while lines and _is_only(_CLOSING, lines[-1]):
        lines = lines[:-1]
    return lines


def _is_only(courtesy: re.Pattern[str], line: str) -> bool:
    """Whether a line holds nothing else; an empty line holds nothing."""
    if not line or courtesy.fullmatch(line):
        return True
    return all(courtesy.fullmatch(sentence) for sentence in _SENTENCE_END.split(line))
