"""The office's book: everything that the office has written down, as one frozen value.

It is read and checked as a whole by the shell and handed to `decide`. A bad edit never becomes
a book; the running one stays in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.model.office import Assignment, Limits, Office
from maild.model.party import Party
from maild.model.people import LKPP, Directory
from maild.model.ticket import Priority
from maild.model.worktime import Allowance, WorkTime
from maild.replies.letter import Letters
from maild.rules.procedure import Procedure
from maild.rules.table import PriorityTable


@dataclass(frozen=True, slots=True)
class Book:
    """`procedures` holds every version that an open ticket may still run under, by digest;
    `current` is the one that new tickets start with. `letters` are there for the texts that
    officers put into their answers (`#templat`)."""

    office: Office
    limits: Limits
    assignment: Assignment
    directory: Directory
    parties: Mapping[str, Party]
    worktime: WorkTime
    table: PriorityTable
    procedures: Mapping[str, Procedure]
    current: str
    letters: Letters

    def resolution(self, category: str, priority: Priority) -> Allowance:
        """The Tabel Prioritas: how long solving may take (SOP 8). A category's own time holds at
        its own priority; a ticket raised or lowered gets the time of its level."""
        found = self.table.categories.get(category)
        if found and found.priority is priority:
            return found.resolution
        return self.table.levels[priority].resolution

    def party(self, name: str) -> Party:
        """The other office of this id; LKPP for none."""
        return self.parties.get(name or LKPP) or Party(name, name.upper())

    def category_name(self, category: str) -> str:
        """The category's name for people."""
        found = self.table.categories.get(category)
        return found.name if found else category
