"""Any SOP that is sound can be walked: nobody is stuck, each move ends in a wait or the end."""

import hypothesis.strategies as st
from hypothesis import HealthCheck, assume, given, settings

from maild.model.ticket import Match
from maild.rules import advance, procedure, soundness

PARTIES = ("pengguna", "helpdesk", "lkpp")
WORDS = ("", "jawab", "selesai", "eskalasi", "ya")


@st.composite
def sops(draw):
    """Procedures of a few rows: people's arrows lead anywhere, maild's mostly forward. Rows that
    nothing reaches are left out, so that most of them are sound."""
    numbers = [str(n) for n in range(1, draw(st.integers(2, 7)) + 1)]
    anywhere = st.sampled_from(numbers[1:])
    rows = {"1": {"no": "1", "pelaksana": "pengguna", "lanjut": draw(anywhere)}}
    for no in numbers[1:]:
        forward = st.sampled_from([n for n in numbers if n > no] or [no])
        kind = draw(st.sampled_from(("end", "person", "person", "go on", "ask")))
        row = {"no": no, "pelaksana": "maild"}
        if kind == "end" or no == numbers[-1]:
            row["selesai"] = True
        elif kind == "go on":
            row["lanjut"] = draw(forward)
        elif kind == "ask":
            row |= {"tanya": "butuh_data_tambahan", "ya": draw(forward), "tidak": draw(anywhere)}
        else:
            row |= {"pelaksana": draw(st.sampled_from(PARTIES)), "waktu": "1 jam"}
            row |= {"lewat": draw(anywhere), "lanjut": draw(anywhere)}
            row["pilihan"] = draw(st.dictionaries(st.sampled_from(WORDS[1:]), anywhere))
            if row["pilihan"] and draw(st.booleans()):
                del row["lanjut"]
        rows[no] = row
    reopen = draw(anywhere)
    seen, todo = set(), ["1", reopen]
    while todo:
        row = rows[todo.pop()]
        if row["no"] not in seen:
            seen.add(row["no"])
            plain = (row.get(key) for key in ("lanjut", "lewat", "ya", "tidak"))
            todo += [no for no in (*plain, *row.get("pilihan", {}).values()) if no]
    kept = [row for no, row in rows.items() if no in seen]
    head = {"nama": "acak", "mulai": "1", "buka_kembali": reopen}
    sop, complaints = procedure.read({"sop": head, "langkah": kept}, "acak.toml")
    assert complaints == []
    return sop


def is_sound(sop) -> bool:
    names = frozenset({*PARTIES, "maild"})
    asked = frozenset({"butuh_data_tambahan"})
    return not soundness.faults(sop, "acak.toml", frozenset(), asked, names)


MOVES = st.tuples(st.sampled_from((*PARTIES, "clock", "reopen")), st.sampled_from(WORDS))
FEW = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@FEW
@given(sops(), st.lists(MOVES, max_size=12), st.data())
def test_a_sound_sop_never_sticks(sop, moves, data):
    assume(is_sound(sop))

    def ask(question: str):
        return data.draw(st.booleans()), Match(question, "")

    row = advance.begin(sop, ask).stands_in
    for who, word in moves:
        assert row is not None
        assert row.ends or row.waits, "maild does not stop in a row of its own"
        if who == "clock":
            walk = advance.late(sop, row.no, ask)
            assert walk.steps or row.ends, "whoever is waited for can be late"
        elif who == "reopen":
            walk = advance.reopen(sop, row.no, ask)
            assert walk.steps
        else:
            walk = advance.act(sop, row.no, who, word, ask)
        row = walk.stands_in or row


@FEW
@given(sops())
def test_every_person_who_is_waited_for_can_move_a_sound_sop(sop):
    assume(is_sound(sop))
    for row in sop.rows.values():
        if row.waits and row.no != sop.start:
            words = ("", *row.choices)
            moved = [
                advance.act(sop, row.no, row.actor, word, lambda q: (True, Match(q, "")))
                for word in (words if row.actor == "helpdesk" else ("",))
            ]
            assert any(walk.steps for walk in moved)


@FEW
@given(sops())
def test_from_every_row_of_a_sound_sop_there_is_a_way_to_its_end(sop):
    assume(is_sound(sop))
    for start in sop.rows:
        seen, todo = set(), [start]
        while todo:
            row = sop.rows[todo.pop()]
            if row.no not in seen:
                seen.add(row.no)
                todo += [no for _, no in row.arrows()]
        assert any(sop.rows[no].ends for no in seen)
