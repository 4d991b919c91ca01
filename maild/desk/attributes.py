"""Words that change a ticket without moving it: ambil, prioritas, kategori, telepon, catatan."""

from dataclasses import replace

from maild.desk.draft import Draft
from maild.desk.report import Report
from maild.model.event import MailArrived
from maild.model.mail import Address
from maild.model.people import HELPDESK, Person
from maild.model.ticket import Direction, Priority
from maild.rules.incident import outage_of


def put(draft: Draft, person: Person | None, word: str, argument: str, report: Report) -> None:
    """Carries out one word; `person` is None for an operator on the command line."""
    officer = person.id if person else "operator"
    argument = argument.strip()
    label = f"#{word}"
    assessment = draft.ticket.assessment
    match word:
        case "ambil" if person:
            draft.change(officer=person.id)
            result = "tiket ini sekarang Bapak/Ibu tangani"
        case "prioritas" if argument in ("1", "2", "3", "4"):
            priority = Priority.of_level(int(argument))
            draft.change(assessment=replace(assessment, priority=priority))
            draft.retime()
            result = f"prioritas menjadi {priority.level} ({priority.value})"
        case "prioritas":
            report.failed(f"{label} {argument}".strip(), "tulis angka 1, 2, 3, atau 4")
            return
        case "kategori" if argument in draft.book.table.categories:
            assessment = replace(assessment, category=argument, also=())
            mark = outage_of(assessment, draft.book.table)
            draft.change(assessment=assessment, outage=mark)
            draft.retime()
            result = f"kategori menjadi {draft.book.category_name(argument)}"
        case "kategori":
            report.failed(f"{label} {argument}".strip(), "kategori ini tidak ada dalam tabel")
            return
        case "telepon":
            draft.change(telephoned=argument or "sudah dihubungi")
            result = "konfirmasi telepon dicatat (SOP langkah 4)"
        case "solusi" if argument:
            draft.change(solution=argument)
            result = "kolom Solusi pada rekap diganti; tidak ada surat kepada pengguna"
        case "solusi":
            report.failed(label, "tulis isi kolom Solusi setelah perintah")
            return
        case "nomor" if argument and draft.ticket.escalated_at:
            draft.change(outside_number=argument.upper()[:60])
            result = f"nomor tiket {draft.outside.name} dicatat"
        case "nomor":
            report.failed(label, "tulis nomornya; hanya untuk tiket yang sudah dieskalasi")
            return
        case "status" if person:
            draft.letter("status", HELPDESK, to=person)
            result = f"{draft.ticket.state.value}; keadaan lengkapnya dikirim tersendiri"
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


def note(draft: Draft, person: Person, text: str, event: MailArrived) -> None:
    """Adds an internal note to the conversation; nobody gets it."""
    author = Address(person.name, person.address)
    draft.message(Direction.NOTE, HELPDESK, author, text, event.at, mail_id=event.mail_id)
    draft.record(person.id, "catatan ditambahkan")
