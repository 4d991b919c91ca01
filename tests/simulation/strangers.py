"""Everybody who writes to the helpdesk in the simulation, and how each behaves, by seeded chance.

An address tells its owner's ways: `orang` is a person, `cuti` is away and says so properly,
`robot` answers everything and does not say that it is a machine, `mati` does not exist any more.
"""

import random
from collections.abc import Iterator
from email.message import EmailMessage

from kit.people import COMPLETE, DATA, FOR_LKPP, INCOMPLETE, LKPP, SARI
from kit.service import written

PROBLEMS = (
    (COMPLETE, "Gagal unggah dokumen penawaran"),
    (INCOMPLETE, "lupa password"),
    (FOR_LKPP, "Penawaran tidak terbuka"),
    ("Bagaimana cara mendaftar sebagai penyedia baru?", "Tanya pendaftaran"),
    ("Mohon segera, tender 12345678 ditutup hari ini pukul 15.00, gagal login.", "MENDESAK"),
)
WAYS = ("orang", "orang", "orang", "orang", "cuti", "robot", "mati")
BUDI = "Budi Santoso <budi@contoh.go.id>"
Later = tuple[float, bytes]  # in so many minutes this mail is written


class Strangers:
    """Gives mails; remembers nothing but how many there were."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._serial = 0
        self.people = [f"{way}{n}@warga{n}.example" for n, way in enumerate(WAYS)]

    def problem(self) -> bytes:
        """Somebody has a problem."""
        text, subject = self._chance.choice(PROBLEMS)
        return written(text, self._chance.choice(self.people), subject, message_id=self._id())

    def noise(self) -> bytes:
        """What else lies in a mailbox: a newsletter, an empty mail, a forged copy of our own."""
        kind = self._chance.randrange(3)
        if kind == 0:
            return written("Berita", "a@b.example", message_id=self._id(), List_Id="<b.example>")
        if kind == 1:
            return b"\r\n"
        return written("x", "a@b.example", message_id=self._id(), X_Maild_Loop="x@y.example")

    def reaction(self, recipient: str, letter: EmailMessage) -> Iterator[Later]:
        """What comes back for a letter, and when."""
        way = recipient.rstrip("0123456789").partition("@")[0].rstrip("0123456789")
        subject = " ".join(str(letter["Subject"]).split())
        if way in ("sari", "budi"):
            yield from self._agent(SARI if way == "sari" else BUDI, subject, letter)
        elif recipient.startswith("helpdesk@lkpp"):
            if self._luck(0.8):
                yield self._answer(LKPP, "Sudah kami perbaiki, nomor tiket: INC-7.", letter, 300)
        elif way == "orang":
            yield from self._person(recipient, subject, letter)
        elif way == "cuti":
            text = "Saya sedang cuti sampai Senin."
            yield self._answer(recipient, text, letter, 1, Auto_Submitted="auto-replied")
        elif way == "robot":
            text = f"Terima kasih, pesan Anda kami terima dengan nomor #{self._serial}."
            yield self._answer(recipient, text, letter, 1)
        elif way == "mati":
            yield 2, _bounce(recipient, str(letter["Message-ID"]))

    def _agent(self, who: str, subject: str, letter: EmailMessage) -> Iterator[Later]:
        if letter["Reply-To"] is None or not self._luck(0.6):
            return
        if "Jawaban LKPP" in subject:
            yield self._answer(who, "#kirim", letter, 100)
        elif "[P" in subject:
            words = (
                "Mohon dicoba lagi.",
                "#selesai\nSudah diperbaiki.",
                "#eskalasi\nMohon dibantu.",
            )
            yield self._answer(who, self._chance.choice(words), letter, 100)

    def _person(self, who: str, subject: str, letter: EmailMessage) -> Iterator[Later]:
        if "data" in subject and self._luck(0.7):
            yield self._answer(who, DATA, letter, 600)
        elif "Jawaban" in subject and self._luck(0.6):
            words = ("Terima kasih, sudah berhasil.", "Masih gagal, mohon dibantu lagi.")
            yield self._answer(who, self._chance.choice(words), letter, 600)

    def _answer(
        self, who: str, text: str, letter: EmailMessage, within: float, **headers: str
    ) -> Later:
        minutes = self._chance.uniform(1, within)
        return minutes, written(text, who, message_id=self._id(), answering=letter, **headers)

    def _luck(self, share: float) -> bool:
        return self._chance.random() < share

    def _id(self) -> str:
        self._serial += 1
        return f"<{self._serial}@simulasi.example>"


def _bounce(recipient: str, message_id: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: helpdesk@lpse.contoh.go.id\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: "
        f"{message_id}\r\n\r\n--b--\r\n"
    ).encode()
