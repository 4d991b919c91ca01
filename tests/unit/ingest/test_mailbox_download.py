"""Portions, and what is done when a portion is not as announced; and who may be connected to."""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from maild.ingest.access import MailboxAccess, MailboxError, tls_context
from maild.ingest.download import BATCH_OCTETS, SLICE_OCTETS, Download, Listed, in_batches

AT = datetime(2026, 2, 2, tzinfo=UTC)


def listed(*sizes: int) -> list[Listed]:
    return [Listed(uid, size, AT) for uid, size in enumerate(sizes, 1)]


class Folder:
    """A server in memory; `answers` are what a UID gives, time after time, the last for ever."""

    def __init__(self, **answers: Sequence[bytes]) -> None:
        self._answers = {int(uid.removeprefix("uid")): list(a) for uid, a in answers.items()}
        self.asked: list[tuple[int, ...]] = []

    def literals(
        self, uids: Sequence[int], octets: int, section: str = "", piece: object = None
    ) -> dict[int, bytes]:
        self.asked.append(tuple(uids))
        return {uid: self._next(uid) for uid in uids if uid in self._answers}

    def _next(self, uid: int) -> bytes:
        answers = self._answers[uid]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def present(self, uids: Sequence[int]) -> set[int]:
        return set(uids) & self._answers.keys()


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([], []),
        ([10] * 120, [50, 50, 20]),
        ([BATCH_OCTETS, 1], [1, 1]),
        ([1, BATCH_OCTETS - 1, 1], [2, 1]),
        ([1, 3 * BATCH_OCTETS, 1], [1, 1, 1]),
    ],
)
def test_batches_are_bounded_by_count_and_octets(sizes: list[int], groups: list[int]) -> None:
    batches = list(in_batches(listed(*sizes)))
    assert [len(batch) for batch in batches] == groups
    assert [mail for batch in batches for mail in batch] == listed(*sizes)


def test_a_mail_that_came_short_once_is_fetched_again() -> None:
    folder = Folder(uid1=[b"hal", b"halo!"], uid2=[b"hai"])
    assert Download(folder).bodies(listed(5, 3), 100) == {1: b"halo!", 2: b"hai"}
    assert folder.asked == [(1, 2), (1,)]


def test_a_length_that_stays_wrong_is_taken_at_the_third_time() -> None:
    folder = Folder(uid1=[b"halo!!"])
    assert Download(folder).bodies(listed(5), 100) == {1: b"halo!!"}
    assert folder.asked == [(1,)] * 3


def test_a_server_that_miscounts_is_not_asked_three_times_for_every_mail() -> None:
    folder = Folder(uid1=[b"halo!!"])
    download = Download(folder)
    download.bodies(listed(5), 100)
    assert download.bodies(listed(5), 100) == {1: b"halo!!"}
    assert len(folder.asked) == 4


def test_a_mail_that_vanishes_between_two_tries_is_missing() -> None:
    folder = Folder(uid1=[b"hal"])
    counted = folder.literals

    def once(uids: Sequence[int], *args: object, **named: object) -> dict[int, bytes]:
        found = counted(uids, 0)
        folder._answers.clear()
        return found

    folder.literals = once  # type: ignore[assignment]
    assert Download(folder).bodies(listed(5), 100) == {}


def test_a_refused_mail_is_told_from_a_vanished_one() -> None:
    folder = Folder(uid1=[b"halo!"])
    folder.present = lambda uids: {1, 2} & set(uids)  # type: ignore[method-assign]
    assert Download(folder).bodies(listed(5, 5, 5), 100) == {1: b"halo!", 2: None}


def test_what_exceeds_the_limit_is_not_fetched() -> None:
    folder = Folder(uid1=[b"halo!"], uid2=[b"x"])
    assert Download(folder).bodies(listed(5, 101), 100) == {1: b"halo!", 2: None}
    assert folder.asked == [(1,)]


def test_a_mail_that_grows_past_the_limit_while_it_comes_is_given_up() -> None:
    folder = Folder(uid1=[b"x" * SLICE_OCTETS])
    limit = 2 * BATCH_OCTETS
    assert Download(folder).bodies(listed(BATCH_OCTETS + 1), limit) == {1: None}


# --- who may be connected to


def access(**other: object) -> MailboxAccess:
    settings: dict[str, object] = {
        "account": "uji",
        "host": "127.0.0.1",
        "port": 143,
        "tls": "none",
        "user": "uji",
        "password": "sangat-rahasia",
    }
    return MailboxAccess(**(settings | other))  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1"])
def test_clear_text_is_taken_for_this_machine(host: str) -> None:
    access(host=host).check()


@pytest.mark.parametrize("host", ["imap.contoh.go.id", "10.0.0.1", "localhost.contoh.id", "::2"])
def test_clear_text_to_another_machine_is_refused(host: str) -> None:
    with pytest.raises(MailboxError) as caught:
        access(host=host).check()
    assert caught.value.kind == "tls"
    assert "starttls" in caught.value.remedy
    access(host=host, tls="starttls").check()


@pytest.mark.parametrize("where", ["host", "user", "password"])
def test_a_line_break_in_the_settings_is_refused_before_it_is_a_command(where: str) -> None:
    with pytest.raises(MailboxError) as caught:
        access(**{where: "127.0.0.1\r\na LOGOUT", "tls": "implicit"}).check()
    assert caught.value.kind == "auth"
    assert "LOGOUT" not in str(caught.value)


def test_a_password_does_not_show() -> None:
    assert "rahasia" not in repr(access())
    assert "rahasia" not in str(access())


def test_a_missing_authority_is_told() -> None:
    with pytest.raises(MailboxError) as caught:
        tls_context(access(ca_file=Path("/tidak/ada.pem")))
    assert caught.value.kind == "tls"
    assert "ca_file" in caught.value.remedy


def test_tls_is_verified_and_not_older_than_1_2() -> None:
    context = tls_context(access(tls="implicit"))
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
