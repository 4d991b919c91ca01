"""Every row of hostile inputs from B001 to B111 has a test that stands for it.

A test cites its rows in its name or its words. Rows that concern more than reading are shown by
tests that tell what happens in the office's words; they stand here with their rows.
"""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SOURCE = "\n".join(
    path.read_text("utf-8") for path in sorted(TESTS.rglob("test_*.py")) if path != Path(__file__)
)
CITED = {f"B{digits}" for digits in re.findall(r"(?i)(?<![a-z0-9])_?b(\d{3})(?!\d)", SOURCE)}
SHOWN_BY = {
    "B054": "test_a_requester_who_must_not_be_written_to_gets_nothing_and_the_journal_says_why",
    "B057": "test_a_stranger_who_writes_a_ticket_number_gets_a_new_ticket",
    "B058": "test_a_forged_message_id_is_only_a_reference",
    "B059": "test_a_valid_mark_from_another_address_is_a_third_party",
    "B060": "test_a_reply_within_the_time_reopens_the_ticket",
    "B092": "test_a_mail_above_the_limit_stays_and_its_header_comes",
    "B093": "test_batches_hold_fifty_mails_at_most",
    "B094": "test_one_acknowledgement_a_day",
    "B095": "test_a_reminder_that_the_budget_forbids_is_not_called_sent",
    "B096": "test_mail_from_before_the_cut_over_is_old",
    "B097": "test_mail_from_before_the_cut_over_is_old",
    "B101": "test_the_requester_gets_at_most_one_automatic_letter_and_none_above_the_budget",
    "B110": "test_other_bounces_are_only_journalled",
}


@pytest.mark.parametrize("row", [f"B{number:03}" for number in range(1, 112)])
def test_a_row_is_cited_by_a_test(row: str) -> None:
    shown = f"def {SHOWN_BY[row]}(" in SOURCE if row in SHOWN_BY else False
    assert row in CITED or shown
