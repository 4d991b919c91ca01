"""Mails that are no ticket: of which of them whoever is on duty is told at once."""

from dataclasses import replace

from kit import builders as a
from kit.office import BUDI, MONDAY, SARI, book
from maild.desk import aside
from maild.desk.decide import decide
from maild.model.event import MailsSetAside
from maild.model.known import Known

EVENT = MailsSetAside(MONDAY)


def test_everybody_on_duty_is_told_what_waits():
    letters = a.sent_letters(decide(EVENT, Known(aside={"oversize": 2, "parked": 1}), book()))
    assert [letter.to.address for letter in letters] == [SARI.address, BUDI.address]
    assert len({letter.serial for letter in letters}) == 2
    shown = a.words_of(letters[0])
    assert "1 surel tidak dapat dibaca" in shown
    assert "2 surel terlalu besar dan tetap di kotak surat" in shown


def test_whoever_is_not_on_duty_or_away_is_not_told():
    known = Known(aside={"parked": 1})
    duty = replace(book(), assignment=replace(book().assignment, duty=("budi",)))
    [letter] = a.sent_letters(decide(EVENT, known, duty))
    assert letter.to.address == BUDI.address
    away = replace(known, absent=frozenset({BUDI.number}))
    [letter] = a.sent_letters(decide(EVENT, away, book()))
    assert letter.to.address == SARI.address


def test_what_is_held_back_can_wait_for_the_morning():
    assert aside.urgent({"quarantined": 9}) == {}
    assert aside.urgent({"quarantined": 9, "oversize": 1}) == {"oversize": 1}
