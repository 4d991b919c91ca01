"""B107 to B111: mail about mail that did not arrive."""

import hashlib

from badmail import MIME, head, multipart, octets
from badoffice import BUDI, FAILED, HELD, INERT, SARI, SITI, BadOffice

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"


def _report(message_id: str, who: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    fields = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {who}\nAction: {action}\nStatus: {status}\n"
    )
    returned = f"Content-Type: text/rfc822-headers\n\nMessage-ID: {message_id}\n"
    own = hashlib.sha256(f"{message_id}{action}".encode()).hexdigest()[:12]
    mail = head(DAEMON, "Undelivered Mail Returned to Sender", f"<{own}@mx.example>")
    parts = ("\nSurat Anda tidak terkirim.", fields, returned)
    return mail + octets(MIME) + multipart(*parts, kind="report; report-type=delivery-status")


def b107_a_report_is_a_note_on_its_letter(it: BadOffice) -> None:
    """DSN failed or delayed for our mail: no new ticket, no reply to it."""
    asked = it.problem()
    message_id = str(asked.letter(f"tanda_terima {SITI}")["Message-ID"])
    late = _report(message_id, SITI, "delayed", "4.4.1")
    it.comes(late, end=INERT, touches=[asked.ticket])
    it.comes(_report(message_id, SITI), end=INERT, letters=FAILED, touches=[asked.ticket])
    assert "surat tanda_terima kepada siti@majujaya.example" in it.journal(asked.ticket)


def b108_reports_in_free_words_are_reports(it: BadOffice) -> None:
    """qmail, Exchange, Gmail, free-text forms; localised: never replied."""
    it.problem()
    for n, (subject, text) in enumerate(
        (
            (
                "failure notice",
                "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to "
                "deliver your message to the following addresses.\n\n<a@mati.example>:\n"
                "Sorry, no mailbox here by that name. (#5.1.1)\n",
            ),
            (
                "Undeliverable: Tanda terima",
                "Your message to a@mati.example couldn't be delivered.\n\na wasn't found at "
                "mati.example.\n\nRemote Server returned '550 5.1.10 RecipientNotFound'",
            ),
            (
                "Delivery Status Notification (Failure)",
                "Address not found\n\nYour message wasn't delivered to a@mati.example because the "
                "address couldn't be found.\n\n550 5.1.1 The email account does not exist.",
            ),
            (
                "Pesan tidak terkirim",
                "Surat Anda kepada a@mati.example tidak dapat dikirim.\n\n"
                "550 5.1.1 <a@mati.example>: User unknown",
            ),
        )
    ):
        it.comes(head(DAEMON, subject, f"<{n}@mx>") + octets(f"\n{text}\n"), end=INERT)


def b109_backscatter_names_no_letter_of_ours(it: BadOffice) -> None:
    """Backscatter for mail we never sent: token check fails."""
    it.problem()
    it.comes(_report("<palsu@lpse.contoh.go.id>", "korban@x.example"), end=INERT)
    it.comes(_report("<2026000001.1.1.0000@lpse.contoh.go.id>", SITI), end=INERT)


def b110_a_report_about_a_notice_is_told_to_the_other_officer_once(it: BadOffice) -> None:
    """Bounce of a bounce notice; dead agent address: fallback agent once, no loop."""
    asked = it.problem()
    notice = str(asked.letter(f"tugas_baru {SARI}")["Message-ID"])
    told = f"surat_gagal {BUDI}"
    failed = it.comes(_report(notice, SARI), end=INERT, letters=[told], touches=[asked.ticket])
    of_it = str(failed.letter(told)["Message-ID"])
    it.comes(_report(of_it, BUDI), end=INERT, touches=[asked.ticket])


def b111_nobody_clicks_for_us(it: BadOffice) -> None:
    """Challenge "prove you are human"; abuse report (ARF): a person decides (design: Q)."""
    challenge = (
        "\nYour message has been held. To have it delivered, please confirm that you are a human "
        "by clicking the link below.\nhttps://sahkan.example/x\n"
    )
    asks = head("penjaga@x.example", "Please confirm your message")
    it.comes(asks + octets("Auto-Submitted: auto-replied\n", challenge), end=HELD)
    arf = multipart(
        "\nThis is an email abuse report.",
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n",
        kind="report; report-type=feedback-report",
    )
    it.comes(head("abuse@isp.example", "Abuse report") + octets(MIME) + arf, end=HELD)
