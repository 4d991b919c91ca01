"""The words that letters may use, made from a ticket and the book.

The set is closed and described for offices in docs/templates.md. Everything here is a plain
value: what a stranger wrote is never more than text in a word (S08).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maild.desk import turns
from maild.model.action import AddMessage
from maild.model.mail import ParsedMail
from maild.model.people import HELPDESK, LKPP, USER, Person
from maild.model.ticket import Direction, Message, Ticket
from maild.rules.secret import mask_secrets

if TYPE_CHECKING:
    from maild.desk.book import Book
    from maild.desk.draft import Draft

# Words of single occasions, empty in all other letters: a letter may ask for any of them.
_OCCASION: Mapping[str, Any] = {
    **dict.fromkeys(("asal", "catatan", "dikirim", "kata", "kepada", "surat"), ""),
    "serentak_lain": 0,
    **dict.fromkeys(("baris", "gagal", "serupa", "serentak", "tautan"), ()),
    **dict.fromkeys(("blok", "ditahan", "kasus"), ()),
    "penilaian": (),
    **dict.fromkeys(("rancangan", "salinan"), ""),
}
_PARTIES = {USER: "Pengguna", HELPDESK: "Helpdesk LPSE"}
_OBJECT_FIELDS = ("kode_paket", "kode_rup", "instansi", "identitas_akun")


def offered(draft: "Draft", person: Person | None, extra: Mapping[str, Any]) -> dict[str, Any]:
    """All words of a letter about the draft's ticket; `extra` are those of the occasion.

    What the requester wrote is shown to others without his passwords and codes.
    """
    ticket, book = draft.ticket, draft.book
    assessment = ticket.assessment
    labels = book.table.labels
    officer = next((p for p in book.directory.people if p.id == ticket.officer), None)
    last = last_message(draft.conversation, USER)
    return {
        "tiket": _ticket(ticket, book, officer.name if officer else ""),
        "ragu": draft.doubt,
        "kantor": office(book),
        "kurang": [(name, labels.get(name, name)) for name in assessment.missing],
        "kolom": [
            (labels.get(name, name), mask_secrets(text))
            for name, text in assessment.fields.items()
        ],
        "alasan": [f"{match.rule}: {match.evidence}" for match in assessment.reasons],
        "riwayat": [
            (t.number, t.summary, t.state.value, t.received_at)
            for t in draft.known.earlier
            if t.id != ticket.id
        ],
        **_doubts(ticket, book),
        "petugas": person.name if person else "",
        "pihak": _role(person),
        "teks": mask_secrets(last.text) if last else "",
        "lampiran": list(last.attachments) if last else [],
        "percakapan": [
            (m.author.name or m.author.address, m.at, mask_secrets(m.text))
            for m in draft.conversation
        ],
        "batas": ticket.due_at,
        "kapan": draft.now,
        "giliran": [
            (_PARTIES.get(party) or book.party(ticket.outside).name, how_long)
            for party, how_long in turns.lines(
                ticket, draft.passages, draft.procedure, book.worktime, draft.now
            )
        ],
        **_OCCASION,
        **extra,
    }


def _doubts(ticket: Ticket, book: "Book") -> dict[str, Any]:
    """What an officer is asked where no category is sure, and a second problem where one is."""
    found = ticket.assessment
    named = [(name, book.category_name(name)) for name in found.also]
    unsure = found.category == book.table.fallback
    return {
        "dugaan": (named or [("ID", "lihat sop/prioritas.toml")]) if unsure else [],
        "juga": [] if unsure else [name for _, name in named],
    }


def _role(person: Person | None) -> str:
    """What the reader is in the SOP; every other office is one party there."""
    if person is None or person.party in (USER, HELPDESK):
        return person.party if person else USER
    return LKPP


def failure(recipient: str, template: str, reason: str) -> dict[str, Any]:
    """The words of `surat_gagal`: to whom, which letter, and the other server's answer."""
    return {"kepada": recipient, "surat": template, "alasan": [reason], "teks": ""}


def _ticket(ticket: Ticket, book: "Book", officer: str) -> dict[str, Any]:
    assessment = ticket.assessment
    fields = assessment.fields
    outside = book.party(ticket.outside)
    return {
        "nomor": ticket.number,
        "perihal": ticket.subject,
        "ringkasan": ticket.summary,
        "nama": ticket.requester.name,
        "email": ticket.requester.address,
        "telepon": fields.get("telepon", ""),
        "kategori": book.category_name(assessment.category),
        "jenis": assessment.kind.value.replace("_", " ").capitalize(),
        "prioritas": assessment.priority.value,
        "level": assessment.priority.level,
        "diterima": ticket.received_at,
        "jatuh_tempo": ticket.due_at,
        "langkah": ticket.row,
        "nomor_luar": ticket.outside_number,
        "status": ticket.state.value,
        "objek": next((fields[name] for name in _OBJECT_FIELDS if fields.get(name)), ""),
        "petugas": officer,
        "terkait": ticket.linked,
        "pihak_luar": outside.name,
        "telepon_luar": outside.telephone,
        "portal_luar": outside.portal,
    }


def office(book: "Book") -> dict[str, Any]:
    """The office itself, for the foot of letters."""
    ours = book.office
    return {
        "nama": ours.name,
        "instansi": ours.institution,
        "kota": ours.city,
        "telepon": ours.telephone,
        "jam_layanan": ours.hours,
        "email": ours.mailbox.address,
        "jabatan": ours.head_title,
        "pejabat": ours.head_name,
    }


def as_message(added: AddMessage, attachments: Sequence[str] = ()) -> Message:
    """The message as the store will give it back."""
    return Message(
        ticket=added.ticket,
        direction=added.direction,
        party=added.party,
        author=added.author,
        text=added.text,
        at=added.at,
        subject=added.subject,
        message_id=added.message_id,
        mail_id=added.mail_id,
        attachments=tuple(attachments),
    )


def said(mail: ParsedMail) -> str:
    """What the sender wrote himself; everything, when nothing but quotes can be made out."""
    return mail.reply_text or mail.text


def last_message(conversation: Sequence[Message], party: str) -> Message | None:
    """The newest message that came from a party."""
    return next(
        (m for m in reversed(conversation) if m.party == party and m.direction is Direction.IN),
        None,
    )


def thread(conversation: Sequence[Message], party: str) -> tuple[str, ...]:
    """The Message-IDs of a party's own mails, oldest first: what a letter to it answers."""
    return tuple(
        m.message_id
        for m in conversation
        if m.party == party and m.direction is Direction.IN and m.message_id
    )
