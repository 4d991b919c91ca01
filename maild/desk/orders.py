"""What an officer may order, by mail or on the command line, one function a command word.

First what changes the ticket itself (priority, category, officer, telephone, note), then at most
one word that moves it along the SOP. A plain text without such a word is an answer (`jawab`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from maild.desk import words
from maild.desk.draft import Draft
from maild.model.event import MailArrived
from maild.model.mail import Address
from maild.model.people import HELPDESK, LKPP, USER, Person
from maild.model.ticket import Direction, Priority
from maild.rules import advance
from maild.rules.secret import mask_secrets

FLOW_WORDS = ("selesai", "kirim", "eskalasi", "data", "bukan")
_ANSWERS = ("jawab", "kirim", "selesai")
_LATER = ("gabung", "pisah", "templat", "batal")


@dataclass
class Report:
    """What the receipt will say: done lines, failed lines, the text sent and to whom."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)

    def did(self, order: str, result: str) -> None:
        """Adds a line of what was done."""
        self.lines.append((order, result))

    def failed(self, order: str, advice: str) -> None:
        """Adds a line of what was not understood or not done, with advice."""
        self.failures.append((order, advice))

    def words(self) -> Mapping[str, Any]:
        """The words of the letter `resi`."""
        base = {"baris": self.lines, "gagal": self.failures, "teks": "", "lampiran": []}
        return {**base, "batas": None, **self.sent}


def overtaken(draft: Draft) -> str:
    """Advice for an officer whose answer comes after a colleague's."""
    officer = draft.book.directory.people
    name = next((p.name for p in officer if p.id == draft.ticket.officer), draft.ticket.officer)
    return (
        f"TIDAK dijalankan, karena {name} sudah menjawab tiket ini lebih dahulu. "
        "Bila tetap perlu dikirim, balas resi ini dengan teks atau perintah yang sama"
    )


def carry_out(draft: Draft, event: MailArrived, person: Person, report: Report) -> None:
    """Runs the commands of a mail in order, then its text."""
    mail = event.mail
    text = mail.answer_text.strip()
    flow: list[str] = []
    noted = False
    for command in mail.commands:
        label = f"#{command.word}"
        if not command.known:
            hint = f"; mungkin maksudnya #{command.suggestion}" if command.suggestion else ""
            report.failed(command.line, f"perintah tidak dikenal{hint}. Kirim #bantuan")
        elif command.word in _LATER:
            report.failed(label, "perintah ini belum tersedia")
        elif command.word in FLOW_WORDS:
            flow.append(command.word)
            text = "\n".join(part for part in (command.argument, text) if part)
        elif command.word == "catatan":
            note, noted = "\n".join(p for p in (command.argument, text) if p), True
            _note(draft, person, note, event)
            report.did(label, "dicatat, tidak dikirim kepada siapa pun")
        else:
            set_attribute(draft, person, command.word, command.argument, report)
    if len(flow) > 1:
        report.failed(" ".join(f"#{w}" for w in flow), "hanya satu perintah alur dalam satu surel")
    elif flow:
        move(draft, person.id, flow[0], text, report, event)
    elif text and not noted:
        _plain_answer(draft, person, text, report, event)
    elif not mail.commands:
        report.failed("surel ini", "tidak ada teks atau perintah di atas kutipan")


def _plain_answer(
    draft: Draft, person: Person, text: str, report: Report, event: MailArrived
) -> None:
    """A text goes out as the answer, unless a command in the same mail went wrong: then it
    may have been meant for colleagues only, and nothing leaves."""
    if report.failures:
        report.failed("teks", "tidak dikirim karena ada perintah yang tidak dipahami")
    else:
        move(draft, person.id, "jawab", text, report, event)


def move(
    draft: Draft,
    officer: str,
    word: str,
    text: str,
    report: Report,
    event: MailArrived | None = None,
) -> None:
    """One word that moves the ticket along the SOP, with the text that goes with it."""
    ticket, book = draft.ticket, draft.book
    if word == "kirim" and not text:
        answer = words.last_message(draft.conversation, LKPP)
        text = answer.text if answer else ""
    if word in _ANSWERS and not text:
        report.failed(f"#{word}", "tidak ada teks jawaban, jadi tidak ada yang dikirim")
        return
    if word == "data" and not (text or ticket.assessment.missing):
        report.failed("#data", "tulis data apa yang diminta pada baris berikutnya")
        return
    not_before = draft.now + timedelta(seconds=book.limits.cooling_seconds)
    files = [a.name for a in event.mail.attachments if not a.inline] if event else []
    enclose = (event.mail_id,) if event and files else ()
    extra: dict[str, Any] = {}
    forward = None
    if word in _ANSWERS:
        extra = {"teks": text}
    elif word == "eskalasi":
        first = words.first_message(draft.conversation, USER)
        extra = {"catatan": text, "teks": mask_secrets(first.text) if first else ""}
        forward = first.mail_id if first else None
    elif word == "data":
        extra = {"catatan": text}
    extra["lampiran"] = files
    walk = advance.act(draft.procedure, ticket.row, HELPDESK, word, draft.ask)
    if not walk.steps:
        report.failed(f"#{word}", f"tidak berlaku pada langkah {ticket.row}")
        return
    if word != "bukan":
        draft.change(officer=officer)
    outgoing = word in (*_ANSWERS, "data")
    draft.walk(
        walk,
        officer,
        automatic=False,
        extra=extra,
        enclose=enclose,
        forward=forward,
        not_before=not_before if word in _ANSWERS and book.limits.cooling_seconds else None,
    )
    if text:
        direction = Direction.OUT if outgoing else Direction.NOTE
        draft.message(direction, HELPDESK, book.office.mailbox, text, draft.now)
    if word in _ANSWERS:
        version = ticket.version + 1
        draft.change(solution=text, answered_at=draft.now, answered_version=version)
        report.sent = {
            "teks": text,
            "kepada": ticket.requester.address,
            "lampiran": extra["lampiran"],
        }
    report.did(f"#{word}" if word != "jawab" else "balasan", _RESULTS[word])


_RESULTS = {
    "jawab": "jawaban dikirim kepada pengguna; tiket ditutup bila tidak ada keberatan",
    "kirim": "jawaban diteruskan kepada pengguna",
    "selesai": "jawaban dikirim kepada pengguna dan tiket ditutup",
    "eskalasi": "diteruskan kepada Helpdesk LKPP; pengguna diberi tahu untuk menunggu",
    "data": "permintaan data dikirim kepada pengguna",
    "bukan": "dicatat sebagai bukan permasalahan; tidak ada surat kepada pengirim",
}


def set_attribute(
    draft: Draft, person: Person | None, word: str, argument: str, report: Report
) -> None:
    """A word that changes the ticket without moving it: ambil, prioritas, kategori, telepon."""
    officer = person.id if person else "operator"
    label = f"#{word}"
    assessment = draft.ticket.assessment
    match word:
        case "ambil" if person:
            draft.change(officer=person.id)
            result = "tiket ini sekarang Bapak/Ibu tangani"
        case "prioritas" if argument.strip() in ("1", "2", "3", "4"):
            priority = Priority.of_level(int(argument))
            draft.change(assessment=replace(assessment, priority=priority))
            draft.retime()
            result = f"prioritas menjadi {priority.level} ({priority.value})"
        case "prioritas":
            report.failed(f"{label} {argument}".strip(), "tulis angka 1, 2, 3, atau 4")
            return
        case "kategori" if argument.strip() in draft.book.table.categories:
            draft.change(assessment=replace(assessment, category=argument.strip()))
            draft.retime()
            result = f"kategori menjadi {draft.book.category_name(argument.strip())}"
        case "kategori":
            report.failed(f"{label} {argument}".strip(), "kategori ini tidak ada dalam tabel")
            return
        case "telepon":
            draft.change(telephoned=argument or "sudah dihubungi")
            result = "konfirmasi telepon dicatat (SOP langkah 4)"
        case "status":
            result = f"{draft.ticket.state.value}, langkah {draft.ticket.row}"
        case "bantuan" if person:
            draft.letter("bantuan", HELPDESK, to=person)
            result = "daftar perintah dikirim"
        case _:
            report.failed(label, "perintah ini tidak dapat dipakai di sini")
            return
    draft.record(officer, f"{label} {argument}".strip())
    report.did(label, result)


def _note(draft: Draft, person: Person, text: str, event: MailArrived) -> None:
    author = Address(person.name, person.address)
    draft.message(Direction.NOTE, HELPDESK, author, text, event.at, mail_id=event.mail_id)
    draft.record(person.id, "catatan ditambahkan")
