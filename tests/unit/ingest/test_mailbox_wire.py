"""The IMAP door against servers that are broken, hostile or just peculiar."""

import socket
import threading
from collections.abc import Iterator

import pytest

from kit.scripted import CAPABILITY, GREETING, LOGIN, SELECT, Scripted, Step
from maild.ingest.access import MailboxAccess, MailboxError
from maild.ingest.mailbox import Mailbox

pytestmark = pytest.mark.loopback
SECRET = "sangat-rahasia"


def access(server: Scripted, **other: object) -> MailboxAccess:
    settings: dict[str, object] = {
        "account": "uji",
        "host": "127.0.0.1",
        "port": server.port,
        "tls": "none",
        "user": "uji@maild.test",
        "password": SECRET,
        "connect_timeout": 5.0,
        "command_timeout": 5.0,
    }
    return MailboxAccess(**(settings | other))  # type: ignore[arg-type]


@pytest.fixture
def ear() -> Iterator[socket.socket]:
    one, other = socket.socketpair()
    with one, other:
        yield one


def read_all(settings: MailboxAccess) -> None:
    mailbox = Mailbox(settings)
    mailbox.select("INBOX")
    list(mailbox.fetch(mailbox.sizes(mailbox.uids_from(1))))


def trouble(*steps: Step, greeting: bytes = GREETING) -> MailboxError:
    """What is raised while a mailbox is opened, selected and read, once all steps are made."""
    with Scripted(*steps, greeting=greeting, stays=False) as server:
        with pytest.raises(MailboxError) as caught:
            read_all(access(server))
        assert len(server.heard) == len(steps), server.heard
    assert SECRET not in str(caught.value)
    return caught.value


# --- waiting


def waited(ear: socket.socket, *steps: Step) -> tuple[bool, list[str]]:
    """Whether mail was announced, and what the server heard until the next command after."""
    after = ("LIST", b"{tag} OK done\r\n")
    with Scripted(*LOGIN, SELECT, *steps, after) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        told = mailbox.wait(0.2, ear)
        mailbox.folders()
        heard = server.heard[len(LOGIN) + 1 :]
        mailbox.close()
    return told, [line.partition(" ")[2] or line for line in heard]


def test_mail_announced_in_one_breath_with_the_start_of_idle_is_seen(ear: socket.socket) -> None:
    told, heard = waited(
        ear, ("IDLE", b"+ idling\r\n* 2 EXISTS\r\n"), ("DONE", b"{tag} OK done\r\n")
    )
    assert told
    assert heard[:2] == ["IDLE", "DONE"]


def test_mail_announced_ahead_of_the_start_of_idle_is_seen(ear: socket.socket) -> None:
    told, _ = waited(ear, ("IDLE", b"* 2 EXISTS\r\n+ idling\r\n"), ("DONE", b"{tag} OK done\r\n"))
    assert told


def test_idle_chatter_is_no_mail(ear: socket.socket) -> None:
    told, heard = waited(
        ear, ("IDLE", b"+ idling\r\n* OK Still here\r\n"), ("DONE", b"{tag} OK done\r\n")
    )
    assert not told
    assert heard[:2] == ["IDLE", "DONE"]


def test_mail_announced_while_idle_ends_is_seen(ear: socket.socket) -> None:
    told, _ = waited(ear, ("IDLE", b"+ idling\r\n"), ("DONE", b"* 2 EXISTS\r\n{tag} OK done\r\n"))
    assert told


def test_an_idle_that_the_server_ends_by_itself_is_not_ended_again(ear: socket.socket) -> None:
    told, heard = waited(ear, ("IDLE", b"+ idling\r\n* 2 EXISTS\r\n{tag} OK enough\r\n"))
    assert told
    assert [line.partition(" ")[0] for line in heard] == ["IDLE", "LIST"]


def test_a_refused_idle_is_an_error_and_no_endless_loop(ear: socket.socket) -> None:
    with Scripted(*LOGIN, SELECT, ("IDLE", b"{tag} NO not now\r\n")) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        with pytest.raises(MailboxError) as caught:
            mailbox.wait(5, ear)
    assert caught.value.kind == "refused"


def test_a_server_that_leaves_during_idle_is_an_error(ear: socket.socket) -> None:
    steps = (*LOGIN, SELECT, ("IDLE", b"+ idling\r\n* BYE restarting\r\n"))
    with Scripted(*steps, stays=False) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        with pytest.raises(MailboxError) as caught:
            mailbox.wait(5, ear)
    assert caught.value.kind == "network"


def test_mail_announced_before_the_wait_is_told_though_somebody_rings() -> None:
    ear, hand = socket.socketpair()
    search = ("SEARCH", b"* SEARCH 1\r\n* 2 EXISTS\r\n{tag} OK done\r\n")
    with ear, hand, Scripted(*LOGIN, SELECT, search) as server:
        hand.send(b"!")
        mailbox = Mailbox(access(server, idle=False))
        mailbox.select("INBOX")
        mailbox.uids_from(1)
        assert mailbox.wait(5, ear)
        mailbox.close()


# --- answers without measure

SEARCH: Step = ("SEARCH", b"* SEARCH 1\r\n{tag} OK done\r\n")
SIZES: Step = (
    "RFC822.SIZE",
    b'* 1 FETCH (UID 1 RFC822.SIZE 5 INTERNALDATE " 2-Feb-2026 08:30:00 +0700")\r\n'
    b"{tag} OK done\r\n",
)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\n", "announced far more"),
        (b"* 1 FETCH (UID 1 BODY[] {2500000}\r\n", "announced far more"),
        (b"x" * 1_100_000, "does not end"),
        ((b"* 1 FETCH (FLAGS (%s))\r\n" % (b"x" * 90_000)) * 30, "sent far more"),
    ],
    ids=["a literal of 4 GB", "a literal of 2.5 MB for 5 octets", "no line end", "no end"],
)
def test_an_answer_far_larger_than_what_was_asked_for_is_cut_off(answer: bytes, what: str) -> None:
    fault = trouble(*LOGIN, SELECT, SEARCH, SIZES, ("BODY.PEEK", answer))
    assert fault.kind == "network"
    assert what in str(fault)
    assert "xxx" not in str(fault)


def test_an_answer_that_drips_is_given_up() -> None:
    with Scripted(*LOGIN, stays=True) as server:
        mailbox = Mailbox(access(server, command_timeout=0.3))
        client = mailbox._client
        assert client is not None
        ended = threading.Event()
        taps = _dripping_pair(client, ended)
        with pytest.raises(MailboxError) as caught:
            mailbox.folders()
        ended.set()
        taps.close()
    assert caught.value.kind == "network"
    assert "silent for too long" in str(caught.value)


def _dripping_pair(client: object, ended: threading.Event) -> socket.socket:
    """Puts a line that drips, an octet each time well within the allowed silence, in place of
    the connection."""
    near, far = socket.socketpair()
    near.settimeout(0.3)
    client.wire.sock = near  # type: ignore[attr-defined]

    def drip() -> None:
        while not ended.wait(0.02):
            try:
                far.send(b"*")
            except OSError:
                return

    threading.Thread(target=drip, daemon=True).start()
    return far


@pytest.mark.parametrize(
    "answer",
    [
        b'* LIST (\\Sent) "/" (((rahasia\r\n{tag} OK done\r\n',
        b'* LIST (\\Sent) "/"\r\n{tag} OK done\r\n',
        b"* LIST " + b"(" * 5000 + b"\r\n{tag} OK done\r\n",
        b'* LIST "a "/" INBOX\r\n{tag} OK done\r\n',
        b"tuan rahasia\r\n",
        b'* LIST () "/" rahasia\n{tag} OK done\n',
    ],
)
def test_an_unreadable_answer_is_an_error_that_quotes_nothing_raw(answer: bytes) -> None:
    with Scripted(*LOGIN, ("LIST", answer)) as server:
        mailbox = Mailbox(access(server))
        with pytest.raises(MailboxError) as caught:
            mailbox.folders()
    assert caught.value.kind == "network"
    assert "rahasia" not in str(caught.value)


# --- coming in


def test_starttls_that_is_not_offered_is_no_reason_to_go_on_in_clear_text() -> None:
    with Scripted(CAPABILITY, CAPABILITY) as server, pytest.raises(MailboxError) as caught:
        Mailbox(access(server, tls="starttls"))
    assert caught.value.kind == "tls"
    assert not any("LOGIN" in line or "AUTH" in line for line in server.heard)


def test_a_server_that_turns_everybody_away_is_tried_again() -> None:
    fault = trouble(greeting=b"* BYE too many connections\r\n")
    assert fault.kind == "network"
    assert "too many connections" in str(fault)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"{tag} NO [AUTHENTICATIONFAILED] no\r\n", "auth"),
        (b"{tag} NO wrong password\r\n", "auth"),
        (b"{tag} NO [UNAVAILABLE] later\r\n", "network"),
        (b"* BYE shutting down\r\n", "network"),
        (b"", "network"),
    ],
)
def test_only_a_refused_login_is_held_against_the_password(answer: bytes, kind: str) -> None:
    assert trouble(*LOGIN[:2], ("", answer)).kind == kind


def test_an_answer_that_repeats_the_password_is_not_passed_on() -> None:
    fault = trouble(*LOGIN[:2], ("", b"{tag} NO " + SECRET.encode() + b" is wrong\r\n"))
    assert fault.kind == "auth"


def test_without_auth_plain_user_and_password_are_quoted() -> None:
    capability = ("CAPABILITY", b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n")
    with Scripted(capability, ("LOGIN", b"{tag} OK done\r\n"), capability) as server:
        Mailbox(access(server, user='a"b c', password='x"y\\z')).close()
    assert server.heard[1].endswith(r'LOGIN "a\"b c" "x\"y\\z"')


def test_clear_text_to_another_machine_is_never_tried() -> None:
    with Scripted() as server, pytest.raises(MailboxError) as caught:
        Mailbox(access(server, host="192.0.2.1"))
    assert caught.value.kind == "tls"


def test_neither_mail_nor_password_gets_into_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    body = b"* 9 FETCH (UID 1 BODY[] {5}\r\nhalo!)\r\n{tag} OK done\r\n"
    with Scripted(*LOGIN, SELECT, SEARCH, SIZES, ("BODY.PEEK", body)) as server:
        read_all(access(server))
    assert "halo!" not in caplog.text
    assert SECRET not in caplog.text


# --- single mails


def test_uids_outside_the_range_that_was_asked_for_do_not_count() -> None:
    search = ("UID SEARCH UID 2:4", b"* SEARCH 1 4 2 5 99\r\n{tag} OK done\r\n")
    with Scripted(*LOGIN, SELECT, search) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        assert mailbox.uids_from(2) == [2, 4]
        mailbox.close()


@pytest.mark.parametrize(
    ("message_id", "asked"),
    [
        ("<a@b.example>", "HEADER Message-ID <a@b.example>"),
        (None, "LARGER 99 SMALLER 101"),
        ("<lokál@b.example>", "LARGER 99 SMALLER 101"),
        ("sha256:00ff", "LARGER 99 SMALLER 101"),
    ],
)
def test_a_mail_is_looked_for_by_its_message_id_or_else_by_its_size(
    message_id: str | None, asked: str
) -> None:
    search = (f"SEARCH {asked}", b"* SEARCH 4 2\r\n{tag} OK done\r\n")
    with Scripted(*LOGIN, SELECT, search) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        assert mailbox.alike(message_id, 100) == [2, 4]
        mailbox.close()


@pytest.mark.parametrize(("there", "refused"), [(b"", False), (b" 1", True)])
def test_a_refused_move_matters_only_while_the_mail_is_there(there: bytes, refused: bool) -> None:
    steps = (
        ("MOVE 1,2 ", b"{tag} NO nothing like that\r\n"),
        ("NOOP", b"{tag} OK done\r\n"),
        ("SEARCH", b"* SEARCH%s\r\n{tag} OK done\r\n" % there),
    )
    with Scripted(*LOGIN, SELECT, *steps) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        if refused:
            with pytest.raises(MailboxError, match="nothing like that"):
                mailbox.file_away([1, 2], "Ditangani")
        else:
            mailbox.file_away([1, 2], "Ditangani")
        mailbox.close()


def test_a_mail_that_the_server_cannot_give_is_a_value() -> None:
    sizes = (
        "RFC822.SIZE",
        b"* 1 FETCH (UID 1 RFC822.SIZE 5)\r\n* 2 FETCH (UID 2 RFC822.SIZE 5)\r\n{tag} OK done\r\n",
    )
    refusal = b"{tag} NO [SERVERBUG] cannot render\r\n"
    head = b"* 1 FETCH (UID 1 BODY[HEADER]<0> {4}\r\nA: b)\r\n{tag} OK done\r\n"
    steps = (
        SELECT,
        ("SEARCH", b"* SEARCH 1 2\r\n{tag} OK done\r\n"),
        sizes,
        ("FETCH 1,2", b"* 2 FETCH (UID 2 BODY[] {5}\r\nhalo!)\r\n" + refusal),
        ("NOOP", b"{tag} OK done\r\n"),
        ("SEARCH", b"* SEARCH 1\r\n{tag} OK done\r\n"),
        ("FETCH 1 ", refusal),
        ("NOOP", b"{tag} OK done\r\n"),
        ("SEARCH", b"* SEARCH 1\r\n{tag} OK done\r\n"),
        ("BODY.PEEK[HEADER]", head),
    )
    with Scripted(*LOGIN, *steps) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        [[refused, given]] = mailbox.fetch(mailbox.sizes(mailbox.uids_from(1)))
        mailbox.close()
    assert (refused.uid, refused.octets, refused.head) == (1, None, b"A: b")
    assert (given.uid, given.octets) == (2, b"halo!")


@pytest.mark.parametrize(
    "sizes",
    [
        b"* 1 FETCH (UID 1)\r\n{tag} OK done\r\n",
        b"* 1 FETCH (UID 1 RFC822.SIZE NIL)\r\n{tag} OK done\r\n",
        b"{tag} NO [SERVERBUG] the index is broken\r\n",
    ],
)
def test_a_mail_whose_size_the_server_cannot_tell_is_brought_all_the_same(sizes: bytes) -> None:
    piece = b"* 1 FETCH (UID 1 BODY[]<0> {5}\r\nhalo!)\r\n{tag} OK done\r\n"
    steps = (
        ("RFC822.SIZE", sizes),
        ("NOOP", b"{tag} OK done\r\n"),
        ("SEARCH", b"* SEARCH 1\r\n{tag} OK done\r\n"),
        *[("BODY.PEEK[]<0.", piece)] * 3,
    )
    with Scripted(*LOGIN, SELECT, SEARCH, *steps) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        [[mail]] = mailbox.fetch(mailbox.sizes(mailbox.uids_from(1)))
        mailbox.close()
    assert (mail.uid, mail.octets) == (1, b"halo!")
    assert mail.size != 5


def test_news_about_flags_is_not_taken_for_a_mail() -> None:
    body = (
        b"* 1 FETCH (FLAGS (\\Seen))\r\n* 9 FETCH (UID 1 BODY[] {5}\r\nhalo!)\r\n{tag} OK done\r\n"
    )
    with Scripted(*LOGIN, SELECT, SEARCH, SIZES, ("BODY.PEEK", body)) as server:
        mailbox = Mailbox(access(server))
        mailbox.select("INBOX")
        [[mail]] = mailbox.fetch(mailbox.sizes(mailbox.uids_from(1)))
        mailbox.close()
    assert (mail.uid, mail.octets) == (1, b"halo!")
    assert mail.internal_at.isoformat() == "2026-02-02T01:30:00+00:00"


def test_a_server_without_uidnext_is_asked_for_its_last_mail() -> None:
    select = ("SELECT", SELECT[1].replace(b"* OK [UIDNEXT 5] x\r\n", b""))
    with Scripted(*LOGIN, select, ("UID *", b"* SEARCH 41\r\n{tag} OK done\r\n")) as server:
        mailbox = Mailbox(access(server))
        assert mailbox.select("INBOX").uidnext == 42
        mailbox.close()


def test_a_server_that_numbers_nothing_for_good_is_not_read() -> None:
    select = ("SELECT", SELECT[1].replace(b"* OK [UIDVALIDITY 7] x\r\n", b""))
    assert trouble(*LOGIN, select).kind == "network"
