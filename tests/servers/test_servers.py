"""The servers of the tests behave like an office's: what other tests rely on, shown once."""

import smtplib
import socket
from collections.abc import Iterator
from email import message_from_bytes

import pytest

from dovecot import PASSWORD, Dovecot
from maild.ingest.mailbox import Mailbox
from place import ServerMissingError, program
from postfix import Postfix

MAIL = b"From: siti@servers.test\r\nTo: helpdesk@servers.test\r\nSubject: uji\r\n\r\nhalo\r\n"


@pytest.fixture(scope="module")
def helpdesk(postfix: Postfix) -> str:
    postfix.add("siti@servers.test")
    postfix.add("pergi@servers.test", in_dovecot=False)
    postfix.refuse("nanti@servers.test", "450 4.2.0 come again")
    return postfix.add("helpdesk@servers.test")


@pytest.fixture
def relay(postfix: Postfix, helpdesk: str) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", postfix.port) as smtp:
        smtp.starttls(context=postfix.tls())
        smtp.login("siti@servers.test", PASSWORD)
        yield smtp


def arrived(dovecot: Dovecot, address: str) -> bytes:
    """The newest mail of an inbox, once it holds one more than before."""
    ear, hand = socket.socketpair()
    with ear, hand, Mailbox(dovecot.access(address)) as mailbox:
        while not mailbox.select("INBOX").exists and mailbox.wait(20, ear):
            continue
        listed = mailbox.sizes(mailbox.uids_from(1))
        [mails] = mailbox.fetch(listed)
        mailbox.ensure_folder("Dibaca")
        mailbox.file_away([mail.uid for mail in mails], "Dibaca")
    assert mails[-1].octets is not None
    return mails[-1].octets


def test_mail_with_a_detail_is_delivered_and_names_it(
    dovecot: Dovecot, relay: smtplib.SMTP, helpdesk: str
) -> None:
    relay.sendmail("siti@servers.test", ["helpdesk+abc234@servers.test"], MAIL)
    mail = message_from_bytes(arrived(dovecot, helpdesk))
    assert mail["Delivered-To"] == "helpdesk+abc234@servers.test"
    assert mail["Return-Path"] == "<siti@servers.test>"


def test_mail_that_cannot_be_delivered_comes_back_as_a_report(
    dovecot: Dovecot, relay: smtplib.SMTP
) -> None:
    relay.sendmail("siti@servers.test", ["pergi@servers.test"], MAIL)
    report = message_from_bytes(arrived(dovecot, "siti@servers.test"))
    assert report.get_content_type() == "multipart/report"
    assert report["Return-Path"] == "<>"


@pytest.mark.parametrize(
    ("recipient", "code"),
    [("nanti@servers.test", 450), ("siapa@servers.test", 550)],
)
def test_recipients_are_refused_for_now_or_for_good(
    relay: smtplib.SMTP, recipient: str, code: int
) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
        relay.sendmail("siti@servers.test", [recipient], MAIL)
    assert caught.value.recipients[recipient][0] == code


def test_nobody_relays_without_a_password(postfix: Postfix, helpdesk: str) -> None:
    with (
        smtplib.SMTP("127.0.0.1", postfix.port) as smtp,
        pytest.raises(smtplib.SMTPRecipientsRefused),
    ):
        smtp.sendmail("siti@servers.test", ["orang@lain.test"], MAIL)


def test_a_missing_program_names_the_remedy() -> None:
    with pytest.raises(ServerMissingError, match=r"install\.sh"):
        program("tidak-ada-program-ini")
