"""An agent answers from his mail client: proof first, then command words, then the receipt."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kit import builders as a
from kit.office import BUDI, JOKO, MONDAY, ROOT, SARI, SITI, book
from maild.desk.decide import decide
from maild.model.action import Outcome
from maild.model.event import AlarmKind
from maild.model.known import Claim, Evidence, SentLetter
from maild.model.ticket import Direction, Match, Priority, State
from maild.replies.letter import Letters

ANSWER = "Silakan unggah ulang."


def told(decision, text: str) -> None:
    assert text in a.receipt(decision)


# --- proof -------------------------------------------------------------------------------------


def held(text: str, ticket, claims, facts=None, **how):
    known = a.known(ticket, claims=claims, **(facts or {}))
    return decide(a.arrived(text, sender=SARI, **how), known, book())


OTHER = replace(a.ticket("7"), id=2026000050, number="LPSE-2026-000050")

FORGERIES = {
    "no mark, a command": ("#selesai\nSudah.", ()),
    "only the ticket's number": (ANSWER, (a.label(a.ticket()),)),
    "the requester's mark": (ANSWER, (a.mark(a.ticket()),)),
    "a colleague's mark": (ANSWER, (a.mark(a.ticket(), BUDI),)),
    "a mark of a ticket that is not there": (ANSWER, (a.mark(OTHER, SARI),)),
    "a foreign Message-ID": (ANSWER, (a.label(a.ticket(), Evidence.REFERENCE),)),
}


@pytest.mark.parametrize(("text", "claims"), FORGERIES.values(), ids=FORGERIES.keys())
def test_who_claims_to_be_an_agent_without_his_mark_is_quarantined(text, claims):
    decision = held(text, a.ticket("7"), claims)
    assert (decision.ticket, decision.outcome) == (None, Outcome.QUARANTINED)
    assert a.posted(decision) == ["konfirmasi_perintah -> helpdesk"]


def test_a_mark_does_not_help_when_the_server_says_that_the_sender_is_forged():
    ticket = a.ticket("7")
    decision = held(ANSWER, ticket, (a.mark(ticket, SARI),), trust=a.FORGED)
    assert (decision.ticket, decision.outcome) == (None, Outcome.QUARANTINED)


def test_the_real_agent_is_told_at_his_own_address_and_the_letter_can_be_written():
    letter = a.sent_letters(held(ANSWER, a.ticket("7"), (), trust=a.FORGED))[0]
    assert letter.to.address == SARI.address
    shown = a.words_of(letter)
    assert "tidak ada perintah yang dijalankan" in shown
    assert "pengirim gagal dibuktikan oleh server surel" in shown
    assert "9.00 WIB" in shown or "09.00 WIB" in shown


MOST_A_DAY = [("karantina", a.FORGED, 3), ("konfirmasi_perintah", a.UNPROVEN, 10)]


@pytest.mark.parametrize(("template", "trust", "most"), MOST_A_DAY)
def test_the_real_agent_is_told_so_often_a_day_and_not_more(template, trust, most):
    for told, letters in ((most - 1, 1), (most, 0), (most + 6, 0)):
        facts = {"lately": (a.sent(template, SARI.address),) * told}
        decision = held("#selesai\nSudah.", a.ticket("7"), (), facts, trust=trust)
        assert len(a.posted(decision)) == letters
        assert decision.outcome is Outcome.QUARANTINED


def test_who_is_vouched_for_by_our_server_may_bring_many_callers_problems():
    facts = {"lately": (a.sent("konfirmasi_perintah", SARI.address),) * 12}
    mail = "#baru Tono <tono@asing.example>\nGagal unggah."
    assert a.posted(held(mail, a.ticket("7"), (), facts, trust=a.PROVEN))


def test_whoever_names_a_caller_in_a_thousand_groups_names_nobody():
    mail = f"#baru {'a:' * 1000}tono@asing.example\nGagal unggah."
    decision = held(mail, a.ticket("7"), (), {}, trust=a.PROVEN)
    assert decision.ticket is None


def test_other_letters_to_the_agent_do_not_use_up_his_warnings():
    facts = {"lately": (a.sent("tugas_baru", SARI.address),) * 90}
    assert a.posted(held("#selesai\nSudah.", a.ticket("7"), (), facts))


def test_an_agent_who_writes_a_plain_new_mail_is_a_requester():
    decision = decide(a.arrived(a.COMPLETE, sender=SARI), a.known(), book())
    assert decision.ticket.requester.address == SARI.address
    assert decision.ticket.row in ("5", "7")


def test_the_mark_of_an_agent_who_has_left_is_worth_nothing():
    decision = a.from_agent(ANSWER, a.ticket("7"), JOKO)
    assert (decision.ticket, decision.outcome) == (None, Outcome.QUARANTINED)


def by_message_id(ticket, recipient: str, seen_at=MONDAY, evidence=Evidence.MESSAGE_ID):
    letter = SentLetter(ticket.id, "42.2", "tugas_baru", "helpdesk", recipient, True, seen_at)
    claim = Claim(evidence, "<42.2>", ticket.id, letter="42.2")
    known = a.known(ticket, claims=(claim,), letter=letter)
    return decide(a.arrived(ANSWER, sender=SARI), known, book())


def test_the_signed_message_id_of_his_own_notice_is_proof_where_addresses_carry_no_mark():
    assert by_message_id(a.ticket("7"), SARI.address).ticket.solution == ANSWER


def test_the_message_id_of_a_colleagues_notice_is_none():
    assert by_message_id(a.ticket("7"), BUDI.address).outcome is Outcome.QUARANTINED


def test_an_answer_to_a_notice_older_than_the_colleagues_answer_is_held():
    ticket = a.ticket("9a", officer="budi", answered_at=MONDAY, answered_version=3)
    decision = by_message_id(ticket, SARI.address, MONDAY - timedelta(hours=1))
    assert a.posted(decision) == ["bentrok -> helpdesk"]
    assert decision.ticket.officer == "budi"


# --- collisions --------------------------------------------------------------------------------


def test_an_answer_after_a_colleagues_answer_is_held_and_its_author_asked():
    ticket = a.ticket("9a", version=5, officer="budi", answered_at=MONDAY, answered_version=5)
    talk = (a.message("helpdesk", SITI, "Coba lagi besok.", way=Direction.OUT),)
    facts = a.known(ticket, claims=(a.mark(ticket, SARI, 4),), conversation=talk)
    decision = decide(a.arrived(ANSWER, sender=SARI), facts, book())
    [letter] = a.sent_letters(decision)
    assert (letter.template, letter.to.address) == ("bentrok", SARI.address)
    assert (letter.confirms, decision.outcome) == (7, Outcome.QUARANTINED)
    shown = a.words_of(letter)
    assert "Budi Santoso sudah lebih dahulu" in shown
    assert "> Coba lagi besok." in shown
    assert f"> {ANSWER}" in shown
    assert replace(decision.ticket, version=5, letters=2) == ticket


@pytest.mark.parametrize("text", ["#catatan\nHati-hati.", "#ambil", "#status", "#prioritas 1"])
def test_what_sends_nothing_is_not_held(text):
    ticket = a.ticket("9a", version=5, officer="budi", answered_at=MONDAY, answered_version=5)
    assert "bentrok -> helpdesk" not in a.posted(a.from_agent(text, ticket, SARI, version=4))


@pytest.mark.parametrize("word", ["#eskalasi", "#data", "#bukan", "#selesai"])
def test_any_order_of_a_colleague_makes_older_notices_old(word):
    after = a.from_agent(f"{word}\nMohon dibantu.", a.ticket("7", officer="budi"), BUDI).ticket
    assert a.posted(a.from_agent(ANSWER, after, SARI, version=3)) == ["bentrok -> helpdesk"]


def test_a_new_text_in_reply_to_that_question_is_sent():
    ticket = a.ticket("9a", version=6, officer="budi", answered_at=MONDAY, answered_version=5)
    assert "jawaban -> pengguna" in a.posted(a.from_agent(ANSWER, ticket, SARI, version=6))


def test_his_own_earlier_answer_holds_nothing():
    ticket = a.ticket("9a", version=6, officer="sari", answered_at=MONDAY, answered_version=5)
    assert "jawaban -> pengguna" in a.posted(a.from_agent(ANSWER, ticket, SARI, version=4))


def test_an_answer_makes_every_older_notice_old():
    after = a.from_agent(ANSWER, a.ticket("7", version=4), BUDI).ticket
    assert (after.version, after.answered_version) == (5, 5)
    assert a.posted(a.from_agent(ANSWER, after, SARI, version=4)) == ["bentrok -> helpdesk"]


# --- answers -----------------------------------------------------------------------------------


def test_a_plain_reply_is_the_answer():
    decision = a.from_agent(ANSWER, a.ticket("7"), SARI)
    assert a.posted(decision) == ["jawaban -> pengguna", "resi -> helpdesk"]
    answer = a.sent_letters(decision)[0]
    assert (answer.to, answer.automatic) == (SITI, False)
    assert answer.not_before == MONDAY + timedelta(seconds=60)
    assert answer.reply_to_ids == ("<awal@majujaya.example>",)
    assert ANSWER in a.words_of(answer)
    ticket = decision.ticket
    assert (ticket.row, ticket.state, ticket.solution) == ("9a", State.ANSWERED, ANSWER)
    assert (ticket.answered_at, ticket.closed_at, ticket.officer) == (MONDAY, None, "sari")
    assert [(m.direction, m.text) for m in a.messages(decision)] == [(Direction.OUT, ANSWER)]


def test_done_answers_and_closes():
    decision = a.from_agent(f"#selesai\n{ANSWER}", a.ticket("7"), SARI)
    assert a.posted(decision) == ["selesai -> pengguna", "resi -> helpdesk"]
    ticket = decision.ticket
    assert (ticket.state, ticket.answered_at, ticket.closed_at) == (State.CLOSED, MONDAY, MONDAY)
    assert (ticket.due_at, a.alarms(decision)) == (None, {})


def test_an_answer_on_a_closed_ticket_opens_its_time_for_objections_again():
    ticket = a.ticket("9b", closed_at=MONDAY, answered_at=MONDAY)
    after = a.from_agent(ANSWER, ticket, SARI).ticket
    assert (after.state, after.closed_at) == (State.ANSWERED, None)


@pytest.mark.parametrize("word", ["data", "eskalasi"])
def test_an_answered_ticket_that_moves_on_is_not_answered_any_more(word):
    ticket = a.ticket("9a", answered_at=MONDAY, officer="sari")
    after = a.from_agent(f"#{word}\nMohon dilengkapi.", ticket, SARI).ticket
    assert after.state in (State.WAITING_DATA, State.ESCALATED)
    assert after.answered_at is None


@pytest.mark.parametrize("row", ["5", "7", "7a", "9a", "10a", "10b"])
def test_an_officer_may_answer_in_any_waiting_row(row):
    decision = a.from_agent(ANSWER, a.ticket(row), SARI)
    assert decision.ticket.row == "9a"
    assert "jawaban -> pengguna" in a.posted(decision)


def test_an_answer_goes_out_although_the_automatic_budget_is_used_up():
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.mark(ticket, SARI),), automatic_last_hour=10_000)
    assert "jawaban -> pengguna" in a.posted(decide(a.arrived(ANSWER, sender=SARI), facts, book()))


def test_the_files_of_an_answer_go_along():
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.mark(ticket, SARI),))
    mail = a.arrived(ANSWER, sender=SARI, files=("panduan.pdf",))
    answer = a.sent_letters(decide(mail, facts, book()))[0]
    assert answer.enclose == (7,)
    assert "Lampiran: panduan.pdf" in a.words_of(answer)


# --- command words -----------------------------------------------------------------------------


def test_a_request_for_data_carries_his_words():
    decision = a.from_agent("#data\nMohon nomor paket.", a.ticket("7"), SARI)
    assert a.posted(decision)[0] == "minta_data -> pengguna"
    assert "Mohon nomor paket." in a.words_of(a.sent_letters(decision)[0])
    assert (decision.ticket.row, decision.ticket.asked) == ("5", 1)


def test_a_notice_to_an_agent_is_automatic_even_in_a_walk_that_a_person_ordered():
    decision = a.from_agent("#data\nMohon nomor paket.", a.ticket("7"), SARI)
    assert {x.automatic for x in a.sent_letters(decision) if x.party == "helpdesk"} == {True}


def test_escalation_forwards_the_first_mail_and_tells_the_requester_to_wait():
    decision = a.from_agent("#eskalasi\nSudah dicoba.", a.ticket("7"), SARI)
    assert a.posted(decision) == [
        "eskalasi -> lkpp",
        "pemberitahuan_eskalasi -> pengguna",
        "resi -> helpdesk",
    ]
    to_lkpp, to_user, _ = a.sent_letters(decision)
    assert to_lkpp.forward
    assert to_lkpp.forward.message_id == "<awal@majujaya.example>"
    assert to_user.forward is None
    assert "Sudah dicoba." not in a.words_of(to_user)
    assert "Sudah dicoba." in a.words_of(to_lkpp)
    assert "Petugas: Sari Wulandari" in a.words_of(to_lkpp)
    assert decision.ticket.escalated_at == MONDAY


def test_release_sends_what_lkpp_wrote():
    ticket = a.ticket("7", escalated_at=MONDAY)
    talk = (a.message("lkpp", SITI, "Kunci sudah kami perbaiki."),)
    facts = a.known(ticket, claims=(a.mark(ticket, SARI),), conversation=talk)
    decision = decide(a.arrived("#kirim", sender=SARI), facts, book())
    assert decision.ticket.solution == "Kunci sudah kami perbaiki."


def test_no_problem_sends_the_requester_nothing():
    decision = a.from_agent("#bukan", a.ticket("7", officer=""), SARI)
    assert a.posted(decision) == ["resi -> helpdesk"]
    assert (decision.ticket.row, decision.ticket.officer) == ("8a", "")


SILENT = {
    "nothing at all": ("", "tidak ada teks atau perintah di atas kutipan"),
    "a misspelt word": ("#selesia\nSudah.", "mungkin maksudnya #selesai"),
    "a word that nobody knows": ("#xyzzy\nSudah.", "perintah tidak dikenal"),
    "two words that move": ("#selesai\n#eskalasi\nSudah.", "hanya satu perintah alur"),
    "a ticket that is not there": ("#gabung LPSE-2026-000001", "tulis nomor tiket tujuan"),
    "merging with itself": ("#gabung LPSE-2026-000042", "itu nomor tiket ini sendiri"),
    "a text that nobody prepared": ("#templat puisi\nSudah.", "surat ini tidak ada"),
    "nothing to take back": ("#batal", "tidak ada surat yang masih dapat ditarik"),
    "nothing to split": ("#pisah", "baru memuat satu pesan"),
    "nothing to confirm": ("#ya", "tidak ada surel yang menunggu konfirmasi"),
    "a new ticket in a reply": ("#baru Tono <tono@x.example>\nx", "dalam surel baru"),
    "done below a misspelt word": ("#catatn rahasia\n#selesai\nSudah.", "tidak dijalankan"),
    "done without a text": ("#selesai", "tidak ada teks jawaban"),
    "release without an answer of LKPP": ("#kirim", "tidak ada teks jawaban"),
    "data without saying which": ("#data", "tulis data apa yang diminta"),
    "priority 9": ("#prioritas 9\nSudah.", "tulis angka 1, 2, 3, atau 4"),
    "a category that the table lacks": ("#kategori apa_saja", "tidak ada dalam tabel"),
}


@pytest.mark.parametrize(("text", "advice"), SILENT.values(), ids=SILENT.keys())
def test_what_went_wrong_sends_the_requester_nothing_and_the_receipt_says_why(text, advice):
    ticket = a.ticket("7")
    decision = a.from_agent(text, ticket, SARI)
    assert a.posted(decision) == ["resi -> helpdesk"]
    told(decision, advice)
    assert replace(decision.ticket, version=3, letters=2) == ticket


ONLY_COMMANDS = {
    "take": ("#ambil", lambda t: t.officer == "sari"),
    "priority": ("#prioritas 1", lambda t: t.assessment.priority is Priority.CRITICAL),
    "telephone": ("#telepon tersambung", lambda t: t.telephoned == "tersambung"),
    "telephone without words": ("#telepon", lambda t: t.telephoned == "sudah dihubungi"),
    "an English word": ("#prio 4", lambda t: t.assessment.priority is Priority.LOW),
}


@pytest.mark.parametrize(("text", "holds"), ONLY_COMMANDS.values(), ids=ONLY_COMMANDS.keys())
def test_a_mail_of_commands_only_sends_the_requester_nothing(text, holds):
    decision = a.from_agent(text, a.ticket("7"), SARI)
    assert a.posted(decision) == ["resi -> helpdesk"]
    assert holds(decision.ticket)
    assert decision.ticket.row == "7"
    assert "Perintah telah dijalankan" in a.receipt(decision)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


HOURS = {"1": "2026-02-02 11:00", "2": "2026-02-02 14:00", "3": "2026-02-03 09:00"}


@pytest.mark.parametrize(("level", "due"), HOURS.items())
def test_a_priority_brings_the_time_of_the_table_counted_from_the_rows_beginning(level, due):
    ticket = a.ticket("7", entered_at=MONDAY, due_at=at("2026-02-05 09:00"))
    facts = a.known(ticket, claims=(a.mark(ticket, SARI),))
    later = MONDAY + timedelta(minutes=90)
    decision = decide(a.arrived(f"#prioritas {level}", sender=SARI, now=later), facts, book())
    assert decision.ticket.due_at == at(due)
    assert a.alarms(decision)[AlarmKind.DUE] == at(due)


def test_a_time_that_would_be_up_already_begins_now():
    ticket = a.ticket("7", entered_at=MONDAY - timedelta(days=7))
    decision = a.from_agent("#prioritas 1", ticket, SARI)
    assert decision.ticket.due_at == at("2026-02-02 11:00")
    assert "Jatuh tempo: Senin, 2 Februari 2026, pukul 11.00 WIB" in a.receipt(decision)


def test_the_time_ends_at_the_latest_with_the_stage_that_the_problem_threatens():
    closing = at("2026-02-02 10:00")
    weighed = a.assessment(urgent_deadline=True, deadline=closing)
    ticket = a.ticket("7", entered_at=MONDAY, assessment=weighed)
    assert a.from_agent("#prioritas 1", ticket, SARI).ticket.due_at == closing


@pytest.mark.parametrize("row", ["5", "9a", "10b"])
def test_where_the_time_is_the_rows_own_a_priority_leaves_it(row):
    ticket = a.ticket(row)
    decision = a.from_agent("#prioritas 1", ticket, SARI)
    assert (decision.ticket.due_at, a.alarms(decision)) == (ticket.due_at, {})


@pytest.mark.parametrize(("word", "letter"), [("status", "status"), ("bantuan", "bantuan")])
def test_who_only_asks_gets_what_he_asked_for_and_no_receipt_beside_it(word, letter):
    assert a.posted(a.from_agent(f"#{word}", a.ticket("7"), SARI)) == [f"{letter} -> helpdesk"]


def test_who_asks_and_orders_gets_both():
    assert a.posted(a.from_agent("#ambil\n#status", a.ticket("7"), SARI)) == [
        "status -> helpdesk",
        "resi -> helpdesk",
    ]


def with_own_letters(**sources: str):
    shipped = {p.stem: p.read_text("utf-8") for p in (ROOT / "templates").glob("*.txt")}
    return replace(book(), letters=Letters(shipped | sources, book().office.zone))


def test_a_text_of_the_offices_own_stands_above_the_answer():
    own = with_own_letters(lupa_sandi="Perihal: x\n\nYth. {{ tiket.nama }}, sandi diganti.\n")
    text = "#templat lupa sandi\nTerima kasih."
    decision = a.from_agent(text, a.ticket("7"), SARI, with_book=own)
    sent = a.words_of(a.sent_letters(decision)[0])
    assert "Yth. Siti Aminah, sandi diganti.\n\nTerima kasih." in sent
    alone = a.from_agent("#templat lupa_sandi", a.ticket("7"), SARI, with_book=own)
    assert "jawaban -> pengguna" in a.posted(alone)


def test_nothing_internal_gets_out_with_such_a_text():
    source = "Perihal: x\n\nHalo {{ alasan | join }}{{ riwayat | join }}{{ catatan }}.\n"
    weighed = a.assessment(reasons=(Match("rahasia", "dalam"),))
    ticket = a.ticket("7", assessment=weighed)
    own = with_own_letters(bocor=source)
    decision = a.from_agent("#templat bocor", ticket, SARI, with_book=own)
    assert "rahasia" not in a.words_of(a.sent_letters(decision)[0])


def test_a_category_of_the_table_is_taken():
    name = list(book().table.categories)[3]
    assert (
        a.from_agent(f"#kategori {name}", a.ticket("7"), SARI).ticket.assessment.category == name
    )


def test_a_note_is_kept_and_sent_to_nobody():
    decision = a.from_agent("#catatan\nHati-hati.", a.ticket("7"), SARI)
    assert a.posted(decision) == ["resi -> helpdesk"]
    assert [(m.direction, m.text) for m in a.messages(decision)] == [
        (Direction.NOTE, "Hati-hati.")
    ]


def test_an_attribute_and_an_answer_in_one_mail_both_count():
    decision = a.from_agent(f"#prioritas 1\n{ANSWER}", a.ticket("7"), SARI)
    assert decision.ticket.assessment.priority is Priority.CRITICAL
    assert decision.ticket.row == "9a"


def test_the_receipt_goes_only_to_the_one_who_wrote():
    decision = a.from_agent(ANSWER, a.ticket("7", officer="budi"), SARI)
    assert [x.to.address for x in a.sent_letters(decision) if x.template == "resi"] == [
        SARI.address
    ]


def test_a_word_that_the_row_does_not_know_leaves_the_officer_as_he_was():
    procedure = book().procedures[book().current]
    row = replace(procedure.rows["8"], choices={"jawab": "9"})
    deaf = replace(procedure, rows={**procedure.rows, "8": row, "7": replace(row, no="7")})
    deaf = replace(deaf, rows={**deaf.rows, "7": replace(deaf.rows["7"], next="", choices={})})
    other = replace(book(), procedures={book().current: deaf})
    decision = a.from_agent("#eskalasi\nx", a.ticket("7"), SARI, with_book=other)
    told(decision, "tidak berlaku pada langkah 7")
    assert decision.ticket.officer == ""


@pytest.mark.parametrize("ahead", [0, 1, 65_535, 65_536, 200_000])
def test_answers_are_told_apart_on_a_ticket_that_has_changed_very_often(ahead):
    seen, now = 7, 7 + ahead
    ticket = a.ticket("9a", version=now, officer="budi", answered_at=MONDAY, answered_version=now)
    decision = a.from_agent(ANSWER, ticket, SARI, version=now & 0xFFFF)
    assert "jawaban -> pengguna" in a.posted(decision), "he has seen the answer"
    if 0 < ahead <= 65_535:
        held = a.from_agent(ANSWER, ticket, SARI, version=seen & 0xFFFF)
        assert a.posted(held) == ["bentrok -> helpdesk"]
