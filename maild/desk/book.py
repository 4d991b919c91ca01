"""The office's book: everything that the office has written down, as one frozen value.

It is read and checked as a whole by the shell and handed to `decide`. A bad edit never becomes
a book; the running one stays in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from maild.model.office import Limits, Office
from maild.model.people import Directory
from maild.model.worktime import WorkTime
from maild.rules.procedure import Procedure
from maild.rules.table import PriorityTable


@dataclass(frozen=True, slots=True)
class Book:
    """`procedures` holds every version that an open ticket may still run under, by digest;
    `current` is the one that new tickets start with."""

    office: Office
    limits: Limits
    directory: Directory
    worktime: WorkTime
    table: PriorityTable
    procedures: Mapping[str, Procedure]
    current: str
