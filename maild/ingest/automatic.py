"""The nature of a mail: a person's, or one of the many that no person wrote (RFC 3834).

Each verdict comes with its reason. In doubt a mail is human: a machine that is answered once is
harmless (reliability B099), a person who is not answered is lost. A person who writes about his
leave or forwards a bounce is human.
"""

import re

from maild.ingest import automatic_words as words
from maild.ingest import bounce as bounces
from maild.ingest import header, mime
from maild.ingest.body import Body
from maild.ingest.mime import Message
from maild.model.mail import Address, Bounce, Nature

LOOP_MARK = "x-maild-loop"
MAX_HOPS = 50
_Verdict = tuple[Nature, str]
_RESPONDERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-autoreply-from",
    "x-auto-reply-from",
    "x-mail-autoreply",
    "x-amazon-auto-reply",
    "auto-reply",
    "x-mdautoresponder",
    "x-gms-auto-reply",
    "x-oof-reply",
    "x-vacation",
    "x-pm-autoreply",
    "x-away-message",
)
_LIST_FIELDS = ("list-id", "list-post", "list-unsubscribe", "x-mailing-list", "mailing-list")
_SYSTEMS = re.compile(
    r"(?:no|do[-_.]?not|tidak|jangan)[-_.]?(?:reply|respond|balas|membalas)|noreply"
    r"|automat(?:ed|ic)"
    r"|auto-?(?:reply|respond|confirm|answer)|notification|notifikasi|newsletter|alerts?$|system$",
    re.I,
)


def nature(
    message: Message,
    body: Body,
    sender: Address | None,
    subject: str,
    bounce: Bounce | None,
    own_addresses: frozenset[str],
    written: str,
) -> _Verdict:
    """What a mail is, and the line that says why. `subject` is decoded and on one line; `written`
    is the text above and between the quotes: our own letters say that they are automatic, and
    whoever quotes one is a person."""
    for look in (_own, _complaint):
        if verdict := look(message, body, sender, own_addresses):
            return verdict
    if message.root.type == "message/partial":
        return Nature.PIECE, "a piece of a mail, never put together with others (B014)"
    if _submitted(message) and words.UNSUBSCRIBE.search(f"{subject}\n{written[:300]}"):
        return Nature.COMPLAINT, "a mail program asks to end the subscription (RFC 2369, 3.2)"
    certain = bounce is not None and bounces.is_certain(bounce, body)
    if not certain and (challenge := _challenge(message, written, subject)):
        return challenge
    if bounce is not None:
        how = "delivery report" if body.reports else "delivery report in free words"
        return Nature.BOUNCE, f"{how}, {len(bounce.recipients)} failed recipients"
    if bounces.was_delivered(body):
        return Nature.RECEIPT, "delivery report: delivered"
    for check in (_receipt, _calendar):
        if verdict := check(message, body, subject):
            return verdict
    if verdict := _auto_reply(message, written, subject) or _list(message):
        return verdict
    if not subject and not body.text and not body.files:
        return Nature.EMPTY, "no subject, no text, no file"
    return Nature.HUMAN, "nothing says that a machine wrote it"


def _own(
    message: Message, body: Body, sender: Address | None, own: frozenset[str]
) -> _Verdict | None:
    del body
    if message.values(LOOP_MARK):
        return Nature.OWN, "our loop mark X-Maild-Loop"
    if sender and (sender.address in own or _without_detail(sender.address) in own):
        return Nature.OWN, f"sent from our own address {sender.address}"
    hops = len(message.values("received"))
    if hops > MAX_HOPS:
        return Nature.OWN, f"mail loop: {hops} Received fields"
    return None


def _without_detail(address: str) -> str:
    """`helpdesk+token@x` is helpdesk@x (RFC 5233)."""
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _complaint(
    message: Message, body: Body, sender: Address | None, own: frozenset[str]
) -> _Verdict | None:
    del own
    if any(part.type == "message/feedback-report" for part in body.reports):
        return Nature.COMPLAINT, "abuse report (RFC 5965)"
    kind = message.root.typed.parameters.get("report-type", "").lower()
    if kind == "feedback-report":
        return Nature.COMPLAINT, "report-type feedback-report (RFC 5965)"
    subject = message.text("subject")
    about = words.COMPLAINT_SUBJECT.search(subject)
    if about is None or (sender and not words.COMPLAINT_SENDER.search(sender.address)):
        return None
    enclosed = body.returned or any(f.type in mime.MESSAGE_TYPES for f in body.files)
    if enclosed and (not body.text or words.COMPLAINT_TEXT.search(body.text[:4_000])):
        return Nature.COMPLAINT, f"abuse report in free words: {about[0]!r}"
    return None


def _challenge(message: Message, written: str, subject: str) -> _Verdict | None:
    likely = (
        words.CHALLENGE_SUBJECT.search(subject)
        or _submitted(message)
        or bounces.is_machine(message)
    )
    text = written[:6_000]
    if likely and words.CHALLENGED.search(text) and words.CHALLENGE.search(text):
        return Nature.CHALLENGE, "asks to prove that a human sent the mail"
    return None


def _receipt(message: Message, body: Body, subject: str) -> _Verdict | None:
    kind = message.root.typed.parameters.get("report-type", "").lower()
    if kind == "disposition-notification" or any(
        part.type == "message/disposition-notification" for part in body.reports
    ):
        return Nature.RECEIPT, "read receipt (RFC 8098)"
    found = words.RECEIPT_SUBJECT.match(subject)
    if found and words.RECEIPT_TEXT.search(body.text[:2_000]):
        return Nature.RECEIPT, f"subject {found[0].strip()!r}"
    return None


def _calendar(message: Message, body: Body, subject: str) -> _Verdict | None:
    for part in body.calendars:
        method = part.typed.parameters.get("method", "").upper()
        if not method:
            found = re.search(rb"(?:^|[\r\n])METHOD:(\w{3,20})", part.payload()[:20_000])
            method = found[1].decode("ascii").upper() if found else ""
        if method in ("REQUEST", "REPLY", "CANCEL", "COUNTER", "REFRESH", "DECLINECOUNTER"):
            return Nature.CALENDAR, f"calendar {method} (RFC 5546)"
    kind = message.text("content-class").lower()
    if "calendarmessage" in kind:
        return Nature.CALENDAR, "Content-Class calendarmessage"
    if "recall" in message.text("x-ms-exchange-recall-report-generated", 50).lower() or (
        words.RECALL_SUBJECT.match(subject) and words.RECALL_TEXT.search(body.text[:1_000])
    ):
        return Nature.CALENDAR, "Outlook recall"
    return None


def _submitted(message: Message) -> str:
    """Auto-Submitted without its parameters, or an empty string (RFC 3834, 5)."""
    for value in message.values("auto-submitted"):
        word = header.raw_text(value).partition(";")[0].partition("(")[0].strip().lower()
        if word and word != "no":
            return word
    return ""


def _auto_reply(message: Message, written: str, subject: str) -> _Verdict | None:
    submitted = _submitted(message)
    if submitted:
        return Nature.AUTO_REPLY, f"Auto-Submitted: {submitted} (RFC 3834)"
    present = {name for name, _ in message.fields}
    for name in _RESPONDERS:
        if name in present and message.text(name).lower() not in ("no", "false", "0", "none"):
            return Nature.AUTO_REPLY, f"field {name}"
    precedence = message.text("precedence").lower()
    if precedence in ("auto_reply", "auto-reply", "autoreply"):
        return Nature.AUTO_REPLY, f"Precedence: {precedence}"
    if message.text("x-precedence").lower() in ("auto_reply", "auto-reply"):
        return Nature.AUTO_REPLY, "X-Precedence: auto_reply"
    loop = message.text("delivered-to").lower().startswith("autoresponder")
    if loop or message.text("x-loop").lower().startswith("autorespond"):
        return Nature.AUTO_REPLY, "loop mark of an autoresponder"
    null_path = any(v.strip() == b"<>" for v in message.values("return-path"))
    found = words.AWAY_SUBJECT.match(subject)
    if found:
        return Nature.AUTO_REPLY, f"subject {found[0].strip()!r}"
    bulk = precedence in ("bulk", "junk")
    listed = any(name in present for name in _LIST_FIELDS)
    if (bulk or null_path) and not listed:
        return Nature.AUTO_REPLY, (
            f"Precedence: {precedence}" if bulk else "null return path (RFC 3834, 3.3)"
        )
    suppress = message.text("x-auto-response-suppress").lower()
    text = words.SPOKEN.sub(" ", written[:2_000])  # what a person quotes he does not say
    weak = words.AWAY_WEAK_SUBJECT.match(subject)
    if (weak or "all" in suppress or "oof" in suppress) and _is_absence(text):
        return Nature.AUTO_REPLY, "absence notice: words in subject and text"
    system = _is_system(message)
    if words.DECLARED.search(text) and (
        weak or suppress or system or words.NUMBERED_OR_CLOSED.search(f"{subject}\n{text}")
    ):
        return Nature.AUTO_REPLY, "the text says that it was sent automatically"
    if system and words.ASKS_NO_ANSWER.search(text):
        return Nature.AUTO_REPLY, "a system that asks not to be answered"
    if (
        (suppress or system)
        and "?" not in text
        and (words.ACKNOWLEDGED.search(text) or (system and words.THANKED.search(text)))
    ):
        return Nature.AUTO_REPLY, "a system acknowledges a mail"
    return None


def _is_absence(text: str) -> bool:
    """A notice speaks of nothing but the absence: it names a substitute or thanks for the mail,
    or it is short and asks for nothing. A person who mentions his leave wants something."""
    if not words.AWAY_TEXT.search(text) or words.REQUEST.search(words.REFERRAL.sub(" ", text)):
        return False
    return len(text) < 200 or bool(words.AWAY_MORE.search(text))


def _is_system(message: Message) -> bool:
    raw = next(iter(message.values("from")), b"")
    return bool(_SYSTEMS.search(header.text(raw, 300).partition("@")[0]))


def _list(message: Message) -> _Verdict | None:
    for name in _LIST_FIELDS:
        if message.values(name):
            return Nature.LIST, f"field {name} (RFC 2369, RFC 2919)"
    precedence = message.text("precedence").lower()
    if precedence == "list":
        return Nature.LIST, "Precedence: list"
    return None
