"""Weighs first mails in another process while the batch before them is decided.

Weighing is the dearest pure step and needs nothing but the mail and the office's table. Only a
backlog is worth a process; for a few mails, or when the process dies, nothing is made ahead and
`decide` weighs them itself, with the same outcome.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from maild.desk.book import Book
from maild.model.ticket import Assessment
from maild.model.worktime import WorkTime
from maild.rules.assess import Problem, assess
from maild.rules.table import PriorityTable

log = logging.getLogger(__name__)

WORTH_IT = 10

_rules: tuple[PriorityTable, WorkTime]


class Ahead:
    """One helping process, started at the first backlog and again when the book has changed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._book: Book | None = None

    def weigh(self, problems: Sequence[Problem], book: Book) -> Sequence[Assessment | None]:
        """One assessment a problem, or None for all of them."""
        nothing: list[Assessment | None] = [None] * len(problems)
        if len(problems) < WORTH_IT:
            return nothing
        try:
            return list(self._running(book).map(_weigh, problems, chunksize=10))
        except BrokenProcessPool:
            log.warning("the weighing process has died; going on without it")
            self.close()
            return nothing

    def close(self) -> None:
        """Ends the process."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _running(self, book: Book) -> ProcessPoolExecutor:
        if self._pool is None or self._book is not book:
            self.close()
            self._book = book
            self._pool = ProcessPoolExecutor(
                1, get_context("spawn"), _begin, (book.table, book.worktime)
            )
        return self._pool


def _begin(table: PriorityTable, worktime: WorkTime) -> None:
    global _rules
    _rules = (table, worktime)


def _weigh(problem: Problem) -> Assessment:
    return assess(problem, *_rules)
