"""A read mail as the object that `maild explain --json` prints (design section 7).

Only the reading; the assessment is added by whoever has the office's rules.
"""

from typing import Any

from maild.model.mail import Address, ParsedMail


def explain_mail(mail: ParsedMail) -> dict[str, Any]:
    """All that was read, ready for JSON; what does not apply is None."""
    return {
        "nature": mail.nature.value,
        "nature_reason": mail.nature_reason,
        "from": _address(mail.sender or _first_of_several(mail)),
        "sender_doubt": mail.sender_doubt or None,
        "reply_to": [_address(one) for one in mail.reply_to],
        "to": [_address(one) for one in mail.to],
        "cc": [_address(one) for one in mail.cc],
        "delivered_to": list(mail.delivered_to),
        "subject": mail.subject,
        "subject_base": mail.subject_base,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "date": mail.date.isoformat() if mail.date else None,
        "text": mail.text,
        "reply_text": mail.reply_text,
        "signature": mail.signature,
        "quoted": mail.quoted,
        "attachments": [
            {
                "name": a.name,
                "size": a.size,
                "type": a.type,
                "sha256": a.sha256,
                "inline": a.inline,
                "decoration": a.decoration,
            }
            for a in mail.attachments
        ],
        "bounce": _bounce(mail),
        "trust": {"level": mail.trust.level.name.lower(), "reasons": list(mail.trust.reasons)},
        "commands": [
            {"word": c.word, "argument": c.argument, "known": c.known, "suggestion": c.suggestion}
            for c in mail.commands
        ],
        "answer_text": mail.answer_text,
        "defects": list(mail.defects),
    }


def _first_of_several(mail: ParsedMail) -> Address | None:
    """Several authors are no secret (RFC 5322, 3.6.2); what readers doubt is not shown."""
    return mail.authors[0] if len(mail.authors) > 1 else None


def _address(address: Address | None) -> dict[str, str] | None:
    if address is None:
        return None
    return {"name": address.name, "address": _shown(address.address)}


def _shown(address: str) -> str:
    """With its domain as people write it (U-label, B044); a broken label stays as it is."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{domain.encode('ascii').decode('idna')}"
    except UnicodeError:
        return address


def _bounce(mail: ParsedMail) -> dict[str, Any] | None:
    if mail.bounce is None:
        return None
    return {
        "recipients": [
            {
                "address": r.address,
                "status": r.status,
                "permanent": r.permanent,
                "reason": r.reason,
            }
            for r in mail.bounce.recipients
        ],
        "original_message_id": mail.bounce.original_message_id,
    }
