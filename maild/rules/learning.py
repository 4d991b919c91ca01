"""Learning categories from labelled mails; the door to scikit-learn (extra `ml`)."""

from collections.abc import Iterable, Sequence

from maild.rules.learnt import Learnt, pieces

_FEWEST = 10  # mails of two categories at least, or there is nothing to learn
_STRENGTH = 30.0
_MET = 2  # mails at least that hold a piece
_FAINT = 0.2  # weights below this change nothing
_DECIMALS = 2


class NothingToLearnError(ValueError):
    """Too few mails, or all of one category."""


def learn(mails: Iterable[tuple[Sequence[str], str]]) -> Learnt:
    """A model from (base forms of a mail, its category). The same mails give the same model.

    Raises NothingToLearnError, and ImportError where scikit-learn is not installed.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    rows = list(mails)
    labels = [category for _, category in rows]
    if len(rows) < _FEWEST or len(set(labels)) < 2:
        raise NothingToLearnError(f"only {len(rows)} mails of {len(set(labels))} categories")
    reader = TfidfVectorizer(analyzer=pieces, sublinear_tf=True, min_df=_MET)
    table = reader.fit_transform([bases for bases, _ in rows])
    model = LogisticRegression(C=_STRENGTH, max_iter=3000).fit(table, labels)
    categories = tuple(map(str, model.classes_))
    weights, bias = model.coef_, model.intercept_
    if len(categories) == 2:  # one row stands for both
        weights, bias = [-weights[0], weights[0]], [-bias[0], bias[0]]
    found: dict[str, tuple[float, tuple[tuple[int, float], ...]]] = {}
    for column, piece in enumerate(reader.get_feature_names_out()):
        telling = tuple(
            (number, round(float(row[column]), _DECIMALS))
            for number, row in enumerate(weights)
            if abs(row[column]) >= _FAINT
        )
        if telling:
            found[str(piece)] = (round(float(reader.idf_[column]), _DECIMALS), telling)
    return Learnt(categories, tuple(round(float(b), _DECIMALS) for b in bias), found)
