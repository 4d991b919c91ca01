"""The SOP engine: one step of a procedure, as a list of rows passed and the row now stood in.

Meaning in one sentence (design, section 4): entering a row sends its letters; if maild acts, go
on at once; otherwise wait for that person until `waktu`, and leave by `pilihan`, `lanjut` or
`lewat`. A word that a person says in a row without `pilihan` is carried along while the same
person acts: an agent's answer in SOP 7 (analysis done) also decides SOP 8.
"""

from collections.abc import Callable
from dataclasses import dataclass

from maild.model.people import MAILD
from maild.model.ticket import Match
from maild.rules.procedure import Procedure, Row

Ask = Callable[[str], tuple[bool, Match]]


@dataclass(frozen=True, slots=True)
class Step:
    """A row that was left, by which exit, and the row that was entered."""

    left: str
    exit: str
    entered: Row


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps of one move. No step at all means: nothing in this row hears that."""

    steps: tuple[Step, ...]
    reasons: tuple[Match, ...] = ()

    @property
    def stands_in(self) -> Row | None:
        """The row entered last, or None if nothing moved."""
        return self.steps[-1].entered if self.steps else None


def begin(procedure: Procedure, ask: Ask) -> Walk:
    """The first mail has come: SOP 1 is done by the mail itself."""
    start = procedure.rows[procedure.start]
    return _go(procedure, start.no, "lanjut", start.next, ask)


def act(procedure: Procedure, at: str, party: str, word: str, ask: Ask) -> Walk:
    """A party has spoken in row `at`: a command word of `pilihan`, or "" for any answer.

    A word that belongs to another row of the same party is taken out of turn (an officer may
    answer or escalate at any time); an empty word or another party's row moves nothing.
    """
    row = procedure.rows[at]
    if row.actor == party and not row.ends:
        if word in row.choices:
            return _go(procedure, at, word, row.choices[word], ask)
        if row.next:
            return _go(procedure, at, "lanjut", row.next, ask, party, word)
    elsewhere = procedure.row_of_choice(party, word)
    if elsewhere is None:
        return Walk(())
    return _go(procedure, at, "di luar giliran", elsewhere.no, ask, party, word)


def late(procedure: Procedure, at: str, ask: Ask) -> Walk:
    """The time of row `at` is up: the arrow that the clock takes."""
    row = procedure.rows[at]
    return _go(procedure, at, "lewat", row.late, ask) if row.late else Walk(())


def reopen(procedure: Procedure, at: str, ask: Ask) -> Walk:
    """The requester has written after the end."""
    return _go(procedure, at, "dibuka kembali", procedure.reopen, ask)


def _go(
    procedure: Procedure, left: str, way: str, to: str, ask: Ask, party: str = "", word: str = ""
) -> Walk:
    steps: list[Step] = []
    reasons: list[Match] = []
    while True:
        row = procedure.rows[to]
        steps.append(Step(left, way, row))
        if row.ends:
            break
        if row.actor == MAILD and row.question:
            answer, reason = ask(row.question)
            reasons.append(reason)
            way, to = ("ya", row.yes) if answer else ("tidak", row.no_)
        elif row.actor == MAILD:
            way, to = "lanjut", row.next
        elif word and row.actor == party and word in row.choices:
            way, to, word = word, row.choices[word], ""
        else:
            break
        left = row.no
    return Walk(tuple(steps), tuple(reasons))
