"""A letter is somebody's alone, goes out once, and its uncertain moments are known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from store_kit import BUDI, HOUR, MINUTE, NOW, SITI, commit, decide_on, letter, open_ticket

from maild.model.action import Decision, Withdraw
from maild.store.errors import Conflict
from maild.store.store import Store
from maild.store.values import ClaimedLetter, LetterResult, LetterState


def claim(store: Store, owner: str = "kurir", at: datetime = NOW) -> list[ClaimedLetter]:
    return store.claim_letters(20, owner, at, 5 * MINUTE)


def result(
    claimed: ClaimedLetter, state: LetterState, due_at: datetime | None = None
) -> LetterResult:
    return LetterResult(claimed, state, "250 2.0.0 queued as 42", NOW + MINUTE, due_at)


def states(store: Store) -> Sequence[str]:
    return [x.state.value for x in store.letters()]


def test_a_claimed_letter_is_complete(store: Store) -> None:
    ticket = open_ticket(store, 1)
    (one,) = claim(store)
    assert one == ClaimedLetter(
        id=one.id,
        claim=1,
        owner="kurir",
        name=f"{ticket.id}.1",
        ticket=ticket.id,
        template="tanda_terima",
        party="pengguna",
        person=0,
        recipient=BUDI.address,
        sender="helpdesk@lpse.example",
        message_id=f"<{ticket.id}.1.0.mac@lpse.example>",
        octets=b"Subject: surat %d.1" % ticket.id,
        automatic=True,
        attempts=1,
        created_at=NOW,
        first_try_at=NOW,
    )


def test_peoples_letters_go_before_automatic_ones(store: Store) -> None:
    open_ticket(store, 1, at=NOW - HOUR)
    open_ticket(store, 2, at=NOW - MINUTE)
    answer = open_ticket(store, 3, automatic=False)
    names = [x.name for x in store.claim_letters(2, "kurir", NOW, MINUTE)]
    assert names == [f"{answer.id}.1", "2026000001.1"]


def test_a_letter_waits_for_its_cooling_time(store: Store) -> None:
    open_ticket(store, 1, not_before=NOW + HOUR)
    assert claim(store) == []
    assert store.next_letter_due() == NOW + HOUR
    assert len(claim(store, at=NOW + HOUR)) == 1
    assert store.next_letter_due() is None


def test_a_letter_is_claimed_by_one_courier(store: Store) -> None:
    open_ticket(store, 1)
    assert len(claim(store, "satu")) == 1
    assert claim(store, "dua") == []


def test_a_sent_letter_keeps_the_servers_answer(store: Store) -> None:
    open_ticket(store, 1)
    (one,) = claim(store)
    assert store.body_started([one], NOW) == {one.id}
    assert states(store) == ["body_started"]
    assert store.finish([result(one, LetterState.SENT)]) == {one.id}
    (sent,) = store.letters(LetterState.SENT)
    assert (sent.answer, sent.sent_at) == ("250 2.0.0 queued as 42", NOW + MINUTE)
    assert claim(store, at=NOW + 9 * HOUR) == []


def test_a_retry_sends_the_same_bytes_later(store: Store) -> None:
    open_ticket(store, 1)
    (one,) = claim(store)
    store.finish([result(one, LetterState.RETRY, NOW + HOUR)])
    assert claim(store, at=NOW + 59 * MINUTE) == []
    (again,) = claim(store, at=NOW + HOUR)
    assert again == replace(one, claim=2, attempts=2)


@pytest.mark.parametrize(
    "state", [LetterState.READY, LetterState.CLAIMED, LetterState.BODY_STARTED]
)
def test_an_attempt_cannot_end_in_the_middle(store: Store, state: LetterState) -> None:
    open_ticket(store, 1)
    (one,) = claim(store)
    with pytest.raises(ValueError, match="ends"):
        store.finish([result(one, state)])


def test_a_retry_needs_a_time(store: Store) -> None:
    open_ticket(store, 1)
    (one,) = claim(store)
    with pytest.raises(ValueError, match="time"):
        store.finish([result(one, LetterState.RETRY)])


def test_what_ends_and_what_begins_are_one_commit(store: Store) -> None:
    open_ticket(store, 1)
    open_ticket(store, 2)
    first, second = claim(store)
    store.body_started([first], NOW)
    assert store.body_started([second], NOW, [result(first, LetterState.SENT)]) == {second.id}
    assert states(store) == ["sent", "body_started"]


def test_a_crash_before_the_body_is_safe_and_after_it_uncertain(store: Store) -> None:
    open_ticket(store, 1)
    open_ticket(store, 2)
    first, _ = claim(store)
    store.body_started([first], NOW)
    assert store.recover_letters(NOW + HOUR) == (1, 1)
    assert states(store) == ["uncertain", "ready"]


def test_a_living_courier_keeps_its_letters(store: Store) -> None:
    open_ticket(store, 1)
    claimed = claim(store)
    assert store.expire_leases(NOW + MINUTE) == (0, 0)
    store.renew_leases(claimed, NOW + 4 * MINUTE, 5 * MINUTE)
    assert store.expire_leases(NOW + 8 * MINUTE) == (0, 0)
    assert store.expire_leases(NOW + 9 * MINUTE) == (1, 0)
    assert states(store) == ["ready"]


def test_a_courier_that_wakes_up_late_cannot_send(store: Store) -> None:
    # F011: its letter went to another one meanwhile.
    open_ticket(store, 1)
    (old,) = claim(store, "beku")
    store.expire_leases(NOW + HOUR)
    assert store.body_started([old], NOW + HOUR) == frozenset()
    (new,) = claim(store, "beku", NOW + HOUR)
    assert store.body_started([old], NOW + HOUR) == frozenset()
    assert store.finish([result(old, LetterState.FAILED)]) == frozenset()
    assert store.body_started([new], NOW + HOUR) == {new.id}
    assert store.finish([result(old, LetterState.FAILED)]) == frozenset()
    assert states(store) == ["body_started"]
    assert store.finish([result(replace(new, owner="lain"), LetterState.SENT)]) == frozenset()


def test_a_hostile_answer_is_kept_readable(store: Store) -> None:
    open_ticket(store, 1)
    (one,) = claim(store)
    store.finish([replace(result(one, LetterState.FAILED), answer="550 \0 \udc80")])
    assert [x.answer for x in store.letters()] == ["550 \ufffd ?"]


def test_an_attempt_ends_once(store: Store) -> None:
    open_ticket(store, 1)
    (one,) = claim(store)
    assert store.finish([result(one, LetterState.SENT)]) == {one.id}
    assert store.finish([result(one, LetterState.FAILED)]) == frozenset()
    assert states(store) == ["sent"]


def test_a_proof_closes_an_uncertain_letter(store: Store) -> None:
    open_ticket(store, 1)
    open_ticket(store, 2)
    store.body_started(claim(store), NOW)
    store.recover_letters(NOW + HOUR)
    first, second = store.letters(LetterState.UNCERTAIN)
    assert store.prove_sent([first.message_id, "<x@y>"], NOW, "found in Sent") == [first.id]
    assert store.prove_sent([first.message_id], NOW, "again") == []
    assert [x.answer for x in store.letters(LetterState.SENT)] == ["found in Sent"]
    assert [x.id for x in store.letters(LetterState.UNCERTAIN)] == [second.id]


def test_an_uncertain_letter_of_a_person_is_resent_once(store: Store) -> None:
    open_ticket(store, 1, automatic=True)
    open_ticket(store, 2, automatic=False)
    store.body_started(claim(store), NOW)
    store.recover_letters(NOW + HOUR)
    assert store.resend_uncertain(NOW + 59 * MINUTE, NOW + 2 * HOUR) == []
    (resent,) = store.resend_uncertain(NOW + HOUR, NOW + 2 * HOUR)
    (one,) = claim(store, at=NOW + 2 * HOUR)
    assert (one.id, one.automatic) == (resent, False)
    store.body_started([one], NOW + 2 * HOUR)
    store.recover_letters(NOW + 3 * HOUR)
    assert store.resend_uncertain(NOW + 9 * HOUR, NOW + 9 * HOUR) == []
    assert states(store) == ["uncertain", "uncertain"]


def test_a_failure_is_told_until_something_is_decided(store: Store) -> None:
    ticket = open_ticket(store, 1, requester=SITI)
    (one,) = claim(store)
    store.finish([result(one, LetterState.FAILED)])
    (failed,) = store.failures()
    assert (failed.ticket, failed.template, failed.party, failed.recipient, failed.answer) == (
        ticket.id,
        "tanda_terima",
        "pengguna",
        SITI.address,
        "250 2.0.0 queued as 42",
    )
    with store.begin() as unit:
        unit.told(failed.id)
    assert store.failures() == []
    assert states(store) == ["failed"]


def test_an_operator_holds_releases_and_discards(store: Store) -> None:
    ticket = open_ticket(store, 1)
    decide_on(store, ticket, letter(ticket, 2))
    first, second = store.letters(ticket=ticket.id)
    assert store.hold_letters([first.id], NOW, "ditahan") == 1
    assert [x.name for x in claim(store)] == [second.name]
    assert store.hold_letters([second.id], NOW, "terlambat") == 0
    assert store.release_letters([first.id], NOW) == 1
    assert store.discard_letters([first.id], NOW, "tidak perlu") == 1
    (gone,) = store.letters(LetterState.FAILED)
    assert (gone.id, gone.answer) == (first.id, "tidak perlu")
    assert store.failures() == []
    assert store.release_letters([], NOW) == 0


def test_all_that_has_not_left_is_held_at_once(store: Store) -> None:  # F021: after a restore
    ticket = open_ticket(store, 1)
    (sent,) = claim(store)
    store.finish([result(sent, LetterState.SENT)])
    decide_on(store, ticket, letter(ticket, 2), letter(ticket, 3))
    assert store.hold_letters(None, NOW, "ditahan") == 2
    assert claim(store) == []
    assert sorted(states(store)) == ["held", "held", "sent"]


def test_letters_are_listed_by_state_and_ticket(store: Store) -> None:
    first, second = open_ticket(store, 1), open_ticket(store, 2)
    (one, _) = claim(store)
    store.finish([result(one, LetterState.SENT)])
    assert [x.ticket for x in store.letters()] == [first.id, second.id]
    assert [x.ticket for x in store.letters(LetterState.CLAIMED)] == [second.id]
    assert [x.state for x in store.letters(ticket=first.id)] == [LetterState.SENT]
    assert store.letters(LetterState.SENT, second.id) == []


def test_a_decision_without_letters_writes_none(store: Store) -> None:
    ticket = open_ticket(store, 1)
    commit(store, ticket.id, Decision(replace(ticket, version=2), ()))
    assert len(store.letters()) == 1


def test_a_letter_that_a_courier_has_taken_cannot_be_taken_back(store: Store) -> None:
    ticket = open_ticket(store, 1, automatic=False)
    (claimed,) = claim(store)
    with pytest.raises(Conflict):
        decide_on(store, ticket, Withdraw((claimed.name,)))
    assert store.ticket(ticket.id) == ticket
