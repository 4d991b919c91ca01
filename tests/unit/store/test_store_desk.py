"""A decision is written whole or not at all, once, and against what is really so."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from store_kit import (
    ASSESSMENT,
    HOUR,
    NOW,
    SITI,
    arrive,
    commit,
    decide_on,
    incoming,
    letter,
    letters_of,
    new_ticket,
    open_ticket,
    parsed,
    rendered,
)

from maild.model.action import ClearAlarms, Decision, Outcome, Passage, Record, SetAlarm
from maild.model.event import AlarmKind
from maild.model.ticket import Assessment, Match, State, Ticket
from maild.store.errors import Conflict
from maild.store.runner import Runner
from maild.store.store import Store
from maild.store.values import DueAlarm, LetterState


def test_a_ticket_comes_back_as_it_was_written(store: Store) -> None:
    ticket = open_ticket(store, 1)
    assert store.ticket(ticket.id) == ticket
    assert store.ticket_by_number(ticket.number) == ticket
    assert store.ticket_by_number("LPSE-2026-999999") is None


def test_no_field_of_a_ticket_is_forgotten(store: Store) -> None:
    # A field that lies at its default here would pass unseen in the test above.
    ticket = open_ticket(store, 1)
    at_default = {f.name for f in fields(Ticket) if getattr(ticket, f.name) == f.default}
    assert at_default == {"version"}
    changed = decide_on(store, ticket)
    assert store.ticket(ticket.id) == changed
    assert all(getattr(ASSESSMENT, f.name) for f in fields(Assessment))


def test_a_change_is_kept(store: Store) -> None:
    ticket = open_ticket(store, 1)
    with store.begin() as unit:
        known = unit.known_ticket(ticket.id, NOW)
        assert known.tickets == {ticket.id: ticket}
        after = replace(
            ticket, version=2, state=State.CLOSED, row="10", due_at=None, solution="Selesai"
        )
        unit.commit_decision(Decision(after, ()), {}, None, None, NOW)
    assert store.ticket(ticket.id) == after


def test_everything_of_a_decision_is_there_afterwards(store: Store) -> None:
    record = Record(0, NOW, "maild", "2", "Tiket dibuka", (Match("unggah", "gagal"),))
    passage = Passage(0, "2", NOW - HOUR, NOW, "lanjut")
    alarm = SetAlarm(0, AlarmKind.DUE, NOW + HOUR, "4")
    ticket = open_ticket(store, 1, record, passage, alarm)
    assert store.journal(ticket.id) == [replace(record, ticket=ticket.id)]
    assert store.passages_of(ticket.id) == [replace(passage, ticket=ticket.id)]
    assert store.alarms(ticket.id) == [DueAlarm(ticket.id, AlarmKind.DUE, NOW + HOUR, "4")]
    (message,) = store.conversation(ticket.id)
    assert (message.author, message.text, message.at) == (
        ticket.requester,
        "Tidak bisa unggah.",
        NOW,
    )
    assert message.attachments == ("layar.png",)
    (sent,) = store.letters(ticket=ticket.id)
    assert (sent.name, sent.state) == (f"{ticket.id}.1", LetterState.READY)
    assert store.letter_octets(sent.name) == b"Subject: surat " + sent.name.encode()
    (mail,) = store.mails("done")
    assert (mail.ticket, mail.message_id, mail.decided_at) == (
        ticket.id,
        "<1@cv-maju.example>",
        NOW,
    )
    assert message.mail_id == mail.id
    assert [a.name for a in store.attachments(mail.id)] == ["layar.png"]


def test_ticket_numbers_have_no_gaps(store: Store) -> None:
    numbers = [open_ticket(store, 1).number]
    mail_id, sha256 = arrive(store, 2)
    with store.begin() as unit:
        unit.known(parsed(), (), NOW, sha256)
        unit.commit_decision(Decision(None, (), outcome=Outcome.INERT), {}, mail_id, parsed(), NOW)
    numbers.append(open_ticket(store, 3).number)
    assert numbers == ["LPSE-2026-000001", "LPSE-2026-000002"]


def test_the_year_of_a_number_is_the_offices_own(store: Store) -> None:
    in_jakarta_already_2027 = datetime(2026, 12, 31, 18, 0, tzinfo=UTC)
    assert open_ticket(store, 1, at=in_jakarta_already_2027).number == "LPSE-2027-000001"
    assert open_ticket(store, 2, at=in_jakarta_already_2027 - 2 * HOUR).id == 2026000001


def test_many_mails_of_one_unit_see_each_other(store: Store) -> None:
    first, second = arrive(store, 1, b"sama"), arrive(store, 2, b"sama")
    with store.begin() as unit:
        known = unit.known(parsed(), (), NOW, first[1])
        assert not known.duplicate
        ticket = new_ticket(known)
        what = Decision(
            ticket,
            (incoming(ticket, first[0], "<1@cv-maju.example>"), letter(ticket, 1)),
            outcome=Outcome.DONE,
        )
        unit.commit_decision(what, letters_of(what), first[0], parsed(), NOW)
        after = unit.known(parsed(), (), NOW, second[1])
        assert after.duplicate
        assert after.earlier == (ticket,)
        assert [x.name for x in after.lately] == [f"{ticket.id}.1"]
        assert after.automatic_last_hour == 1
        assert after.next_id == ticket.id + 1
        unit.commit_decision(
            Decision(None, (), outcome=Outcome.INERT), {}, second[0], parsed(), NOW
        )
    assert [m.uid for m in store.mails("inert")] == [2]


class PowerCut(Exception):  # noqa: N818
    """Stands for a kill at one statement."""


def test_a_kill_at_any_statement_leaves_all_or_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [0]

    def dying(method: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise PowerCut
            return method(*arguments, **named)

        return call

    store.record([], NOW)
    mail_id, sha256 = arrive(store, 1)
    before = store.counts()
    for name in ("all", "first", "change", "insert"):
        monkeypatch.setattr(Runner, name, dying(getattr(Runner, name)))

    def attempt() -> None:
        with store.begin() as unit:
            ticket = new_ticket(unit.known(parsed(), (), NOW, sha256))
            what = Decision(
                ticket,
                (
                    incoming(ticket, mail_id, "<1@cv-maju.example>"),
                    letter(ticket, 1),
                    SetAlarm(ticket.id, AlarmKind.DUE, NOW, "4"),
                    Passage(ticket.id, "2", NOW, NOW, "lanjut"),
                    Record(ticket.id, NOW, "maild", "2", "Dibuka"),
                ),
                outcome=Outcome.DONE,
            )
            unit.commit_decision(what, letters_of(what), mail_id, parsed(), NOW)

    died = 0
    while True:
        left[0] = died + 1
        try:
            attempt()
            break
        except PowerCut:
            died += 1
        left[0] = 0
        assert store.counts() == before
        assert store.attachments(mail_id) == ()
    assert died >= 12
    left[0] = 0
    after = store.counts()
    assert (after.mails, after.tickets, after.letters) == (
        {"done": 1},
        {"diproses": 1},
        {"ready": 1},
    )
    assert after.next_alarm_at == NOW


def test_a_mail_is_decided_once(store: Store) -> None:
    mail_id, _ = arrive(store, 1)
    what = Decision(None, (), outcome=Outcome.INERT)
    with store.begin() as unit:
        unit.commit_decision(what, {}, mail_id, parsed(), NOW)
    with pytest.raises(Conflict), store.begin() as unit:
        unit.commit_decision(what, {}, mail_id, parsed(), NOW)


def test_a_letter_is_written_once(store: Store) -> None:
    ticket = open_ticket(store, 1)
    with pytest.raises(Conflict):
        decide_on(store, ticket, letter(ticket, 1))
    assert len(store.letters()) == 1
    assert store.ticket(ticket.id) == ticket


@pytest.mark.parametrize(
    ("version", "summary", "complaint"),
    [
        (1, "lain", "without a new version"),
        (3, "lain", "skips"),
        (0, "lain", "skips"),
    ],
)
def test_versions_of_a_ticket_grow_by_one(
    store: Store, version: int, summary: str, complaint: str
) -> None:
    ticket = open_ticket(store, 1)
    after = replace(ticket, version=version, summary=summary)
    with pytest.raises(ValueError, match=complaint):
        commit(store, ticket.id, Decision(after, ()))


def test_a_ticket_that_was_not_asked_for_is_refused(store: Store) -> None:
    ticket = open_ticket(store, 1)
    with pytest.raises(ValueError, match="neither"), store.begin() as unit:
        unit.commit_decision(Decision(replace(ticket, version=2), ()), {}, None, None, NOW)


def test_an_unchanged_ticket_is_not_written(store: Store) -> None:
    ticket = open_ticket(store, 1)
    mail_id, sha256 = arrive(store, 2)
    with store.begin() as unit:
        assert unit.known(parsed(), (), NOW, sha256).earlier == (ticket,)
        unit.commit_decision(
            Decision(ticket, (), outcome=Outcome.INERT), {}, mail_id, parsed(), NOW
        )
    assert store.ticket(ticket.id) == ticket
    assert store.mails("inert")[0].ticket == ticket.id


def test_a_letter_that_was_not_rendered_stops_the_decision(store: Store) -> None:
    ticket = open_ticket(store, 1)
    after = replace(ticket, version=2)
    with pytest.raises(ValueError, match="tanda_terima"):
        commit(store, ticket.id, Decision(after, (letter(ticket, 2),)))
    assert store.ticket(ticket.id) == ticket


def test_a_mail_needs_an_outcome(store: Store) -> None:
    mail_id, _ = arrive(store, 1)
    with pytest.raises(ValueError, match="outcome"), store.begin() as unit:
        unit.commit_decision(Decision(None, ()), {}, mail_id, parsed(), NOW)


def test_a_letter_may_be_about_no_ticket(store: Store) -> None:
    recap = letter(None, 1, to=SITI)
    with store.begin() as unit:
        unit.commit_decision(Decision(None, (recap,)), {0: rendered(recap)}, None, None, NOW)
    assert [x.ticket for x in store.letters()] == [None]


def test_text_that_no_database_takes_is_kept_readable(store: Store) -> None:
    odd = "a\0b\ud800c"
    long_id = "<" + "x" * 5000 + "@penyedia.example>"
    mail_id, sha256 = arrive(store, 1)
    mail = parsed(long_id, attachments=(replace(parsed().attachments[0], name=odd),))
    with store.begin() as unit:
        ticket = replace(new_ticket(unit.known(mail, (), NOW, sha256)), subject=odd, summary=odd)
        what = Decision(
            ticket,
            (
                replace(incoming(ticket, mail_id, long_id), text=odd, subject=odd),
                Record(ticket.id, NOW, odd, "2", odd, (Match("r", odd),)),
            ),
            outcome=Outcome.DONE,
            note=odd,
        )
        unit.commit_decision(what, {}, mail_id, mail, NOW)
    stored = store.ticket(ticket.id)
    assert stored is not None
    assert stored.subject == "a\ufffdb?c"
    assert store.conversation(ticket.id)[0].text == "a\ufffdb?c"
    with store.begin() as unit:
        assert unit.known(mail, (), NOW, "0" * 64).duplicate


def test_one_alarm_of_a_kind_is_set(store: Store) -> None:
    ticket = open_ticket(
        store,
        1,
        SetAlarm(0, AlarmKind.DUE, NOW + HOUR, "4"),
        SetAlarm(0, AlarmKind.REMIND, NOW + HOUR, "4"),
    )
    decide_on(store, ticket, SetAlarm(ticket.id, AlarmKind.REMIND, NOW + 2 * HOUR, "4"))
    assert [(a.kind, a.at) for a in store.alarms(ticket.id)] == [
        (AlarmKind.DUE, NOW + HOUR),
        (AlarmKind.REMIND, NOW + 2 * HOUR),
    ]


def test_alarms_are_cleared_in_the_order_of_the_actions(store: Store) -> None:
    ticket = open_ticket(store, 1, SetAlarm(0, AlarmKind.DUE, NOW + HOUR, "4"))
    other = open_ticket(store, 2, SetAlarm(0, AlarmKind.DUE, NOW + HOUR, "4"))
    decide_on(
        store,
        ticket,
        SetAlarm(ticket.id, AlarmKind.REMIND, NOW + HOUR, "4"),
        ClearAlarms(ticket.id),
        SetAlarm(ticket.id, AlarmKind.REMIND, NOW + 3 * HOUR, "9"),
    )
    assert [a.kind for a in store.alarms(ticket.id)] == [AlarmKind.REMIND]
    assert [a.kind for a in store.alarms(other.id)] == [AlarmKind.DUE]
    decide_on(store, ticket, ClearAlarms(ticket.id))
    assert store.alarms(ticket.id) == []


def test_an_alarm_rings_once(store: Store) -> None:
    ticket = open_ticket(store, 1, SetAlarm(0, AlarmKind.DUE, NOW + HOUR, "4"))
    assert store.due_alarms(NOW + HOUR - HOUR / 60, 9) == []
    assert store.next_alarm_at() == NOW + HOUR
    (alarm,) = store.due_alarms(NOW + HOUR, 9)
    assert alarm == DueAlarm(ticket.id, AlarmKind.DUE, NOW + HOUR, "4")
    with store.begin() as unit:
        assert unit.take_alarm(alarm)
        assert not unit.take_alarm(alarm)
    assert store.due_alarms(NOW + HOUR, 9) == []
    assert store.next_alarm_at() is None


def test_an_alarm_that_was_moved_does_not_ring(store: Store) -> None:
    ticket = open_ticket(store, 1, SetAlarm(0, AlarmKind.DUE, NOW, "4"))
    (alarm,) = store.due_alarms(NOW, 9)
    decide_on(store, ticket, SetAlarm(ticket.id, AlarmKind.DUE, NOW + HOUR, "5"))
    with store.begin() as unit:
        assert not unit.take_alarm(alarm)


def test_an_alarm_is_set_again_when_its_decision_fails(store: Store) -> None:
    open_ticket(store, 1, SetAlarm(0, AlarmKind.DUE, NOW, "4"))
    (alarm,) = store.due_alarms(NOW, 9)

    def decide_in_vain() -> None:
        with store.begin() as unit:
            assert unit.take_alarm(alarm)
            raise PowerCut

    with pytest.raises(PowerCut):
        decide_in_vain()
    assert store.due_alarms(NOW, 9) == [alarm]
