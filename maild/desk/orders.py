"""What an officer may order by mail, in the order in which he wrote it, and the receipt of it.

First what changes the ticket itself (`attributes`), then at most one word that moves it along the
SOP. A plain text without such a word is an answer (`jawab`). Every mail gets one receipt; one
that only asks gets what it asked for instead.
"""

from datetime import timedelta
from typing import Any

from maild.desk import attributes, join, outage, relay, undo, words
from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.ingest.command import read
from maild.model.action import SendLetter
from maild.model.event import MailArrived
from maild.model.people import HELPDESK, USER, Person
from maild.model.ticket import Direction
from maild.recap.solution import without_courtesies
from maild.replies import vocabulary
from maild.replies.letter import LetterFault
from maild.rules import advance

FLOW_WORDS = ("selesai", "kirim", "eskalasi", "data", "bukan", "gabung", "tunggu")
_ANSWERS = ("jawab", "kirim", "selesai")
_ASKING = ("status", "bantuan")
_ONLY_FRESH = {
    "baru": "tulis dalam surel baru kepada helpdesk, bukan sebagai balasan",
    "ya": "tidak ada surel yang menunggu konfirmasi; balas surat permintaan konfirmasinya",
    "untuk": "hanya sebagai balasan atas surat tentang surel yang belum diketahui tiketnya",
    "pisah": "tulis #pisah saja, tanpa perintah atau teks lain",
}
_NOT_HERE = (
    "perintah hanya dibaca pada baris-baris pertama, di atas teks dan kutipan, dalam surel yang "
    "memuat teks biasa (plain text); tidak ada yang dikirim"
)


def carry_out(draft: Draft, event: MailArrived, person: Person) -> None:
    """Runs the commands of a mail in order, then its text, and writes the receipt."""
    report = Report()
    commands = event.mail.commands
    _run(draft, event, person, report)
    only_asked = bool(commands) and all(c.known and c.word in _ASKING for c in commands)
    if not (only_asked and not report.failures and not event.mail.answer_text.strip()):
        draft.letter("resi", HELPDESK, extra=report.words(), to=person)


def moves(event: MailArrived) -> bool:
    """Whether a mail would send something or move the ticket: then it must not be overtaken."""
    commands = event.mail.commands
    if any(c.word in FLOW_WORDS for c in commands if c.known):
        return True
    silent = any(c.known and c.word in ("catatan", "batal") for c in commands)
    templated = any(c.known and c.word == "templat" for c in commands)
    return (bool(event.mail.answer_text.strip()) and not silent) or templated


def _run(draft: Draft, event: MailArrived, person: Person, report: Report) -> None:
    mail = event.mail
    text = mail.answer_text.strip()
    flow: list[str] = []
    target = ""
    noted = False
    for command in mail.commands:
        label = f"#{command.word}"
        if not command.known:
            hint = f"; mungkin maksudnya #{command.suggestion}" if command.suggestion else ""
            report.failed(command.line, f"perintah tidak dikenal{hint}. Kirim #bantuan")
        elif command.word in _ONLY_FRESH:
            report.failed(label, _ONLY_FRESH[command.word])
        elif command.word == "batal":
            undo.take_back(draft, person, report)
            noted = True
        elif command.word == "gabung" and outage.means_all(command.argument):
            outage.gather(draft, person, report)
        elif command.word == "gabung":
            flow.append(command.word)
            target = command.argument
        elif command.word in FLOW_WORDS:
            flow.append(command.word)
            text = "\n".join(part for part in (command.argument, text) if part)
        elif command.word == "templat":
            text = "\n\n".join(p for p in (_prepared(draft, command.argument, report), text) if p)
        elif command.word == "catatan":
            note, noted = "\n".join(p for p in (command.argument, text) if p), True
            attributes.note(draft, person, note, event)
            report.did(label, "dicatat, tidak dikirim kepada siapa pun")
        else:
            attributes.put(draft, person, command.word, command.argument, report)
    astray = [] if noted else _astray(text, report)
    if len(flow) > 1:
        report.failed(" ".join(f"#{w}" for w in flow), "hanya satu perintah alur dalam satu surel")
    elif flow == ["gabung"]:
        join.merge(draft, person, target, report)
    elif flow and (astray or (report.failures and flow[0] in _ANSWERS)):
        report.failed(f"#{flow[0]}", "tidak dijalankan karena ada perintah yang tidak dipahami")
    elif flow:
        move(draft, person.id, flow[0], text, report, event)
    elif text and not noted:
        _plain_answer(draft, person, text, report, event)
    elif not mail.commands:
        report.failed("surel ini", "tidak ada teks atau perintah di atas kutipan")


def _astray(text: str, report: Report) -> list[str]:
    """Lines of a text to be sent that were meant as orders, among the text, below a quotation or
    in a page alone, where none is read. Nothing is sent then: one may be a note for colleagues."""
    found = [c.line for line in text.split("\n") for c in read(line)[0] if c.known or c.suggestion]
    for line in found:
        report.failed(line, _NOT_HERE)
    return found


def _plain_answer(
    draft: Draft, person: Person, text: str, report: Report, event: MailArrived
) -> None:
    """A text goes out as the answer, unless a command in the same mail went wrong: then it
    may have been meant for colleagues only, and nothing leaves."""
    if report.failures:
        report.failed("teks", "tidak dikirim karena ada perintah yang tidak dipahami")
    else:
        move(draft, person.id, "jawab", text, report, event)


def _prepared(draft: Draft, name: str, report: Report) -> str:
    """A text that the office has prepared: a letter of its own making in templates/. It may use
    what the letter `jawaban` may, so that nothing internal gets out with it."""
    letters = draft.book.letters
    own = sorted(letters.names - vocabulary.OFFERED.keys())
    wanted = name.strip().lower().replace(" ", "_")
    if wanted not in own:
        listed = ", ".join(own) or "belum ada"
        report.failed(f"#templat {name}".strip(), f"surat ini tidak ada; yang tersedia: {listed}")
        return ""
    try:
        text = letters.render(wanted, vocabulary.chosen("jawaban", words.offered(draft, None, {})))
    except LetterFault as fault:
        report.failed(f"#templat {wanted}", str(fault))
        return ""
    report.did(f"#templat {wanted}", "disisipkan di atas jawaban")
    return text.text.strip()


def move(
    draft: Draft,
    officer: str,
    word: str,
    text: str,
    report: Report,
    event: MailArrived | None = None,
) -> None:
    """One word that moves the ticket along the SOP, with the text that goes with it.

    What leaves the office waits for the cooling time, within which `#batal` takes it back.
    """
    ticket, book = draft.ticket, draft.book
    word = relay.meant(draft, word)
    if word == "eskalasi":
        before, written = ticket, len(draft.actions)
        relay.escalate(draft, officer, text, report, event)
        letters = [letter for letter in draft.outward(written) if letter.not_before]
        undo.remember(draft, before, letters)
        if draft.ticket.row != ticket.row:
            draft.change(answered_version=ticket.version + 1)
            outage.inform(draft, officer, letters[0].not_before if letters else None)
        if letters:
            # The requester gets no word of what is told to the other office.
            told = [letter for letter in letters if letter.party != USER]
            report.sent = _receipt(text if told else "", told or letters, [])
        return
    text, passed_on = relay.with_its_words(draft, word, text)
    if word in _ANSWERS and not text:
        report.failed(f"#{word}", "tidak ada teks jawaban, jadi tidak ada yang dikirim")
        return
    if word == "data" and not (text or ticket.assessment.missing):
        report.failed("#data", "tulis data apa yang diminta pada baris berikutnya")
        return
    files = event.mail.file_names if event else []
    enclose = (event.mail_id,) if event and files else ()
    if passed_on and passed_on.mail_id and passed_on.attachments:
        files = [*passed_on.attachments, *files]
        enclose = (passed_on.mail_id, *enclose)
    extra: dict[str, Any] = {"lampiran": files}
    if word in _ANSWERS:
        extra["teks"] = text
    elif word == "data":
        extra["catatan"] = text
    if word == "tunggu" and word not in draft.row.choices:
        report.failed("#tunggu", f"tidak berlaku pada langkah {ticket.row}")
        return
    cooling = timedelta(seconds=book.limits.cooling_seconds) if event else timedelta()
    not_before = draft.now + cooling if cooling else None
    walk = advance.act(draft.procedure, ticket.row, HELPDESK, word, draft.ask)
    if not walk.steps:
        report.failed(f"#{word}", f"tidak berlaku pada langkah {ticket.row}")
        return
    before, written = ticket, len(draft.actions)
    if word != "bukan":
        draft.change(officer=officer)
    draft.walk(
        walk,
        officer,
        automatic=False,
        extra=extra,
        enclose=enclose,
        not_before=not_before,
    )
    if text:
        outgoing = word in (*_ANSWERS, "data")
        direction = Direction.OUT if outgoing else Direction.NOTE
        draft.message(direction, HELPDESK, book.office.mailbox, text, draft.now)
    draft.change(answered_version=ticket.version + 1)
    if word in _ANSWERS:
        draft.change(solution=without_courtesies(text), answered_at=draft.now)
    letters = draft.outward(written)
    undo.remember(draft, before, letters if not_before else [])
    if word in _ANSWERS:
        letters += outage.pass_on(draft, officer, word, extra, enclose, not_before, report)
    if letters:
        report.sent = _receipt(text, letters, files)
    report.did(f"#{word}" if word != "jawab" else "balasan", _RESULTS[word])


def _receipt(text: str, letters: list[SendLetter], files: list[str]) -> dict[str, Any]:
    """What the receipt says of letters that leave the office."""
    return {
        "teks": text,
        "kepada": ", ".join(dict.fromkeys(letter.to.address for letter in letters)),
        "lampiran": files,
        "dikirim": letters[0].not_before or "",
    }


_RESULTS = {
    "jawab": "jawaban dikirim kepada pengguna; tiket ditutup bila tidak ada keberatan",
    "kirim": "jawaban diteruskan kepada pengguna",
    "selesai": "jawaban dikirim kepada pengguna dan tiket ditutup",
    "tunggu": "tiket kembali menunggu jawaban; tidak ada surat yang dikirim",
    "data": "permintaan data dikirim kepada pengguna",
    "bukan": "dicatat sebagai bukan permasalahan; tidak ada surat kepada pengirim",
}
