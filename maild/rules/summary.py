"""The problem in one line, for the recap's column "Permasalahan" and for subjects of letters."""

import re

from maild.rules.secret import mask_secrets

_LONGEST = 140
_PREFIX = re.compile(r"(?i)^(?:(?:re|fw|fwd|bls|balas|trs|terusan)\s?:\s*|\[[^\]]{1,40}\]\s*)+")
_VAGUE = re.compile(
    r"(?i)^\W*(?:mohon|minta|tolong|butuh|perlu|help|bantuan(?:nya)?|tanya|bertanya|"
    r"nanya|urgent|segera|penting|kendala|masalah|permasalahan|error|info|lapor|laporan|"
    r"hal|perihal|pengaduan|keluhan|konsultasi|kekecewaan|kami|pak|bu|min|admin|lpse|"
    r"spse|dong|ya|nih|kemarin|yth|\d+|no subject|tanpa subjek|kepada|helpdesk|lelet|rup|"
    r"password|akun|login|\W)+$"
)
_MAY_END = re.compile(r"(?<=[.!?])\s+|\n+")
# What stands before a full stop that ends nothing: letters each with a stop (s.d., a.n., S.E., the
# M. of a name); two capitals (PT., CV.); a word clipped to its consonants (Jl., Bpk., tgl., dkk.);
# a short capitalised one ending in a consonant (Kab., Prov.). Before a number any short one (No.).
_SHORTENED = re.compile(
    r"(?:^|[\s(/,:;-])(?:(?:[^\W\d_]{1,2}\.)*[^\W\d_]|[^\W\d_a-z]{2}"
    r"|[^\W\d_aeiouAEIOU](?:[^\W\d_aeiouA-Z]{1,3}|[^\W\d_aeiouA-Z]{2}[aiu])|[^\W\d_a-z][^\W\d_A-Z]{0,2}[^\W\d_aeiouA-Z])\.$"
)
_CONSONANTS = re.compile(r"(?:^|\W)[^\W\d_aeiouA-Z]{2,4}\.$")
_SHORT = re.compile(r"(?:^|\W)[^\W\d_]{1,3}\.$")
_COURTESY = re.compile(
    r"(?i)^\W*(?:yth|kepada|di\s?tempat|dengan hormat|salam\b|selamat (?:pagi|siang|sore|"
    r"malam)|slmt|ass?alam\w*|wa\s?alaikum\w*|om swastyastu|syalom|shalom|horas|punten|"
    r"permisi|hi|hai|halo|hallo|dear|pagi|siang|sore|malam|terima\s?kasih|trims|makasih|"
    r"thanks|demikian|hormat (?:kami|saya)|regards|best|wassalam\w*|atas (?:perhatian|"
    r"bantuan)\w*|nomor|lampiran|perihal|mohon maaf|matur nuwun|hatur nuhun|bersama ini|"
    r"menindaklanjuti)\b"
)
_LEAD = re.compile(
    r"(?i)^\W*(?:(?:(?:yth|kepada|dear|hi|hai|halo|hallo|ass?alamu?'?alaikum\w*|selamat|"
    r"slmt|pagi|siang|sore|malam|met|salam|om swastyastu|syalom|shalom|horas|punten|"
    r"permisi|nyuwun (?:sewu|pirso)|maaf|mohon maaf|izin|ijin|min|pak|bapak|bu|"
    r"ibu|bapak/ibu|pak/bu|bu/pak|mas|mbak?|kak|bang|kang|uda|tim|"
    r"(?:admin|helpdesk|verifikator)(?: (?:lpse|spse))?|siang|wr|wb|dan|sejahtera|"
    r"bertanya|tanya)\b[\s.,!/:-]*)+)"
)


def summary_line(subject: str, text: str) -> str:
    """One clear line of at most 140 characters: the subject when it says something, else the
    first sentence of the text that does, without greetings. Secrets are masked."""
    topic = _tidy(_PREFIX.sub("", subject[:400]))
    if len(topic) >= 12 and len(topic.split()) >= 3 and not _VAGUE.match(topic):
        return _cut(topic)
    for sentence in _sentences(text):
        said = _tidy(_LEAD.sub("", sentence))
        if len(said.split()) >= 3 and not _COURTESY.match(said) and not _VAGUE.match(said):
            return _cut(said)
    longest = max(map(_tidy, _sentences(text)), key=len, default="")
    return _cut(topic if topic and not _VAGUE.match(topic) else longest or topic or "(tanpa isi)")


def _sentences(text: str) -> list[str]:
    own = "\n".join(line for line in text[:8000].splitlines() if not line.lstrip().startswith(">"))
    joined = re.sub(r"(?<=[\w,])\n(?=[a-z])", " ", own)
    found: list[str] = []
    begins = 0
    for gap in _MAY_END.finditer(joined):
        if "\n" in gap[0] or not _goes_on(
            joined[max(begins, gap.start() - 20) : gap.start()], joined[gap.end() : gap.end() + 1]
        ):
            found.append(joined[begins : gap.start()])
            begins = gap.end()
    found.append(joined[begins:])
    return [s.strip()[:400] for s in found if s.strip()]


def _goes_on(before: str, after: str) -> bool:
    """Whether a full stop only ends a shortened word, and not the sentence."""
    if after.isdigit() and _SHORT.search(before):
        return True
    if after.isupper() and _CONSONANTS.search(before):  # "Budi dkk. Mohon dibantu"
        return False
    return _SHORTENED.search(before) is not None


def _tidy(text: str) -> str:
    line = " ".join(mask_secrets(text).split()).strip(" .,:;-–*_>")
    if line.isupper() and len(line) > 12:
        line = line.lower()
    return line[:1].upper() + line[1:]


def _cut(line: str) -> str:
    if len(line) <= _LONGEST:
        return line
    return line[: _LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,.;:-") + "…"
