"""Another office writes without a mark of ours: who is told, how often, and how it is given on."""

from dataclasses import replace

import pytest

from kit import builders as a
from kit.office import PARTNER, SARI, book
from maild.desk import held
from maild.desk.decide import decide
from maild.model.action import Decision, Outcome, TakeUp
from maild.model.known import Known, SentLetter

ESCALATED = a.ticket("10a", escalated_at=a.MONDAY)
NOTICE = SentLetter(None, "0.7-1.7", held.NOTICE, "helpdesk", SARI.address, True, a.MONDAY)


def came(known: Known | None = None, **fields: object) -> Decision:
    return decide(
        a.arrived("Kunci sudah kami perbaiki.", sender=PARTNER, **fields),
        known or a.known(),
        book(),
    )


def replied(text: str, *tickets) -> Decision:
    known = replace(a.known(*tickets), letter=NOTICE)
    return decide(a.arrived(text, sender=SARI), known, book())


def test_b119_the_officers_on_duty_are_told_of_it_each_once() -> None:
    decision = came()
    assert decision.outcome is Outcome.QUARANTINED
    letters = a.sent_letters(decision)
    assert {x.template for x in letters} == {held.NOTICE}
    assert len({x.person for x in letters}) == len(letters)
    assert "Kunci sudah kami perbaiki." in a.words_of(letters[0])


def test_b119_nobody_is_told_of_a_mail_that_the_server_calls_forged() -> None:
    assert came(trust=a.FORGED).actions == ()


def test_after_ten_of_them_a_day_nobody_is_told_and_all_are_held() -> None:
    decision = came(replace(a.known(), told_of_held=10 * len(a.sent_letters(came()))))
    assert (decision.actions, decision.outcome) == ((), Outcome.QUARANTINED)


def test_an_officer_gives_the_mail_to_its_ticket() -> None:
    (take,) = replied(f"#untuk {ESCALATED.number}", ESCALATED).actions
    assert take == TakeUp(7, f"{SARI.id} {ESCALATED.number}")


@pytest.mark.parametrize("text", ["#untuk", "#untuk LPSE-2026-000099", f"#untuk {a.NUMBER}"])
def test_a_number_that_is_no_escalated_ticket_is_refused(text: str) -> None:
    decision = replied(text, a.ticket("7"))
    assert not [x for x in decision.actions if isinstance(x, TakeUp)]
    assert "tiket" in a.receipt(decision)


def test_b119_a_stranger_who_quotes_the_word_takes_nothing_up() -> None:
    known = replace(a.known(ESCALATED), letter=NOTICE)
    decision = decide(a.arrived(f"#untuk {ESCALATED.number}"), known, book())
    assert not [x for x in decision.actions if isinstance(x, TakeUp)]
