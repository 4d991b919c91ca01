"""The phrases of the priority table, as an office writes them.

A phrase is written in plain words; every word stands for all its forms. Signs with a meaning:
`a|b` one of them, `@name` a word group, `word?` may be missing, `..` up to three words between,
`...` up to six, `=word` exactly so, `word*` beginning so. There are no regular expressions:
a phrase looks at a bounded stretch of words, so no phrase that an office writes can hang the desk.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.rules.normalise import Normaliser

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
    """A compiled phrase of an `owner` (`kategori.sanggah`); `weight` is what it counts."""

    owner: str
    weight: float
    text: str
    elements: tuple[Element, ...]


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
