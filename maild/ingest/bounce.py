"""Delivery reports: which recipient, whether for good, which status, which letter of ours.

Reads the standard form (RFC 3464); `bounce_text` reads the many forms without it. A report nested
in a normal mail is part of that mail and is not read (reliability B017, B107 to B109).
"""

import re
from collections.abc import Iterable, Sequence

from maild.ingest import bounce_text, charset, header, mime
from maild.ingest.body import Body
from maild.ingest.mime import Message, Part
from maild.model.mail import Bounce, FailedRecipient

MAX_RECIPIENTS = 100
_GROUP = re.compile(rb"\n[ \t]*\n\s*")
_PERHAPS_MACHINE = re.compile(r"sysadmin|system administrator|administrator@|bounces?[@+-]", re.I)
_DELIVERED = frozenset({"delivered", "relayed", "expanded"})
_MACHINE = re.compile(
    r"mailer-?daemon|mail-?daemon|postmaster|post_master|mdaemon|mail[. -]?delivery"
    r"|mail delivery (?:sub)?system|double-bounce",
    re.I,
)


def read(message: Message, body: Body, subject: str) -> Bounce | None:
    """What a delivery report says, or None when the mail is none."""
    declared = message.root.type == "multipart/report" or any(
        part.type.endswith("delivery-status") for part in body.reports
    )
    blocks = [
        fields
        for part in body.reports
        if part.type.endswith("delivery-status")
        for fields in _groups(part)
    ]
    if any(part.type == "message/feedback-report" for part in body.reports):
        return None
    text = body.text or _first_text_file(body)
    failed = _from_groups(blocks, text)
    if not failed and any(_action(b) in _DELIVERED for b in blocks):
        return None
    if failed:
        return Bounce(failed[:MAX_RECIPIENTS], original_id(message, body))
    signs = bounce_text.Signs(
        machine=is_machine(message),
        perhaps=bool(_PERHAPS_MACHINE.search(message.text("from", 300))),
        null_path=any(v.strip() in (b"<>", b"") for v in message.values("return-path")),
        declared=declared,
        returned=bool(body.returned) or any(f.type in mime.MESSAGE_TYPES for f in body.files),
        reply=bool(
            message.values("in-reply-to") and re.match(r"\s*(?:re|fwd?|bls)\s*:", subject, re.I)
        ),
        failed_header=tuple(
            header.raw_text(v)
            for name in ("x-failed-recipients", "x-failed-recipient")
            for v in message.values(name)
        ),
        own=tuple(
            header.raw_text(v) for n in ("to", "return-path", "from") for v in message.values(n)
        ),
    )
    found = bounce_text.read(text, subject, signs, _returned_to(body))
    if found is None:
        return None
    return Bounce(tuple(found[:MAX_RECIPIENTS]), original_id(message, body))


def is_certain(bounce: Bounce, body: Body) -> bool:
    """A report with delivery-status fields and a final status: no challenge looks like this."""
    standard = any(part.type.endswith("delivery-status") for part in body.reports)
    return standard and any(r.permanent and r.status for r in bounce.recipients)


def is_machine(message: Message) -> bool:
    """Does the From belong to a mail system rather than to a person?"""
    raw = next(iter(message.values("from")), b"")
    return bool(_MACHINE.search(header.text(raw, 300))) or raw.strip() in (b"<>", b'""')


def was_delivered(body: Body) -> bool:
    """A report that says only that mail arrived."""
    actions = {
        _action(fields)
        for part in body.reports
        if part.type.endswith("delivery-status")
        for fields in _groups(part)
    } - {""}
    return bool(actions) and actions <= _DELIVERED


def original_id(message: Message, body: Body) -> str | None:
    """The Message-ID of the mail that came back (RFC 3464, 2.2.1 gives no better key)."""
    for octets in _returned(body):
        if found := _message_id(mime.split(octets).values("message-id")):
            return found
    for part in body.reports:
        if part.type.endswith("headers"):
            fields = header.fields(part.payload())[0]
            if found := _message_id(f.value for f in fields if f.name == "message-id"):
                return found
    if found := bounce_text.message_id(body.text):
        return found
    return _message_id([*message.values("in-reply-to"), *message.values("references")])


def _message_id(values: Iterable[bytes]) -> str | None:
    for value in values:
        match = re.search(rb"<[^<>\s]{3,500}>", value)
        if match:
            return match[0].decode("utf-8", "replace")
    return None


def _groups(part: Part) -> list[dict[str, str]]:
    """The field groups of a delivery-status part: the first is about the message."""
    found = []
    octets = part.payload()[:500_000].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for group in _GROUP.split(octets)[: MAX_RECIPIENTS + 1]:
        fields: dict[str, str] = {}
        for name, value in header.fields(group.lstrip())[0]:
            fields.setdefault(name, header.text(value))
        if fields:
            found.append(fields)
    return found


def _recipient(fields: dict[str, str]) -> str | None:
    """The address as our letter had it, else as the last server had it (RFC 3464, 2.3)."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = fields.get(name, "")
        if found := bounce_text.address(value.partition(";")[2] or value):
            return found
    return None


def _action(fields: dict[str, str]) -> str:
    return fields.get("action", "").strip().lower().partition(" ")[0]


def _from_groups(blocks: Sequence[dict[str, str]], text: str) -> tuple[FailedRecipient, ...]:
    found: dict[str, FailedRecipient] = {}
    for fields in blocks:
        address = _recipient(fields)
        action = _action(fields)
        if not address or action in _DELIVERED:
            continue
        diagnostic = fields.get("diagnostic-code", "")
        reason = diagnostic.partition(";")[2].strip() or diagnostic
        code = bounce_text.status(fields.get("status", ""))
        if code is None or code.endswith(".0"):
            code = bounce_text.closer(code, reason, text)
        permanent = bounce_text.is_permanent(code, reason)
        if action.startswith("delay"):
            permanent = False
        found.setdefault(
            address, FailedRecipient(address, code, permanent, (reason or action)[:500])
        )
    return tuple(found.values())


def _first_text_file(body: Body) -> str:
    """Some systems send the explanation as a file."""
    for file in body.files:
        if file.type in ("text/plain", "text"):
            text = charset.decode(file.octets()[:100_000])[0]
            return charset.clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    return ""


def _returned(body: Body) -> list[bytes]:
    """The mails that came back, whether the report calls them so or just encloses them."""
    if body.returned:
        return [part.payload() for part in body.returned[:3]]
    return [f.octets() for f in body.files[:3] if f.type in mime.MESSAGE_TYPES]


def _returned_to(body: Body) -> tuple[str, ...]:
    """To of the mail that came back: the last resort for the failed address."""
    found: list[str] = []
    for octets in _returned(body):
        found += [header.raw_text(v) for v in mime.split(octets).values("to")]
    for part in body.reports:
        if part.type.endswith("headers"):
            fields = header.fields(part.payload())[0]
            found += [header.raw_text(f.value) for f in fields if f.name == "to"]
    return tuple(found)
