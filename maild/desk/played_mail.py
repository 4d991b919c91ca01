"""A mail of a `.percakapan` as the reader would give it: heads, text, commands, names of files."""

from maild.ingest import command, forward
from maild.model.mail import Address, Attachment, Nature, ParsedMail, Trust, TrustLevel

_HEADS = ("perihal", "dari", "lampiran", "atas", "bukti")
_OCTETS = "application/octet-stream"
_LOGO = " (hiasan)"  # behind the name of a file: it only dresses the mail
_PROOFS = {"gagal": TrustLevel.FORGED, "domain": TrustLevel.DOMAIN}


def heads_of(body: tuple[str, ...]) -> tuple[dict[str, str], str]:
    """Leading `Perihal:`, `Dari:`, `Lampiran:`, `Atas:` and `Bukti:` lines, and the text below."""
    heads: dict[str, str] = {}
    rest = list(body)
    while rest:
        key, colon, value = rest[0].partition(":")
        if not colon or key.strip().lower() not in _HEADS:
            break
        heads[key.strip().lower()] = value.strip()
        rest.pop(0)
    return heads, "\n".join(rest).strip()


def written(sender: Address, heads: dict[str, str], text: str, automatic: bool) -> ParsedMail:
    """The mail itself; `automatic` as its headers would say it."""
    commands, answer = command.read(text)
    names = [n.strip() for n in heads.get("lampiran", "").split(",") if n.strip()]
    subject = heads.get("perihal", "")
    return ParsedMail(
        sender=sender,
        sender_doubt="",
        reply_to=(),
        to=(),
        cc=(),
        delivered_to=(),
        subject=subject,
        subject_base=subject,
        message_id=None,
        in_reply_to=(),
        references=(),
        date=None,
        text=text,
        reply_text=text,
        signature="",
        quoted="\n".join(line for line in text.splitlines() if line.startswith(">")),
        commands=commands,
        answer_text=answer,
        attachments=tuple(
            Attachment(
                name.removesuffix(_LOGO), 1000, _OCTETS, "", False, str(i), name.endswith(_LOGO)
            )
            for i, name in enumerate(names, 2)
        ),
        nature=Nature.AUTO_REPLY if automatic else Nature.HUMAN,
        nature_reason="balasan otomatis" if automatic else "",
        bounce=None,
        trust=Trust(_PROOFS.get(heads.get("bukti", ""), TrustLevel.NONE)),
        defects=(),
        content_hash="",
        forwarded=forward.inline(text, True) if subject.lower().startswith("fwd:") else None,
    )
