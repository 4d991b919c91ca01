"""Helpdesk LKPP as a ticket system: it knows no threading and answers every mail with a receipt.

It strips References and our reply address, puts its own tag before the subject, writes from
no-reply with its number, and does not repeat our number once it has one of its own.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage

from kit.office import MAILBOX
from kit.people import parsed

AUTHSERV = "mx.lpse.example"
NO_REPLY = "Sistem Tiket LKPP <no-reply@lkpp.example>"
COLLEAGUE = "Rina Kusuma <rina@lkpp.example>"
_OURS = re.compile(r"LPSE-\d{4}-\d{6}")


@dataclass
class Case:
    """One case over there: its number, our ticket's, and the last letter about it."""

    number: str
    ours: str
    letter: EmailMessage
    letters: int = 1
    said: list[str] = field(default_factory=list)


@dataclass
class TicketSystem:
    """`put` hands a mail to our mailbox; mail that our server can vouch for bears its stamp."""

    put: Callable[[bytes], object]
    authserv: str = AUTHSERV
    mailbox: str = MAILBOX
    cases: dict[str, Case] = field(default_factory=dict)
    receipts: int = 0
    mails: int = 0

    def take(self, octets: bytes) -> Case:
        """A letter of ours has come: a new case or the same again, and a receipt at once."""
        letter = parsed(octets)
        subject = " ".join(str(letter["Subject"]).split())
        found = _OURS.search(subject)
        assert found, f"our number is missing: {subject}"
        case = self.cases.get(found[0])
        if case is None:
            case = Case(f"INC-{200_000 + len(self.cases)}", found[0], letter)
            self.cases[found[0]] = case
        else:
            case.letter, case.letters = letter, case.letters + 1
        self.receipts += 1
        self._write(
            case,
            f"Yth. Pelapor,\n\nTiket {case.number} telah kami terima dan akan segera kami tindak "
            "lanjuti.\nMohon tidak membalas surel ini.\n\nDetail laporan:\n" + subject,
            f"[{case.number}] {subject}",
            automatic="auto-replied",
        )
        return case

    def says(self, case: Case, text: str, how: str) -> None:
        """`number`: from no-reply, with its own number only; `ours`: from a colleague, with ours
        in the subject; `reply`: a colleague has pressed Reply."""
        case.said.append(text)
        if how == "reply":
            self._write(case, text, f"Re: {case.letter['Subject']}", COLLEAGUE, reply=True)
        elif how == "ours":
            self._write(case, text, f"FW: {case.ours}", COLLEAGUE)
        else:
            self._write(case, text, f"[{case.number}] Pembaruan tiket", automatic="auto-generated")

    def _write(
        self,
        case: Case,
        text: str,
        subject: str,
        sender: str = NO_REPLY,
        automatic: str = "",
        reply: bool = False,
    ) -> None:
        self.mails += 1
        mail = EmailMessage()
        if self.authserv:
            mail["Authentication-Results"] = (
                f"{self.authserv}; dmarc=pass header.from=lkpp.example"
            )
        mail["From"] = sender
        mail["To"] = str(case.letter["Reply-To"]) if reply else self.mailbox
        mail["Subject"] = " ".join(subject.split())
        mail["Message-ID"] = f"<{self.mails}@lkpp.example>"
        if automatic:
            mail["Auto-Submitted"] = automatic
        mail.set_content(text)
        self.put(mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def any_way(chance: random.Random) -> str:
    """One of the ways in which an answer comes."""
    return chance.choice(("number", "ours", "reply"))
