"""Weighs first mails ahead, in the process that reads them.

Weighing is the dearest pure step and needs nothing but the mail and the office's table. What was
not weighed ahead `decide` weighs itself, with the same outcome.
"""

from dataclasses import dataclass
from datetime import datetime

from maild.desk.problem import first_problem
from maild.model.mail import Nature, ParsedMail
from maild.model.ticket import Assessment
from maild.model.worktime import WorkTime
from maild.rules.assess import assess
from maild.rules.table import PriorityTable


@dataclass(frozen=True, slots=True)
class Ahead:
    """The rules of a book (see `ingest.worker.Weigher`)."""

    table: PriorityTable
    worktime: WorkTime

    def __call__(self, mail: ParsedMail, received_at: datetime) -> Assessment | None:
        """The weight of a mail that may open a ticket: a person's, and no answer to anything."""
        answers = mail.in_reply_to or mail.references
        if mail.nature is not Nature.HUMAN or mail.sender is None or answers:
            return None
        return assess(first_problem(mail, received_at), self.table, self.worktime)
