"""The demo's servers, as maild and as a mail client meet them."""

import smtplib
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from maild.ingest.access import MailboxAccess, MailboxError
from maild.ingest.mailbox import Mailbox
from maild.service.embedded import EmbeddedServers, MissingExtraError

pytestmark = pytest.mark.loopback

HELPDESK, SITI, PASSWORD = "helpdesk@lpse.test", "siti@cv.test", "rahasia"
MAIL = b"From: siti@cv.test\r\nTo: helpdesk@lpse.test\r\nSubject: uji\r\n\r\nhalo\r\n"
NOW = datetime(2026, 2, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[EmbeddedServers]:
    with EmbeddedServers({HELPDESK: PASSWORD, SITI: PASSWORD}, now=lambda: NOW) as servers:
        yield servers


@pytest.fixture
def servers(running: EmbeddedServers) -> EmbeddedServers:
    """The running servers with an empty inbox."""
    with mailbox(running) as box:
        if box.select("INBOX").exists:
            box.ensure_folder("Tong")
            box.file_away(box.uids_from(1), "Tong")
    return running


def mailbox(servers: EmbeddedServers, user: str = HELPDESK, password: str = PASSWORD) -> Mailbox:
    return Mailbox(MailboxAccess(user, "127.0.0.1", servers.imap_port, "none", user, password))


def inbox(servers: EmbeddedServers, user: str = HELPDESK) -> list[bytes | None]:
    with mailbox(servers, user) as box:
        box.select("INBOX")
        return [m.octets for ms in box.fetch(box.sizes(box.uids_from(1))) for m in ms]


def send(servers: EmbeddedServers, *recipients: str, user: str = "") -> None:
    with smtplib.SMTP("127.0.0.1", servers.smtp_port) as smtp:
        if user:
            smtp.login(user, PASSWORD)
        smtp.sendmail(SITI, recipients, MAIL)


@pytest.mark.parametrize(
    "recipient", [HELPDESK, "helpdesk+abc234@lpse.test", "HelpDesk@LPSE.test"]
)
@pytest.mark.parametrize("user", ["", SITI])
def test_mail_by_smtp_is_in_the_inbox(servers: EmbeddedServers, recipient: str, user: str) -> None:
    send(servers, recipient, user=user)
    [octets] = inbox(servers)
    assert octets is not None
    assert octets == b"Delivered-To: " + recipient.encode() + b"\r\n" + MAIL
    assert servers.messages(HELPDESK)[-1] == octets


def test_an_unknown_recipient_is_refused_for_good(servers: EmbeddedServers) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        send(servers, "siapa@lpse.test")
    code, text = caught.value.recipients["siapa@lpse.test"]
    assert code == 550
    assert text.startswith(b"5.1.1")


def test_a_wrong_password_is_refused(servers: EmbeddedServers) -> None:
    smtp = smtplib.SMTP("127.0.0.1", servers.smtp_port)
    with smtp, pytest.raises(smtplib.SMTPAuthenticationError):
        smtp.login(SITI, "salah")
    with pytest.raises(MailboxError) as caught:
        mailbox(servers, password="salah")
    assert caught.value.kind == "auth"


def test_mail_delivered_by_hand_has_the_time_of_the_play(servers: EmbeddedServers) -> None:
    then = datetime(2026, 1, 31, 17, 0, tzinfo=UTC)
    assert servers.deliver(HELPDESK, MAIL)
    assert servers.deliver(HELPDESK, MAIL, then)
    assert not servers.deliver("siapa@lpse.test", MAIL)
    with mailbox(servers) as box:
        box.select("INBOX")
        assert [m.internal_at for m in box.sizes(box.uids_from(1))] == [NOW, then]


def test_idle_hears_of_new_mail(servers: EmbeddedServers) -> None:
    ear, hand = socket.socketpair()
    with ear, hand, mailbox(servers) as box:
        box.select("INBOX")
        timer = threading.Timer(0.1, lambda: servers.deliver(HELPDESK, MAIL))
        timer.start()
        assert box.wait(300, ear)
        timer.join()


def test_the_server_can_what_an_offices_server_can(servers: EmbeddedServers) -> None:
    with mailbox(servers) as box:
        lines = box.explain_capabilities()
    assert {"MOVE: yes", "IDLE: yes", "UIDPLUS: yes", "keywords: yes"} <= {*lines}


def test_keywords_are_kept(servers: EmbeddedServers) -> None:
    servers.deliver(HELPDESK, MAIL)
    with mailbox(servers) as box:
        box.select("INBOX")
        client = box._client
        assert client is not None
        uids = box.uids_from(1)
        client.add_flags(uids, ["$MaildFiled"])
    with mailbox(servers) as box:
        box.select("INBOX")
        client = box._client
        assert client is not None
        assert client.search(["KEYWORD", "$MaildFiled"]) == uids


def test_ports_can_be_given_and_are_free_again_at_the_end() -> None:
    with EmbeddedServers({HELPDESK: PASSWORD}) as servers:
        ports = servers.imap_port, servers.smtp_port
        left_open = mailbox(servers)
        left_open.select("INBOX")
    for _ in range(2):
        with EmbeddedServers({HELPDESK: PASSWORD}, *ports) as servers:
            assert (servers.imap_port, servers.smtp_port) == ports
            assert inbox(servers) == []
    left_open.close()


def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_running() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        servers = EmbeddedServers({HELPDESK: PASSWORD}, smtp_port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            servers.start()
    assert not servers._thread.is_alive()


@pytest.mark.parametrize("missing", ["pymap", "aiosmtpd"])
def test_without_the_extra_the_remedy_is_told(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'maild\[demo\]'"):
        EmbeddedServers({HELPDESK: PASSWORD})
