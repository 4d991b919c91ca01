"""Solved tickets about the same are found by their words, on either database."""

from dataclasses import replace

from store_kit import NOW, new_ticket, parsed, raw

from maild.model.action import Decision, NoteAbsence, Outcome, TakeUp
from maild.model.ticket import State, Ticket
from maild.store.store import Store


def solve(store: Store, uid: int, summary: str, category: str = "unggah", **fields) -> Ticket:
    store.record([raw(uid)], NOW)
    mail_id = store.take_mails(1, NOW)[0].id
    mail = parsed(f"<{uid}@x.example>")
    with store.begin() as unit:
        known = unit.known(mail, (), NOW, "")
        ticket = new_ticket(known)
        ticket = replace(
            ticket,
            subject="",
            summary=summary,
            state=State.CLOSED,
            answered_at=NOW,
            merged=0,
            assessment=replace(ticket.assessment, category=category),
            **fields,
        )
        decision = Decision(ticket, (), (), Outcome.DONE)
        unit.commit_decision(decision, {}, mail_id, mail, NOW)
    return ticket


def found(store: Store, summary: str, category: str = "unggah") -> list[str]:
    ticket = solve(store, 99, summary, category, solution="")
    with store.begin() as unit:
        return [other.summary for other in unit.similar(ticket)]


def test_the_nearest_solved_tickets_of_the_category_come_first(store: Store) -> None:
    solve(store, 1, "Gagal mengunggah dokumen penawaran, muncul pesan kesalahan")
    solve(store, 2, "Dokumen penawaran tidak terkirim")
    solve(store, 3, "Lupa kata sandi", "sandi")
    solve(store, 4, "Jadwal tender berubah")
    assert found(store, "Gagal mengunggah dokumen penawaran") == [
        "Gagal mengunggah dokumen penawaran, muncul pesan kesalahan",
        "Dokumen penawaran tidak terkirim",
    ]


def test_at_most_three_are_given(store: Store) -> None:
    for uid in range(1, 7):
        solve(store, uid, f"Gagal mengunggah dokumen nomor {uid}")
    assert len(found(store, "Gagal mengunggah dokumen")) == 3


def test_what_is_open_again_or_was_never_answered_is_no_example(store: Store) -> None:
    ticket = solve(store, 1, "Gagal mengunggah dokumen")
    solve(store, 2, "Gagal mengunggah dokumen lain", solution="")
    store.record([raw(5)], NOW)
    mail_id = store.take_mails(1, NOW)[0].id
    with store.begin() as unit:
        unit.known_ticket(ticket.id, NOW)
        again = replace(ticket, state=State.IN_PROGRESS, version=ticket.version + 1)
        unit.commit_decision(Decision(again, (), (), Outcome.DONE), {}, mail_id, None, NOW)
    assert found(store, "Gagal mengunggah dokumen") == []


def test_words_of_the_search_language_are_only_words(store: Store) -> None:
    solve(store, 1, "Gagal mengunggah dokumen")
    assert found(store, 'NEAR("x" OR near AND NOT * : ^ mengunggah\' | & ! <-> ()') == [
        "Gagal mengunggah dokumen"
    ]


def test_a_text_without_telling_words_finds_nothing(store: Store) -> None:
    solve(store, 1, "Gagal mengunggah dokumen")
    assert found(store, "mohon bantuannya pak 123") == []


def test_a_held_mail_is_taken_up_once_and_keeps_who_vouches(store: Store) -> None:
    store.record([raw(1), raw(2)], NOW)
    first, second = (m.id for m in store.take_mails(2, NOW))
    held = Decision(None, (), (), Outcome.QUARANTINED)
    with store.begin() as unit:
        unit.commit_decision(held, {}, first, parsed(), NOW)
    confirming = Decision(None, (TakeUp(first, "sari"),), (), Outcome.DONE)
    with store.begin() as unit:
        unit.commit_decision(confirming, {}, second, None, NOW)
    [again] = store.take_mails(5, NOW)
    assert (again.id, again.vouched) == (first, "sari")
    with store.begin() as unit:
        assert not unit.known(parsed(), (), NOW, again.sha256).duplicate
        unit.commit_decision(held, {}, first, parsed(), NOW)
    store.record([raw(3)], NOW)
    [third] = store.take_mails(5, NOW)
    with store.begin() as unit:
        unit.commit_decision(confirming, {}, third.id, None, NOW)
    assert store.take_mails(5, NOW) == []


def test_an_absence_is_remembered_until_it_ends(store: Store) -> None:
    def note(uid: int, *actions: NoteAbsence) -> frozenset[int]:
        store.record([raw(uid)], NOW)
        [mail] = store.take_mails(1, NOW)
        with store.begin() as unit:
            decision = Decision(None, actions, (), Outcome.INERT)
            unit.commit_decision(decision, {}, mail.id, None, NOW)
        with store.begin() as unit:
            return unit.known_office(NOW).absent

    assert note(1, NoteAbsence(7, NOW), NoteAbsence(9, NOW)) == {7, 9}
    assert note(2, NoteAbsence(7, NOW)) == {7, 9}
    assert note(3, NoteAbsence(7, None)) == {9}


def test_a_mail_that_has_run_is_not_taken_up_again(store: Store) -> None:
    store.record([raw(1), raw(2)], NOW)
    first, second = (m.id for m in store.take_mails(2, NOW))
    with store.begin() as unit:
        done = Decision(None, (), (), Outcome.DONE)
        unit.commit_decision(done, {}, first, parsed(), NOW)
        confirming = Decision(None, (TakeUp(first, "sari"),), (), Outcome.DONE)
        unit.commit_decision(confirming, {}, second, None, NOW)
    assert store.take_mails(5, NOW) == []
