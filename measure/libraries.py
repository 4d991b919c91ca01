"""Public libraries asked the same questions as `maild explain --json`, one line a file.

    python measure/libraries.py NAME [--format eml|text|html] FILE...

A library answers only what it is made for; a question that it raises at is an answer it does not
have. "header rules" is no library: it is what the header fields alone tell, as most systems do.
"""

import argparse
import email
import json
import re
import sys
from collections.abc import Callable
from email.message import Message
from email.utils import getaddresses
from pathlib import Path
from typing import Any

Answer = dict[str, Any]
_ROBOT = re.compile(r"mailer-daemon|postmaster", re.I)
_CHARSETS = ("utf-8", "cp1252")


def mail_parser(octets: bytes, kind: str) -> Answer:
    """mail-parser: header fields and attachments."""
    import mailparser

    mail = mailparser.parse_from_bytes(octets if kind == "eml" else b"\n" + octets)
    sender = mail.from_[0] if mail.from_ else ("", "")
    return {
        "from": {"name": sender[0], "address": sender[1]},
        "to": [{"name": name, "address": address} for name, address in mail.to],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "text": "\n".join(mail.text_plain),
        "attachments": [
            {"name": one["filename"], "size": len(_payload(one)), "inline": False}
            for one in mail.attachments
        ],
    }


def _payload(attachment: dict[str, Any]) -> bytes:
    import base64

    content = attachment["payload"]
    return base64.b64decode(content) if attachment["binary"] else content.encode("utf-8")


def stdlib(octets: bytes, kind: str) -> Answer:
    """email of the standard library: header fields, parts with a file name or a disposition."""
    mail = email.message_from_bytes(octets if kind == "eml" else b"\n" + octets)
    name, address = next(iter(getaddresses([str(mail.get("from", ""))])), ("", ""))
    files = [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    return {
        "from": {"name": name, "address": address},
        "subject": _decoded(mail.get("subject")),
        "attachments": [
            {
                "name": _decoded(part.get_filename()),
                "size": len(part.get_payload(decode=True) or b""),
            }
            for part in files
        ],
    }


def _decoded(value: Any) -> str:
    from email.header import decode_header, make_header

    return str(make_header(decode_header(str(value)))) if value else ""


def header_rules(octets: bytes, kind: str) -> Answer:
    """Nature from header fields, failed recipients from the delivery report (RFC 3464)."""
    del kind
    mail = email.message_from_bytes(octets)
    reports = [p for p in mail.walk() if p.get_content_type() == "message/delivery-status"]
    sender = str(mail.get("from", ""))
    failed = mail.get("x-failed-recipients")
    nature = "human"
    if any(p.get_content_type() == "message/feedback-report" for p in mail.walk()):
        nature = "complaint"
    elif (
        mail.get_content_type() == "multipart/report" or reports or failed or _ROBOT.search(sender)
    ):
        nature = "bounce"
    elif _automatic(mail):
        nature = "auto_reply"
    recipients = [one for part in reports for one in _recipients(part)]
    return {"nature": nature, "bounce": {"recipients": recipients} if recipients else None}


def _automatic(mail: Message) -> bool:
    submitted = str(mail.get("auto-submitted", "no")).lower()
    return (
        not submitted.startswith("no")
        or str(mail.get("precedence", "")).lower() in ("bulk", "junk", "auto_reply", "list")
        or str(mail.get("return-path", "")).strip() == "<>"
        or any(mail.get(name) for name in ("x-autoreply", "x-autorespond", "list-id"))
    )


def _recipients(report: Message) -> list[Answer]:
    found = []
    for block in report.get_payload() if report.is_multipart() else []:
        address = str(block.get("final-recipient", "")).partition(";")[2].strip()
        status = str(block.get("status", "")).split(" ")[0]
        if address:
            permanent = status.startswith("5")
            found.append({"address": address, "status": status, "permanent": permanent})
    return found


def flufl_bounce(octets: bytes, kind: str) -> Answer:
    """flufl.bounce: a bounce is a mail in which it finds a failed address."""
    del kind
    from flufl.bounce import all_failures

    temporary, permanent = all_failures(email.message_from_bytes(octets))
    recipients = [
        {"address": one.decode("utf-8", "replace"), "status": None, "permanent": final}
        for final, some in ((False, temporary), (True, permanent))
        for one in some
    ]
    return {
        "nature": "bounce" if recipients else "human",
        "bounce": {"recipients": recipients} if recipients else None,
    }


def mail_parser_reply(octets: bytes, kind: str) -> Answer:
    """mail-parser-reply with all the languages that it has."""
    from mailparser_reply import EmailReplyParser
    from mailparser_reply.constants import MAIL_LANGUAGES

    languages = [name for name in MAIL_LANGUAGES if name != "david"]
    parser = EmailReplyParser(languages=languages)
    return {"reply_text": parser.parse_reply(text=_text(octets, kind))}


def email_reply_parser(octets: bytes, kind: str) -> Answer:
    """email-reply-parser, the Python form of GitHub's."""
    from email_reply_parser import EmailReplyParser

    return {"reply_text": EmailReplyParser.parse_reply(_text(octets, kind))}


def quotequail(octets: bytes, kind: str) -> Answer:
    """quotequail: the stretches that it does not fold away."""
    import quotequail as library

    text = _text(octets, kind)
    parts = library.quote_html(text) if kind == "html" else library.quote(text)
    return {"reply_text": "\n".join(_bare(part, kind) for shown, part in parts if shown)}


def _bare(part: str, kind: str) -> str:
    return re.sub(r"<[^>]*>", "", part) if kind == "html" else part


def _text(octets: bytes, kind: str) -> str:
    """The plain text of a mail, or the file itself."""
    if kind == "eml":
        mail = email.message_from_bytes(octets)
        plain = [p for p in mail.walk() if p.get_content_type() == "text/plain"]
        octets = (plain[0].get_payload(decode=True) or b"") if plain else b""
    for name in _CHARSETS:
        try:
            return octets.decode(name)
        except UnicodeDecodeError:
            continue
    return octets.decode("latin-1")


LIBRARIES: dict[str, Callable[[bytes, str], Answer]] = {
    "mail-parser": mail_parser,
    "email": stdlib,
    "header-rules": header_rules,
    "flufl.bounce": flufl_bounce,
    "mail-parser-reply": mail_parser_reply,
    "email-reply-parser": email_reply_parser,
    "quotequail": quotequail,
}


def main() -> None:
    """Answer for every file, in order."""
    options = argparse.ArgumentParser()
    options.add_argument("library", choices=LIBRARIES)
    options.add_argument("--format", default="eml", choices=("eml", "text", "html"))
    options.add_argument("files", nargs="+", type=Path)
    chosen = options.parse_args()
    ask = LIBRARIES[chosen.library]
    for path in chosen.files:
        try:
            answer = ask(path.read_bytes(), chosen.format)
        except Exception as error:  # noqa: BLE001  # what a library raises is its answer
            answer = {"error": type(error).__name__}
        print(json.dumps({"file": str(path), **answer}), flush=True)
    sys.exit(0)


if __name__ == "__main__":
    main()
