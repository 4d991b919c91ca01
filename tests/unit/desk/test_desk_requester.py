"""A requester writes: new problems, data, objections, thanks; strangers with borrowed marks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kit import builders as a
from kit.office import MONDAY, SITI, TONO, book
from maild.desk.decide import decide
from maild.model.action import Outcome
from maild.model.event import AlarmKind
from maild.model.known import Claim, Evidence
from maild.model.mail import Address
from maild.model.ticket import Priority, State

TASKS = ["tugas_baru -> helpdesk"] * 2


def opened(text: str = a.COMPLETE, facts: dict | None = None, **how):
    how.setdefault("files", ("layar.png",))
    return decide(a.arrived(text, **how), a.known(**(facts or {})), book())


def test_a_complete_problem_is_acknowledged_and_goes_to_the_agents():
    decision = opened()
    assert a.posted(decision) == ["tanda_terima -> pengguna", *TASKS]
    ticket = decision.ticket
    assert (ticket.id, ticket.version, ticket.row) == (2026000099, 1, "7")
    assert ticket.state is State.IN_PROGRESS
    assert a.alarms(decision)[AlarmKind.DUE] == ticket.due_at
    assert decision.outcome is Outcome.DONE


def test_a_problem_with_missing_data_gets_the_request_instead_of_the_acknowledgement():
    decision = opened(a.INCOMPLETE, subject="lupa password", files=())
    assert a.posted(decision) == ["minta_data -> pengguna", *["tugas_telepon -> helpdesk"] * 2]
    assert decision.ticket.state is State.WAITING_DATA
    assert decision.ticket.asked == 1


def test_priority_one_never_waits_for_data():
    ticket = opened(a.INCOMPLETE, subject="lupa password", files=()).ticket
    raised = replace(ticket.assessment, priority=Priority.CRITICAL)
    decision = reply(replace(ticket, assessment=raised), "belum ada")
    assert decision.ticket.row == "7"
    assert any("kritis tidak menunggu data" in m.evidence for m in decision.reasons)


SILENCE = [
    ({"lately": (a.sent(), a.sent())}, {}, "sudah 2 surat otomatis"),
    ({"automatic_last_hour": 200}, {}, "batas surat otomatis per jam"),
    ({}, {"sender": Address("", "noreply@majujaya.example")}, "tidak membaca balasan"),
    ({}, {"sender": Address("", "mailer-daemon+x@x.example")}, "tidak membaca balasan"),
    ({}, {"trust": a.FORGED}, "gagal dibuktikan"),
]
SILENCE_IDS = ["pair budget", "breaker", "no-reply", "mail system", "forged"]


@pytest.mark.parametrize(("facts", "how", "why"), SILENCE, ids=SILENCE_IDS)
def test_a_requester_who_must_not_be_written_to_gets_nothing_and_the_journal_says_why(
    facts, how, why
):
    decision = opened(facts=facts, **how)
    assert a.posted(decision) == TASKS
    assert "surat tanda_terima tidak dikirim" in a.journal(decision)
    assert why in a.journal(decision)


@pytest.mark.parametrize(("facts", "how", "why"), SILENCE, ids=SILENCE_IDS)
def test_a_data_request_that_may_not_be_sent_goes_to_the_helpdesk_instead(facts, how, why):
    decision = opened(a.INCOMPLETE, facts, subject="lupa password", files=(), **how)
    assert decision.ticket.row == "7"
    assert decision.ticket.asked == 0
    assert a.posted(decision) == TASKS
    assert any(why in m.evidence for m in decision.reasons if m.rule == "butuh_data_tambahan")


def test_one_acknowledgement_a_day():
    decision = opened(facts={"lately": (a.sent("tanda_terima"),)})
    assert a.posted(decision) == TASKS
    assert "sudah menerima tanda terima" in a.journal(decision)


def test_another_automatic_letter_does_not_count_as_an_acknowledgement():
    assert "tanda_terima -> pengguna" in a.posted(opened(facts={"lately": (a.sent("jawaban"),)}))


LABELS = [Evidence.SUBJECT_TAG, Evidence.BODY_TAG, Evidence.OUTSIDE_NUMBER]


@pytest.mark.parametrize("evidence", LABELS)
def test_a_stranger_who_writes_a_ticket_number_gets_a_new_ticket(evidence):
    victim = a.ticket("7")
    facts = a.known(victim, claims=(a.label(victim, evidence),))
    decision = decide(a.arrived(a.COMPLETE, sender=TONO, files=("x.png",)), facts, book())
    assert decision.ticket.id == 2026000099
    assert decision.ticket.requester == TONO
    assert {x.ticket.id for x in a.sent_letters(decision)} == {2026000099}
    everything = "".join(a.words_of(x) for x in a.sent_letters(decision) if x.to == TONO)
    assert victim.number not in everything
    assert SITI.address not in everything


def test_the_new_ticket_of_a_stranger_links_to_the_one_that_he_named():
    victim = a.ticket("7")
    facts = a.known(victim, claims=(a.label(victim),))
    decision = decide(a.arrived(a.COMPLETE, sender=TONO), facts, book())
    assert decision.ticket.linked == victim.number
    assert "tautan saja" in a.journal(decision)


@pytest.mark.parametrize("evidence", [*LABELS, Evidence.REFERENCE])
def test_the_requester_himself_may_use_a_bare_number(evidence):
    ticket = a.ticket("7")
    facts = a.known(ticket, claims=(a.label(ticket, evidence),))
    decision = decide(a.arrived("Ada kabar?"), facts, book())
    assert decision.ticket.id == ticket.id
    assert a.posted(decision) == ["pesan_lanjutan -> helpdesk"] * 2


@pytest.mark.parametrize("evidence", [*LABELS, Evidence.REFERENCE])
def test_a_forged_requester_with_a_bare_number_does_not_move_the_ticket(evidence):
    ticket = a.ticket("5")
    facts = a.known(ticket, claims=(a.label(ticket, evidence),))
    decision = decide(a.arrived("NPWP 01.2", trust=a.FORGED), facts, book())
    assert decision.ticket.id != ticket.id or decision.ticket.row == "5"
    assert all(letter.party != "pengguna" for letter in a.sent_letters(decision))


def test_a_valid_mark_from_another_address_is_a_third_party():
    ticket = a.ticket("5")
    facts = a.known(ticket, claims=(a.mark(ticket),))
    decision = decide(a.arrived("#selesai\nSaya teman Siti.", sender=TONO), facts, book())
    assert replace(decision.ticket, version=3, letters=2) == ticket
    assert a.posted(decision) == ["pesan_lanjutan -> helpdesk"] * 2
    assert decision.note == "pihak ketiga"
    shown = a.words_of(a.sent_letters(decision)[0])
    assert "Penulisnya bukan pengguna tiket ini: Tono <tono@asing.example>" in shown
    assert "Saya teman Siti." in shown


def test_what_a_third_party_wrote_is_not_taken_for_the_requesters_words():
    ticket = a.ticket("5")
    facts = a.known(ticket, claims=(a.mark(ticket),))
    decision = decide(a.arrived("Saya teman Siti.", sender=TONO), facts, book())
    assert [m.party for m in a.messages(decision)] == ["pihak ketiga"]
    assert all("m1@majujaya" not in str(x.reply_to_ids) for x in a.sent_letters(decision))


def reply(ticket, text: str, now=MONDAY, **how):
    return decide(a.arrived(text, now, **how), a.known(ticket, claims=(a.mark(ticket),)), book())


def test_data_that_completes_the_ticket_sends_it_to_the_agents():
    ticket = a.ticket("5", asked=1, assessment=a.assessment(missing=("npwp",)))
    ticket = replace(ticket, assessment=a.assessment(missing=()))
    decision = reply(ticket, "NPWP 01.234.567.8-912.000")
    assert decision.ticket.row == "7"
    assert a.posted(decision) == TASKS
    assert "Data tambahan diterima" in a.words_of(a.sent_letters(decision)[0])


def test_data_is_asked_for_twice_and_then_a_person_decides():
    first = opened(a.INCOMPLETE, subject="lupa password", files=()).ticket
    second = reply(first, "tidak tahu").ticket
    assert (second.row, second.asked) == ("5", 2)
    third = reply(second, "tidak tahu").ticket
    assert (third.row, third.asked) == ("7", 2)


def test_an_objection_to_an_answer_brings_the_ticket_back_to_the_agents():
    ticket = a.ticket("9a", answered_at=MONDAY, answered_version=3, solution="Coba lagi.")
    after = reply(ticket, "Masih gagal.").ticket
    assert (after.row, after.state) == ("7b", State.IN_PROGRESS)
    assert (after.answered_at, after.closed_at) == (None, None)


@pytest.mark.parametrize("row", ["5", "9a", "9b", "9c", "5a"])
@pytest.mark.parametrize("text", ["Terima kasih banyak", "Trims min, sudah bisa", "matur nuwun"])
def test_thanks_reopen_nothing(row, text):
    ticket = a.ticket(row, closed_at=None if row in ("5", "9a") else MONDAY)
    decision = reply(ticket, text)
    assert replace(decision.ticket, version=3) == ticket
    assert a.posted(decision) == []
    assert "terima kasih" in a.journal(decision)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Terima kasih, tetapi masih gagal", ()),
        ("Terima kasih. Bagaimana cara mengunggahnya?", ()),
        ("Terima kasih", ("layar.png",)),
        ("Terima kasih. " + "kata " * 30, ()),
    ],
    ids=["still wrong", "a question", "with a file", "a long story"],
)
def test_thanks_with_more_behind_them_reopen(text, files):
    ticket = a.ticket("9c", closed_at=MONDAY)
    assert reply(ticket, text, files=files).ticket.state is State.IN_PROGRESS


def test_a_reply_within_the_time_reopens_the_ticket():
    ticket = a.ticket("9b", closed_at=MONDAY, answered_at=MONDAY)
    last = book().worktime.add(MONDAY, book().limits.reopen)
    after = reply(ticket, "Masih gagal.", now=last).ticket
    assert (after.id, after.row, after.closed_at, after.answered_at) == (
        ticket.id,
        "7b",
        None,
        None,
    )


def test_a_reply_after_that_time_opens_a_linked_ticket():
    ticket = a.ticket("9b", closed_at=MONDAY)
    later = book().worktime.add(MONDAY, book().limits.reopen) + timedelta(seconds=1)
    after = reply(ticket, a.COMPLETE, now=later).ticket
    assert (after.id, after.linked) == (2026000099, ticket.number)


def test_a_further_mail_while_an_agent_works_is_shown_to_the_one_who_has_the_ticket():
    ticket = a.ticket("7", officer="budi")
    decision = reply(ticket, "Ada kabar?")
    assert [x.to.address for x in a.sent_letters(decision)] == ["budi@contoh.go.id"]
    assert decision.ticket.row == "7"


def test_a_second_mail_may_raise_the_priority_but_never_lowers_it():
    ticket = a.ticket("7", assessment=a.assessment(priority=Priority.CRITICAL))
    assert reply(ticket, "Hanya bertanya jam layanan.").ticket.assessment.priority is (
        Priority.CRITICAL
    )


def test_a_password_in_a_mail_is_not_shown_to_others():
    decision = opened(a.COMPLETE + " Password: Rahasia#99")
    for letter in a.sent_letters(decision):
        assert "Rahasia#99" not in a.words_of(letter)


def test_the_best_claim_whose_ticket_exists_counts():
    ticket = a.ticket("7")
    claims = (Claim(Evidence.TOKEN, "x", 999), a.label(ticket))
    decision = decide(a.arrived("Ada kabar?"), a.known(ticket, claims=claims), book())
    assert decision.ticket.id == ticket.id


def test_letters_name_the_end_of_the_wait_to_which_they_lead():
    for decision in (opened(), opened(a.INCOMPLETE, subject="lupa password", files=())):
        due = decision.ticket.due_at
        assert due
        assert {x.words["batas"] for x in a.sent_letters(decision)} == {due}


@pytest.mark.parametrize(
    ("solution", "said"),
    [("Coba lagi.", "setelah tiket ini dijawab"), ("", "setelah tiket ini ditutup")],
    ids=["after an answer", "after closing without data"],
)
def test_the_agents_read_what_a_reply_to_a_closed_ticket_is_about(solution, said):
    ticket = a.ticket("9b" if solution else "5a", closed_at=MONDAY, solution=solution)
    decision = reply(ticket, "NPWP 01.234.567.8-912.000, masih gagal")
    assert said in a.words_of(a.sent_letters(decision)[0])
