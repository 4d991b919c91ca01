"""The IMAP door against a real Dovecot, one behaviour a test."""

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from dovecot import PASSWORD, Dovecot
from kit.proxy import Proxy
from maild.ingest import identity, parse
from maild.ingest.access import MailboxAccess, MailboxError
from maild.ingest.mailbox import FILED, Mailbox
from maild.model.mail import RawMail
from place import HOST, certificate

POOR = "IMAP4rev1 LITERAL+"


def mail(word: str, size: int = 0) -> bytes:
    head = f"From: a@maild.test\r\nSubject: {word}\r\n\r\n".encode()
    line = b"%s\r\n" % (b"x" * 70)
    return head + line * (max(0, size - len(head)) // len(line)) + b"akhir\r\n"


def all_of(mailbox: Mailbox, limit: int = 25 << 20) -> list[RawMail]:
    listed = mailbox.sizes(mailbox.uids_from(1))
    return list(chain.from_iterable(mailbox.fetch(listed, limit)))


@pytest.fixture
def mailbox(access: MailboxAccess) -> Iterator[Mailbox]:
    with Mailbox(access) as mailbox:
        mailbox.select("INBOX")
        yield mailbox


@pytest.fixture
def ear() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    yield one, other
    one.close()
    other.close()


@pytest.fixture(scope="session")
def poor_dovecot(dovecot: Dovecot) -> Iterator[Dovecot]:
    """A server that announces neither MOVE nor UIDPLUS nor IDLE."""
    with Dovecot(POOR) as server:
        yield server


# --- what is brought


def test_a_mail_comes_as_it_is_with_its_key_and_time(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    at = datetime(2026, 2, 2, 1, 30, tzinfo=UTC)
    dovecot.put(account, mail("satu"), at=at)
    status = mailbox.select("INBOX")
    assert all_of(mailbox) == [
        RawMail(account, "INBOX", status.uidvalidity, 1, at, len(mail("satu")), mail("satu"))
    ]


def test_reading_leaves_no_trace(dovecot: Dovecot, account: str, mailbox: Mailbox) -> None:
    dovecot.put(account, mail("satu"))
    mailbox.select("INBOX")
    all_of(mailbox)
    with dovecot.imap(account) as person:
        person.select("INBOX", readonly=True)
        assert b"Seen" not in person.fetch("1", "(FLAGS)")[1][0]


def test_mail_below_the_first_uid_is_not_named_again(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    dovecot.put(account, mail("satu"), mail("dua"))
    mailbox.select("INBOX")
    assert mailbox.uids_from(2) == [2]
    assert mailbox.uids_from(3) == []


def test_a_large_folder_is_listed_by_ranges(
    dovecot: Dovecot, account: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.ingest.mailbox._FEW", 2)
    monkeypatch.setattr("maild.ingest.mailbox._SPAN", 3)
    monkeypatch.setattr("maild.ingest.download.SET", 2)
    dovecot.put(account, *(mail(str(n)) for n in range(8)))
    with dovecot.imap(account) as person:
        person.select("INBOX")
        person.store("3:6", "+FLAGS", r"(\Deleted)")
        person.expunge()
    mailbox.select("INBOX")
    assert mailbox.uids_from(1) == [1, 2, 7, 8]
    assert mailbox.uids_from(2) == [2, 7, 8]
    assert [m.uid for m in all_of(mailbox)] == [1, 2, 7, 8]


def test_batches_hold_fifty_mails_at_most(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    dovecot.put(account, *(mail(str(n)) for n in range(60)))
    mailbox.select("INBOX")
    batches = list(mailbox.fetch(mailbox.sizes(mailbox.uids_from(1))))
    assert [len(batch) for batch in batches] == [50, 10]
    assert [m.octets for batch in batches for m in batch] == [mail(str(n)) for n in range(60)]


def test_a_mail_above_the_limit_stays_and_its_header_comes(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    large = mail("besar", 200_000)
    dovecot.put(account, mail("kecil"), large, mail("lagi"))
    mailbox.select("INBOX")
    small, oversize, last = all_of(mailbox, 100_000)
    assert (small.octets, last.octets) == (mail("kecil"), mail("lagi"))
    assert (oversize.octets, oversize.size) == (None, len(large))
    assert oversize.head == b"From: a@maild.test\r\nSubject: besar\r\n\r\n"


def test_what_names_a_mail_comes_without_the_mail(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    """T07: as much of an old mail as maild keeps, and the same as the whole mail says."""
    named = b"Message-ID: <a@maild.test>\r\nDate: Mon, 05 Jan 2026 08:00:00 +0700\r\n"
    folded = mail("panjang").replace(b"Subject: ", b"Subject:\r\n ")
    put = [named + mail("satu", 40_000), b"X: y\r\n\r\n", folded, b"Subject: " + b"x" * 20_000]
    dovecot.put(account, *put)
    mailbox.select("INBOX")
    heads = mailbox.heads([1, 2, 3, 4, 99])
    assert sorted(heads) == [1, 2, 3, 4]
    assert max(map(len, heads.values())) <= 8 << 10
    for uid in (1, 2, 3):
        read = parse.read(put[uid - 1])
        assert identity.of(heads[uid]) == (read.message_id, read.head_hash)
    assert identity.of(heads[1])[0] == "<a@maild.test>"
    assert identity.of(heads[1])[1]


def test_thirty_megabytes_come_in_slices_and_whole(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    large = mail("besar", 30_000_000)
    dovecot.put(account, mail("kecil"), large)
    mailbox.select("INBOX")
    small, whole = all_of(mailbox, 40 << 20)
    assert small.octets == mail("kecil")
    assert whole.octets == large


def test_a_mail_whose_size_is_a_whole_number_of_slices_comes_whole(
    dovecot: Dovecot, account: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.ingest.download.SLICE_OCTETS", 100)
    monkeypatch.setattr("maild.ingest.download.BATCH_OCTETS", 150)
    exact = mail("pas").ljust(298, b"x") + b"\r\n"
    dovecot.put(account, exact)
    mailbox.select("INBOX")
    assert [m.octets for m in all_of(mailbox)] == [exact]


@pytest.mark.parametrize("when", ["before the sizes", "before the octets"])
def test_a_mail_that_a_person_removes_meanwhile_is_missing(
    dovecot: Dovecot, account: str, mailbox: Mailbox, when: str
) -> None:
    dovecot.put(account, mail("satu"), mail("dua"), mail("tiga"))

    def remove() -> None:
        with dovecot.imap(account) as person:
            person.select("INBOX")
            person.store("2", "+FLAGS", r"(\Deleted)")
            person.expunge()

    mailbox.select("INBOX")
    uids = mailbox.uids_from(1)
    if when == "before the sizes":
        remove()
    listed = mailbox.sizes(uids)
    if when == "before the octets":
        remove()
    got = list(chain.from_iterable(mailbox.fetch(listed)))
    assert [(m.uid, m.octets) for m in got] == [(1, mail("satu")), (3, mail("tiga"))]
    assert mailbox.present([1, 2, 3]) == {1, 3}


def test_a_large_mail_that_vanishes_between_slices_is_missing(
    dovecot: Dovecot, account: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("maild.ingest.download.SLICE_OCTETS", 1000)
    monkeypatch.setattr("maild.ingest.download.BATCH_OCTETS", 1500)
    dovecot.put(account, mail("besar", 5000), mail("kecil"))
    mailbox.select("INBOX")
    listed = mailbox.sizes(mailbox.uids_from(1))
    literals, asked = mailbox.literals, []

    def with_interruption(*args, **named):
        asked.append(args)
        if len(asked) == 3:
            with dovecot.imap(account) as person:
                person.select("INBOX")
                person.store("1", "+FLAGS", r"(\Deleted)")
                person.expunge()
        return literals(*args, **named)

    monkeypatch.setattr(mailbox, "literals", with_interruption)
    assert [m.uid for m in chain.from_iterable(mailbox.fetch(listed))] == [2]


def test_a_recreated_folder_shows_a_new_uidvalidity(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    mailbox.ensure_folder("Arsip")
    before = mailbox.select("Arsip")
    with dovecot.imap(account) as person:
        person.delete("Arsip")
        person.create("Arsip")
    with Mailbox(dovecot.access(account)) as again:
        assert again.select("Arsip").uidvalidity != before.uidvalidity


# --- what is filed


def test_filing_moves_and_may_be_repeated(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    dovecot.put(account, mail("satu"), mail("dua"), mail("tiga"))
    mailbox.select("INBOX")
    mailbox.ensure_folder("Ditangani")
    mailbox.ensure_folder("Ditangani")
    for _ in range(2):
        mailbox.file_away([1, 3, 99], "Ditangani")
    assert dovecot.mails(account) == [mail("dua")]
    assert dovecot.mails(account, "Ditangani") == [mail("satu"), mail("tiga")]


def test_a_folder_with_spaces_quotes_and_accents_is_a_name_like_any(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    name = 'Surat "lama" & é'
    dovecot.put(account, mail("satu"))
    mailbox.select("INBOX")
    mailbox.ensure_folder(name)
    mailbox.file_away([1], name)
    assert mailbox.select(name).exists == 1
    assert name in [folder.name for folder in mailbox.folders()]


def test_a_missing_folder_is_refused_with_a_remedy(
    dovecot: Dovecot, account: str, mailbox: Mailbox
) -> None:
    dovecot.put(account, mail("satu"))
    mailbox.select("INBOX")
    with pytest.raises(MailboxError) as caught:
        mailbox.file_away([1], "Tidak ada")
    assert caught.value.kind == "refused"
    assert "folder names" in caught.value.remedy
    assert dovecot.mails(account) == [mail("satu")]


def test_without_move_and_uidplus_mail_is_copied_once_marked_and_left(
    poor_dovecot: Dovecot, account: str
) -> None:
    poor_dovecot.add(account)
    poor_dovecot.put(account, mail("satu"), mail("dua"))
    with poor_dovecot.imap(account) as person:
        person.select("INBOX")
        person.store("2", "+FLAGS", r"(\Deleted)")
    with Mailbox(poor_dovecot.access(account)) as mailbox:
        mailbox.ensure_folder("Ditangani")
        mailbox.select("INBOX")
        for _ in range(2):
            mailbox.file_away([1, 99], "Ditangani")
    assert poor_dovecot.mails(account, "Ditangani") == [mail("satu")]
    assert poor_dovecot.mails(account) == [mail("satu"), mail("dua")]
    with poor_dovecot.imap(account) as person:
        person.select("INBOX")
        assert person.search(None, f"KEYWORD {FILED} SEEN")[1] == [b"1"]


def test_with_uidplus_only_our_own_mail_is_expunged(dovecot: Dovecot) -> None:
    with Dovecot(f"{POOR} UIDPLUS") as server:
        account = server.add("helpdesk@maild.test")
        server.put(account, mail("satu"), mail("dua"), mail("tiga"))
        with server.imap(account) as person:
            person.select("INBOX")
            person.store("2", "+FLAGS", r"(\Deleted)")
        with Mailbox(server.access(account)) as mailbox:
            mailbox.ensure_folder("Ditangani")
            mailbox.select("INBOX")
            for _ in range(2):
                mailbox.file_away([1], "Ditangani")
        assert server.mails(account) == [mail("dua"), mail("tiga")]
        assert server.mails(account, "Ditangani") == [mail("satu")]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_appended_mails_keep_their_times(account: str, mailbox: Mailbox, count: int) -> None:
    at = datetime(2026, 2, 2, 1, 30, tzinfo=UTC)
    put = [(mail(f"jawaban {n}"), at + timedelta(hours=n)) for n in range(count)]
    mailbox.append("Sent", put)
    mailbox.select("Sent")
    assert [(sent.octets, sent.internal_at) for sent in all_of(mailbox)] == put


def test_keywords_and_special_folders_are_seen(mailbox: Mailbox) -> None:
    assert mailbox.select("INBOX").keywords_allowed
    assert ("Sent", "Sent") in [(folder.name, folder.special) for folder in mailbox.folders()]


# --- what is waited for


def later(seconds: float, act: Callable[[], object]) -> threading.Timer:
    timer = threading.Timer(seconds, act)
    timer.start()
    return timer


@pytest.mark.parametrize("tls", ["implicit", "none"])
def test_idle_sees_new_mail(
    dovecot: Dovecot, account: str, ear: tuple[socket.socket, socket.socket], tls: str
) -> None:
    port = dovecot.imaps_port if tls == "implicit" else dovecot.imap_port
    with Mailbox(dovecot.access(account, tls=tls, port=port)) as mailbox:
        mailbox.select("INBOX")
        timer = later(0.2, lambda: dovecot.put(account, mail("satu")))
        assert mailbox.wait(300, ear[0])
        timer.join()
        mailbox.select("INBOX")
        assert mailbox.uids_from(1) == [1]


@pytest.mark.parametrize("after", ["SELECT", "SEARCH", "FETCH", "MOVE"])
def test_mail_that_came_before_idle_is_not_slept_through(
    dovecot: Dovecot, account: str, ear: tuple[socket.socket, socket.socket], after: str
) -> None:
    dovecot.put(account, mail("lama"))
    with Mailbox(dovecot.access(account)) as mailbox:
        mailbox.ensure_folder("Ditangani")
        mailbox.select("INBOX")
        if after == "SELECT":
            dovecot.put(account, mail("baru"))
        uids = mailbox.uids_from(1)
        if after == "SEARCH":
            dovecot.put(account, mail("baru"))
        all_of(mailbox)
        if after == "FETCH":
            dovecot.put(account, mail("baru"))
        mailbox.file_away(uids, "Ditangani")
        if after == "MOVE":
            dovecot.put(account, mail("baru"))
        assert mailbox.wait(300, ear[0])


def test_a_quiet_wait_ends_with_its_time_and_may_be_repeated(
    mailbox: Mailbox, ear: tuple[socket.socket, socket.socket]
) -> None:
    assert not mailbox.wait(0.05, ear[0])
    assert not mailbox.wait(0.05, ear[0])


@pytest.mark.parametrize("idle", [True, False])
def test_a_ring_ends_the_wait_at_once(
    dovecot: Dovecot, account: str, ear: tuple[socket.socket, socket.socket], idle: bool
) -> None:
    with Mailbox(dovecot.access(account, idle=idle)) as mailbox:
        mailbox.select("INBOX")
        ring = later(0.1, lambda: ear[1].send(b"!"))
        mail_in_time_for_those_who_sleep = later(5, lambda: dovecot.put(account, mail("satu")))
        assert not mailbox.wait(60, ear[0])
        mail_in_time_for_those_who_sleep.cancel()
        ring.join()
        assert mailbox.folders()


def test_without_idle_the_server_is_asked(
    poor_dovecot: Dovecot,
    account: str,
    ear: tuple[socket.socket, socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("maild.ingest.mailbox._NOOP_SECONDS", 0.1)
    poor_dovecot.add(account)
    with Mailbox(poor_dovecot.access(account)) as mailbox:
        assert not mailbox.can("IDLE")
        mailbox.select("INBOX")
        timer = later(0.2, lambda: poor_dovecot.put(account, mail("satu")))
        assert mailbox.wait(300, ear[0])
        timer.join()


def test_a_frozen_line_is_found_out_when_the_wait_ends(
    dovecot: Dovecot, account: str, ear: tuple[socket.socket, socket.socket]
) -> None:
    with Proxy(dovecot.imaps_port) as proxy:
        mailbox = Mailbox(dovecot.access(account, port=proxy.port, command_timeout=0.5))
        mailbox.select("INBOX")
        proxy.freeze()
        with pytest.raises(MailboxError) as caught:
            mailbox.wait(0.1, ear[0])
        assert caught.value.kind == "network"
        with pytest.raises(MailboxError, match="closed"):
            mailbox.folders()


# --- what is refused


def test_a_wrong_password_is_told_but_not_repeated(dovecot: Dovecot, account: str) -> None:
    with pytest.raises(MailboxError) as caught:
        Mailbox(dovecot.access(account, password="salah-sekali"))
    assert caught.value.kind == "auth"
    assert "password" in caught.value.remedy
    assert "salah-sekali" not in str(caught.value)


def test_a_password_may_hold_any_character(dovecot: Dovecot) -> None:
    word = 'p"a\\s s%ürß'
    account = dovecot.add("aneh@maild.test", password=word)
    Mailbox(dovecot.access(account, password=word)).close()


def test_a_certificate_of_somebody_else_is_refused(
    dovecot: Dovecot, account: str, tmp_path: Path
) -> None:
    other, _ = certificate(tmp_path)
    for ca_file in (other, None):
        with pytest.raises(MailboxError) as caught:
            Mailbox(dovecot.access(account, ca_file=ca_file))
        assert caught.value.kind == "tls"
        assert "ca_file" in caught.value.remedy


def test_a_certificate_for_another_name_is_refused(dovecot: Dovecot, account: str) -> None:
    with pytest.raises(MailboxError) as caught:
        Mailbox(dovecot.access(account, host="127.0.0.2", port=_forward(dovecot.imaps_port)))
    assert caught.value.kind == "tls"


def _forward(port: int) -> int:
    """The same server under an address that its certificate does not name."""
    listener = socket.create_server(("127.0.0.2", 0))

    def pump() -> None:
        client, _ = listener.accept()
        server = socket.create_connection((HOST, port))
        server.sendall(client.recv(65536))
        client.sendall(server.recv(65536))
        client.close()
        server.close()
        listener.close()

    threading.Thread(target=pump, daemon=True).start()
    free: int = listener.getsockname()[1]
    return free


def test_starttls_protects_and_is_required(
    dovecot: Dovecot, poor_dovecot: Dovecot, account: str
) -> None:
    access = dovecot.access(account, tls="starttls", port=dovecot.imap_port)
    with Mailbox(access) as mailbox:
        assert "TLS" in mailbox.explain_capabilities()[0]
    with pytest.raises(MailboxError) as caught:
        Mailbox(dovecot.access(account, tls="starttls", port=dovecot.imap_port, ca_file=None))
    assert caught.value.kind == "tls"


def test_text_sent_ahead_of_tls_is_not_believed(dovecot: Dovecot, account: str) -> None:
    with Proxy(dovecot.imap_port) as proxy:
        proxy.insert = (b"Begin TLS negotiation now.\r\n", b"* CAPABILITY IMAP4rev1\r\n")
        with pytest.raises(MailboxError) as caught:
            Mailbox(dovecot.access(account, tls="starttls", port=proxy.port))
    assert caught.value.kind == "tls"


def test_a_tls_client_on_a_plain_port_says_what_is_wrong(dovecot: Dovecot, account: str) -> None:
    with pytest.raises(MailboxError) as caught:
        Mailbox(dovecot.access(account, port=dovecot.imap_port))
    assert caught.value.kind == "tls"
    assert "993" in caught.value.remedy


def test_a_plain_client_on_a_tls_port_says_what_may_be_wrong(
    dovecot: Dovecot, account: str
) -> None:
    with pytest.raises(MailboxError) as caught:
        Mailbox(dovecot.access(account, tls="none", port=dovecot.imaps_port, command_timeout=0.5))
    assert caught.value.kind == "network"
    assert "implicit" in caught.value.remedy


def test_a_server_that_goes_away_is_told(
    dovecot: Dovecot, ear: tuple[socket.socket, socket.socket]
) -> None:
    with Dovecot() as server:
        account = server.add("helpdesk@maild.test")
        mailbox = Mailbox(server.access(account))
        without_tls = server.access(account, tls="none", port=server.imap_port)
        mailbox.select("INBOX")
    with pytest.raises(MailboxError) as caught:
        mailbox.wait(30, ear[0])
    assert caught.value.kind == "network"
    with pytest.raises(MailboxError, match="nobody answers"):
        Mailbox(without_tls)


def test_a_line_cut_anywhere_in_a_fetch_gives_no_half_mail(dovecot: Dovecot, account: str) -> None:
    mails = [mail("satu"), mail("dua", 300), mail("tiga")]
    dovecot.put(account, *mails)
    with Proxy(dovecot.imap_port) as proxy:

        def attempt(cut: int | None) -> tuple[list[bytes | None], int]:
            proxy.cut_after = cut
            access = dovecot.access(account, tls="none", port=proxy.port)
            with Mailbox(access) as mailbox:
                mailbox.select("INBOX")
                listed = mailbox.sizes(mailbox.uids_from(1))
                before = proxy.passed
                return [m.octets for m in chain(*mailbox.fetch(listed))], before

        whole, start = attempt(None)
        assert whole == mails
        for cut in range(start - 1, proxy.passed, 37):
            with pytest.raises(MailboxError) as caught:
                attempt(cut)
            assert caught.value.kind == "network"


def test_the_check_explains_what_the_server_can(mailbox: Mailbox, account: str) -> None:
    lines = mailbox.explain_capabilities()
    assert lines[0].startswith(f"logged in as {account} at 127.0.0.1")
    assert "INBOX holds 0 messages" in lines
    assert {"MOVE: yes", "IDLE: yes", "UIDPLUS: yes", "keywords: yes"} <= set(lines)
    assert PASSWORD not in "".join(lines)


def test_the_check_explains_what_the_server_cannot(poor_dovecot: Dovecot, account: str) -> None:
    poor_dovecot.add(account)
    with Mailbox(poor_dovecot.access(account)) as mailbox:
        lines = "\n".join(mailbox.explain_capabilities())
    assert "MOVE: no" in lines
    assert "IDLE: no" in lines
    assert "UIDPLUS: no" in lines
