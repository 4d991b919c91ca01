"""Where the phrases of the priority table stand in a mail.

Every word of a mail is looked up once; a phrase is tried only when all that it needs stands
somewhere in the mail. Time grows with the words of the mail, hardly with the number of phrases.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import filterfalse
from operator import itemgetter
from typing import NamedTuple, TypeVar

from maild.rules.normalise import Reading
from maild.rules.phrase import Element, Phrase

# Words that may stand between any two words of a phrase (akun *kami* terkunci).
_LIGHT = frozenset(("kami", "saya", "masih", "terus", "selalu"))
# Words of every sixth mail or more: a phrase is not looked for because one of them stands there.
_EVERYWHERE = frozenset(
    ("akun", "bisa", "cv", "kami", "mau", "mohon", "paket", "saya", "sudah", "tender", "tidak")
)
_MANY = 100  # in as many elements such a word is thought to be
_MOST_REMEMBERED = 65_536

# Elements of phrases are numbered; a set of them is also a sum of bits, which is quickly compared.
_Bits = int
_Numbers = tuple[int, ...]
_Place = tuple[int, int]  # first word, word after it
_Meaning = tuple[frozenset[str], tuple[str, ...], frozenset[tuple[str, ...]]]
_K = TypeVar("_K")
_in_order = itemgetter(1, 2)


class Hit(NamedTuple):
    """A phrase found at words `first` up to and without `last`."""

    phrase: Phrase
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase, the numbers of its elements in order, and the sum of those that it must have."""

    phrase: Phrase
    elements: _Numbers
    needed: _Bits
    optional: bool


class Anchored(NamedTuple):
    """The phrases under their rarest element: some are that alone, others need one of
    `partners` too; they stand behind what they need."""

    alone: tuple[Rule, ...]
    others: tuple[tuple[_Bits, Rule], ...]
    partners: _Bits


@dataclass(frozen=True)
class Matcher:
    """All phrases by what their elements need.

    `words` leads from a base form to the elements that it is (`sums` to their sum, and to those of
    them that are anchors), `runs` to those that it begins; `surfaces` and `prefixes` (by their
    first two letters) do so for exact spellings.
    """

    words: Mapping[str, _Numbers]
    sums: Mapping[str, tuple[_Bits, _Numbers]]
    runs: Mapping[str, tuple[tuple[tuple[str, ...], _Numbers], ...]]
    surfaces: Mapping[str, _Numbers]
    prefixes: Mapping[str, tuple[tuple[str, _Numbers], ...]]
    anchored: Mapping[int, Anchored]
    elements: _Bits
    _meaningless: set[str] = field(default_factory=set, repr=False, compare=False)
    _spelt: dict[str, _Numbers] = field(default_factory=dict, repr=False, compare=False)

    @property
    def phrases(self) -> list[Phrase]:
        """All that are looked for."""
        groups = self.anchored.values()
        rules = (rule for g in groups for rule in (*g.alone, *(rule for _, rule in g.others)))
        return [rule.phrase for rule in rules]

    def find(self, reading: Reading) -> tuple[Hit, ...]:
        """The hits in order, one for each place at which a phrase begins. Linear in the text."""
        rules = self.possible(reading)
        where = self._places(reading, {number: [] for r in rules for number in r.elements})
        hits: list[Hit] = []
        for rule in rules:
            if len(rule.elements) == 1:
                phrase = rule.phrase
                hits += [Hit(phrase, first, last) for first, last in where[rule.elements[0]]]
            elif len(rule.elements) == 2 and not rule.optional:
                hits += _pairs(rule, where, reading)
            else:
                hits += _hits(rule, where, reading)
        hits.sort(key=_in_order)
        return tuple(hits)

    def possible(self, reading: Reading) -> list[Rule]:
        """The phrases whose every element stands somewhere in the mail."""
        present, anchors = self._present(reading)
        absent = self.elements ^ present
        rules: list[Rule] = []
        add, anchored = rules.append, self.anchored
        for alone, others, partners in map(anchored.__getitem__, sorted(anchors)):
            if alone:
                rules += alone
            if partners & present:
                for needed, rule in others:
                    if not needed & absent:
                        add(rule)
        return rules

    def _present(self, reading: Reading) -> tuple[_Bits, set[int]]:
        """The elements that stand anywhere, and which of them are anchors."""
        bases, runs, spelt = reading.bases, self.runs, self._spelt
        distinct = set(bases)
        present, known = 0, list(filter(None, map(self.sums.get, distinct)))
        for bits, _ in known:
            present |= bits
        anchors = {number for _, numbers in known for number in numbers}
        others: list[int] = []
        for surface in filterfalse(self._meaningless.__contains__, reading.surfaces):
            others += spelt[surface] if surface in spelt else self._exactly(surface)
        if not runs.keys().isdisjoint(distinct):
            for index, base in enumerate(bases):
                if base in runs:
                    for rest, numbers in runs[base]:
                        if bases[index + 1 : index + 1 + len(rest)] == rest:
                            others += numbers
        for number in others:
            present |= 1 << number
            if number in self.anchored:
                anchors.add(number)
        return present, anchors

    def _places(
        self, reading: Reading, where: dict[int, list[_Place]]
    ) -> Mapping[int, Sequence[_Place]]:
        """Fills in where each element of `where` stands, in order."""
        bases, surfaces = reading.bases, reading.surfaces
        words, runs, spelt = self.words, self.runs, self._spelt
        for index, base in enumerate(bases):
            if base in runs:
                for rest, numbers in runs[base]:
                    if bases[index + 1 : index + 1 + len(rest)] == rest:
                        for number in numbers:
                            if number in where:
                                where[number].append((index, index + 1 + len(rest)))
            numbers = words.get(base, ()) + spelt.get(surfaces[index], ())
            for number in numbers:
                if number in where:
                    where[number].append((index, index + 1))
        return where

    def _exactly(self, surface: str) -> _Numbers:
        """The elements that ask for this very spelling, or for its beginning."""
        found = self.surfaces.get(surface, ())
        for prefix, numbers in self.prefixes.get(surface[:2], ()):
            if surface.startswith(prefix):
                found += numbers
        if len(self._spelt) > _MOST_REMEMBERED:
            self._spelt.clear()
            self._meaningless.clear()
        self._spelt[surface] = found
        if not found:
            self._meaningless.add(surface)
        return found


def matcher(phrases: Iterable[Phrase]) -> Matcher:
    """Index the phrases so that most of them cost nothing in a mail without their words."""
    meanings: dict[_Meaning, int] = {}
    rows: list[tuple[Phrase, _Numbers]] = []
    for phrase in phrases:
        row = [(e.exact, e.prefixes, frozenset(e.sequences)) for e in phrase.elements]
        rows.append((phrase, tuple(meanings.setdefault(m, len(meanings)) for m in row)))
    words: dict[str, _Numbers] = {}
    runs: dict[str, dict[tuple[str, ...], _Numbers]] = {}
    surfaces: dict[str, _Numbers] = {}
    prefixes: dict[str, dict[str, _Numbers]] = {}
    for (exact, beginnings, sequences), number in meanings.items():
        for first, *rest in sequences:
            if rest:
                _add(runs.setdefault(first, {}), tuple(rest), number)
            else:
                _add(words, first, number)
        for surface in exact:
            _add(surfaces, surface, number)
        for prefix in beginnings:
            _add(prefixes.setdefault(prefix[:2], {}), prefix, number)
    anchored = _anchored(rows, meanings)
    return Matcher(
        words=words,
        sums={
            word: (sum(1 << n for n in numbers), tuple(n for n in numbers if n in anchored))
            for word, numbers in words.items()
        },
        runs={word: tuple(rests.items()) for word, rests in runs.items()},
        surfaces=surfaces,
        prefixes={two: tuple(alike.items()) for two, alike in prefixes.items()},
        anchored=anchored,
        elements=(1 << len(meanings)) - 1,
    )


def _add(index: dict[_K, _Numbers], key: _K, number: int) -> None:
    index[key] = (*index.get(key, ()), number)


def _anchored(
    rows: Iterable[tuple[Phrase, _Numbers]], meanings: Mapping[_Meaning, int]
) -> dict[int, Anchored]:
    """The phrases by the number of the element that is least likely to be met."""
    common = Counter(first for _, _, sequences in meanings for first, *_ in sequences)
    # What holds a word of many elements ("tidak") stands in most mails.
    common.update(dict.fromkeys(_EVERYWHERE, _MANY))
    met = {number: sum(common[first] for first, *_ in m[2]) for m, number in meanings.items()}
    groups: dict[int, list[Rule]] = {}
    for phrase, numbers in rows:
        pairs = zip(numbers, phrase.elements, strict=True)
        needed = {number for number, element in pairs if not element.optional}
        anchor = min(needed, key=lambda number: (met[number], number))
        optional = any(element.optional for element in phrase.elements)
        rule = Rule(phrase, numbers, sum(1 << n for n in needed), optional)
        groups.setdefault(anchor, []).append(rule)
    return {anchor: _group(1 << anchor, rules) for anchor, rules in groups.items()}


def _group(anchor: _Bits, rules: Sequence[Rule]) -> Anchored:
    others = tuple((rule.needed, rule) for rule in rules if rule.needed != anchor)
    partners = 0
    for needed, _ in others:
        partners |= needed ^ anchor
    return Anchored(tuple(r for r in rules if r.needed == anchor), others, partners)


def _pairs(rule: Rule, where: Mapping[int, Sequence[_Place]], reading: Reading) -> Iterator[Hit]:
    """What `_hits` does, for the most common form: two elements, both needed."""
    followers, gap = where[rule.elements[1]], rule.phrase.elements[1].gap
    bases, sentences = reading.bases, reading.sentences
    farthest = followers[-1][0]
    for start, end in where[rule.elements[0]]:
        if farthest < end:
            continue
        reach = end + gap
        if bases[end] in _LIGHT:
            reach += _light(bases, end)
        last = 0
        for begin, stop in followers[bisect_left(followers, (end,)) :]:
            if begin > reach or sentences[begin] != sentences[start]:
                break
            last = min(last, stop) if last else stop
        if last:
            yield Hit(rule.phrase, start, last)


def _hits(rule: Rule, where: Mapping[int, Sequence[_Place]], reading: Reading) -> Iterator[Hit]:
    """Every place at which the phrase begins, with its nearest end. Stays in one sentence."""
    elements = rule.phrase.elements
    places = [where.get(number, ()) for number in rule.elements]
    for first, element in enumerate(elements):
        for start, end in places[first]:
            last = _end(elements, places, first + 1, end, reading)
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
    ends = {end}
    sentences = reading.sentences
    sentence = sentences[end - 1]
    for number in range(position, len(elements)):
        element, places = elements[number], where[number]
        after: set[int] = set(ends) if element.optional else set()
        for reached in ends:
            reach = reached + element.gap + _light(reading.bases, reached)
            for index in range(bisect_left(places, (reached,)), len(places)):
                begin, stop = places[index]
                if begin > reach or sentences[begin] != sentence:
                    break
                after.add(stop)
        if not after:
            return 0
        ends = after
    return min(ends) if len(ends) == 1 else _longest(ends, end)


def _light(bases: Sequence[str], reached: int) -> int:
    """How many small words (at most two) stand at `reached`."""
    if reached >= len(bases) or bases[reached] not in _LIGHT:
        return 0
    return 2 if reached + 1 < len(bases) and bases[reached + 1] in _LIGHT else 1


def _longest(ends: set[int], end: int) -> int:
    """The nearest end that takes in an optional element where there is one."""
    further = [found for found in ends if found > end]
    return min(further, default=end)
