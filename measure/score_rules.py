"""How well mails are judged: the tables of docs/accuracy.md.

    python measure/score_rules.py [--kit ../shared] [--mails FILE] [--no-learning]

Two tables. The examples that ship are seen by now; `docs/accuracy.md` has their first scores. The
kit's development mails (not part of maild) are judged by five-fold cross-validation: for each
fifth, the phrases that nothing but this fifth supports are taken away (neither the other fifths
nor the examples hold their words), and what is learnt is learnt without it.
"""

import argparse
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from maild.model.worktime import WorkTime  # noqa: E402
from maild.rules.learning import learn, lesson  # noqa: E402
from maild.rules.match import Matcher, matcher  # noqa: E402
from maild.rules.normalise import Reading  # noqa: E402
from maild.rules.phrase import Phrase  # noqa: E402
from maild.rules.priorities import PriorityTable  # noqa: E402
from maild.rules.table import read_table  # noqa: E402
from maild.rules.trial import Figure, Labelled, Tried, figures, read_mails, tried  # noqa: E402
from maild.service.load import worktime_of  # noqa: E402

FOLDS = 5
TO_REACH = {
    "category": 85,
    "priority": 82,
    "priority, within one": 97,
    "urgent_deadline": 92,
    "kind": 88,
    "missing": 80,
    "escalate_expected": 85,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kit", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--mails", type=Path, default=ROOT / "sop" / "contoh-surat.jsonl")
    parser.add_argument("--no-learning", action="store_true", help="The phrases alone.")
    given = parser.parse_args()
    table, faults = read_table(
        tomllib.loads((ROOT / "sop" / "prioritas.toml").read_text("utf-8")), "prioritas.toml"
    )
    worktime = worktime_of(ROOT / "config.toml", datetime.now(UTC).date())
    assert not faults, faults
    assert worktime is not None
    examples = _read(given.mails)
    seen = cross_validated(examples, [], table, worktime, learning=not given.no_learning)
    show(f"{given.mails.name}, {len(examples)} mails that the rules have seen, in fifths", seen)
    development = given.kit / "data" / "emails_dev.jsonl"
    if not development.is_file():
        print(f"\nNo {development}: the cross-validation is left out.")
        return
    mails = _read(development)
    found = cross_validated(mails, examples, table, worktime, learning=not given.no_learning)
    show(f"{development.name}, {len(mails)} mails in fifths", found)


def cross_validated(
    mails: Sequence[Labelled],
    support: Sequence[Labelled],
    table: PriorityTable,
    worktime: WorkTime,
    *,
    learning: bool,
) -> list[Tried]:
    """Each fifth judged by a table that knows the other fifths and `support` only."""
    readings = [_reading(mail, table) for mail in (*mails, *support)]
    said = [{hit.phrase for hit in table.matcher.find(reading)} for reading in readings]
    result: list[Tried] = []
    for fold in range(FOLDS):
        tested = [n for n in range(len(mails)) if n % FOLDS == fold]
        others = [n for n in range(len(readings)) if n not in set(tested)]
        lost = set().union(*(said[n] for n in tested)) - set().union(*(said[n] for n in others))
        learnt = None
        if learning:
            every = [*mails, *support]
            learnt = learn(lesson(every[n], table, worktime) for n in others)
        without = replace(table, matcher=_without(table.matcher, lost), learnt=learnt)
        result += tried([mails[n] for n in tested], without, worktime)
    return result


def _reading(mail: Labelled, table: PriorityTable) -> Reading:
    return table.normaliser.read(mail.problem.subject, mail.problem.text)


def _without(whole: Matcher, lost: set[Phrase]) -> Matcher:
    return matcher(phrase for phrase in whole.phrases if phrase not in lost)


def _read(path: Path) -> list[Labelled]:
    mails, complaints = read_mails(path.read_text("utf-8"), path.name)
    assert not complaints, complaints
    return mails


def show(title: str, outcomes: Sequence[Tried]) -> None:
    print(f"\n{title}")
    for figure in figures(outcomes):
        print(_row(figure))


def _row(figure: Figure) -> str:
    least = TO_REACH.get(figure.name)
    aim = f"to reach {least}" if least else ""
    counts = f"{figure.right} of {figure.total}" + (f", {figure.said} said" if figure.said else "")
    return f"  {figure.name:<22}{figure.percent:>7.1f}   {aim:<12}  ({counts})"


if __name__ == "__main__":
    main()
