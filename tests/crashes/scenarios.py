"""Small stories in which one call after the other fails: who writes, and who says what then."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from morning import SENT, bad_mails, old_mail

from kit.office import MAILBOX
from kit.people import COMPLETE, DATA, INCOMPLETE, RUDI, SARI, SITI, Said, as_always, first_mails
from kit.service import written
from maild.service.settings import RecapPost

BUDI = "Budi Santoso <budi@contoh.go.id>"
FIRST, SECOND = "LPSE-2026-000001", "LPSE-2026-000002"
CORRECTED = "berkas diperkecil menjadi 2 MB"
# Close together, then some hours: what was interrupted is taken up again when leases end.
MINUTES = (*(6,) * 8, *(16,) * 6, *(200,) * 4)
_RATING = re.compile(r"^Sangat puas <(mailto:[^>]+)>", re.MULTILINE)
Says = Callable[[str, EmailMessage, int], Iterator[Said]]


@dataclass(frozen=True)
class Scenario:
    """`minutes` lie between the rounds; `otherwise` are settings of an office in which this can
    happen. Nobody has the addresses that begin with `gone`. In a story of two officers it is
    chance who is first."""

    mails: list[bytes]
    says: Says = as_always
    minutes: tuple[float, ...] = MINUTES
    gone: str = "budi@"
    otherwise: Mapping[str, Any] = field(default_factory=dict)


def _subject(letter: EmailMessage) -> str:
    return " ".join(str(letter["Subject"]).split())


def _is_task(recipient: str, letter: EmailMessage) -> bool:
    return recipient.startswith("sari@") and "[P" in _subject(letter)


def data_in_parts(recipient: str, letter: EmailMessage, earlier: int) -> Iterator[Said]:
    """SOP rows 2 to 6: half of the data, asked again, the rest, and the answer closes it."""
    if recipient.startswith("rudi@") and "data" in _subject(letter).lower():
        yield Said(RUDI, DATA if earlier else "Kami penyedia, CV Karya Mandiri.")
    elif _is_task(recipient, letter) and "Data tambahan diterima" in _subject(letter):
        yield Said(SARI, "#selesai\nKata sandi baru telah dikirim.")


def two_officers(recipient: str, letter: EmailMessage, earlier: int) -> Iterator[Said]:
    """Both answer their letter of the task; the later answer is held, and its author says #ya."""
    who = BUDI if recipient.startswith("budi@") else SARI
    if "[P" in _subject(letter) and not earlier:
        yield Said(who, "Mohon dicoba sekarang.")
    elif "Ditahan:" in _subject(letter):
        yield Said(who, "#ya")


def recap_corrected(recipient: str, letter: EmailMessage, earlier: int) -> Iterator[Said]:
    """Sari answers the next week's list with the solution as it really was."""
    if _is_task(recipient, letter) and not earlier:
        yield Said(SARI, "#selesai\nMohon dicoba lagi.")
    elif recipient.startswith("sari@") and "per 9 Februari" in _subject(letter):
        yield Said(SARI, f"{FIRST} solusi: {CORRECTED}")


def merged(recipient: str, letter: EmailMessage, earlier: int) -> Iterator[Said]:
    """Siti has written twice; Sari puts the second ticket to the first, and answers that."""
    if _is_task(recipient, letter) and not earlier:
        if SECOND in _subject(letter):
            yield Said(SARI, f"#gabung {FIRST}")
        elif FIRST in _subject(letter):
            yield Said(SARI, "Mohon dicoba lagi dengan berkas di bawah 2 MB.")


def split(recipient: str, letter: EmailMessage, earlier: int) -> Iterator[Said]:
    """Siti objects with something new; Sari makes it a ticket of its own, and answers that."""
    if recipient.startswith("siti@") and f"[{FIRST}] Jawaban:" in _subject(letter) and not earlier:
        yield Said(SITI, "Masih gagal, dan sekarang kami juga lupa password.")
    elif _is_task(recipient, letter) and FIRST in _subject(letter):
        if "Dibuka kembali" in _subject(letter):
            yield Said(SARI, "#pisah")
        elif not earlier:
            yield Said(SARI, "Mohon dicoba lagi dengan berkas di bawah 2 MB.")


def from_the_shared_mailbox(recipient: str, letter: EmailMessage, earlier: int) -> Iterator[Said]:
    """Sari does not answer the task: she answers Siti's mail from the mailbox itself."""
    if _is_task(recipient, letter) and not earlier:
        about = {"to": SITI, "subject": "Re: Gagal unggah", "In_Reply_To": "<1@majujaya.example>"}
        yield Said(f"Helpdesk <{MAILBOX}>", "Mohon dicoba lagi.\n\nSari", SENT, about)


def satisfied(recipient: str, letter: EmailMessage, earlier: int) -> Iterator[Said]:
    """SOP row 9: closed by the officer, and Siti presses the line that says how it was."""
    if _is_task(recipient, letter) and not earlier:
        yield Said(SARI, "#selesai\nMohon dicoba lagi dengan berkas di bawah 2 MB.")
    elif recipient.startswith("siti@") and (found := _RATING.search(_text(letter))):
        link = urlsplit(found[1])
        subject = parse_qs(link.query)["subject"][0]
        yield Said(SITI, "", fresh={"to": unquote(link.path), "subject": subject})


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    return str(body.get_content()) if body else ""


_SITI = written(COMPLETE, SITI, message_id="<1@majujaya.example>")
_SITI_AGAIN = written(DATA, SITI, "lupa password", message_id="<2@majujaya.example>")
_RUDI = written(INCOMPLETE, RUDI, "lupa password", message_id="<1@karya.example>")
SCENARIOS = {
    **{
        name: Scenario([mail])
        for name, mail in (
            *zip(("complete", "incomplete", "escalated"), first_mails(), strict=True),
            *zip(("empty", "vanishing", "unreadable"), bad_mails(), strict=True),
        )
    },
    "from before": Scenario([old_mail()]),
    "data in parts": Scenario([_RUDI], data_in_parts),
    "two officers": Scenario([_SITI], two_officers, gone="nobody@"),
    "recap corrected": Scenario(
        [_SITI],
        recap_corrected,
        (*MINUTES, 9240, *(30,) * 6),  # and on Monday at 10.44
        otherwise={"recap": RecapPost(weekly=("sari@contoh.go.id",), formats=("csv",))},
    ),
    "merged": Scenario([_SITI, _SITI_AGAIN], merged),
    "split": Scenario([_SITI], split),
    "from the shared mailbox": Scenario([_SITI], from_the_shared_mailbox),
    "satisfied": Scenario([_SITI], satisfied),
}
