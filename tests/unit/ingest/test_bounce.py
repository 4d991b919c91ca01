"""Delivery reports in the standard form and in free words (RFC 3464; B017, B107, B108)."""

import pytest

from maild.ingest import parse
from maild.model.mail import Bounce, FailedRecipient, Nature, ParsedMail

DAEMON = "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nReturn-Path: <>\n"
DAEMON += "To: helpdesk@lpse.example\nSubject: Undelivered Mail Returned to Sender\n"
OURS = "Message-ID: <2026000042.3.1.x@lpse.example>\nTo: budi@x.example\nSubject: Jawaban\n\nisi"


def report(*groups: str, head: str = DAEMON, text: str = "Your message failed.") -> ParsedMail:
    status = "\n\n".join(("Reporting-MTA: dns; mx.example", *groups))
    return parse.read(
        f"{head}Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        f"--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n{status}\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{OURS}\n--b--\n".encode()
    )


def free(text: str, head: str = DAEMON) -> ParsedMail:
    return parse.read(f"{head}\n{text}\n".encode())


def only(mail: ParsedMail) -> FailedRecipient:
    assert mail.nature is Nature.BOUNCE
    assert mail.bounce is not None
    (found,) = mail.bounce.recipients
    return found


def test_a_standard_report_says_who_why_and_which_letter() -> None:
    found = report(
        "Final-Recipient: rfc822; Budi@X.example\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown"
    )
    assert found.bounce == Bounce(
        (FailedRecipient("budi@x.example", "5.1.1", True, "550 5.1.1 User unknown"),),
        "<2026000042.3.1.x@lpse.example>",
    )


def test_the_recipient_is_the_one_of_our_letter() -> None:
    found = report(
        "Original-Recipient: rfc822; budi@x.example\nFinal-Recipient: rfc822; b@inner.example\n"
        "Action: failed\nStatus: 5.2.2"
    )
    assert only(found).address == "budi@x.example"


def test_delayed_is_not_for_good() -> None:
    found = report("Final-Recipient: rfc822; budi@x.example\nAction: delayed\nStatus: 4.4.1")
    assert (only(found).permanent, only(found).status) == (False, "4.4.1")


def test_delivered_is_no_bounce() -> None:
    found = report("Final-Recipient: rfc822; budi@x.example\nAction: delivered\nStatus: 2.0.0")
    assert (found.nature, found.bounce) == (Nature.RECEIPT, None)


def test_several_recipients_each_have_their_own_verdict() -> None:
    found = report(
        "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1",
        "Final-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 4.2.2",
    )
    assert found.bounce is not None
    verdicts = [(r.address, r.permanent) for r in found.bounce.recipients]
    assert verdicts == [("a@x.example", True), ("b@x.example", False)]


def test_a_status_without_detail_is_completed_from_the_diagnostic() -> None:
    found = report(
        "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.0.0\n"
        "Diagnostic-Code: smtp; 552 5.2.2 mailbox full"
    )
    assert only(found).status == "5.2.2"


@pytest.mark.parametrize(
    ("text", "status", "permanent"),
    [
        (
            "Hi. This is the qmail-send program.\n\n<budi@x.example>:\n550 5.1.1 no user",
            "5.1.1",
            True,
        ),
        ("<budi@x.example>: host mx said: 452 4.2.2 over quota", "4.2.2", False),
        ("The following address failed:\n\n  budi@x.example\n    550 unknown user", None, True),
        ("Your message did not reach:\n\nbudi@x.example on 5/1/2026 08.15\n  Unknown", None, True),
        (
            "Delivery to the following recipient failed permanently:\n\n     budi@x.example",
            None,
            True,
        ),
        ("Surat Anda tidak dapat dikirim ke: budi@x.example", None, True),
        ("Your message to budi@x.example could not be delivered.", None, True),
        ("Delivery is delayed:\n\n<budi@x.example>\n\nIt will be retried.", None, False),
    ],
)
def test_free_forms_name_recipient_status_and_verdict(
    text: str, status: str | None, permanent: bool
) -> None:
    found = only(free(text))
    assert (found.address, found.status, found.permanent) == ("budi@x.example", status, permanent)


def test_a_warning_in_words_of_a_final_failure_is_not_final() -> None:
    text = (
        "THIS IS A WARNING MESSAGE ONLY.\n----- The following addresses had fatal errors -----\n"
        "<budi@x.example> host not reachable\nMessage will be retried for 4 more day(s)"
    )
    assert only(free(text)).permanent is False


def test_each_failed_recipient_has_the_reason_that_stands_below_it() -> None:
    text = (
        "<ani@x.example>:\nRemote host said: 550 5.1.1 User unknown\n\n"
        "<budi@x.example>:\nRemote host said: 552 5.2.2 Mailbox full\n"
    )
    found = free(text).bounce
    assert found is not None
    assert [r.status for r in found.recipients] == ["5.1.1", "5.2.2"]


def test_the_returned_mail_below_the_explanation_is_not_read_as_failed() -> None:
    text = "<budi@x.example>: user unknown\n\n--- Below this line is a copy of the message.\n\n"
    found = free(text + "Message-ID: <q@lpse.example>\nTo: lain@x.example\n\n<siti@x.example>:")
    assert only(found).address == "budi@x.example"
    assert found.bounce is not None
    assert found.bounce.original_message_id == "<q@lpse.example>"


def test_a_field_of_failed_recipients_is_enough() -> None:
    head = "From: x@y.example\nSubject: x\nX-Failed-Recipients: budi@x.example\n"
    assert only(free("tidak terkirim", head)).address == "budi@x.example"


def test_b017_a_report_inside_a_persons_mail_is_his_mail() -> None:
    inner = DAEMON + "Content-Type: multipart/report; boundary=c\n\n--c\n\nfailed\n--c--"
    found = parse.read(
        "From: budi@x.example\nSubject: mohon bantuan\n"
        "Content-Type: multipart/mixed; boundary=b\n\n"
        f"--b\n\nApa artinya ini?\n--b\nContent-Type: message/rfc822\n\n{inner}\n--b--\n".encode()
    )
    assert (found.nature, found.bounce) == (Nature.HUMAN, None)
    assert len(found.attachments) == 1


def test_a_vacation_message_with_a_null_path_is_no_bounce() -> None:
    head = (
        "From: budi@x.example\nReturn-Path: <>\nSubject: Re: Tanya\nAuto-Submitted: auto-replied\n"
    )
    assert free("Saya cuti sampai Senin.", head).nature is Nature.AUTO_REPLY


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_line_ends_change_nothing(ending: bytes) -> None:
    source = (
        f"{DAEMON}Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n--b--\n"
    ).encode()
    assert only(parse.read(source.replace(b"\n", ending))).status == "5.1.1"
