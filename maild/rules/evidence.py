"""The hits of one mail, weighed: what speaks for which category, kind and role, and where.

A phrase in the subject counts more; beside a deadline, in a supposition or in the background of
the story it counts less, because it names what is threatened and not what is wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from maild.rules.match import Hit
from maild.rules.normalise import Reading
from maild.rules.priorities import Cue

_SUBJECT = 1.4
_ASIDE = 0.4
_FAR = 0.5
_REPEATS = (1.0, 0.6, 0.35, 0.2)
_MOST_WEAK = 2.5


@dataclass(frozen=True, slots=True)
class Signs:
    """`hits` by owner (`kategori.sanggah`); `aside` are the words that count less."""

    reading: Reading
    hits: Mapping[str, tuple[Hit, ...]]
    aside: frozenset[int]

    def has(self, cue: Cue) -> bool:
        """Whether a sign of this name was found."""
        return f"isyarat.{cue}" in self.hits

    def cue(self, cue: Cue) -> tuple[Hit, ...]:
        """The places of a sign."""
        return self.hits.get(f"isyarat.{cue}", ())

    def words(self, owner: str, most: int = 3) -> str:
        """The words in the mail that speak for an owner, for reasons."""
        positive = [h for h in self.hits.get(owner, ()) if h.phrase.weight > 0]
        best = sorted(positive, key=lambda h: -h.phrase.weight)
        found = dict.fromkeys(self.reading.words(h.first, h.last).lower() for h in best)
        return "; ".join(list(found)[:most])

    def sentences(self, owner: str) -> set[int]:
        """The sentences in which something speaks strongly, and not aside, for an owner."""
        return {
            self.reading.sentences[hit.first]
            for hit in self.hits.get(owner, ())
            if hit.phrase.weight > 1 and self.aside.isdisjoint(range(hit.first, hit.last))
        }

    def score(self, owner: str) -> float:
        """The weight of everything that speaks for (and against) an owner."""
        strong: list[float] = []
        weak = against = 0.0
        covered: set[int] = set()
        seen: set[tuple[str, int]] = set()
        where = {
            self.reading.sentences[h.first]
            for h in self.hits.get(owner, ())
            if h.phrase.weight > 1
        }
        ordered = sorted(
            self.hits.get(owner, ()), key=lambda h: (-abs(h.phrase.weight), h.first - h.last)
        )
        for hit in ordered:
            words = range(hit.first, hit.last)
            weight = hit.phrase.weight * self._place(words)
            if hit.phrase.weight < 0:
                if (hit.phrase.text, 0) not in seen:
                    near = self.reading.sentences[hit.first] in where
                    against += weight if near else weight * _FAR
                seen.add((hit.phrase.text, 0))
            elif not covered.issuperset(words):
                new = len(set(words) - covered) / len(words)
                covered.update(words)
                key = (" ".join(self.reading.bases[hit.first : hit.last]), 1)
                if key in seen:
                    continue
                seen.add(key)
                if hit.phrase.weight >= 2:
                    strong.append(weight * (1.0 if new == 1.0 else 0.5))
                else:
                    weak += weight
        strong.sort(reverse=True)
        total = sum(w * _REPEATS[min(i, 3)] for i, w in enumerate(strong))
        return total + min(weak, _MOST_WEAK) + max(against, -6.0)

    def _place(self, words: range) -> float:
        if any(word in self.aside for word in words):
            return _ASIDE
        return _SUBJECT if self.reading.sentences[words.start] == 0 else 1.0


def signs(reading: Reading, found: Iterable[Hit], spans: Iterable[tuple[int, int]]) -> Signs:
    """Sort the hits by owner. `spans` are characters of the text that name a deadline."""
    by_owner: dict[str, list[Hit]] = {}
    for hit in found:
        by_owner.setdefault(hit.phrase.owner, []).append(hit)
    aside: set[int] = set()
    for start, end in spans:
        aside.update(i for i, (a, b) in enumerate(reading.spans) if a < end and start < b)
    for cue in (Cue.HYPOTHETICAL, Cue.BACKGROUND):
        for hit in by_owner.get(f"isyarat.{cue}", ()):
            last = hit.last
            total = len(reading.bases)
            while cue is Cue.HYPOTHETICAL and last < total and last < hit.last + 6:
                if reading.sentences[last] != reading.sentences[hit.first]:
                    break
                last += 1
            aside.update(range(hit.first, last))
    return Signs(reading, {k: tuple(v) for k, v in by_owner.items()}, frozenset(aside))
