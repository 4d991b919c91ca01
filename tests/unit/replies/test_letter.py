"""Every letter has all its words, says what it should, and shows nothing that it should not.

The letters in tests/letters/ are what people get. After a change that is meant, write them anew
with MAILD_WRITE_LETTERS=1 and read the difference.
"""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from kit import builders as a
from kit.office import BUDI, MONDAY, PARTNER, ROOT, SARI, SITI, TONO, book, letters
from maild.desk import words
from maild.desk.decide import decide
from maild.desk.draft import Draft
from maild.model.event import AlarmKind, SendFailed
from maild.model.mail import Address
from maild.model.ticket import Direction, Kind, State
from maild.replies import vocabulary

BY_OTHERS = {
    "karantina",
    "konfirmasi_perintah",
    "surat_pihak_lain",
    "rekap",
    "rekap_mingguan",
    "ringkasan",
    "tersisih",
    "status_umum",
}  # not about a ticket of the desk
HOSTILE = "Klik http://jahat.example <b>SEKARANG</b> {{ tiket.nomor }} {% raw %} ${x} =1+1"


def draft(ticket, **facts) -> Draft:
    return Draft(MONDAY, book(), a.known(ticket, **facts), ticket)


@pytest.mark.parametrize("name", sorted(set(vocabulary.OFFERED) - BY_OTHERS))
def test_the_desk_has_every_word_that_a_letter_may_use(name):
    given = words.offered(draft(a.ticket()), SARI, {})
    for word in vocabulary.offered(name):
        group, _, field = word.partition(".")
        assert group in given, word
        assert not field or field in given[group], word


def test_a_warning_has_every_word_too():
    decision = decide(a.arrived("#selesai\nx", sender=SARI, trust=a.FORGED), a.known(), book())
    given = a.sent_letters(decision)[0].words
    for word in vocabulary.offered("karantina"):
        group, _, field = word.partition(".")
        assert group in given, word
        assert not field or field in given[group], word


TICKETS = {
    "in work": a.ticket("7"),
    "waiting for data": a.ticket("5", assessment=a.assessment(missing=("telepon", "npwp"))),
    "answered": a.ticket("9a", answered_at=MONDAY, solution="Coba lagi.", officer="sari"),
    "closed": a.ticket("9b", due_at=None, closed_at=MONDAY),
    "escalated": a.ticket("10a", escalated_at=MONDAY, outside_number="INC-1", officer="budi"),
    "without anything": replace(
        a.ticket("7", due_at=None, state=State.NEW, linked="LPSE-2026-000001"),
        requester=Address("", "x@y.example"),
        subject="",
        summary="",
        assessment=a.assessment(category="tidak_ada", kind=Kind.NO_PROBLEM),
    ),
}


@pytest.mark.parametrize("ticket", TICKETS.values(), ids=TICKETS.keys())
@pytest.mark.parametrize("name", sorted(letters().names))
def test_every_letter_can_be_written_about_every_ticket(name, ticket):
    for person in (None, SARI, PARTNER):
        text = letters().render(name, words.offered(draft(ticket), person, {}))
        assert text.subject.strip()
        assert text.text.strip()
        assert "\n" not in text.subject
        for left in ("{{", "{%", "None", "Undefined", "tiket."):
            assert left not in text.subject + text.text


@pytest.mark.parametrize("name", ["tanda_terima", "minta_data", "tutup_tanpa_data"])
def test_an_automatic_letter_repeats_nothing_that_a_stranger_wrote(name):
    requester = Address(f"Nama {HOSTILE}", "korban@x.example")
    fields = {"telepon": HOSTILE, "kode_paket": HOSTILE}
    ticket = a.ticket("5", subject=HOSTILE, summary=HOSTILE, requester=requester)
    ticket = replace(ticket, assessment=a.assessment(fields=fields, missing=("npwp",)))
    talk = (a.message("pengguna", requester, HOSTILE),)
    text = letters().render(name, words.offered(draft(ticket, conversation=talk), None, {}))
    for piece in ("jahat", "SEKARANG", "=1+1", "${x}", "Nama "):
        assert piece not in text.subject + text.text


def test_what_a_stranger_wrote_is_never_run():
    ticket = a.ticket("7", subject=HOSTILE)
    talk = (a.message("pengguna", SITI, HOSTILE),)
    given = words.offered(draft(ticket, conversation=talk), SARI, {})
    text = letters().render("tugas_baru", given).text
    assert HOSTILE in text


def answered(text: str, ticket, who=SARI):
    return a.sent_letters(a.from_agent(text, ticket, who))


def alarm(ticket, kind=AlarmKind.DUE):
    return a.sent_letters(decide(a.rang(ticket, kind), a.known(ticket), book()))


def new(text: str, of=(), **how):
    return a.sent_letters(decide(a.arrived(text, **how), a.known(claims=of), book()))


def reopened():
    ticket = a.ticket("9b", closed_at=MONDAY, answered_at=MONDAY, solution="Coba lagi.")
    facts = a.known(ticket, claims=(a.mark(ticket),))
    return a.sent_letters(decide(a.arrived("Masih gagal."), facts, book()))


def collided():
    ticket = a.ticket("9a", version=5, officer="budi", answered_at=MONDAY, answered_version=5)
    talk = (a.message("helpdesk", SITI, "Mohon dicoba besok pagi.", way=Direction.OUT),)
    facts = a.known(ticket, claims=(a.mark(ticket, SARI, 4),), conversation=talk)
    mail = a.arrived("#selesai\nMohon dicoba sekarang.", sender=SARI)
    return a.sent_letters(decide(mail, facts, book()))


def stolen():
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.mark(ticket, SARI),))
    return a.sent_letters(decide(a.arrived("#selesai\nSudah.", sender=TONO), facts, book()))


def asks(sender):
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.label(ticket),))
    mail = a.arrived("status LPSE-2026-000042", sender=sender, subject="")
    return a.sent_letters(decide(mail, facts, book()))


def third_party():
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.mark(ticket),))
    return a.sent_letters(decide(a.arrived("Saya juga.", sender=TONO), facts, book()))


def from_lkpp():
    ticket = a.ticket("10a", escalated_at=MONDAY, outside_number="INC-204518")
    facts = a.known(ticket, claims=(a.mark(ticket, PARTNER),))
    return a.sent_letters(decide(a.arrived("Sudah diperbaiki.", sender=PARTNER), facts, book()))


def failed():
    event = SendFailed(
        MONDAY, a.TICKET_ID, "jawaban", "pengguna", SITI.address, "550 5.1.1 unknown user"
    )
    return a.sent_letters(decide(event, a.known(a.ticket("9a")), book()))


def flooded():
    return a.sent_letters(decide(a.arrived(a.COMPLETE), a.known(noticed=200), book()))


LATER = MONDAY + timedelta(days=7)
GOLDEN = {
    "tanda_terima": lambda: new(a.COMPLETE, files=("layar.png",)),
    "tugas_baru": lambda: new(a.COMPLETE, files=("layar.png",)),
    "minta_data": lambda: new(a.INCOMPLETE, subject="lupa password"),
    "tugas_telepon": lambda: new(a.INCOMPLETE, subject="lupa password"),
    "jawaban": lambda: answered("Silakan unggah ulang.", a.ticket("7")),
    "resi": lambda: answered("#selesia\n#ambil\nSudah.", a.ticket("7")),
    "selesai": lambda: answered("#selesai\nSudah diperbaiki.", a.ticket("7")),
    "eskalasi": lambda: answered("#eskalasi\nSudah dicoba.", a.ticket("7")),
    "pemberitahuan_eskalasi": lambda: answered("#eskalasi\nSudah dicoba.", a.ticket("7")),
    "pengingat": lambda: alarm(a.ticket("7", due_at=LATER), AlarmKind.REMIND),
    "pengingat_data": lambda: alarm(a.ticket("5", due_at=LATER), AlarmKind.REMIND),
    "tutup_tanpa_data": lambda: alarm(a.ticket("5")),
    "lewat_waktu": lambda: alarm(a.ticket("7")),
    "lewat_lkpp": lambda: alarm(a.ticket("10a", escalated_at=MONDAY)),
    "pesan_lanjutan": third_party,
    "surat_gagal": failed,
    "karantina": lambda: new("#selesai\nx", sender=BUDI, trust=a.FORGED),
    "surat_pihak_lain": lambda: new("Kunci sudah kami perbaiki.", sender=PARTNER),
    "konfirmasi_perintah": lambda: new("#selesai\nSudah kami perbaiki.", sender=BUDI),
    "dibuka_kembali": reopened,
    "bentrok": collided,
    "tanda_baru": stolen,
    "banjir": flooded,
    "status": lambda: answered("#status", a.ticket("7")),
    "status_pengguna": lambda: asks(SITI),
    "status_umum": lambda: asks(TONO),
    "tautan": lambda: new(
        a.INCOMPLETE, subject="lupa password [LPSE-2026-000042]", of=(a.label(a.ticket()),)
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_letter_reads_as_it_was_approved(name):
    letter = next(x for x in GOLDEN[name]() if x.template == name)
    written = f"Kepada: {letter.to}\nPerihal: {a.words_of(letter)}"
    path = ROOT / "tests" / "letters" / f"{name}.txt"
    if os.environ.get("MAILD_WRITE_LETTERS"):
        path.write_text(written, "utf-8")
    assert written == path.read_text("utf-8")


def test_lkpps_answer_is_shown_as_theirs():
    assert "Jawaban Helpdesk LKPP" in a.words_of(from_lkpp()[0])
