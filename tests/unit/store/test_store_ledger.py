"""The ledger takes each mail once and never loses one."""

from dataclasses import replace

import pytest
from store_kit import HOUR, MINUTE, NOW, arrive, open_ticket, parsed, raw

from maild.model.action import Decision, Outcome
from maild.store.errors import StoreError, StoreUnavailable
from maild.store.ledger import MAX_ATTEMPTS, MAX_DEATHS
from maild.store.store import Store
from maild.store.values import FolderState, MailState


def test_a_mail_that_is_fetched_again_is_known(store: Store) -> None:
    assert store.record([raw(1), raw(2)], NOW) == 2
    assert store.record([raw(2), raw(3)], NOW) == 1
    assert store.known_uids("lpse", "INBOX", 7, 2, 9) == {2, 3}


def test_the_same_uid_elsewhere_is_another_mail(store: Store) -> None:
    others = [raw(1, folder="Sent"), raw(1, uidvalidity=8), raw(1, account="lain")]
    assert store.record([raw(1), *others], NOW) == 4


def test_the_bytes_are_kept_before_the_row(store: Store) -> None:
    store.record([raw(1, b"isi")], NOW)
    (mail,) = store.take_mails(9, NOW)
    assert mail.path.read_bytes() == b"isi"
    assert store.blobs.get(mail.sha256) == b"isi"


def test_mail_from_before_the_cut_over_is_old(store: Store) -> None:
    store.record([raw(1), raw(2, internal_at=NOW - HOUR)], NOW, NOW)
    assert [mail.old for mail in store.take_mails(9, NOW)] == [False, True]


def test_an_oversize_mail_has_its_end_state_at_once(store: Store) -> None:
    large = replace(raw(1), size=99_000_000, octets=None, head=b"Subject: besar\r\n\r\n")
    store.record([large], NOW)
    (mail,) = store.mails(Outcome.OVERSIZE.value)
    assert store.blobs.get(mail.sha256) == b"Subject: besar\r\n\r\n"
    assert "99000000" in mail.note
    assert store.take_mails(9, NOW) == []
    assert [hint.uid for hint in store.to_file("lpse", 9)] == [1]


def test_a_vanished_mail_has_an_end_state_and_no_hint(store: Store) -> None:
    store.record([raw(1)], NOW)
    store.vanished("lpse", "INBOX", 7, [1, 2], NOW)
    assert [mail.uid for mail in store.mails(Outcome.VANISHED.value)] == [2]
    assert store.to_file("lpse", 9) == []


def test_taking_counts_the_attempt_before_anything_is_read(store: Store) -> None:
    store.record([raw(1)], NOW)
    (mail,) = store.take_mails(9, NOW)
    assert mail.attempts == 1
    assert store.take_mails(9, NOW) == []
    assert store.mail(mail.id).attempts == 1  # type: ignore[union-attr]


def test_a_mail_that_fails_three_times_is_parked_and_the_next_goes_on(store: Store) -> None:
    store.record([raw(1)], NOW)
    for _ in range(MAX_ATTEMPTS):
        (mail,) = store.take_mails(1, NOW)
        store.put_back([mail.id], NOW)
    store.record([raw(2)], NOW)
    assert [mail.id for mail in store.take_mails(9, NOW)] == [mail.id + 1]
    (parked,) = store.parked()
    assert (parked.uid, parked.attempts) == (1, MAX_ATTEMPTS)
    assert [hint.outcome for hint in store.to_file("lpse", 9)] == ["parked"]


def test_a_mail_of_a_silent_desk_is_taken_again_when_its_time_is_over(store: Store) -> None:
    store.record([raw(1)], NOW)
    store.take_mails(9, NOW)
    assert store.take_mails(9, NOW + MINUTE) == []
    assert [mail.attempts for mail in store.take_mails(9, NOW + HOUR)] == [2]


def test_an_operator_gives_a_parked_mail_a_fresh_start(store: Store) -> None:
    mail_id, _ = arrive(store, 1)
    with store.begin() as unit:
        unit.commit_decision(
            Decision(None, (), outcome=Outcome.QUARANTINED, note="palsu"),
            {},
            mail_id,
            parsed(),
            NOW,
        )
    assert store.mails("quarantined")[0].note == "palsu"
    assert store.retry_mails([mail_id]) == 1
    assert store.attachments(mail_id) == ()
    (again,) = store.take_mails(9, NOW)
    assert (again.id, again.attempts) == (mail_id, 1)
    with store.begin() as unit:
        assert not unit.known(parsed(), (), NOW, again.sha256).duplicate


def test_only_set_aside_mails_are_given_a_fresh_start(store: Store) -> None:
    open_ticket(store, 1)
    (done,) = store.mails("done")
    assert store.retry_mails([done.id]) == 0
    assert len(store.attachments(done.id)) == 1
    assert store.retry_mails([]) == 0


def test_hints_stand_until_the_server_has_done_them(store: Store) -> None:
    open_ticket(store, 1)
    open_ticket(store, 2)
    hints = store.to_file("lpse", 9)
    assert [(h.uid, h.folder, h.uidvalidity, h.outcome) for h in hints] == [
        (1, "INBOX", 7, "done"),
        (2, "INBOX", 7, "done"),
    ]
    store.filed([hints[0].id], NOW)
    assert [h.uid for h in store.to_file("lpse", 9)] == [2]
    assert store.to_file("lain", 9) == []


def test_a_folder_is_remembered(store: Store) -> None:
    assert store.folder("lpse", "INBOX") is None
    state = FolderState(uidvalidity=7, next_uid=12, cut_over_at=NOW)
    store.note_folder("lpse", "INBOX", state)
    store.note_folder("lpse", "Sent", state)
    store.note_folder("lpse", "INBOX", replace(state, next_uid=4_000_000_000))
    assert store.folder("lpse", "INBOX") == replace(state, next_uid=4_000_000_000)
    assert store.folder("lpse", "Sent") == state
    assert store.folders("lpse") == {
        "INBOX": replace(state, next_uid=4_000_000_000),
        "Sent": state,
    }


def test_the_audit_sees_every_row_in_order(store: Store) -> None:
    store.vanished("lpse", "INBOX", 7, range(1, 1003), NOW)
    store.record([raw(2000, b"x"), raw(1, folder="Sent")], NOW)
    rows = list(store.audit_rows("lpse"))
    assert [row.uid for row in rows] == [*range(1, 1003), 2000, 1]
    assert [row.folder for row in rows[-2:]] == ["INBOX", "Sent"]
    assert {row.state for row in rows[-2:]} == {MailState.FETCHED.value}
    assert rows[-2].sha256 == store.mails("fetched")[0].sha256
    assert list(store.audit_rows("lain")) == []


def test_nothing_is_recorded_when_the_disk_is_full(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> list[str]:
        raise OSError(28, "no space")

    monkeypatch.setattr(store.blobs, "put_many", full)
    with pytest.raises(OSError, match="no space"):
        store.record([raw(1)], NOW)
    assert list(store.audit_rows("lpse")) == []


def test_an_error_tells_no_mail_text(store: Store) -> None:
    store.record([raw(1)], NOW)
    (mail,) = store.take_mails(1, NOW)
    what = Decision(None, (), outcome=Outcome.INERT, note="kata sandi saya")

    def decide_twice() -> None:
        with store.begin() as unit:
            for _ in range(2):
                unit.commit_decision(what, {}, mail.id, parsed(subject="kata sandi saya"), NOW)

    with pytest.raises(StoreError) as caught:
        decide_twice()
    assert "sandi" not in str(caught.value)
    assert [m.id for m in store.mails("deciding")] == [mail.id]


def test_an_error_of_the_database_tells_no_values(store: Store) -> None:
    with store._database.write() as connection:
        connection.exec_driver_sql("DROP TABLE setting")
    with pytest.raises(StoreUnavailable, match="setting") as caught:
        store.keep_setting("kunci", "kata sandi saya")
    assert "sandi" not in str(caught.value)


def test_after_a_crash_the_mails_of_the_batch_are_taken_one_by_one(store: Store) -> None:
    store.record([raw(uid) for uid in (1, 2, 3)], NOW)
    assert len(store.take_mails(9, NOW)) == 3  # and then the run dies
    store.record([raw(4)], NOW)
    taken = []
    while again := store.take_mails(9, NOW + HOUR):
        taken.append([store.mail(mail.id).uid for mail in again])  # type: ignore[union-attr]
    assert taken == [[1], [2], [3], [4]]


def test_a_mail_at_which_the_service_dies_again_and_again_is_parked_at_last(store: Store) -> None:
    store.record([raw(1)], NOW)
    for death in range(MAX_DEATHS):
        assert len(store.take_mails(1, NOW + death * HOUR)) == 1
    assert store.take_mails(1, NOW + MAX_DEATHS * HOUR) == []
    assert [mail.uid for mail in store.parked()] == [1]
