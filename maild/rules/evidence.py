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
_MOST_AGAINST = -6.0
_STRONG = 2.0
_OF_FAILURE = (f"isyarat.{Cue.FAILURE}", f"isyarat.{Cue.WIDE_IMPACT}")
_THINGS = ("baris", "data", "menu", "file", "berkas", "dokumen", "isian", "produk", "kolom")
_TROUBLES = ("kendala", "masalah", "gangguan", "keluhan", "hambatan", "error")


@dataclass(frozen=True, slots=True)
class Signs:
    """`hits` by owner (`kategori.sanggah`); `aside` are the words that count less, a bit each."""

    reading: Reading
    hits: Mapping[str, tuple[Hit, ...]]
    aside: int

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
            if hit.phrase.weight > 1 and not self.is_aside(hit)
        }

    def covered(self, owner: str) -> int:
        """The words of what speaks strongly for an owner, a bit each."""
        covered = 0
        for hit in self.hits.get(owner, ()):
            if hit.phrase.weight >= _STRONG:
                covered |= _bits(hit)
        return covered

    def at_length(self, owner: str) -> bool:
        """Whether more than one word together speaks strongly for an owner."""
        hits = self.hits.get(owner, ())
        return any(h.phrase.weight >= _STRONG and h.last - h.first > 1 for h in hits)

    def is_aside(self, hit: Hit) -> bool:
        """Whether one of its words counts less."""
        return bool(self.aside and self.aside & _bits(hit))

    def score(self, owner: str) -> float:
        """The weight of everything that speaks for (and against) an owner."""
        hits = self.hits.get(owner, ())
        if len(hits) > 1:
            return self._weighed(hits)
        return self._single(hits[0]) if hits else 0.0

    def _single(self, hit: Hit) -> float:
        weight = hit.phrase.weight * self._place(hit)
        if weight < 0:
            return max(weight * _FAR, _MOST_AGAINST)
        return weight if hit.phrase.weight >= _STRONG else min(weight, _MOST_WEAK)

    def _weighed(self, hits: Iterable[Hit]) -> float:
        """What is said again counts less and less; words that already counted do not again."""
        bases, sentences = self.reading.bases, self.reading.sentences
        strong: list[float] = []
        weak = against = 0.0
        covered = 0
        seen: set[tuple[str, ...] | str] = set()
        where = {sentences[h.first] for h in hits if h.phrase.weight > 1}
        for hit in sorted(hits, key=_weightiest):
            phrase, first, last = hit
            if phrase.weight < 0:
                if phrase.text not in seen:
                    near = sentences[first] in where
                    against += phrase.weight * self._place(hit) * (1.0 if near else _FAR)
                seen.add(phrase.text)
                continue
            words = _bits(hit)
            new = words & ~covered
            if not new:
                continue
            covered |= words
            said = bases[first:last]
            if said in seen:
                continue
            seen.add(said)
            weight = phrase.weight * self._place(hit)
            if phrase.weight >= _STRONG:
                strong.append(weight if new == words else weight * 0.5)
            else:
                weak += weight
        strong.sort(reverse=True)
        total = sum(w * _REPEATS[min(i, 3)] for i, w in enumerate(strong))
        return total + min(weak, _MOST_WEAK) + max(against, _MOST_AGAINST)

    def _place(self, hit: Hit) -> float:
        if self.aside and self.is_aside(hit):
            return _ASIDE
        return 1.0 if self.reading.sentences[hit.first] else _SUBJECT


def _bits(hit: Hit) -> int:
    """The words of a hit, a bit each."""
    return (1 << hit.last) - (1 << hit.first)


def _weightiest(hit: Hit) -> tuple[float, int]:
    return -abs(hit.phrase.weight), hit.first - hit.last


def _all_well(reading: Reading, hit: Hit) -> bool:
    """Whether the words say that nothing fails ("peserta lain tidak ada kendala"), or that all of
    a thing fails and not everybody ("semua baris hilang")."""
    bases, surfaces = reading.bases, reading.surfaces
    behind = surfaces[hit.last] if hit.last < len(bases) else ""
    if bases[hit.last - 2 : hit.last] == ("tidak", "ada") and behind.startswith(_TROUBLES):
        return True
    if surfaces[hit.first].startswith(_TROUBLES):
        return bases[max(hit.first - 2, 0) : hit.first] == ("tidak", "ada")
    return surfaces[hit.first] == "semua" and surfaces[hit.first + 1].startswith(_THINGS)


def signs(
    reading: Reading, found: Iterable[Hit], spans: Iterable[tuple[int, int]], replied: bool = False
) -> Signs:
    """Sort the hits by owner. `spans` are characters of the text that name a deadline; `replied`
    when the subject is one that is answered, and thus not what is said now."""
    by_owner: dict[str, list[Hit]] = {}
    for hit in found:
        if not (hit.phrase.owner in _OF_FAILURE and _all_well(reading, hit)):
            by_owner.setdefault(hit.phrase.owner, []).append(hit)
    aside = (1 << reading.sentences.count(0)) - 1 if replied else 0
    for start, end in spans:
        for number, (begin, stop) in enumerate(reading.spans):
            if begin < end and start < stop:
                aside |= 1 << number
    for cue in (Cue.HYPOTHETICAL, Cue.BACKGROUND):
        for hit in by_owner.get(f"isyarat.{cue}", ()):
            last = hit.last
            total = len(reading.bases)
            while cue is Cue.HYPOTHETICAL and last < total and last < hit.last + 6:
                if reading.sentences[last] != reading.sentences[hit.first]:
                    break
                last += 1
            aside |= (1 << last) - (1 << hit.first)
    return Signs(reading, {k: tuple(v) for k, v in by_owner.items()}, aside)
