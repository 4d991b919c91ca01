"""Whose ticket it is; what comes back when nobody moves; the daily digest."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from kit import builders as a
from kit.office import BUDI, MONDAY, PARTNER, SARI, book
from maild.desk.decide import decide
from maild.model.event import DayBegan
from maild.model.known import Known
from maild.model.office import Way
from maild.model.people import Directory
from maild.model.ticket import Direction, Priority, State


def office(people=(SARI, BUDI, PARTNER), **assignment):
    return replace(
        book(),
        directory=Directory(people, book().directory.own_addresses),
        assignment=replace(book().assignment, **assignment),
    )


def opened(with_book, number=2026000099, absent=frozenset(), text=a.COMPLETE):
    facts = replace(a.known(), next_id=number, absent=absent)
    return decide(a.arrived(text, files=("layar.png",)), facts, with_book)


def told(decision):
    return [x.to.address for x in a.sent_letters(decision) if x.template == "tugas_baru"]


def test_all_are_told_until_one_takes_it():
    decision = opened(office())
    assert told(decision) == [SARI.address, BUDI.address]
    assert decision.ticket.officer == ""


def test_in_turn_every_agent_gets_as_many():
    by_turn = office(way=Way.IN_TURN)
    officers = Counter(opened(by_turn, 2026000000 + n).ticket.officer for n in range(1, 11))
    assert officers == {"sari": 5, "budi": 5}
    decision = opened(by_turn, 2026000001)
    assert len(told(decision)) == 1


def test_by_category_it_goes_to_who_knows_it_and_else_to_who_takes_everything():
    category = opened(office()).ticket.assessment.category
    knows = replace(BUDI, categories=(category,))
    by_category = office((SARI, knows, PARTNER), way=Way.BY_CATEGORY)
    assert opened(by_category).ticket.officer == "budi"
    lacks = replace(BUDI, categories=("lain",))
    by_category = office((SARI, lacks, PARTNER), way=Way.BY_CATEGORY)
    assert opened(by_category).ticket.officer == "sari"


def test_who_is_away_is_left_out():
    by_turn = office(way=Way.IN_TURN)
    away = frozenset({SARI.number})
    assert {opened(by_turn, 2026000000 + n, away).ticket.officer for n in (1, 2)} == {"budi"}


def test_those_on_duty_are_told_instead_of_everybody():
    assert told(opened(office(duty=("budi",)))) == [BUDI.address]
    away = frozenset({BUDI.number})
    assert told(opened(office(duty=("budi",)), absent=away)) == [SARI.address]


URGENT = (
    "Kami CV Maju, tender 10096653000: penawaran gagal diunggah, ditutup malam ini pukul 23.59"
)


@pytest.mark.parametrize(
    ("hour", "text", "awake"),
    [
        (21, URGENT, [SARI.address, BUDI.address]),  # Tuesday night
        (10, URGENT, [SARI.address]),  # in service hours the officer alone
        (21, a.COMPLETE, [SARI.address]),
    ],
)
def test_priority_1_outside_service_hours_alerts_those_on_duty_at_once(hour, text, awake):
    by_category = office(
        (SARI, replace(BUDI, categories=("lain",)), PARTNER),
        way=Way.BY_CATEGORY,
        duty=("budi",),
    )
    when = MONDAY + timedelta(days=1, hours=hour - 9)
    decision = decide(
        a.arrived(text, now=when), replace(a.known(), next_id=2026000099), by_category
    )
    assert decision.ticket.officer == "sari"
    assert told(decision) == awake
    assert all(letter.not_before is None for letter in a.sent_letters(decision))


def late(ticket, with_book, *talk):
    facts = a.known(ticket, conversation=talk)
    return decide(a.rang(ticket), facts, with_book)


def test_a_ticket_that_its_officer_left_untouched_goes_back_when_its_time_is_up():
    decision = late(a.ticket("7", officer="sari"), office())
    assert decision.ticket.officer == ""
    assert [x.to.address for x in a.sent_letters(decision)] == [SARI.address, BUDI.address]
    assert "kembali ke piket" in a.journal(decision)


def test_one_on_which_he_has_noted_something_stays_his():
    note = a.message("helpdesk", SARI, "Sedang dicek.", way=Direction.NOTE)
    decision = late(a.ticket("7", officer="sari"), office(), note)
    assert decision.ticket.officer == "sari"
    assert [x.to.address for x in a.sent_letters(decision)] == [SARI.address]


def test_an_office_may_leave_it_with_him():
    decision = late(a.ticket("7", officer="sari"), office(return_idle=False))
    assert decision.ticket.officer == "sari"


def test_a_ticket_that_waits_for_the_requester_is_not_idle():
    assert late(a.ticket("5", officer="sari"), office()).ticket.officer == "sari"


@pytest.mark.parametrize(("level", "letters"), [(1, 2), (2, 2), (3, 0), (4, 0)])
def test_where_the_digest_tells_the_rest_only_urgent_problems_are_told_at_once(level, letters):
    quiet = office(single_notices=False)
    weighed = a.assessment(priority=Priority.of_level(level))
    ticket = a.ticket("5", assessment=weighed)
    facts = a.known(ticket, claims=(a.mark(ticket),))
    decision = decide(a.arrived("Terlampir.", files=("ktp.pdf",)), facts, quiet)
    assert len(told(decision)) == letters


# --- the digest --------------------------------------------------------------------------------

PAST, SOON = MONDAY - timedelta(hours=2), MONDAY + timedelta(hours=2)


def numbered(n: int, row: str, officer: str = "", due=SOON, **fields):
    return replace(
        a.ticket(row, officer=officer, due_at=due, **fields),
        id=2026000000 + n,
        number=f"LPSE-2026-{n:06d}",
    )


OPEN = (
    numbered(1, "7", "sari", PAST),
    numbered(2, "7", "sari"),
    numbered(3, "10a", "sari"),
    numbered(4, "7", "budi"),
    numbered(5, "7"),
    numbered(6, "5", "", PAST),
)


def digest(with_book, *tickets, absent=frozenset()):
    return decide(DayBegan(MONDAY), Known(open=tickets, absent=absent), with_book)


def listed(letter, name):
    return [line[0][-1] for line in letter.words[name]]


def test_each_agent_reads_in_one_letter_what_waits_for_him():
    letters = {x.to.address: x for x in a.sent_letters(digest(office(), *OPEN))}
    sari = letters[SARI.address]
    assert listed(sari, "terlambat") == ["1"]
    assert listed(sari, "milik") == ["2"]
    assert listed(sari, "menunggu") == ["3"]
    assert listed(sari, "piket") == ["5"]
    assert listed(letters[BUDI.address], "milik") == ["4"]
    assert len({x.serial for x in letters.values()}) == 2


def test_what_belongs_to_who_is_away_stands_on_the_duty_list():
    [letter] = a.sent_letters(digest(office(), *OPEN, absent=frozenset({SARI.number})))
    assert letter.to.address == BUDI.address
    assert listed(letter, "piket") == ["2", "5"]
    assert listed(letter, "terlambat") == ["1"]


def test_mails_that_are_no_ticket_wait_for_whoever_is_on_duty():
    known = Known(aside={"oversize": 2, "quarantined": 1})
    [letter] = a.sent_letters(decide(DayBegan(MONDAY), known, office(duty=("budi",))))
    assert letter.to.address == BUDI.address
    assert [number for _, number, _ in letter.words["tersisih"]] == [1, 2]
    assert a.sent_letters(decide(DayBegan(MONDAY), Known(aside={}), office(duty=("budi",)))) == []


def test_who_has_nothing_gets_nothing():
    assert a.sent_letters(digest(office())) == []
    closed = numbered(4, "7", "budi")
    letters = a.sent_letters(digest(office(duty=("budi",)), closed))
    assert [x.to.address for x in letters] == [BUDI.address]


def test_the_most_urgent_come_first_and_a_letter_is_not_endless():
    many = [
        numbered(n, "7", "sari", assessment=a.assessment(priority=Priority.LOW))
        for n in range(1, 80)
    ]
    urgent = numbered(99, "7", "sari", assessment=a.assessment(priority=Priority.CRITICAL))
    letter = a.sent_letters(digest(office(), *many, urgent))[0]
    assert letter.words["milik"][0][0] == urgent.number
    assert len(letter.words["milik"]) == 50
    assert len(letter.about) == 50


def test_the_digest_can_be_written_and_answered_ticket_is_left_to_its_time():
    answered = numbered(8, "9a", "sari", answered_at=MONDAY)
    assert answered.state is State.ANSWERED
    letter = a.sent_letters(digest(office(), answered, *OPEN))[0]
    assert "LPSE-2026-000008" in a.words_of(letter)
    assert listed(letter, "menunggu") == ["3", "8"]
