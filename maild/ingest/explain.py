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
        "from": _address(mail.sender),
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


def _address(address: Address | None) -> dict[str, str] | None:
    return {"name": address.name, "address": address.address} if address else None


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
