"""What another office is told of a problem (SOP 10; research/domain.md, section 2).

A block of data in the order in which a call centre asks for it, the requester's own words with
secrets masked, and the files that may go along. Pure values; the letters are templates.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from maild.desk.draft import Draft
from maild.model.action import Copied
from maild.model.dates import written_instant
from maild.model.party import TRIED, Original, Party
from maild.model.people import USER
from maild.model.ticket import Direction, Message, Role
from maild.rules.secret import mask_secrets

Block = list[tuple[str, list[tuple[str, str]]]]

_UNKNOWN = "belum diketahui"
_TRIED_LABEL = "Yang sudah diperiksa atau dicoba LPSE"
# Shorter than the labels with which data are asked for.
LABELS = {
    "instansi": "Badan usaha atau instansi",
    "identitas_akun": "User ID, NPWP, atau NIP",
    "email_terdaftar": "Surel terdaftar",
    "kode_paket": "Kode paket",
    "kode_rup": "Kode RUP",
    "tahapan": "Tahapan",
    "waktu_kejadian": "Waktu kejadian",
    "bukti_error": "Kode atau pesan kesalahan",
}
_ROLES = {Role.UNKNOWN: _UNKNOWN, Role.PPK: "PPK", Role.BUDGET_USER: "PA/KPA"}
_WHO = ("instansi", "identitas_akun", "email_terdaftar")
_WHAT = ("kode_paket", "kode_rup", "tahapan")
_HAPPENED = ("waktu_kejadian", "bukti_error")
# Said elsewhere in the block, or the requester's whole text.
_ELSEWHERE = {"uraian_masalah", "peran", "versi_aplikasi", "telepon", "no_telepon"}


@dataclass(frozen=True, slots=True)
class Files:
    """Mails whose files go along, (mail, name) of those in them that do not, and by name what is
    sent and what is kept back from the party."""

    mails: tuple[int, ...]
    withheld: tuple[tuple[int, str], ...]
    names: tuple[str, ...]
    kept: list[str]


def block(draft: Draft) -> Block:
    """Who, which package, what happened, and what it threatens, as (heading, (label, value))."""
    ticket, book = draft.ticket, draft.book
    weighed, office, zone = ticket.assessment, book.office, book.office.zone
    fields = {name: mask_secrets(value) for name, value in weighed.fields.items()}
    labels = {**book.table.labels, **LABELS}
    officer = next((p for p in book.directory.people if p.id == ticket.officer), None)

    def given(*names: str, always: bool = False) -> list[tuple[str, str]]:
        return [
            (labels.get(name, name), fields.get(name) or _UNKNOWN)
            for name in names
            if always or fields.get(name)
        ]

    role = weighed.requester_role
    stage_ends = written_instant(weighed.deadline, zone) if weighed.deadline else _UNKNOWN
    telephone = fields.get("no_telepon") or fields.get("telepon") or "-"
    rest = [n for n in fields if n not in {*_WHO, *_WHAT, *_HAPPENED, *_ELSEWHERE}]
    numbers = [("Nomor tiket LPSE", ticket.number)]
    if ticket.outside_number:
        numbers.append((f"Nomor tiket {draft.outside.name}", ticket.outside_number))
    return [
        (
            "IDENTITAS LPSE",
            [
                ("LPSE", f"{office.name}, {office.institution}"),
                ("Petugas", officer.name if officer else "Helpdesk"),
                ("Telepon", (officer.telephone if officer else "") or office.telephone or "-"),
                ("Surel", office.mailbox.address),
            ],
        ),
        (
            "IDENTITAS PENGGUNA",
            [
                ("Nama", ticket.requester.name or "-"),
                ("Peran", _ROLES.get(role) or role.value.replace("_", " ").title()),
                *given(*_WHO),
                ("Surel", ticket.requester.address),
                ("Telepon", telephone),
            ],
        ),
        (
            "PAKET DAN APLIKASI",
            [
                ("Aplikasi", fields.get("versi_aplikasi") or "SPSE"),
                *given("kode_paket", always=True),
                *given("kode_rup"),
                *given("tahapan", always=True),
                ("Batas tahapan", stage_ends),
            ],
        ),
        (
            "PERMASALAHAN",
            [
                *numbers,
                ("Jenis", weighed.kind.value.replace("_", " ").capitalize()),
                ("Kategori", book.category_name(weighed.category)),
                ("Prioritas", f"{weighed.priority.level} ({weighed.priority.value})"),
                ("Diterima LPSE", written_instant(ticket.received_at, zone)),
                *given(*_HAPPENED, always=True),
                *given(*rest),
                ("Perihal", mask_secrets(ticket.subject) or ticket.summary),
                ("Dampak", book.table.levels[weighed.priority].meaning),
            ],
        ),
    ]


def missing(draft: Draft, party: Party, note: str) -> list[tuple[str, str]]:
    """(field, label) of what the party needs and nobody has said yet; `note` is the officer's."""
    weighed, labels = draft.ticket.assessment, {**draft.book.table.labels, **LABELS}
    found = [n for n in dict.fromkeys((*weighed.missing, *party.needs)) if n != TRIED]
    wanted = [(n, labels.get(n, n)) for n in found if not weighed.fields.get(n)]
    if TRIED in party.needs and not note.strip():
        wanted.append((TRIED, _TRIED_LABEL))
    return wanted


def told_so_far(conversation: Sequence[Message], party: Party) -> int:
    """How many messages at the beginning of the conversation the party knows already. A note
    under its name tells that the letter before it was taken back (see `undo`)."""
    taken_back = 0
    for nth in range(len(conversation), 0, -1):
        message = conversation[nth - 1]
        if message.party != party.id:
            continue
        if message.direction is Direction.NOTE:
            taken_back += 1
        elif message.direction is Direction.OUT and taken_back:
            taken_back -= 1
        elif message.direction is Direction.OUT:
            return nth
    return 0


def of_requester(conversation: Sequence[Message]) -> list[Message]:
    """The requester's own messages."""
    return [m for m in conversation if m.party == USER and m.direction is Direction.IN]


def words_of(messages: Sequence[Message]) -> str:
    """Their texts, oldest first, without secrets."""
    return "\n\n".join(mask_secrets(m.text.strip()) for m in messages if m.text.strip())


def files_of(conversation: Sequence[Message], at: int, party: Party, everything: bool) -> Files:
    """Which of the requester's files go along: of what has been said since message `at` all but
    those whose names hold a withheld word; with `everything` these too, and those withheld
    earlier. The party has had the rest already.
    """
    since = {id(message) for message in conversation[at:]}
    sent: list[tuple[int, str]] = []
    held: list[tuple[int, str]] = []
    known: list[tuple[int, str]] = []
    for message in of_requester(conversation):
        for name in message.attachments if message.mail_id else ():
            private, fresh = _is_private(name, party), id(message) in since
            file = (message.mail_id or 0, name)
            if private and not everything:
                held += [file] if fresh else []
            else:
                (sent if fresh or private else known).append(file)
    mails = tuple(dict.fromkeys(mail for mail, _ in sent))
    withheld = (*held, *(file for file in known if file[0] in mails))
    names = tuple(name for _, name in sent)
    return Files(mails, withheld, names, [name for _, name in held])


def copy_of(messages: Sequence[Message], draft: Draft, party: Party) -> Copied | None:
    """The first mail as it is passed on; None when the office wants it in the letter only."""
    if not messages or party.original is Original.INLINE:
        return None
    first = messages[0]
    return Copied(
        first.author,
        draft.book.office.mailbox,
        first.at,
        mask_secrets(first.subject),
        first.message_id,
        mask_secrets(first.text) + "\n",
    )


def inline(messages: Sequence[Message], draft: Draft) -> str:
    """The requester's mails with their heads, as a mail program forwards them."""
    zone = draft.book.office.zone
    return "\n\n".join(
        f"Dari: {m.author}\nTanggal: {written_instant(m.at, zone)}\n"
        f"Perihal: {mask_secrets(m.subject)}\n\n{mask_secrets(m.text.strip())}"
        for m in messages
    )


def _is_private(name: str, party: Party) -> bool:
    words = re.split(r"[\W_\d]+", name.lower())
    return any(word in words for word in party.withhold)
