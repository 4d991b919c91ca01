"""Octets of a mail to a `ParsedMail`: the door of the library mail-parser.

mail-parser reads once per mail what it reads best: addresses, dates and their defects. It is
given only those fields, cleaned and cut to size, so that no mail can make it slow; the MIME tree
is walked by `mime`. Nothing here opens a file, asks a clock or raises (reliability, rows B).
"""

import hashlib
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import mailparser

from maild.ingest import (
    address,
    automatic,
    body,
    bounce,
    charset,
    command,
    filename,
    forward,
    header,
    html,
    identity,
    inline,
    mime,
    quote,
    subject,
    tnef,
    trust,
    uuencode,
)
from maild.ingest.body import Body, File
from maild.ingest.mime import Message
from maild.model.mail import Address, Attachment, Nature, ParsedMail, Trust

# The library formats a debug line for every header, whether anybody listens or not.
for _name in ("", ".core", ".utils", ".dates", ".addresses", ".received"):
    logging.getLogger(f"mailparser{_name}").disabled = True

MAX_DEFECTS = 50
_ROUTES = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_FORWARD = re.compile(
    r"\s*(?:fwd?|fw|wg|tr|trs|terusan|diteruskan|i|rv|enc|vb|doorst|转发)\s*:", re.I
)


class _Fields(NamedTuple):
    """What mail-parser makes of the fields that it is given."""

    sender: Sequence[tuple[str, str]]
    reply_to: Sequence[tuple[str, str]]
    to: Sequence[tuple[str, str]]
    cc: Sequence[tuple[str, str]]
    date: datetime | None
    defects: list[str]


def read(
    octets: bytes, authserv_id: str = "", own_addresses: frozenset[str] = frozenset()
) -> ParsedMail:
    """A mail as a value; whatever is wrong with it stands in `defects`.

    `authserv_id` is the receiving server whose verdict counts; `own_addresses`, in lower case,
    are the helpdesk's, whose mail is nobody's request.
    """
    message = mime.split(octets)
    parts = body.read(message)
    fields = _fields(message)
    sender, doubt = address.author(message.values("from"), fields.sender)
    shown = message.text("subject", subject.MAX_SHOWN)
    report = bounce.read(message, parts, shown)
    text = parts.text
    forwards = _forwards(message, shown)
    whole = quote.cut(text, forward=forwards)
    seen = (message, parts, sender, shown, report)
    nature, reason = automatic.nature(*seen, own_addresses, whole.written)
    plain = parts.plain
    top = whole if plain == text else quote.cut(plain, forward=forwards)
    commands, answer = command.read(top.above)
    attachments = _attachments(parts, forwards)
    defects = [*message.defects, *parts.defects, *fields.defects, *_impostures(message, sender)]
    return ParsedMail(
        sender=sender,
        sender_doubt=doubt,
        reply_to=address.mailboxes(fields.reply_to),
        to=address.mailboxes(fields.to),
        cc=address.mailboxes(fields.cc),
        delivered_to=_delivered_to(message),
        subject=shown,
        subject_base=subject.base(shown),
        message_id=next(iter(identity.ids(message.values("message-id"))), None),
        in_reply_to=identity.ids(message.values("in-reply-to")),
        references=identity.ids(message.values("references")),
        date=fields.date,
        text=text,
        reply_text=whole.written,
        signature=whole.signature,
        quoted=whole.quoted,
        commands=commands,
        answer_text=answer
        or (top.written if plain and not commands else "" if commands else whole.written),
        attachments=attachments,
        nature=nature,
        nature_reason=reason,
        bounce=report if nature is Nature.BOUNCE else None,
        trust=trust.verdict(message.fields, sender, authserv_id),
        defects=tuple(dict.fromkeys(defects))[:MAX_DEFECTS],
        content_hash=_content_hash(sender, shown, text, attachments),
        authors=address.mailboxes(fields.sender),
        forwarded=forward.read(message, text, bool(_FORWARD.match(shown)))
        if nature is Nature.HUMAN and (_FORWARD.match(shown) or _holds_mail(message))
        else None,
        submitter=address.only(message.values("sender")),
        sent_nature=automatic.nature(*seen, frozenset(), whole.written)[0]
        if nature is Nature.OWN
        else nature,
        head_hash=identity.digest(message.by_name),
    )


def _holds_mail(message: Message) -> bool:
    return any(part.type == "message/rfc822" for part in message.root.children)


def read_body(text_or_html: str, is_html: bool) -> ParsedMail:
    """A body alone, as `explain --format text|html` gives it: no header, so no sender."""
    clean = charset.clean(text_or_html.replace("\r\n", "\n").replace("\r", "\n"))
    text = html.render(clean).text if is_html else clean
    whole = quote.cut(text)
    commands, answer = ((), "") if is_html else command.read(whole.above)
    return ParsedMail(
        sender=None,
        sender_doubt="no header",
        reply_to=(),
        to=(),
        cc=(),
        delivered_to=(),
        subject="",
        subject_base="",
        message_id=None,
        in_reply_to=(),
        references=(),
        date=None,
        text=text,
        reply_text=whole.written,
        signature=whole.signature,
        quoted=whole.quoted,
        commands=commands,
        answer_text=answer or ("" if commands else whole.written),
        attachments=(),
        nature=Nature.HUMAN if text.strip() else Nature.EMPTY,
        nature_reason="a body without a header",
        bounce=None,
        trust=Trust(),
        defects=(),
        content_hash=_content_hash(None, "", text, ()),
    )


def content_of(octets: bytes, part: str) -> bytes:
    """The decoded bytes of the attachment at `part` (through "/" into attached mails); KeyError
    when there is none."""
    message = mime.split(octets)
    path, mark, number = _place(part)
    *mails, path = path.split("/")
    for place in mails:
        holder = mime.find(message, place)
        inner = mime.nested(holder) if holder else None
        if inner is None:
            raise KeyError(part)
        message = inner
    found = mime.find(message, path)
    if found is None:
        raise KeyError(part)
    content = found.payload()
    if mark == "u":
        return uuencode.files(content)[number - 1].octets
    if mark == "t":
        return tnef.read(content).files[number - 1].octets
    return content


def _forwards(message: Message, shown: str) -> bool:
    """Is the mail below a header block content? So says the prefix of a forward; and a mail that
    answers nothing, by its fields or its subject, quotes nothing."""
    if _FORWARD.match(shown):
        return True
    answers = message.values("in-reply-to") or message.values("references")
    return not answers and subject.base(shown) == " ".join(shown.split()).casefold()


def _place(part: str) -> tuple[str, str, int]:
    path, _, last = part.rpartition(".")
    if last[:1] in ("u", "t"):
        return path, last[0], int(last[1:])
    return part, "", 0


def _fields(message: Message) -> _Fields:
    wanted = []
    for name in ("From", "Reply-To", "To", "Cc"):
        values = [v for v in message.values(name.lower()) if v.strip()]
        if values:
            value = values[0] if name == "From" else b", ".join(values[:20])
            if not value.isascii():  # raw octets of whatever charset (B038)
                value = header.raw_text(value).encode("utf-8", "replace")
            wanted.append((name, address.closed(address.shortened(value))))
    dates = [value for value in message.values("date") if value][:1]
    wanted += [("Date", value[:200]) for value in dates]
    block = b"".join(b"%s: %s\n" % (n.encode(), v.replace(b"\n", b"\n ")) for n, v in wanted)
    if b"(" in block and (block.count(b"(") > 200 or block.count(b"\\") > 500):
        return _Fields((), (), (), (), _date(dates, None), ["address fields too deep to read"])
    try:
        mail = mailparser.parse_from_bytes(block + b"\n")
    except Exception as error:  # noqa: BLE001  # a third-party reader must not stop a mail
        return _Fields((), (), (), (), _date(dates, None), [f"header: {type(error).__name__}"])
    defects = [f"{d['header']}: {d['reason']}" for d in mail.address_header_defects[:10]]
    defects += [f"date: {d['reason']}" for d in mail.date_header_defects[:3]]
    return _Fields(mail.from_, mail.reply_to, mail.to, mail.cc, _date(dates, mail.date), defects)


def _impostures(message: Message, sender: Address | None) -> list[str]:
    """What a mail pretends: fields that are only ours (B040), a name that is an address (B046)."""
    found = [
        f"field {name} from outside"
        for name in message.by_name
        if name.startswith("x-maild-") and name != automatic.LOOP_MARK
    ]
    if sender and "@" in sender.name and sender.address not in sender.name.lower():
        found.append("the sender's name shows another address")
    return found


def _date(values: Sequence[bytes], read: datetime | None) -> datetime | None:
    """The Date in UTC; one without a zone counts as UTC (B030); None when it cannot be read."""
    found = read
    if found is None and values:
        try:
            found = parsedate_to_datetime(header.raw_text(values[0][:200]))
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
    if found is None:
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _delivered_to(message: Message) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in _ROUTES:
        for value in message.values(name)[:20]:
            spec = address.normal(header.raw_text(value[:500]).strip())
            if spec:
                found[spec] = None
    return tuple(found)


def _attachments(parts: Body, passes_on: bool) -> tuple[Attachment, ...]:
    used: set[str] = set()
    inline.settle(parts.files, parts.pages, passes_on)
    return tuple(_attachment(file, number, used) for number, file in enumerate(parts.files, 1))


def _attachment(file: File, number: int, used: set[str]) -> Attachment:
    content = file.octets()
    name = filename.unique(filename.safe(file.name, file.type, number), used)
    digest = hashlib.sha256(content).hexdigest()
    decoration = file.decoration or (file.inline and len(content) < inline.ICON_OCTETS)
    kind = file.type[:200]
    return Attachment(name, len(content), kind, digest, file.inline, file.path, decoration)


def _content_hash(
    sender: Address | None, shown: str, text: str, attachments: Sequence[Attachment]
) -> str:
    """The same for a mail that came along two ways: no trace fields, no white space (B065)."""
    pieces = [sender.address if sender else "", shown, " ".join(text.split())]
    pieces += [attachment.sha256 for attachment in attachments]
    return hashlib.sha256("\0".join(pieces).encode("utf-8", "replace")).hexdigest()
