"""Delivery reports written for people: qmail, Exchange, Exim, Gmail, and the rest (B108).

Owns how a failed address, a status code and the end of the explanation are found in prose. A
report counts only with the signs of a machine behind it; a person who writes about a bounce
stays a person.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from maild.model.mail import FailedRecipient

_MAX_TEXT = 60_000
_LIKELY, _SURE = 2, 3
ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,2})\.(\d{1,3})(?![\d]|\.\d)")
_REPLY = re.compile(r"(?<![\w.@(-])(4(?:21|3[12]|5[0-59]|71)|5\d\d)(?=[ :-]|$)")
_COPY = re.compile(
    r"^[ \t>]*(?:-{2,}[^\n]{0,60}\b(?:below this line|copy of (?:the|your) message|original"
    r" message"
    r"|returned (?:message|mail)|undelivered message|header of the original|message header"
    r"|headers? follow"
    r"|forwarded message|unsent message|transcript of original|body of the|mensaje original"
    r"|message follows)"
    r"|(?:this is a copy of the|the (?:header|headers|text|first \w+ lines) of the (?:original"
    r"|message)"
    r"|the (?:attached|original|following) (?:message|mail)[^\n]{0,30}(?:follows|was"
    r"|is)[^\n]{0,20}:$"
    r"|original (?:message|mail) (?:follows|headers?)|your (?:original )?message (?:follows"
    r"|headers|reads)"
    r"|the following is a copy|here is (?:a|the) copy|copy of your message|received: (?:from|by"
    r"|\(qmail)"
    r"|return-path: ?<|(?:\*+|=+|_+) ?(?:original|message)|message headers? follow"
    r"|your message \(truncated\)|original message:? *$))",
    re.I | re.M,
)
_FAILURE = re.compile(
    r"(?:un|not |never |cannot |could ?n[o']t |wasn't |can't |failed? to )(?:be )?(?:able to"
    r" )?deliver"
    r"|undeliver|deliver(?:y|ing)[^\n.]{0,40}(?:fail|error|problem|abort|unsuccess|impossible"
    r"|suspend|expired)"
    r"|(?:fail|error|problem|unable|inability)[^\n.]{0,40}deliver|returned (?:mail|to sender|to"
    r" you)"
    r"|user (?:is )?(?:unknown|disabled|not found)|unknown (?:user|address|recipient|local|host)"
    r"|no such (?:user|mailbox|recipient|address|person|account)"
    r"|(?:mailbox|account|user|address|recipient)[^\n]{0,60}(?:full|disabled|unavailable|not"
    r" (?:exist|found|valid"
    r"|available|listed|a known)|does(?:n't| not) exist|unknown|rejected|inactive|over ?quota"
    r"|suspended|invalid)"
    r"|over (?:the )?quota|quota exceed|permanent (?:fatal )?(?:error|failure)|fatal error"
    r"|returning (?:your )?message"
    r"|has(?: been)? (?:rejected|refused|returned|bounced)|bounce[ds]?\b|rejected (?:your|the"
    r"|this) (?:message|mail)"
    r"|host (?:unknown|not found)|name service error|message (?:was|is) too (?:large|big)"
    r"|mail delivery|could ?n[o']t send|non[- ]?deliver|not (?:been )?reach|can ?not be"
    r" (?:reached|sent)"
    r"|gagal (?:di)?kirim|tidak (?:dapat|bisa|berhasil) (?:di)?(?:kirim|sampai)|tidak terkirim"
    r"|pengiriman gagal"
    r"|unzustellbar|nicht zugestellt|non remis|n'a pas pu être|no (?:se )?(?:ha )?(?:podido"
    r"|pudo) entreg|não entreg"
    r"|送信できません|配信できません|届け|エラー|宛先|退信|无法投递|失败|550|5\.\d\.\d",
    re.I,
)
_SUBJECT = re.compile(
    r"undeliver|deliver(?:y|ed)?[^\n]{0,30}(?:fail|status|error|problem|notif|report|warning"
    r"|delay|subsystem)"
    r"|fail(?:ed|ure)[^\n]{0,20}(?:notice|deliver|mail)|returned (?:mail|to sender)|mail"
    r" (?:delivery|system|error)"
    r"|non[- ]?(?:delivery|deliver|remis)|message (?:not|could not|delayed|undeliver|rejected"
    r"|status)"
    r"|could not (?:be )?(?:deliver|send)|not delivered|rejected|user (?:unknown|not found)"
    r"|returning|bounce"
    r"|warning: (?:message|could)|nondeliverable|unable to deliver|mail could not|permanent"
    r"|transient"
    r"|gagal|tidak (?:dapat|bisa|berhasil|terkirim)|unzustellbar|nicht zustellbar|não entregue"
    r"|no entregado"
    r"|mancato|niet.{0,20}(?:bezorg|aflever)|loop alert|returned|エラー|配信|undelivered",
    re.I,
)
_TEMPORARY = re.compile(
    r"still being retried|will (?:continue|keep|be) (?:to )?(?:try|retr)|has been delayed"
    r"|delay(?:ed)? (?:mail|deliver)"
    r"|you do not need to (?:resend|send)|warning(?: message)? only|retry time not|temporar(?:y"
    r"|ily)"
    r"|not yet been delivered|no action is required|deferred",
    re.I,
)
_WARNING = re.compile(
    r"warning(?: message)? only|you do not need to (?:resend|send)|will be re-?tried|still being"
    r" retried|only a temporary|akan (?:terus )?(?:dicoba|mencoba)",
    re.I,
)
_FINAL = re.compile(
    r"giving up|gave up|permanent|fatal|5\.\d\.\d|\b55\d\b|will not be (?:re)?tried|undeliverable",
    re.I,
)
_SPEC = ADDRESS.pattern
_LABELLED = re.compile(
    r"\b(?:rcpt to|recipients?(?:'s)?(?: address(?:es)?)?|to|address|user|for|reached|delivered to"
    r"|final-recipient|original-recipient|mailbox|failed|kepada|dituju|full|unknown|宛先)"
    rf"[ \t]*(?:[:=]|\bis\b|rfc822;|[<'\"\[(]|[ \t])+[<'\"\[(]*({_SPEC})",
    re.I,
)
_LEADING = re.compile(
    rf"^[ \t>*-]*(?:<({_SPEC})>|({_SPEC}))"
    r"[ \t]*(?::|$|[-–(,;\[]|[ \t]{2,}|[ \t]on[ \t]|\.{2,}|\d{3}[ -])",
    re.I | re.M,
)
_SYSTEM = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|abuse|no-?reply|majordomo)@", re.I
)
_RETURNED_TO = re.compile(r"^[ \t>]*To:[ \t]*(.{1,300})$", re.I | re.M)
_MESSAGE_ID = re.compile(r"^[ \t>]*message-id:[ \t]*(?:\n[ \t]+)?(<[^<>\s]{3,500}>)", re.I | re.M)


class Signs(NamedTuple):
    """What the header says, before the text is read. `own` are texts with the addresses that
    cannot be the failed one: the mail's own From, To and return path."""

    machine: bool
    perhaps: bool
    null_path: bool
    declared: bool
    returned: bool
    reply: bool
    failed_header: tuple[str, ...]
    own: tuple[str, ...]


def read(
    text: str, subject: str, signs: Signs, returned_to: Sequence[str]
) -> list[FailedRecipient] | None:
    """The failed recipients, perhaps none; None when the mail is no delivery report."""
    points = _points(subject, signs)
    if points < _LIKELY:
        return None
    explanation = _explanation(text)
    if points < _SURE and not _FAILURE.search(explanation[:8_000]):
        return None
    returned_to = [*returned_to, *_RETURNED_TO.findall(text[len(explanation) :])]
    own = {found.lower() for value in signs.own for found in ADDRESS.findall(value)}
    addresses = _candidates(explanation, signs, own, returned_to)
    # A warning names the trouble in words of a final failure, yet the mail is still on its way.
    warning = bool(_WARNING.search(explanation))
    temporary = warning or (
        not _FINAL.search(explanation) and bool(_TEMPORARY.search(explanation))
    )
    failed = []
    for one in addresses:
        near = _near(explanation, one, addresses)
        code = status(near) or status(explanation)
        permanent = (
            False
            if warning or (temporary and code is None)
            else is_permanent(code, near or explanation)
        )
        failed.append(FailedRecipient(one, code, permanent, " ".join(near.split())[:300]))
    return failed


def status(text: str) -> str | None:
    """The first enhanced status code (RFC 3463) in a text that is more than a class."""
    codes = [f"{m[1]}.{int(m[2])}.{int(m[3])}" for m in _STATUS.finditer(text[:20_000])]
    return next((c for c in codes if not c.endswith(".0.0")), codes[0] if codes else None)


def closer(code: str | None, reason: str, text: str) -> str | None:
    """A code that says more than `code`, which has no detail: from the diagnostic, else, for a
    missing or bare class, from the whole text."""
    said = status(reason)
    if said and not said.endswith(".0") and (code is None or said[0] == code[0]):
        return said
    if code is None or code.endswith(".0.0"):
        return said or code or status(text)
    return code


def is_permanent(code: str | None, reason: str) -> bool:
    """5.x.x or a 5xx reply is for good, 4.x.x and 4xx are not; for good when nothing is said."""
    if code:
        return code.startswith("5")
    reply = _REPLY.search(reason)
    return not (reply and reply[1].startswith("4"))


def address(text: str) -> str | None:
    """The first address in a text, in lower case."""
    match = ADDRESS.search(text[:2_000])
    return match[0].strip(".").lower() if match else None


def message_id(text: str) -> str | None:
    """The Message-ID of a returned message that stands in the text."""
    match = _MESSAGE_ID.search(text[:200_000])
    return match[1] if match else None


def _explanation(text: str) -> str:
    text = text[:_MAX_TEXT]
    copy = _COPY.search(text, 10)
    return text[: copy.start()] if copy and text[: copy.start()].strip() else text


def _points(subject: str, signs: Signs) -> int:
    """How much speaks for a report: a mail system as sender counts twice, a failed-recipients
    field decides alone."""
    if signs.failed_header:
        return _SURE
    points = max(2 * signs.machine, signs.perhaps) + signs.null_path + signs.declared
    points -= signs.reply and not signs.machine
    points += signs.returned and signs.null_path
    return points + bool(_SUBJECT.search(subject))


def _candidates(
    explanation: str, signs: Signs, own: set[str], returned_to: Sequence[str]
) -> list[str]:
    """Failed addresses by the best evidence there is."""
    leading: dict[str, None] = {}
    for number, source in enumerate(_evidence(explanation, signs, returned_to)):
        found = dict.fromkeys(one.strip(".'").lower() for one in source)
        leading = found if number == 1 else leading
        # Whoever mails himself may fail too: only the looser evidence excludes the own addresses.
        known = set() if number == 0 else own
        kept = [one for one in found if one not in known and not _SYSTEM.match(one)]
        if kept:
            return kept
    return [one for one in leading if not _SYSTEM.match(one)]


def _evidence(explanation: str, signs: Signs, returned_to: Sequence[str]) -> Iterator[list[str]]:
    """Addresses that may be failed ones, the surest first; mostly the next is not asked for."""
    yield [m[0] for value in signs.failed_header for m in ADDRESS.finditer(value)]
    yield [m[1] or m[2] for m in _LEADING.finditer(explanation)]
    yield [m[1] for m in _LABELLED.finditer(explanation)]
    yield ADDRESS.findall(explanation)
    yield [found for value in returned_to[:3] for found in ADDRESS.findall(value)]


def _near(explanation: str, one: str, others: Sequence[str]) -> str:
    """The words around an address: they hold its reason. Among several failed recipients they
    end where the next one's begin."""
    lower = explanation.lower()
    at = lower.find(one)
    if at < 0:
        return ""
    places = [lower.find(other, at + len(one), at + 600) for other in others if other != one]
    end = min((place for place in places if place >= 0), default=at + 600)
    return explanation[at if len(others) > 1 else max(0, at - 200) : end]
