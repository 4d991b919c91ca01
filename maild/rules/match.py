"""The phrases of the priority table and how they are found in a mail.

A phrase is written in plain words; every word stands for all its forms. Signs with a meaning:
`a|b` one of them, `@name` a word group, `word?` may be missing, `..` up to three words between,
`...` up to six, `=word` exactly so, `word*` beginning so. There are no regular expressions:
a phrase looks at a bounded stretch of words, so no phrase that an office writes can hang the desk.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from maild.rules.normalise import Normaliser, Reading

_GAPS = {"..": 3, "...": 6}
_LONGEST_PHRASE = 8
# Words that may stand between any two words of a phrase (akun *kami* terkunci).
_LIGHT = frozenset((word,) for word in ("kami", "saya", "masih", "terus", "selalu"))


class PhraseError(ValueError):
    """A phrase that cannot be understood; the message is Indonesian and says the remedy."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase. `gap` words may stand before it.

    `exact` are surfaces, `prefixes` their beginnings, `sequences` base forms in a row.
    """

    gap: int
    optional: bool
    exact: frozenset[str]
    prefixes: tuple[str, ...]
    sequences: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase of an `owner` (`kategori.sanggah`); `weight` is what it counts."""

    owner: str
    weight: float
    text: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found at words `first` up to and without `last`."""

    phrase: Phrase
    first: int
    last: int


Groups = Mapping[str, tuple[tuple[str, ...], ...]]


def compile_phrase(
    text: str, owner: str, weight: float, normaliser: Normaliser, groups: Groups
) -> Phrase:
    """Read one phrase. Raises PhraseError with the reason and the remedy."""
    elements: list[Element] = []
    gap = 0
    for part in text.split():
        if part in _GAPS:
            gap = _GAPS[part]
            continue
        elements.extend(_elements(part, gap, normaliser, groups))
        gap = 0
    if not elements or elements[0].gap or gap:
        raise PhraseError(
            "frasa kosong, atau titik-titik di awal/akhir; mulai dan akhiri dengan kata"
        )
    if len(elements) == 1 < len(text.split()):
        raise PhraseError(
            "tinggal satu kata, karena kata kecil dilewati; tulis satu kata itu saja"
        )
    if all(element.optional for element in elements):
        raise PhraseError("semua kata bertanda '?'; sisakan satu kata yang wajib ada")
    if len(elements) > _LONGEST_PHRASE:
        raise PhraseError(f"lebih dari {_LONGEST_PHRASE} kata; pecah menjadi beberapa frasa")
    return Phrase(owner, weight, text, tuple(elements))


def _elements(part: str, gap: int, normaliser: Normaliser, groups: Groups) -> list[Element]:
    optional = part.endswith("?")
    exact: set[str] = set()
    prefixes: list[str] = []
    sequences: list[tuple[str, ...]] = []
    options = part.removesuffix("?").split("|")
    for option in options:
        if option.startswith("@"):
            if option[1:] not in groups:
                raise PhraseError(f"kelompok {option} tidak ada; tambahkan di [kelompok]")
            sequences.extend(groups[option[1:]])
        elif option.startswith("="):
            exact.add(option[1:].lower())
        elif option.endswith("*") and len(option) > 2:
            prefixes.append(option[:-1].lower())
        elif not option or not option.replace("-", "").replace(".", "").replace("'", "").isalnum():
            raise PhraseError(
                f"tidak dapat dibaca: {part!r}; pakai kata biasa, '|', '@', '?', '..'"
            )
        else:
            found = normaliser.bases(option)
            if found:
                sequences.append(found)
    if not (exact or prefixes or sequences):
        return []  # a small word such as "yang", which is left out of mails too
    return [Element(gap, optional, frozenset(exact), tuple(prefixes), tuple(sequences))]


_Places = dict[int, list[tuple[int, int]]]


@dataclass(frozen=True)
class Matcher:
    """All phrases, found by what their places (elements) need.

    `words` leads from a base form to the elements that begin with it and the rest of their word
    sequence; `surfaces` and `prefixes` (by their first two letters) do so for exact spellings.
    `anchored` lists under one element of every phrase, the rarest, all elements of that phrase.
    """

    words: Mapping[str, tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]]
    surfaces: Mapping[str, tuple[int, ...]]
    prefixes: Mapping[str, tuple[tuple[str, int], ...]]
    anchored: Mapping[int, tuple[tuple[Phrase, tuple[int, ...], frozenset[int]], ...]]

    def find(self, reading: Reading) -> tuple[Hit, ...]:
        """The hits, one for each place at which a phrase begins. Linear in the text."""
        places = self._places(reading)
        hits: list[Hit] = []
        for anchor in tuple(places):
            for phrase, numbers, needed in self.anchored.get(anchor, ()):
                if needed <= places.keys():
                    hits.extend(_hits(phrase, numbers, places, reading))
        return tuple(hits)

    def _places(self, reading: Reading) -> _Places:
        """Where each element stands, as (first word, word after it), in order."""
        places: _Places = {}
        bases, surfaces = reading.bases, reading.surfaces
        for index, base in enumerate(bases):
            for rest, numbers in self.words.get(base, ()):
                end = index + 1 + len(rest)
                if not rest or bases[index + 1 : end] == rest:
                    for number in numbers:
                        places.setdefault(number, []).append((index, end))
            surface = surfaces[index]
            for number in self.surfaces.get(surface, ()):
                places.setdefault(number, []).append((index, index + 1))
            for prefix, number in self.prefixes.get(surface[:2], ()):
                if surface.startswith(prefix):
                    places.setdefault(number, []).append((index, index + 1))
        return places


def matcher(phrases: Iterable[Phrase]) -> Matcher:
    """Index the phrases so that most of them cost nothing in a mail without their words."""
    numbers: dict[tuple[frozenset[str], tuple[str, ...], frozenset[tuple[str, ...]]], int] = {}
    words: dict[str, dict[tuple[str, ...], list[int]]] = {}
    surfaces: dict[str, list[int]] = {}
    prefixes: dict[str, list[tuple[str, int]]] = {}
    compiled: list[tuple[Phrase, tuple[int, ...]]] = []
    used: Counter[int] = Counter()
    for phrase in phrases:
        row: list[int] = []
        for element in phrase.elements:
            key = (element.exact, element.prefixes, frozenset(element.sequences))
            number = numbers.setdefault(key, len(numbers))
            row.append(number)
            used[number] += 1 + len(element.sequences)
            if used[number] > 1 + len(element.sequences):
                continue
            for sequence in dict.fromkeys(element.sequences):
                words.setdefault(sequence[0], {}).setdefault(sequence[1:], []).append(number)
            for surface in element.exact:
                surfaces.setdefault(surface, []).append(number)
            for prefix in element.prefixes:
                prefixes.setdefault(prefix[:2], []).append((prefix, number))
        compiled.append((phrase, tuple(row)))
    anchored: dict[int, list[tuple[Phrase, tuple[int, ...], frozenset[int]]]] = {}
    for phrase, row_numbers in compiled:
        needed = {n for n, e in zip(row_numbers, phrase.elements, strict=True) if not e.optional}
        anchor = min(needed, key=lambda number: (used[number], number))
        anchored.setdefault(anchor, []).append((phrase, row_numbers, frozenset(needed)))
    return Matcher(
        {w: tuple((rest, tuple(n)) for rest, n in rests.items()) for w, rests in words.items()},
        {surface: tuple(found) for surface, found in surfaces.items()},
        {prefix: tuple(found) for prefix, found in prefixes.items()},
        {anchor: tuple(rows) for anchor, rows in anchored.items()},
    )


def _hits(
    phrase: Phrase, numbers: tuple[int, ...], places: _Places, reading: Reading
) -> Iterator[Hit]:
    """Every place at which the phrase begins, with its nearest end. Stays in one sentence."""
    elements = phrase.elements
    first = 0
    while True:
        for start, end in places.get(numbers[first], ()):
            last = _end(elements, numbers, first + 1, end, places, reading)
            if last:
                yield Hit(phrase, start, last)
        if not elements[first].optional:
            return
        first += 1


def _end(
    elements: tuple[Element, ...],
    numbers: tuple[int, ...],
    position: int,
    end: int,
    places: _Places,
    reading: Reading,
) -> int:
    """The word after the phrase when its elements from `position` on follow `end`, else 0."""
    ends = {end}
    bases, sentences = reading.bases, reading.sentences
    sentence = sentences[end - 1]
    for element, number in zip(elements[position:], numbers[position:], strict=True):
        after: set[int] = set(ends) if element.optional else set()
        where = places.get(number, ())
        for reached in ends:
            skipped = 0
            while skipped < 2 and bases[reached + skipped : reached + skipped + 1] in _LIGHT:
                skipped += 1
            reach = reached + element.gap + skipped
            for index in range(bisect_left(where, (reached, 0)), len(where)):
                begin, stop = where[index]
                if begin > reach or sentences[begin] != sentence:
                    break
                after.add(stop)
        if not after:
            return 0
        ends = after
    return min(ends) if len(ends) == 1 else _longest(ends, end)


def _longest(ends: set[int], end: int) -> int:
    """The nearest end that takes in an optional element where there is one."""
    further = [found for found in ends if found > end]
    return min(further, default=end)
