"""SOP 3: whether asking for data is needed and of use."""

import pytest

from kit.builders import assessment, ticket
from maild.model.ticket import Priority
from maild.rules.questions import QUESTIONS, Situation

CASES = {
    "nothing is missing": ((), Priority.MEDIUM, 0, "", False, "data lengkap"),
    "something is missing": (("npwp",), Priority.MEDIUM, 0, "", True, "belum ada: npwp"),
    "priority one never waits": (("npwp",), Priority.CRITICAL, 0, "", False, "kritis tidak"),
    "priority two waits": (("npwp",), Priority.HIGH, 0, "", True, "belum ada"),
    "asked once": (("npwp",), Priority.LOW, 1, "", True, "belum ada"),
    "asked twice": (("npwp",), Priority.LOW, 2, "", False, "sudah 2 kali diminta"),
    "must not be written to": (("npwp",), Priority.LOW, 0, "anggaran", False, "anggaran"),
}


@pytest.mark.parametrize(
    ("missing", "priority", "asked", "why_not", "answer", "reason"),
    CASES.values(),
    ids=CASES.keys(),
)
def test_more_data_is_needed(missing, priority, asked, why_not, answer, reason):
    about = ticket("5", asked=asked, assessment=assessment(missing=missing, priority=priority))
    situation = Situation(about, not why_not, why_not)
    given, match = QUESTIONS["butuh_data_tambahan"](situation)
    assert given is answer
    assert reason in match.evidence
