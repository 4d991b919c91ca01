"""The phrases of the priority table and how they are found in a mail.

A phrase is written in plain words; every word stands for all its forms. Signs with a meaning:
`a|b` one of them, `@name` a word group, `word?` may be missing, `..` up to three words between,
`...` up to six, `=word` exactly so, `word*` beginning so. There are no regular expressions:
a phrase looks at a bounded stretch of words, so no phrase that an office writes can hang the desk.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

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


class Hit(NamedTuple):
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


# An element of a phrase is a bit; what stands in a stretch of words is the sum of its bits.
_Bits = int
_Place = tuple[int, int, _Bits]  # first word, word after it, the elements that stand there


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase, the bits of its elements in order, and those that it cannot do without.

    `single` tells that one element is all there is: most phrases are one word, or one group.
    """

    phrase: Phrase
    elements: tuple[_Bits, ...]
    needed: _Bits
    single: bool


@dataclass(frozen=True)
class Matcher:
    """All phrases, found sentence by sentence by what their elements need.

    `words` leads from a base form to the rest of a word sequence and the elements that it is;
    `surfaces` and `prefixes` (by their first two letters) do so for exact spellings. `anchored`
    lists phrases under the number of their rarest element; `anchors` is the sum of these.
    """

    words: Mapping[str, tuple[tuple[tuple[str, ...], _Bits], ...]]
    surfaces: Mapping[str, _Bits]
    prefixes: Mapping[str, tuple[tuple[str, _Bits], ...]]
    anchored: Mapping[int, tuple[Rule, ...]]
    anchors: _Bits

    def find(self, reading: Reading) -> tuple[Hit, ...]:
        """The hits in order, one for each place at which a phrase begins. Linear in the text."""
        hits: list[Hit] = []
        for places in self._sentences(reading):
            present = 0
            for _, _, elements in places:
                present |= elements
            open_ = present & self.anchors
            while open_:
                anchor = open_ & -open_
                open_ ^= anchor
                here = [place for place in places if place[2] & anchor]
                for rule in self.anchored[anchor.bit_length()]:
                    if rule.single:
                        hits += [Hit(rule.phrase, first, last) for first, last, _ in here]
                    elif rule.needed & present == rule.needed:
                        hits.extend(_hits(rule, places, reading))
        return tuple(sorted(hits, key=itemgetter(1, 2)))

    def _sentences(self, reading: Reading) -> Iterator[list[_Place]]:
        """Where elements stand, in order, sentence by sentence."""
        bases, sentences = reading.bases, reading.sentences
        places: list[_Place] = []
        sentence = 0
        for index, (base, surface) in enumerate(zip(bases, reading.surfaces, strict=True)):
            if sentences[index] != sentence:
                if places:
                    yield places
                places, sentence = [], sentences[index]
            single = self.surfaces.get(surface, 0)
            for prefix, element in self.prefixes.get(surface[:2], ()):
                if surface.startswith(prefix):
                    single |= element
            for rest, elements in self.words.get(base, ()):
                if not rest:
                    single |= elements
                elif bases[index + 1 : index + 1 + len(rest)] == rest:
                    places.append((index, index + 1 + len(rest), elements))
            if single:
                places.append((index, index + 1, single))
        if places:
            yield places


def matcher(phrases: Iterable[Phrase]) -> Matcher:
    """Index the phrases so that most of them cost nothing in a mail without their words."""
    bits: dict[tuple[frozenset[str], tuple[str, ...], frozenset[tuple[str, ...]]], _Bits] = {}
    rows: list[tuple[Phrase, tuple[_Bits, ...]]] = []
    for phrase in phrases:
        row: list[_Bits] = []
        for element in phrase.elements:
            key = (element.exact, element.prefixes, frozenset(element.sequences))
            bit = bits.setdefault(key, 1 << len(bits))
            row.append(bit)
        rows.append((phrase, tuple(row)))
    words: dict[str, dict[tuple[str, ...], _Bits]] = {}
    surfaces: dict[str, _Bits] = {}
    prefixes: dict[str, dict[str, _Bits]] = {}
    for (exact, beginnings, sequences), bit in bits.items():
        for first, *rest in sequences:
            rests = words.setdefault(first, {})
            rests[tuple(rest)] = rests.get(tuple(rest), 0) | bit
        for surface in exact:
            surfaces[surface] = surfaces.get(surface, 0) | bit
        for prefix in beginnings:
            alike = prefixes.setdefault(prefix[:2], {})
            alike[prefix] = alike.get(prefix, 0) | bit
    common = Counter(first for _, _, sequences in bits for first, *_ in sequences)
    # What holds a word of many elements ("tidak") stands in most sentences.
    met = {bit: sum(common[first] for first, *_ in key[2]) for key, bit in bits.items()}
    anchored: dict[_Bits, list[Rule]] = {}
    for phrase, elements in rows:
        pairs = zip(elements, phrase.elements, strict=True)
        needed = {bit for bit, element in pairs if not element.optional}
        anchor = min(needed, key=lambda bit: (met[bit], bit))
        rule = Rule(phrase, elements, sum(needed), single=len(elements) == 1)
        anchored.setdefault(anchor, []).append(rule)
    return Matcher(
        words={word: tuple(rests.items()) for word, rests in words.items()},
        surfaces=surfaces,
        prefixes={two: tuple(alike.items()) for two, alike in prefixes.items()},
        anchored={anchor.bit_length(): tuple(rules) for anchor, rules in anchored.items()},
        anchors=sum(anchored),
    )


def _hits(rule: Rule, places: Sequence[_Place], reading: Reading) -> Iterator[Hit]:
    """Every place at which the phrase begins, with its nearest end. Stays in one sentence."""
    elements = rule.phrase.elements
    where = [[place for place in places if place[2] & bit] for bit in rule.elements]
    for first, element in enumerate(elements):
        for start, end, _ in where[first]:
            last = _end(elements, where, first + 1, end, reading)
            if last:
                yield Hit(rule.phrase, start, last)
        if not element.optional:
            return


def _end(
    elements: tuple[Element, ...],
    where: Sequence[Sequence[_Place]],
    position: int,
    end: int,
    reading: Reading,
) -> int:
    """The word after the phrase when its elements from `position` on follow `end`, else 0."""
    if position == len(elements):
        return end
    ends = {end}
    bases, sentences = reading.bases, reading.sentences
    sentence = sentences[end - 1]
    for element, places in zip(elements[position:], where[position:], strict=True):
        after: set[int] = set(ends) if element.optional else set()
        for reached in ends:
            skipped = 0
            while skipped < 2 and bases[reached + skipped : reached + skipped + 1] in _LIGHT:
                skipped += 1
            reach = reached + element.gap + skipped
            for index in range(bisect_left(places, (reached,)), len(places)):
                begin, stop, _ = places[index]
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
