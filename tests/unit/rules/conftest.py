"""The shipped table and an office in Jakarta, for every test of the rules."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maild.model.mail import Address, Attachment
from maild.model.ticket import Assessment
from maild.model.worktime import WorkTime
from maild.rules.assess import Problem, assess, with_more
from maild.rules.table import PriorityTable, read_table

ROOT = Path(__file__).parents[3]
MONDAY_TO_FRIDAY = ((time(7, 30), time(12)), (time(13), time(16)))


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    return tomllib.loads((ROOT / "sop" / "prioritas.toml").read_text("utf-8"))


@pytest.fixture(scope="session")
def table(document: dict[str, Any]) -> PriorityTable:
    return read_table(document, "prioritas.toml")[0]


@pytest.fixture(scope="session")
def worktime() -> WorkTime:
    return WorkTime(
        zone=ZoneInfo("Asia/Jakarta"),
        hours=dict.fromkeys(range(5), MONDAY_TO_FRIDAY),
        holidays=frozenset({date(2026, 3, 19), date(2026, 3, 20)}),
        special={},
    )


Judge = Callable[..., Assessment]
SOMEBODY = Address("", "pengguna@surel.example")


@pytest.fixture(scope="session")
def judge(table: PriorityTable, worktime: WorkTime) -> Judge:
    """Assess a mail written in a line; received on Tuesday, 10 March 2026, at 09.00 WIB."""

    def run(
        text: str,
        subject: str = "",
        sender: Address = SOMEBODY,
        attachments: tuple[Attachment, ...] = (),
        at: str = "2026-03-10T09:00:00+07:00",
        after: Assessment | None = None,
        quoted: str = "",
    ) -> Assessment:
        """`after` is what earlier mails have told."""
        received = datetime.fromisoformat(at)
        problem = Problem(subject, text, sender, attachments, received, quoted)
        if after:
            return with_more(after, problem, table, worktime)
        return assess(problem, table, worktime)

    return run


def attachment(name: str, type_: str = "application/pdf") -> Attachment:
    return Attachment(name, 1000, type_, "0" * 64, False, "2")
