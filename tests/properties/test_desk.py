"""What holds for every decision, whatever the mail, the ticket and the sender."""

from dataclasses import replace

import hypothesis.strategies as st
from hypothesis import given, settings

from kit import builders as a
from kit.office import BUDI, JOKO, MONDAY, PARTNER, SARI, SITI, TONO, book
from maild.desk.decide import decide
from maild.model.action import ClearAlarms, SetAlarm
from maild.model.event import AlarmKind, OperatorSpoke, SendFailed
from maild.model.known import Evidence
from maild.model.mail import Address, Nature, Trust, TrustLevel
from maild.model.ticket import Priority, State

ROWS = ("5", "5a", "7", "7a", "7b", "8b", "9a", "9b", "9c", "10a", "10b")
WRITERS = (SITI, TONO, SARI, BUDI, JOKO, PARTNER, Address("", "noreply@x.example"))
AGENTS = (SARI.address, BUDI.address, JOKO.address)
TEXTS = st.one_of(
    st.sampled_from(
        (
            a.COMPLETE,
            a.INCOMPLETE,
            "",
            "Terima kasih",
            "#selesai\nSudah.",
            "#data\nMohon nomor paket",
            "#eskalasi\nMohon bantuan",
            "#kirim",
            "#bukan",
            "#ambil\n#prioritas 1",
            "#selesai\n#eskalasi",
            "#batal",
            "#pisah",
            "#ya",
            "#gabung LPSE-2026-000042",
            "#templat puisi\nSudah.",
            "#baru Tono <tono@asing.example>\nGagal unggah.",
            "status LPSE-2026-000042",
            "Nomor tiket: INC-204518",
        )
    ),
    st.text(max_size=60),
)


@st.composite
def tickets(draw):
    """Siti's ticket, in some row, with some history."""
    row = draw(st.sampled_from(ROWS))
    closed = row in ("5a", "8b", "9b", "9c")
    missing = draw(st.sampled_from(((), tuple(book().table.labels)[:2])))
    answered = draw(st.booleans()) and row in ("9a", "9b", "9c")
    return a.ticket(
        row,
        closed_at=MONDAY if closed else None,
        due_at=None if closed else MONDAY,
        answered_at=MONDAY if answered else None,
        answered_version=draw(st.integers(0, 3)),
        officer=draw(st.sampled_from(("", "sari", "budi", "joko", "operator"))),
        escalated_at=draw(st.sampled_from((None, MONDAY))),
        asked=draw(st.integers(0, 3)),
        assessment=a.assessment(missing=missing, priority=draw(st.sampled_from(list(Priority)))),
    )


@st.composite
def facts_of(draw, ticket):
    """What is known: claims good and bad, letters sent lately."""
    proofs = [a.mark(ticket), *(a.mark(ticket, who) for who in (SARI, BUDI, JOKO, PARTNER))]
    labels = [a.label(ticket, kind) for kind in Evidence if kind is not Evidence.TOKEN]
    claims = draw(st.lists(st.sampled_from([*proofs, *labels]), max_size=2))
    return a.known(
        ticket,
        claims=tuple(claims),
        lately=(a.sent("pengingat_data"),) * draw(st.integers(0, 3)),
        automatic_last_hour=draw(st.sampled_from((0, 0, 0, 500))),
        duplicate=draw(st.sampled_from((False, False, False, True))),
    )


@st.composite
def cases(draw):
    """Any event with any facts: (event, known)."""
    ticket = draw(tickets())
    known = draw(facts_of(ticket))
    kind = draw(st.sampled_from(("mail", "mail", "mail", "alarm", "operator", "failed")))
    if kind == "alarm":
        return a.rang(ticket, draw(st.sampled_from(list(AlarmKind)))), known
    if kind == "failed":
        party = draw(st.sampled_from(("pengguna", "helpdesk", "lkpp")))
        return SendFailed(MONDAY, ticket.id, "jawaban", party, "x@x.example", "550 no"), known
    if kind == "operator":
        word = draw(st.sampled_from(("selesai", "eskalasi", "buka", "data", "prioritas", "ambil")))
        return OperatorSpoke(MONDAY, ticket.id, word, "Sudah.", "operator"), known
    event = a.arrived(
        draw(TEXTS),
        sender=draw(st.sampled_from(WRITERS)),
        nature=draw(st.sampled_from([Nature.HUMAN] * 8 + list(Nature))),
        files=draw(st.sampled_from(((), ("layar.png",)))),
        subject=draw(st.sampled_from(("Gagal unggah", "", "Re: [LPSE-2026-000042] x"))),
        trust=Trust(draw(st.sampled_from(list(TrustLevel)))),
        old=draw(st.sampled_from((False, False, True))),
    )
    return event, known


FAST = settings(max_examples=40, deadline=None, derandomize=True)


@FAST
@given(cases())
def test_the_same_question_gets_the_same_decision(case):
    assert decide(*case, book()) == decide(*case, book())


@FAST
@given(cases(), st.sampled_from([n for n in Nature if n is not Nature.HUMAN]))
def test_mail_that_no_person_wrote_is_never_answered_to_its_sender(case, nature):
    event, known = case
    if hasattr(event, "mail"):
        machine = replace(event, mail=replace(event.mail, nature=nature))
        letters = a.sent_letters(decide(machine, known, book()))
        # A ticket system's answer is told to the officers; nothing else follows from machines.
        assert {letter.party for letter in letters} <= {"helpdesk"}
        sender = event.mail.sender
        assert not any(sender and letter.to.address == sender.address for letter in letters)


@FAST
@given(cases())
def test_the_same_mail_twice_changes_nothing(case):
    event, known = case
    if hasattr(event, "mail"):
        decision = decide(event, replace(known, duplicate=True), book())
        assert (decision.ticket, decision.actions) == (None, ())


@FAST
@given(cases())
def test_a_ticket_that_waits_has_an_alarm_and_one_that_is_closed_has_none(case):
    decision = decide(*case, book())
    ticket = decision.ticket
    if ticket is None or not any(isinstance(x, ClearAlarms) for x in decision.actions):
        return  # nothing moved: the alarms stay as they are
    cleared = max(i for i, x in enumerate(decision.actions) if isinstance(x, ClearAlarms))
    alarms = [x for x in decision.actions[cleared:] if isinstance(x, SetAlarm)]
    if ticket.state is State.CLOSED:
        assert (alarms, ticket.due_at) == ([], None)
        assert ticket.closed_at == MONDAY
    else:
        assert [(x.at, x.row) for x in alarms if x.kind is AlarmKind.DUE] == [
            (ticket.due_at, ticket.row)
        ]
        assert ticket.closed_at is None


@FAST
@given(cases())
def test_a_ticket_that_changes_row_gets_new_alarms(case):
    event, known = case
    decision = decide(event, known, book())
    before = known.tickets.get(decision.ticket.id) if decision.ticket else None
    if decision.ticket and (before is None or before.row != decision.ticket.row):
        assert any(isinstance(x, ClearAlarms) for x in decision.actions)


@FAST
@given(cases())
def test_every_decision_on_a_ticket_is_its_next_version(case):
    event, known = case
    ticket = decide(event, known, book()).ticket
    if ticket:
        before = known.tickets.get(ticket.id)
        assert ticket.version == (before.version + 1 if before else 1)


@FAST
@given(cases())
def test_an_open_ticket_is_not_answered_and_a_closed_one_has_its_date(case):
    event, known = case
    ticket = decide(event, known, book()).ticket
    if ticket:
        assert not (ticket.state.is_open and ticket.answered_at)
        assert (ticket.state is State.CLOSED) == (ticket.closed_at is not None)


@FAST
@given(cases())
def test_the_requester_gets_at_most_one_automatic_letter_and_none_above_the_budget(case):
    event, known = case
    letters = a.sent_letters(decide(event, known, book()))
    automatic = [x for x in letters if x.party == "pengguna" and x.automatic]
    assert len(automatic) <= 1
    if len(known.lately) >= 2 or known.automatic_last_hour >= 200:
        assert automatic == []


@FAST
@given(cases())
def test_letters_to_the_requester_name_no_agent_address_and_no_mark(case):
    event, known = case
    decision = decide(event, known, book())
    typed = getattr(getattr(event, "mail", None), "text", "")
    for letter in a.sent_letters(decision):
        if letter.party == "pengguna":
            text = a.words_of(letter)
            assert not any(address in text for address in AGENTS if address not in typed)
            assert "helpdesk+" not in text


@FAST
@given(cases())
def test_every_letter_can_be_written_and_its_serial_is_its_own(case):
    event, known = case
    letters = a.sent_letters(decide(event, known, book()))
    for letter in letters:
        subject, _, text = a.words_of(letter).partition("\n")
        assert subject
        assert text.strip()
    assert len({x.serial for x in letters}) == len(letters)


@FAST
@given(cases())
def test_without_proof_only_the_requester_moves_his_ticket(case):
    event, known = case
    if not hasattr(event, "mail") or event.mail.sender == SITI:
        return
    bare = replace(known, claims=tuple(c for c in known.claims if c.mark is None and not c.letter))
    decision = decide(event, bare, book())
    if decision.ticket and decision.ticket.id == a.TICKET_ID:
        before = known.tickets[a.TICKET_ID]
        believed = event.mail.trust.level is TrustLevel.DOMAIN and event.mail.sender.address == (
            PARTNER.address
        )
        assert believed or decision.ticket.row == before.row


@FAST
@given(cases(), st.sampled_from(("sari", "operator")))
def test_a_mail_that_somebody_vouches_for_keeps_every_other_promise(case, voucher):
    event, known = case
    if not hasattr(event, "mail"):
        return
    decision = decide(replace(event, vouched=voucher), known, book())
    ticket = decision.ticket
    if ticket:
        before = known.tickets.get(ticket.id)
        assert ticket.version == (before.version + 1 if before else 1)
        assert (ticket.state is State.CLOSED) == (ticket.closed_at is not None)
        assert before is None or ticket.requester == before.requester
    for letter in a.sent_letters(decision):
        assert a.words_of(letter).strip()
        if letter.party == "pengguna" and letter.ticket and letter.template != "status_umum":
            assert letter.to == letter.ticket.requester


@FAST
@given(cases())
def test_a_letter_about_a_ticket_goes_to_its_requester_and_to_listed_people_only(case):
    event, known = case
    listed = {p.address for p in book().directory.people}
    for letter in a.sent_letters(decide(event, known, book())):
        if letter.ticket is None:
            sender = getattr(getattr(event, "mail", None), "sender", None)
            assert letter.to.address in listed or (sender and letter.to == sender)
        elif letter.party == "pengguna":
            assert letter.to == letter.ticket.requester
        else:
            assert letter.to.address in listed
