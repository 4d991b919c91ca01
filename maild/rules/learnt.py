"""What earlier mails have taught: how likely each category and each kind is, by what a mail says.

A linear model over base forms, the words of the subject once more, and the signs that the table
finds: a phrase that the office adds counts at once, as what it stands for. Kept as a JSON file
that can be read, compared and thrown away. `learning.py` makes it with scikit-learn; using it
takes nothing but this file.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any, NamedTuple, TypeVar

from maild.model.ticket import Kind

SCHEMA = 3
_N = TypeVar("_N")
_REMEDY = "hapus berkas ini, atau buat lagi dengan: maild rules learn"


class Word(NamedTuple):
    """What a word weighs for every category and every kind; `squared` is its rarity, squared."""

    squared: float
    categories: tuple[float, ...]
    kinds: tuple[float, ...]


@dataclass(frozen=True)
class Learnt:
    """`words` leads from a base form to its weights; `bias` is what categories and then kinds
    weigh before any word is read."""

    categories: tuple[str, ...]
    kinds: tuple[Kind, ...]
    bias: tuple[float, ...]
    words: Mapping[str, Word]

    def likely_categories(self, said: Iterable[str]) -> Mapping[str, float]:
        """How likely what a mail says (`said.features`) makes each category (together 1); empty
        where none of it was ever met."""
        found = self._found(said)
        return _likely(self.categories, self.bias, found, [word.categories for word in found])

    def likely_kinds(self, said: Iterable[str]) -> Mapping[Kind, float]:
        """The same of each kind; nothing of what is no problem, which its category tells."""
        found = self._found(said)
        bias = self.bias[len(self.categories) :]
        return _likely(self.kinds, bias, found, [word.kinds for word in found])

    def words_for(self, name: str, said: Iterable[str], most: int = 3) -> str:
        """What speaks most for a category or kind, for reasons: words as they are compared."""
        found = [(word, self.words[word]) for word in said if word in self.words]
        if name in self.categories:
            column = self.categories.index(name)
            weights = [(row.categories[column], word) for word, row in found]
        else:
            column = list(map(str, self.kinds)).index(name)
            weights = [(row.kinds[column], word) for word, row in found]
        best = [word for weight, word in sorted(weights, reverse=True) if weight > 0.0]
        plain = dict.fromkeys(w.lstrip("^") for w in best if "." not in w)
        return ", ".join(list(plain)[:most])

    def _found(self, said: Iterable[str]) -> list[Word]:
        known = self.words
        return [known[word] for word in said if word in known]


def _likely(
    names: Sequence[_N],
    bias: Sequence[float],
    words: Sequence[Word],
    weights: Sequence[tuple[float, ...]],
) -> dict[_N, float]:
    if not names or not words:
        return {}
    length = sqrt(sum(word.squared for word in words)) or 1.0
    sums = map(sum, zip(*weights, strict=True))
    scores = [b + s / length for b, s in zip(bias, sums, strict=False)]
    best = max(scores)
    shares = [exp(score - best) for score in scores]
    total = sum(shares)
    return {name: share / total for name, share in zip(names, shares, strict=True)}


def read_learnt(text: str, file: str, known: Iterable[str]) -> tuple[Learnt | None, list[str]]:
    """The model of a file; None with a complaint (file, problem, remedy) when it is none.

    `known` are the categories of the table: a model that names another is of another table.
    """
    try:
        data: Any = json.loads(text)
        categories = tuple(map(str, data["kategori"]))
        kinds = tuple(map(Kind, data["jenis"]))
        width = len(categories) + len(kinds)
        words = {
            str(word): _word(float(rarity), weights, len(categories), width)
            for word, (rarity, weights) in data["kata"].items()
        }
        found = Learnt(categories, kinds, tuple(map(float, data["awal"])), words)
        if data["skema"] != SCHEMA or not categories or len(found.bias) != width:
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return None, [f"{file}: bukan hasil belajar maild; {_REMEDY}"]
    if strange := sorted(set(found.categories) - set(known)):
        return None, [f"{file}: kategori '{strange[0]}' tidak ada dalam tabel; {_REMEDY}"]
    return found, []


def _word(rarity: float, weights: Iterable[Sequence[Any]], split: int, width: int) -> Word:
    row = [0.0] * width
    for number, weight in weights:
        row[range(width)[int(number)]] = float(weight)
    return weighed(rarity, row, split)


def weighed(rarity: float, row: Sequence[float], split: int) -> Word:
    """A word of that rarity; `row` is what it weighs, for kinds from `split` on."""
    scaled = tuple(round(rarity * weight, 3) for weight in row)
    return Word(round(rarity * rarity, 4), scaled[:split], scaled[split:])


def written(learnt: Learnt) -> str:
    """The file of a model: a line a word, so that two versions can be compared."""
    head = {
        "skema": SCHEMA,
        "kategori": learnt.categories,
        "jenis": learnt.kinds,
        "awal": learnt.bias,
    }
    lines = []
    for word in sorted(learnt.words):
        squared, categories, kinds = learnt.words[word]
        rarity, row = sqrt(squared), (*categories, *kinds)
        telling = [(n, round(w / rarity, 2)) for n, w in enumerate(row) if w]
        lines.append(
            f"{json.dumps(word, ensure_ascii=False)}: {json.dumps([round(rarity, 2), telling])}"
        )
    opened = json.dumps(head, ensure_ascii=False)[:-1]
    return opened + ', "kata": {\n' + ",\n".join(lines) + "\n}}\n"
