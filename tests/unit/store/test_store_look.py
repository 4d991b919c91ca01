"""What is known about a mail: its tickets, its copies, its sender's letters."""

from dataclasses import replace
from datetime import timedelta

import pytest
from store_kit import (
    BUDI,
    HOUR,
    MINUTE,
    NOW,
    SITI,
    arrive,
    decide_on,
    incoming,
    known_of,
    letter,
    letters_of,
    new_ticket,
    open_ticket,
    parsed,
    raw,
)

from maild.model.action import AddMessage, Decision, Outcome, Passage
from maild.model.known import Claim, Evidence
from maild.model.mail import Attachment, Bounce, Nature
from maild.model.ticket import Direction
from maild.model.token import Mark
from maild.store.store import Store

DAY = timedelta(days=1)


def test_a_new_mail_from_a_stranger_knows_only_its_number(store: Store) -> None:
    known = known_of(store, parsed())
    assert (known.next_id, known.next_number) == (2026000001, "LPSE-2026-000001")
    assert (known.claims, dict(known.tickets), known.earlier, known.lately) == ((), {}, (), ())
    assert not known.duplicate
    assert known.letter is None


@pytest.mark.parametrize(
    ("evidence", "value", "name"),
    [
        (Evidence.REFERENCE, "<1@cv-maju.example>", ""),
        (Evidence.REFERENCE, "<2026000001.1.0.mac@lpse.example>", ""),
        (Evidence.MESSAGE_ID, "<2026000001.1.0.mac@lpse.example>", "2026000001.1"),
        (Evidence.OUTSIDE_NUMBER, "LKPP-2026000001", ""),
        (Evidence.SUBJECT_TAG, "LPSE-2026-000001", ""),
        (Evidence.BODY_TAG, "LPSE-2026-000001", ""),
    ],
)
def test_a_claim_finds_its_ticket(store: Store, evidence: Evidence, value: str, name: str) -> None:
    ticket = open_ticket(store, 1)
    open_ticket(store, 2)
    known = known_of(store, parsed("<9@x.example>"), Claim(evidence, value, letter=name))
    assert [claim.ticket for claim in known.claims] == [ticket.id]
    assert known.tickets == {ticket.id: ticket}
    assert [message.text for message in known.conversation] == ["Tidak bisa unggah."]
    assert known.conversation[0].attachments == ("layar.png",)


def test_a_token_says_its_ticket_itself(store: Store) -> None:
    ticket = open_ticket(store, 1)
    mark = Mark("a", ticket.id, 3, 1, NOW.date())
    known = known_of(store, parsed(), Claim(Evidence.TOKEN, "helpdesk+x@lpse.example", mark=mark))
    assert known.tickets == {ticket.id: ticket}


@pytest.mark.parametrize("evidence", list(Evidence))
def test_a_claim_that_nobody_knows_has_no_ticket(store: Store, evidence: Evidence) -> None:
    open_ticket(store, 1)
    known = known_of(store, parsed(), Claim(evidence, "<tak-dikenal@x>", letter="2026000001.77"))
    assert [claim.ticket for claim in known.claims] == [None]
    assert dict(known.tickets) == {}
    assert known.conversation == ()


def test_a_number_that_was_never_given_names_no_ticket(store: Store) -> None:
    claim = Claim(Evidence.SUBJECT_TAG, "LPSE-2026-000099", ticket=2026000099)
    assert dict(known_of(store, parsed(), claim).tickets) == {}


def test_the_best_claim_comes_first_and_has_the_conversation(store: Store) -> None:
    weak, strong = open_ticket(store, 1), open_ticket(store, 2, requester=SITI)
    known = known_of(
        store,
        parsed("<9@x.example>"),
        Claim(Evidence.BODY_TAG, weak.number),
        Claim(Evidence.REFERENCE, "<2@cv-maju.example>"),
    )
    assert [claim.ticket for claim in known.claims] == [strong.id, weak.id]
    assert set(known.tickets) == {strong.id, weak.id}
    assert {message.ticket for message in known.conversation} == {strong.id}


def test_the_conversation_is_the_last_thirty_messages_oldest_first(store: Store) -> None:
    ticket = open_ticket(store, 1)
    notes = [
        AddMessage(ticket.id, Direction.NOTE, "helpdesk", SITI, f"catatan {n}", NOW)
        for n in range(40)
    ]
    decide_on(store, ticket, *notes)
    known = known_of(store, parsed(), Claim(Evidence.SUBJECT_TAG, ticket.number))
    assert [m.text for m in known.conversation] == [f"catatan {n}" for n in range(10, 40)]
    assert len(store.conversation(ticket.id)) == 41


def test_many_references_are_looked_up(store: Store) -> None:
    ticket = open_ticket(store, 1)
    claims = [Claim(Evidence.REFERENCE, f"<{n}@lain.example>") for n in range(200)]
    known = known_of(store, parsed(), *claims, Claim(Evidence.REFERENCE, "<1@cv-maju.example>"))
    assert ticket.id in known.tickets


def test_a_copy_is_the_same_id_with_the_same_content(store: Store) -> None:
    open_ticket(store, 1)
    mail = parsed("<1@cv-maju.example>")
    assert known_of(store, mail).duplicate
    assert not known_of(store, replace(mail, content_hash="lain")).duplicate
    assert not known_of(store, replace(mail, message_id="<x@cv-maju.example>")).duplicate


def test_without_an_id_the_bytes_decide(store: Store) -> None:
    mail_id, sha256 = arrive(store, 1, b"tanpa id")
    mail = parsed(None)
    assert not known_of(store, mail, sha256=sha256).duplicate
    with store.begin() as unit:
        unit.commit_decision(Decision(None, (), outcome=Outcome.INERT), {}, mail_id, mail, NOW)
    assert known_of(store, mail, sha256=sha256).duplicate
    assert not known_of(store, mail, sha256="f" * 64).duplicate


def test_a_parked_mail_does_not_make_its_copy_a_duplicate(store: Store) -> None:
    mail_id, sha256 = arrive(store, 1)
    with store.begin() as unit:
        unit.commit_decision(
            Decision(None, (), outcome=Outcome.PARKED), {}, mail_id, parsed(), NOW
        )
    assert not known_of(store, parsed()).duplicate
    assert not known_of(store, parsed(None), sha256=sha256).duplicate


def test_lately_are_the_senders_automatic_letters_of_a_day(store: Store) -> None:
    open_ticket(store, 1, at=NOW - DAY - MINUTE)
    wanted = open_ticket(store, 2, at=NOW - HOUR)
    open_ticket(store, 3, at=NOW - HOUR, automatic=False)
    open_ticket(store, 4, at=NOW - HOUR, requester=SITI)
    (one,) = known_of(store, parsed()).lately
    assert (one.name, one.ticket, one.template, one.party) == (
        f"{wanted.id}.1",
        wanted.id,
        "tanda_terima",
        "pengguna",
    )
    assert (one.recipient, one.automatic, one.at) == (BUDI.address, True, NOW - HOUR)


def test_automatic_letters_to_all_are_counted_for_an_hour(store: Store) -> None:
    open_ticket(store, 1, at=NOW - HOUR)
    open_ticket(store, 2, at=NOW - MINUTE)
    open_ticket(store, 3, at=NOW, requester=SITI)
    open_ticket(store, 4, at=NOW, automatic=False)
    assert known_of(store, parsed()).automatic_last_hour == 2


def test_earlier_tickets_are_the_senders_newest_ten(store: Store) -> None:
    own = [open_ticket(store, n) for n in range(1, 13)]
    open_ticket(store, 20, requester=SITI)
    known = known_of(store, parsed(), Claim(Evidence.SUBJECT_TAG, own[-1].number))
    assert known.earlier == tuple(reversed(own[2:-1]))


def test_a_mail_without_a_usable_sender_has_no_history(store: Store) -> None:
    open_ticket(store, 1)
    known = known_of(store, parsed("<9@x.example>", sender=None))
    assert (known.earlier, known.lately) == ((), ())


def test_a_bounce_finds_the_letter_it_is_about(store: Store) -> None:
    ticket = open_ticket(store, 1)
    bounce = Bounce((), f"<{ticket.id}.1.0.mac@lpse.example>")
    known = known_of(store, parsed(nature=Nature.BOUNCE, bounce=bounce))
    assert known.letter is not None
    assert known.letter.name == f"{ticket.id}.1"
    assert known.tickets == {ticket.id: ticket}


def test_an_answer_finds_the_letter_that_it_answers(store: Store) -> None:
    ticket = open_ticket(store, 1)
    decide_on(store, ticket, letter(ticket, 2))
    claims = [Claim(Evidence.MESSAGE_ID, "x", letter=f"{ticket.id}.{n}") for n in (2, 1)]
    known = known_of(store, parsed(), *claims)
    assert known.letter is not None
    assert known.letter.name == f"{ticket.id}.2"


def test_an_alarm_knows_its_ticket_and_its_requesters_letters(store: Store) -> None:
    ticket = open_ticket(store, 1)
    with store.begin() as unit:
        known = unit.known_ticket(ticket.id, NOW + MINUTE)
        nobody = unit.known_ticket(1, NOW)
    assert known.tickets == {ticket.id: ticket}
    assert [x.name for x in known.lately] == [f"{ticket.id}.1"]
    assert len(known.conversation) == 1
    assert dict(nobody.tickets) == {}


def test_the_case_of_an_address_hides_no_letter(store: Store) -> None:
    mail_id, sha256 = arrive(store, 1)
    mail = parsed()
    shouting = replace(BUDI, address="BUDI@cv-maju.example")
    ticket = open_ticket(store, 2)
    with store.begin() as unit:
        unit.known(mail, (), NOW, sha256)
        what = Decision(
            replace(ticket, version=2),
            (incoming(ticket, mail_id, "<7@x>"), letter(ticket, 5, to=shouting)),
            outcome=Outcome.DONE,
        )
        unit.commit_decision(what, letters_of(what), mail_id, mail, NOW)
    assert [x.name for x in known_of(store, parsed("<9@x>")).lately] == [
        f"{ticket.id}.1",
        f"{ticket.id}.5",
    ]


def test_the_way_of_a_ticket_is_known_with_what_the_same_unit_has_walked(store: Store) -> None:
    first = Passage(0, "7", NOW, NOW + HOUR, "lanjut")
    ticket = open_ticket(store, 1, first)
    second = Passage(ticket.id, "8", NOW + HOUR, NOW + HOUR, "eskalasi")
    with store.begin() as unit:
        before = unit.known_ticket(ticket.id, NOW)
        assert before.passages == (replace(first, ticket=ticket.id),)
        after = replace(ticket, version=ticket.version + 1)
        unit.commit_decision(Decision(after, (second,)), {}, None, None, NOW)
        assert unit.known_ticket(ticket.id, NOW).passages == (*before.passages, second)
    claim = Claim(Evidence.SUBJECT_TAG, ticket.number, ticket.id)
    assert known_of(store, parsed("<9@x.example>"), claim).passages == (*before.passages, second)


def test_tickets_of_one_case_of_the_other_office_know_of_each_other(store: Store) -> None:
    first, second, third = (open_ticket(store, uid) for uid in (1, 2, 3))
    with store.begin() as unit:
        known = unit.known_ticket(second.id, NOW).tickets[second.id]
        joined = replace(known, outside_number=first.outside_number, version=2)
        unit.commit_decision(Decision(joined, ()), {}, None, None, NOW)
    claim = Claim(Evidence.SUBJECT_TAG, first.number, first.id)
    assert known_of(store, parsed("<9@x.example>"), claim).same_case == (joined,)
    claim = Claim(Evidence.SUBJECT_TAG, third.number, third.id)
    assert known_of(store, parsed("<8@x.example>"), claim).same_case == ()


def shown_in_tickets(store: Store, tickets: int, day: int) -> None:
    """The same picture stands in the first mail of so many tickets, from that day on."""
    for uid in range(tickets):
        store.record([raw(uid, internal_at=NOW + day * DAY)], NOW)
        (taken,) = store.take_mails(1, NOW)
        with store.begin() as unit:
            mail = parsed(f"<{uid}@x.example>", attachments=(PICTURE,))
            ticket = new_ticket(unit.known(mail, (), NOW, taken.sha256))
            decision = Decision(ticket, (), outcome=Outcome.DONE)
            unit.commit_decision(decision, {}, taken.id, mail, NOW)


PICTURE = Attachment("image001.png", 9_000, "image/png", "cd" * 32, True, "2.2")


def names_left(store: Store, *files: Attachment) -> list[str]:
    with store.begin() as unit:
        return unit.undressed(parsed(attachments=files), NOW + 20 * DAY).file_names


def test_b086_a_picture_that_many_tickets_show_over_weeks_is_a_logo(store: Store) -> None:
    shown_in_tickets(store, 3, day=1)
    screen = replace(PICTURE, name="layar.png", sha256="ef" * 32)
    enclosed = replace(PICTURE, name="cap.png", inline=False)
    assert names_left(store, PICTURE, screen, enclosed) == ["layar.png", "cap.png"]


@pytest.mark.parametrize(("tickets", "day"), [(2, 1), (3, 10)])
def test_a_screenshot_that_few_tickets_or_one_week_have_in_common_is_none(
    store: Store, tickets: int, day: int
) -> None:
    shown_in_tickets(store, tickets, day)
    assert names_left(store, PICTURE) == ["image001.png"]


def test_a_picture_that_only_dresses_its_mail_is_not_told_of_in_the_conversation(
    store: Store,
) -> None:
    mail_id, sha256 = arrive(store, 1)
    logo = replace(PICTURE, name="logo.png", decoration=True)
    inner = replace(PICTURE, name="dalam.png", part="3/2")
    mail = parsed(attachments=(PICTURE, logo, inner))
    with store.begin() as unit:
        ticket = new_ticket(unit.known(mail, (), NOW, sha256))
        decision = Decision(ticket, (incoming(ticket, mail_id, "<1@x>"),), outcome=Outcome.DONE)
        unit.commit_decision(decision, {}, mail_id, mail, NOW)
    (said,) = store.conversation(ticket.id)
    assert said.attachments == ("image001.png",)
    assert store.attachments(mail_id) == (PICTURE, logo, inner)
