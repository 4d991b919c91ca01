"""What earlier mails have taught: a category for a mail of which the rules are unsure.

A linear model over pieces of words, kept as a JSON file that can be read, compared and thrown
away. `learning.py` makes it with scikit-learn; using it takes nothing but this file.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any

SCHEMA = 1
_SHORTEST, _LONGEST = 2, 5
_MOST_WORDS = 300
_REMEDY = "hapus berkas ini, atau buat lagi dengan: maild rules learn"


@dataclass(frozen=True)
class Learnt:
    """`pieces` leads from a piece of a word to its rarity and its weight for each category (by
    number); `bias` is what each category weighs before any word is read."""

    categories: tuple[str, ...]
    bias: tuple[float, ...]
    pieces: Mapping[str, tuple[float, tuple[tuple[int, float], ...]]]

    def propose(self, bases: Sequence[str]) -> tuple[str, float]:
        """The most likely category of a mail (its base forms), and how likely: 0 to 1."""
        known = self.pieces
        counts = Counter(piece for piece in pieces(bases) if piece in known)
        values = {p: (1 + log(count)) * known[p][0] for p, count in counts.items()}
        length = sqrt(sum(value * value for value in values.values())) or 1.0
        scores = list(self.bias)
        for piece, value in values.items():
            for number, weight in known[piece][1]:
                scores[number] += weight * value / length
        best = max(range(len(scores)), key=scores.__getitem__)
        total = sum(exp(score - scores[best]) for score in scores)
        return self.categories[best], 1 / total


def pieces(bases: Iterable[str]) -> Iterable[str]:
    """Stretches of 2 to 5 letters of each word with a blank on either side: what is compared."""
    for number, base in enumerate(bases):
        if number >= _MOST_WORDS:
            return
        word = f" {base[:30]} "
        for length in range(_SHORTEST, _LONGEST + 1):
            for start in range(len(word) - length + 1):
                yield word[start : start + length]


def read_learnt(text: str, file: str, known: Iterable[str]) -> tuple[Learnt | None, list[str]]:
    """The model of a file; None with a complaint (file, problem, remedy) when it is none.

    `known` are the categories of the table: a model that names another is of another table.
    """
    try:
        data: Any = json.loads(text)
        found = Learnt(
            tuple(map(str, data["kategori"])),
            tuple(map(float, data["awal"])),
            {
                str(piece): (float(rarity), tuple((int(n), float(w)) for n, w in weights))
                for piece, (rarity, weights) in data["potongan"].items()
            },
        )
        numbers = {number for _, weights in found.pieces.values() for number, _ in weights}
        whole = data["skema"] == SCHEMA and len(found.categories) == len(found.bias) > 0
        if not whole or not numbers <= set(range(len(found.bias))):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, [f"{file}: bukan hasil belajar maild; {_REMEDY}"]
    if strange := sorted(set(found.categories) - set(known)):
        return None, [f"{file}: kategori '{strange[0]}' tidak ada dalam tabel; {_REMEDY}"]
    return found, []


def written(learnt: Learnt) -> str:
    """The file of a model: a line a piece, so that two versions can be compared."""
    head = {"skema": SCHEMA, "kategori": learnt.categories, "awal": learnt.bias}
    lines = [
        f"{json.dumps(piece, ensure_ascii=False)}: {json.dumps(learnt.pieces[piece])}"
        for piece in sorted(learnt.pieces)
    ]
    opened = json.dumps(head, ensure_ascii=False)[:-1]
    return opened + ', "potongan": {\n' + ",\n".join(lines) + "\n}}\n"
