"""Learning categories and kinds from labelled mails; the door to scikit-learn (extra `ml`)."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from maild.model.ticket import Kind
from maild.model.worktime import WorkTime
from maild.rules.assess import telling
from maild.rules.learnt import Learnt, weighed
from maild.rules.priorities import PriorityTable
from maild.rules.said import SIGNS
from maild.rules.trial import Labelled

_FEWEST = 10  # mails of two categories at least, or there is nothing to learn
_STRENGTH = 60.0
_MET = 2  # mails at least that hold a word
_FAINT = 0.1  # weights below this change nothing
_DECIMALS = 2
_OF_SIGNS = 0.7  # of a word's worth: the table was written with these very mails in view


class NothingToLearnError(ValueError):
    """Too few mails, or all of one category."""


class Lesson(NamedTuple):
    """What a mail says (see `telling`), and what an officer says it is (`kind` where he does)."""

    said: Sequence[str]
    category: str
    kind: Kind | None = None


def lesson(mail: Labelled, table: PriorityTable, worktime: WorkTime) -> Lesson:
    """A labelled mail (its label `category` is needed) as something to learn from."""
    kind = mail.labels.get("kind")
    told = Kind(kind) if kind in set(Kind) else None
    return Lesson(telling(mail.problem, table, worktime), str(mail.labels["category"]), told)


def learn(mails: Iterable[Lesson]) -> Learnt:
    """A model of the mails. The same mails give the same model.

    Raises NothingToLearnError, and ImportError where scikit-learn is not installed.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    rows = list(mails)
    if len(rows) < _FEWEST or len({row.category for row in rows}) < 2:
        found = len({row.category for row in rows})
        raise NothingToLearnError(f"only {len(rows)} mails of {found} categories")
    reader = TfidfVectorizer(analyzer=_telling, binary=True, min_df=_MET).fit(rows)
    names = [str(name) for name in reader.get_feature_names_out()]
    worth = [_OF_SIGNS if name.startswith(SIGNS) else 1.0 for name in names]
    reader.idf_ = reader.idf_ * worth
    table = reader.transform(rows)
    categories, bias, weights = _fitted(table, [row.category for row in rows])
    # What is no problem is so by its category.
    told = [n for n, row in enumerate(rows) if row.kind not in (None, Kind.NO_PROBLEM)]
    kinds: list[str] = []
    if len({rows[n].kind for n in told}) > 1:
        kinds, further, more = _fitted(table[told], [str(rows[n].kind) for n in told])
        bias, weights = bias + further, weights + more
    split = len(categories)
    words = {
        word: weighed(rarity, [_told(row[column]) for row in weights], split)
        for column, word in enumerate(names)
        if (rarity := round(float(reader.idf_[column]), _DECIMALS))
    }
    return Learnt(
        tuple(categories),
        tuple(map(Kind, kinds)),
        tuple(round(float(b), _DECIMALS) for b in bias),
        {word: found for word, found in words.items() if any((*found.categories, *found.kinds))},
    )


def _told(weight: float) -> float:
    return round(float(weight), _DECIMALS) if abs(weight) >= _FAINT else 0.0


def _telling(row: Lesson) -> list[str]:
    """Words without digits: what names one account or one package teaches nothing."""
    return [w for w in row.said if w.startswith(SIGNS) or not any(map(str.isdigit, w))]


def _fitted(table: Any, labels: Sequence[str]) -> tuple[list[str], list[float], list[Any]]:
    """The labels in order, their biases, and for each of them a weight a word."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_STRENGTH, max_iter=3000).fit(table, labels)
    weights, bias = list(model.coef_), list(model.intercept_)
    if len(model.classes_) == 2:  # one row stands for both
        weights, bias = [-weights[0], weights[0]], [-bias[0], bias[0]]
    return list(map(str, model.classes_)), bias, weights
