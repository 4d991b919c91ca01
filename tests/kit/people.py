"""People who write to the helpdesk and answer what they get, always in the same way.

Siti complains with all that is needed, Rudi with too little, Hendra with what only LKPP can mend;
Sari answers for the office, LKPP answers escalations. Everybody acts on a letter once, however
often it comes. What gets lost is made up for by the reminders of the SOP.
"""

import email
import email.policy
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from functools import lru_cache
from typing import Any

from kit.service import written
from kit.world import World

SITI = "Siti Aminah <siti@majujaya.example>"
RUDI = "Rudi Hartono <rudi@karya.example>"
HENDRA = "Hendra Gunawan <hendra@pokja.example>"
SARI = "Sari Wulandari <sari@contoh.go.id>"
LKPP = "Helpdesk LKPP <helpdesk@lkpp.example>"

COMPLETE = (
    "Kami CV Maju Jaya gagal unggah dokumen penawaran pada tender 12345678 tadi pukul 08.30, "
    'muncul pesan "Error 500". NPWP 01.234.567.8-912.000. Tangkapan layar terlampir.'
)
INCOMPLETE = "min sy lupa password lpse, tlg dibantu"
FOR_LKPP = (
    "Kami Pokja Pemilihan, dokumen penawaran peserta PT Sinar Abadi pada tender 87654321 tidak "
    'bisa didekripsi, muncul pesan "file corrupt" pukul 08.40.'
)
DATA = (
    "Kami penyedia CV Karya Mandiri, User ID KARYA01, NPWP 02.345.678.9-021.000, e-mail terdaftar "
    "rudi@karya.example. Surat permohonan dan KTP terlampir."
)
_TASK = re.compile(r"\[LPSE-\d+-\d+\]\[P\d\] (?!Pesan|Mohon konfirmasi)")


def _as_text(_: str, value: str) -> str:
    """A field as its reader sees it; taken apart it is read nowhere, which takes most of the
    time."""
    return str(make_header(decode_header(value))) if "=?" in value else value


_HEADS = BytesHeaderParser(policy=email.policy.default.clone(header_factory=_as_text))


def first_mails() -> list[bytes]:
    """What the three write."""
    return [
        written(COMPLETE, SITI, message_id="<1@majujaya.example>"),
        written(INCOMPLETE, RUDI, "lupa password", message_id="<1@karya.example>"),
        written(FOR_LKPP, HENDRA, "Penawaran tidak terbuka", message_id="<1@pokja.example>"),
    ]


def parsed(octets: bytes) -> EmailMessage:
    """A letter as its reader's program sees it."""
    mail = email.message_from_bytes(octets, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


@lru_cache(maxsize=512)
def _remembered(octets: bytes) -> tuple[EmailMessage, str, str]:
    """A letter, for readers who change nothing in it, with its Message-ID and what it is about:
    fields are taken apart anew whenever they are asked for."""
    letter = parsed(octets)
    about = re.sub(r"\[LPSE-[^]]*\]|\s", "", str(letter["Subject"]))
    return letter, str(letter["Message-ID"]), about


def head_of(octets: bytes) -> EmailMessage:
    """A letter's header alone, its fields as text: read in a fraction of the time."""
    head = _HEADS.parsebytes(octets.partition(b"\r\n\r\n")[0])
    assert isinstance(head, EmailMessage)
    return head


def answer_to(recipient: str, letter: EmailMessage) -> tuple[str, str] | None:
    """Who answers this letter with which words, or None."""
    subject = " ".join(str(letter["Subject"]).split())
    if recipient.startswith("sari@") and _TASK.match(subject):
        if "Jawaban Helpdesk LKPP" in subject:
            return SARI, "#kirim"
        if "dekripsi" in str(letter.get_body(("plain",)).get_content()).lower():  # type: ignore[union-attr]
            return SARI, "#eskalasi\nSudah dicoba."
        return SARI, "Mohon dicoba lagi dengan berkas di bawah 2 MB."
    if recipient.startswith("helpdesk@lkpp") and subject.startswith("[Eskalasi]"):
        return LKPP, "Kunci sudah kami perbaiki, nomor tiket: INC-2045."
    if recipient.startswith("rudi@") and re.search("(?i)(?:permintaan|pengingat).* data", subject):
        return RUDI, DATA
    if "Jawaban:" in subject and not recipient.startswith("sari@"):
        who = {"siti": SITI, "rudi": RUDI, "hendra": HENDRA}.get(recipient.partition("@")[0])
        return (who, "Terima kasih, sudah berhasil.") if who else None
    return None


@dataclass(frozen=True)
class Said:
    """What somebody writes on a letter: a reply to it, or with `fresh` headers a new mail."""

    who: str
    text: str
    folder: str = "INBOX"
    fresh: Mapping[str, str] = field(default_factory=dict)


def as_always(recipient: str, letter: EmailMessage, earlier: int) -> Iterator[Said]:
    """One answer a letter, however many came before it."""
    if words := answer_to(recipient, letter):
        yield Said(*words)


class People:
    """They look into their mailboxes when told to. `says` is told how many letters with the same
    subject came before; numbers aside."""

    def __init__(
        self,
        world: World,
        seen: set[str] | None = None,
        says: Callable[[str, EmailMessage, int], Iterable[Said]] = as_always,
    ) -> None:
        self._world = world
        self._says = says
        self.seen = seen if seen is not None else set()

    def act(self) -> None:
        """Everybody reads what is new and answers what wants an answer."""
        read: dict[str, str] = {}
        for recipient, octets in list(self._world.arrived):
            letter, message_id, subject = _remembered(octets)
            about = recipient + subject
            earlier = sum(said == about for name, said in read.items() if name != message_id)
            read[message_id] = about
            if message_id in self.seen:
                continue
            self.seen.add(message_id)
            for nth, said in enumerate(self._says(recipient, letter, earlier)):
                self._write(said, letter, f"{message_id}{nth or ''}")

    def _write(self, said: Said, letter: EmailMessage, on: str) -> None:
        own = hashlib.sha256(on.encode()).hexdigest()[:16]
        domain = said.who.rpartition("@")[2].rstrip(">")
        headers: dict[str, Any] = {"message_id": f"<{own}@{domain}>", **said.fresh}
        if not said.fresh:
            headers["answering"] = letter
        self._world.put(written(said.text, said.who, **headers), said.folder)
