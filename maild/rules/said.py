"""What a mail says, as earlier mails are compared with it: words, and the signs of the table."""

from collections.abc import Mapping

from maild.rules.evidence import Signs

SIGNS = ("kategori.", "jenis.", "isyarat.")  # how the names of signs begin
_ASKED = "?"
_IN_SUBJECT = "^"  # before a word of the subject
_STRONG, _STRONGEST = 2.5, 5.0
_MOST_WORDS = 300


def features(seen: Signs, scores: Mapping[str, float]) -> tuple[str, ...]:
    """What is compared, each once: the words, those of the subject again, whether something is
    asked, and the signs; `scores` are what the categories weigh by their phrases."""
    reading = seen.reading
    said = [word[:30] for word in list(dict.fromkeys(reading.bases))[:_MOST_WORDS]]
    subject = reading.bases[: min(reading.sentences.count(0), _MOST_WORDS)]
    said += [_IN_SUBJECT + word[:30] for word in dict.fromkeys(subject)]
    if reading.asked:
        said.append(_ASKED)
    weighed = [(f"kategori.{id_}", score) for id_, score in scores.items()]
    for owner in seen.hits:
        if owner.startswith("isyarat."):
            said.append(owner)
        elif owner.startswith("jenis."):
            weighed.append((owner, seen.score(owner)))
    for owner, score in weighed:
        if score > 0.0:
            said.append(owner)
            if score >= _STRONG:
                said.append(f"{owner}+")
                if score >= _STRONGEST:
                    said.append(f"{owner}++")
    return tuple(said)
