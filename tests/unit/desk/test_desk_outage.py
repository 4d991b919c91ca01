"""Tickets of one outage follow one another; nobody else's answer ever goes astray."""

from dataclasses import replace

from kit import builders as a
from kit.office import MONDAY, SARI, TONO, book
from maild.desk.decide import decide
from maild.model.action import Amend, SetAlarm
from maild.model.event import AlarmKind, AlarmRang
from maild.model.known import Known
from maild.model.ticket import State

MARK = "server_down"
MINE = a.ticket("7", outage=MARK)
HIS = replace(MINE, id=2026000017, number="LPSE-2026-000017", requester=TONO)


def ordered(text: str, *others, ticket=MINE, **facts):
    known = a.known(ticket, *others, claims=(a.mark(ticket, SARI),), **facts)
    return decide(a.arrived(text, sender=SARI), known, book())


def amended(decision):
    return [x.ticket for x in decision.actions if isinstance(x, Amend)]


def test_a_ticket_of_the_same_outage_follows_another_requesters():
    decision = ordered(f"#gabung {HIS.number}", HIS)
    assert (decision.ticket.parent, decision.ticket.merged) == (HIS.id, 0)
    assert decision.ticket.state is State.IN_PROGRESS


def test_without_the_same_outage_nobody_follows_a_stranger():
    for other in (replace(HIS, outage=""), replace(HIS, outage="upload_penawaran 500")):
        assert ordered(f"#gabung {HIS.number}", other).ticket.parent == 0


def test_an_answered_ticket_leads_nobody():
    decision = ordered(f"#gabung {HIS.number}", replace(HIS, state=State.ANSWERED))
    assert decision.ticket.parent == 0
    assert "sudah dijawab" in a.receipt(decision)


def test_all_of_the_outage_get_the_answer_in_the_name_of_their_own_ticket():
    decision = ordered("#gabung semua\nSudah menyala.", outage=(Known(tickets={HIS.id: HIS}),))
    sent = [x for x in a.sent_letters(decision) if x.template == "jawaban"]
    assert {(x.ticket.number, x.to) for x in sent if x.ticket} == {
        (MINE.number, MINE.requester),
        (HIS.number, TONO),
    }
    assert [t.version for t in amended(decision)] == [HIS.version + 1, HIS.version + 2]
    assert amended(decision)[-1].state is State.ANSWERED
    his = next(x for x in sent if x.to == TONO)
    assert decision.about(his) == amended(decision)[-1]


def test_who_was_answered_by_himself_is_not_answered_again():
    done = replace(HIS, state=State.ANSWERED, parent=MINE.id)
    decision = ordered("Sudah menyala.", followers=(Known(tickets={HIS.id: done}),))
    assert amended(decision) == []


def test_nothing_to_put_together_is_said():
    assert "tidak ada tiket terbuka lain" in a.receipt(ordered("#gabung semua"))


def test_the_clock_lets_a_follower_wait_for_as_long_as_the_other_is_open():
    mine = replace(MINE, parent=HIS.id)
    rang = AlarmRang(MONDAY, mine.id, AlarmKind.DUE, "7")
    waits = decide(rang, a.known(mine, HIS), book())
    assert a.posted(waits) == []
    assert waits.ticket.row == "7"
    assert any(isinstance(x, SetAlarm) and x.at > MONDAY for x in waits.actions)
    late = decide(rang, a.known(mine, replace(HIS, state=State.ANSWERED)), book())
    assert late.ticket.row == "7a"
