"""The phrases of the priority table and how they are found in a mail.

A phrase is written in plain words; every word stands for all its forms. Signs with a meaning:
`a|b` one of them, `@name` a word group, `word?` may be missing, `..` up to three words between,
`...` up to six, `=word` exactly so, `word*` beginning so. There are no regular expressions:
a phrase looks at a bounded stretch of words, so no phrase that an office writes can hang the desk.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from maild.rules.normalise import Normaliser, Reading

_GAPS = {"..": 3, "...": 6}
_LONGEST_PHRASE = 8


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
    """A compiled phrase. `owner` says whose it is (`kategori.sanggah`), `weight` what it counts."""

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


@dataclass(frozen=True)
class Matcher:
    """All phrases, by a base form that must be there; `loose` are looked for in every mail."""

    by_word: Mapping[str, tuple[Phrase, ...]]
    by_surface: Mapping[str, tuple[Phrase, ...]]
    loose: tuple[Phrase, ...]

    def find(self, reading: Reading) -> tuple[Hit, ...]:
        """The hits, one for each place at which a phrase begins. Linear in the text."""
        places: dict[str, list[int]] = {}
        for index, base in enumerate(reading.bases):
            places.setdefault(base, []).append(index)
        candidates = dict.fromkeys(self.loose)
        for base in places:
            if base in self.by_word:
                candidates.update(dict.fromkeys(self.by_word[base]))
        for surface in set(reading.surfaces):
            if surface in self.by_surface:
                candidates.update(dict.fromkeys(self.by_surface[surface]))
        hits: list[Hit] = []
        for phrase in candidates:
            for start in _starts(phrase.elements[0], places, reading):
                end = _end(phrase.elements, start, reading)
                if end:
                    hits.append(Hit(phrase, start, end))
        return tuple(hits)


def matcher(phrases: Iterable[Phrase]) -> Matcher:
    """Index the phrases so that most of them cost nothing in a mail without their words."""
    by_word: dict[str, list[Phrase]] = {}
    by_surface: dict[str, list[Phrase]] = {}
    loose: list[Phrase] = []
    for phrase in phrases:
        needed = [e for e in phrase.elements if not e.optional and not e.prefixes]
        anchor = min(needed, key=lambda e: len(e.sequences) + len(e.exact), default=None)
        if anchor is None:
            loose.append(phrase)
            continue
        for sequence in anchor.sequences:
            rarest = max(sequence, key=lambda base: (base != "tidak", len(base)))
            by_word.setdefault(rarest, []).append(phrase)
        for surface in anchor.exact:
            by_surface.setdefault(surface, []).append(phrase)
    return Matcher(_frozen(by_word), _frozen(by_surface), tuple(loose))


def _frozen(index: Mapping[str, Sequence[Phrase]]) -> dict[str, tuple[Phrase, ...]]:
    return {key: tuple(dict.fromkeys(phrases)) for key, phrases in index.items()}


def _starts(element: Element, places: Mapping[str, list[int]], reading: Reading) -> list[int]:
    if element.exact or element.prefixes or element.optional:
        return list(range(len(reading.bases)))
    starts: set[int] = set()
    for sequence in element.sequences:
        starts.update(places.get(sequence[0], ()))
    return sorted(starts)


def _end(elements: tuple[Element, ...], start: int, reading: Reading) -> int:
    """The word after the phrase when it begins at `start`, else 0. Stays in one sentence."""
    ends = {start}
    for number, element in enumerate(elements):
        after: set[int] = set()
        for end in ends:
            reach = element.gap if number else 0
            for begin in range(end, min(end + reach, len(reading.bases) - 1) + 1):
                if reading.sentences[begin] != reading.sentences[start]:
                    break
                length = _length(element, begin, reading)
                if length:
                    after.add(begin + length)
        if element.optional:
            after |= ends
        if not after:
            return 0
        ends = after
    nearest = min(ends)
    return nearest if nearest > start else 0


def _length(element: Element, begin: int, reading: Reading) -> int:
    if begin >= len(reading.bases):
        return 0
    surface = reading.surfaces[begin]
    if surface in element.exact or (element.prefixes and surface.startswith(element.prefixes)):
        return 1
    return max(
        (len(s) for s in element.sequences if reading.bases[begin : begin + len(s)] == s),
        default=0,
    )
