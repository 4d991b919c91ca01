"""Who may command: fresh mails are confirmed, marks in foreign hands die, absence owns nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kit import builders as a
from kit.office import BUDI, JOKO, MONDAY, PARTNER, SARI, SITI, TONO, book
from maild.desk.decide import decide
from maild.ingest import forward
from maild.model.action import NoteAbsence, Outcome, TakeUp
from maild.model.known import Claim, Evidence, SentLetter
from maild.model.mail import Nature
from maild.model.ticket import State

ANSWER = "Silakan unggah ulang."


# --- confirming (A05, A13) ---------------------------------------------------------------------


def question(to: str = SARI.address, template: str = "konfirmasi_perintah", name="0.5-99.5"):
    """Our question about held mail 5, as the store remembers it, and the claim of a reply."""
    letter = SentLetter(None, name, template, "helpdesk", to, True, MONDAY)
    return letter, Claim(Evidence.MESSAGE_ID, f"<{name}>", None, letter=name)


def reply_to_question(text: str, sender=SARI, letter=None, **how):
    asked, claim = letter or question()
    return decide(
        a.arrived(text, sender=sender, **how), a.known(claims=(claim,), letter=asked), book()
    )


def test_a_fresh_order_is_asked_about_at_the_agents_own_address_and_runs_nothing():
    ticket = a.ticket("7")
    fresh = a.arrived("#selesai\nSudah.", sender=SARI, subject=f"Re: [{ticket.number}]")
    decision = decide(fresh, a.known(ticket, claims=(a.label(ticket),)), book())
    [letter] = a.sent_letters(decision)
    assert (letter.to.address, letter.confirms, letter.ticket) == (SARI.address, 7, None)
    assert (decision.ticket, decision.outcome) == (None, Outcome.QUARANTINED)
    shown = a.words_of(letter)
    for said in ("#selesai", '"Sudah."', "#ya", ticket.number):
        assert said in shown


@pytest.mark.parametrize("text", ["#ya", "#yes", "#YA\n\n> #selesai"])
def test_the_word_from_his_address_lets_the_held_mail_run_once(text):
    decision = reply_to_question(text)
    assert decision.actions == (TakeUp(5, "sari"),)
    assert decision.outcome is Outcome.DONE


def test_he_may_also_leave_it():
    decision = reply_to_question("#batal")
    [receipt] = decision.actions
    assert (receipt.template, receipt.to.address) == ("resi", SARI.address)
    assert receipt.words["baris"] == [("#batal", "surel yang ditahan tidak dijalankan")]
    assert (receipt.confirms, decision.outcome) == (None, Outcome.DONE)


NOT_CONFIRMED = {
    "without the word": ("Baik, terima kasih.", SARI, question(), {}),
    "two words": ("#ya\n#selesai", SARI, question(), {}),
    "a colleague": ("#ya", BUDI, question(), {}),
    "a stranger": ("#ya", TONO, question(), {}),
    "a former agent": ("#ya", JOKO, question(JOKO.address), {}),
    "a failed sender": ("#ya", SARI, question(), {"trust": a.FORGED}),
    "a machine": ("#ya", SARI, question(), {"nature": Nature.AUTO_REPLY}),
    "a reply to another letter": ("#ya", SARI, question(template="tugas_baru"), {}),
    "a letter that asks nothing": ("#ya", SARI, question(name="0.5-99"), {}),
}


@pytest.mark.parametrize(
    ("text", "sender", "letter", "how"), NOT_CONFIRMED.values(), ids=NOT_CONFIRMED.keys()
)
def test_nothing_else_confirms(text, sender, letter, how):
    decision = reply_to_question(text, sender, letter, **how)
    assert not any(isinstance(x, TakeUp) for x in decision.actions)


def vouched(text: str, by: str = "sari", tickets=(), claims=(), **how):
    event = replace(a.arrived(text, sender=SARI, **how), vouched=by)
    return decide(event, a.known(*tickets, claims=claims), book())


@pytest.mark.parametrize("by", ["sari", "operator"])
def test_a_confirmed_mail_runs_on_the_ticket_that_it_names(by):
    ticket = a.ticket("7")
    decision = vouched(f"#selesai\n{ANSWER}", by, (ticket,), (a.label(ticket),))
    assert a.posted(decision) == ["selesai -> pengguna", "resi -> helpdesk"]
    assert decision.ticket.state is State.CLOSED


def test_another_agents_word_confirms_nothing():
    ticket = a.ticket("7")
    decision = vouched(f"#selesai\n{ANSWER}", "budi", (ticket,), (a.label(ticket),))
    assert decision.outcome is Outcome.QUARANTINED


def test_a_confirmed_mail_that_names_no_ticket_gets_a_receipt_that_says_so():
    decision = vouched("#selesai\nSudah.")
    [letter] = a.sent_letters(decision)
    assert (letter.template, decision.ticket, decision.outcome) == ("resi", None, Outcome.DONE)
    assert "tidak menyebut tiket" in a.words_of(letter)


def test_a_confirmed_second_answer_is_not_held_again():
    ticket = a.ticket("9a", version=5, officer="budi", answered_at=MONDAY, answered_version=5)
    decision = vouched(ANSWER, "sari", (ticket,), (a.mark(ticket, SARI, 3),))
    assert a.posted(decision) == ["jawaban -> pengguna", "resi -> helpdesk"]


# --- opening for somebody else -----------------------------------------------------------------


def test_an_agent_opens_a_ticket_for_a_caller():
    text = f"#baru Tono Hartono <Tono@Asing.example>\n{a.COMPLETE}"
    decision = vouched(text, files=("layar.png",), subject="Gagal unggah")
    assert str(decision.ticket.requester) == "Tono Hartono <tono@asing.example>"
    assert a.posted(decision) == [
        "tanda_terima -> pengguna",
        "tugas_baru -> helpdesk",
        "tugas_baru -> helpdesk",
        "resi -> helpdesk",
    ]
    assert a.sent_letters(decision)[0].to.address == "tono@asing.example"
    assert decision.ticket.number in a.receipt(decision)
    assert a.messages(decision)[0].text == a.COMPLETE


@pytest.mark.parametrize(
    "argument", ["", "Tono", "Tono <tono>", "tono@@x", "Helpdesk <helpdesk@lpse.contoh.go.id>"]
)
def test_without_a_usable_address_nothing_is_opened(argument):
    decision = vouched(f"#baru {argument}\n{a.COMPLETE}")
    assert (decision.ticket, decision.outcome) == (None, Outcome.DONE)
    [letter] = a.sent_letters(decision)
    assert (letter.template, letter.to.address) == ("resi", SARI.address)
    assert "tulis nama dan alamat pengguna" in a.words_of(letter)


FORWARD = f"""Mohon ditangani.

---------- Forwarded message ---------
Dari: Tono <tono@asing.example>
Tanggal: Sen, 2 Feb 2026
Perihal: Gagal unggah

{a.COMPLETE}"""


def forwarded(**fields):
    mail = a.mail(FORWARD, sender=SARI, subject="Fwd: Gagal unggah", **fields)
    return replace(mail, forwarded=forward.inline(FORWARD, True))


def test_a_forwarded_mail_is_asked_about_first():
    decision = decide(a.arrived(forwarded()), a.known(), book())
    assert a.posted(decision) == ["konfirmasi_perintah -> helpdesk"]
    shown = a.words_of(a.sent_letters(decision)[0])
    assert "tiket baru atas nama Tono <tono@asing.example>" in shown


def test_its_writer_becomes_the_requester_and_the_agents_words_stay_inside():
    event = replace(a.arrived(forwarded()), vouched="sari")
    decision = decide(event, a.known(), book())
    assert decision.ticket.requester.address == "tono@asing.example"
    assert decision.ticket.subject == "Gagal unggah"
    assert a.messages(decision)[0].text == a.COMPLETE
    for letter in a.sent_letters(decision):
        if letter.party == "pengguna":
            assert "Mohon ditangani" not in a.words_of(letter)


# --- marks in foreign hands (A14, B118) --------------------------------------------------------


def show(sender, ticket, *claims, text=ANSWER, **how):
    return decide(a.arrived(text, sender=sender, **how), a.known(ticket, claims=claims), book())


@pytest.mark.parametrize("sender", [TONO, PARTNER], ids=["a stranger", "another office"])
def test_a_mark_that_a_stranger_shows_is_revoked_and_the_agent_gets_a_new_one(sender):
    ticket = a.ticket("7", version=5)
    decision = show(sender, ticket, a.mark(ticket, SARI, 4), text="#selesai\nSudah.")
    assert decision.outcome is Outcome.QUARANTINED
    assert (decision.ticket.revoked_version, decision.ticket.row) == (5, "7")
    [letter] = a.sent_letters(decision)
    assert (letter.template, letter.to.address) == ("tanda_baru", SARI.address)
    assert str(sender.address) in a.words_of(letter)
    assert a.messages(decision) == []


def test_after_that_the_agents_old_notices_prove_nothing_and_the_new_one_does():
    ticket = a.ticket("7", version=6, revoked_version=5)
    for old in (4, 5):
        assert a.posted(a.from_agent(ANSWER, ticket, SARI, version=old)) == [
            "konfirmasi_perintah -> helpdesk"
        ]
    assert a.posted(a.from_agent(ANSWER, ticket, SARI, version=6))[0] == "jawaban -> pengguna"


def test_a_revoked_mark_is_revoked_once():
    ticket = a.ticket("7", version=9, revoked_version=5)
    decision = show(TONO, ticket, a.mark(ticket, SARI, 4))
    assert decision.ticket.revoked_version == 5
    assert decision.note == "pihak ketiga"


def test_a_message_id_proves_nothing_after_a_mark_was_stolen():
    ticket = a.ticket("7", revoked_version=2)
    letter = SentLetter(ticket.id, "42.2", "tugas_baru", "helpdesk", SARI.address, True, MONDAY)
    claim = Claim(Evidence.MESSAGE_ID, "<42.2>", ticket.id, letter="42.2")
    facts = a.known(ticket, claims=(claim,), letter=letter)
    decision = decide(a.arrived(ANSWER, sender=SARI), facts, book())
    assert decision.outcome is Outcome.QUARANTINED


def test_the_requester_who_shows_it_is_heard_and_the_mark_dies_too():
    ticket = a.ticket("5", version=5)
    decision = show(SITI, ticket, a.mark(ticket, SARI, 5), text="NPWP 01.234.567.8-912.000")
    assert decision.ticket.revoked_version == 5
    assert decision.ticket.row == "7"
    assert "tanda_baru -> helpdesk" in a.posted(decision)


def test_a_colleague_with_a_forwarded_notice_is_asked_and_nothing_is_revoked():
    ticket = a.ticket("7", version=5)
    decision = show(BUDI, ticket, a.mark(ticket, SARI, 5))
    assert (decision.ticket, a.posted(decision)) == (None, ["konfirmasi_perintah -> helpdesk"])


# --- absence (B105, B120) ----------------------------------------------------------------------


def away(sender, ticket, *claims, **how):
    text = "Saya sedang cuti sampai 10 Februari."
    return show(sender, ticket, *claims, text=text, nature=Nature.AUTO_REPLY, **how)


def test_an_agents_own_out_of_office_answers_nobody_and_his_ticket_goes_to_the_others():
    ticket = a.ticket("7", officer="sari")
    decision = away(SARI, ticket, a.mark(ticket, SARI))
    assert [f"{x.template} -> {x.to.address}" for x in a.sent_letters(decision)] == [
        f"tugas_baru -> {BUDI.address}"
    ]
    assert NoteAbsence(SARI.number, MONDAY) in decision.actions
    assert (decision.ticket.officer, decision.ticket.row) == ("", "7")
    assert decision.outcome is Outcome.INERT
    assert "sedang tidak di tempat" in a.words_of(a.sent_letters(decision)[0])


@pytest.mark.parametrize("row", ["5", "9a", "10a"])
def test_a_ticket_that_waits_for_somebody_else_stays_his(row):
    ticket = a.ticket(row, officer="sari")
    decision = away(SARI, ticket, a.mark(ticket, SARI))
    assert (decision.ticket.officer, a.posted(decision)) == ("sari", [])


def test_an_out_of_office_without_a_mark_says_nothing_about_him():
    ticket = a.ticket("7", officer="sari")
    for decision in (
        away(SARI, ticket, a.label(ticket)),
        away(SARI, ticket, a.mark(ticket, SARI), trust=a.FORGED),
        away(SARI, ticket, a.mark(ticket, BUDI)),
    ):
        assert not any(isinstance(x, NoteAbsence) for x in decision.actions)


def test_notices_of_his_tickets_go_to_those_who_are_there():
    ticket = a.ticket("7", officer="sari")
    facts = a.known(ticket, claims=(a.mark(ticket),), absent=frozenset({SARI.number}))
    decision = decide(a.arrived("Ada kabar?"), facts, book())
    assert [x.to.address for x in a.sent_letters(decision)] == [BUDI.address]


def test_who_writes_himself_is_back():
    ticket = a.ticket("7", officer="sari")
    facts = a.known(ticket, claims=(a.mark(ticket, SARI),), absent=frozenset({SARI.number}))
    decision = decide(a.arrived("#ambil", sender=SARI), facts, book())
    assert NoteAbsence(SARI.number, None) in decision.actions


def test_when_everybody_is_away_everybody_is_told():
    ticket = a.ticket("7")
    absent = frozenset({SARI.number, BUDI.number})
    facts = a.known(ticket, claims=(a.mark(ticket),), absent=absent)
    assert len(a.sent_letters(decide(a.arrived("Ada kabar?"), facts, book()))) == 2


def test_an_older_letter_does_not_make_an_answer_late_for_its_own_author():
    ticket = a.ticket("9a", version=6, officer="sari", answered_at=MONDAY, answered_version=6)
    later = MONDAY + timedelta(hours=1)
    facts = a.known(ticket, claims=(a.mark(ticket, SARI, 2),))
    assert "jawaban -> pengguna" in a.posted(
        decide(a.arrived(ANSWER, sender=SARI, now=later), facts, book())
    )
