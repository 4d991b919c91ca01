"""What earlier mails teach where the phrases leave doubt."""

import json
from dataclasses import replace

import pytest

from maild.model.ticket import Assessment, Kind
from maild.model.worktime import WorkTime
from maild.rules.assess import assess
from maild.rules.learnt import Learnt, Word, read_learnt, written
from maild.rules.priorities import PriorityTable
from maild.rules.trial import read_mails
from tests.unit.rules.conftest import ROOT

VAGUE = "burung terbang menabrak jendela rumah sekolah tetangga kemarin dulu"
# One word decides everything: it speaks for the second category and for the second kind.
TAUGHT = Learnt(
    ("ekatalog", "sanggah"),
    (Kind.COMPLAINT, Kind.CONSULTATION),
    (0.0, 0.0, 0.0, 0.0),
    {"tetangga": Word(1.0, (0.0, 5.0), (0.0, 5.0))},
)


def _assessed(text: str, table: PriorityTable, worktime: WorkTime) -> Assessment:
    line = json.dumps({"subject": "", "body": text, "received_at": "2026-03-10T09:00:00+07:00"})
    (mail,), _ = read_mails(line, "surat.jsonl")
    return assess(mail.problem, table, worktime)


def test_it_proposes_where_phrases_are_unsure(table: PriorityTable, worktime: WorkTime) -> None:
    assert _assessed(VAGUE, table, worktime).category == "lainnya"
    found = _assessed(VAGUE, replace(table, learnt=TAUGHT), worktime)
    assert found.category == "sanggah"
    assert found.confidence == pytest.approx(0.99)
    assert found.reasons[0].rule == "belajar.sanggah"
    assert "99%" in found.reasons[0].evidence


def test_what_it_hardly_believes_is_not_believed(table: PriorityTable, worktime: WorkTime) -> None:
    doubtful = replace(table, learnt=TAUGHT, believed=0.999)
    assert _assessed(VAGUE, doubtful, worktime).category == "lainnya"


def test_it_is_silent_where_phrases_are_sure(table: PriorityTable, worktime: WorkTime) -> None:
    text = "tetangga: CV Maju lupa password, mohon reset password"
    found = _assessed(text, replace(table, learnt=TAUGHT), worktime)
    assert found.category == "lupa_password"


def test_a_kind_that_earlier_mails_make_much_likelier_wins(
    table: PriorityTable, worktime: WorkTime
) -> None:
    assert _assessed(VAGUE, table, worktime).kind is Kind.COMPLAINT
    found = _assessed(VAGUE, replace(table, learnt=TAUGHT), worktime)
    assert found.kind is Kind.CONSULTATION
    assert "frasa: pengaduan" in found.reasons[1].evidence


def test_a_kind_that_is_hardly_likelier_does_not(table: PriorityTable, worktime: WorkTime) -> None:
    faint = replace(TAUGHT, words={"tetangga": Word(1.0, (0.0, 5.0), (0.0, 1.0))})
    assert _assessed(VAGUE, replace(table, learnt=faint), worktime).kind is Kind.COMPLAINT


def test_words_that_were_never_met_say_nothing() -> None:
    assert TAUGHT.likely_categories(("kambing",), asked=True) == {}
    assert TAUGHT.likely_kinds(("kambing",), asked=True) == {}


def test_a_file_gives_back_what_was_written() -> None:
    assert read_learnt(written(TAUGHT), "x.json", ("ekatalog", "sanggah")) == (TAUGHT, [])


BROKEN = (
    *("", "[]", "{}", "[" * 10_000),
    written(replace(TAUGHT, bias=(0.0,))),
    written(TAUGHT).replace('"skema": 2', '"skema": 1'),
    written(TAUGHT).replace("[[1, 5.0]", "[[4, 5.0]"),
    written(TAUGHT).replace('"pengaduan"', '"keluhan"'),
)


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_file_is_told_with_its_remedy(text: str) -> None:
    found, complaints = read_learnt(text, "x.json", ("ekatalog", "sanggah"))
    assert found is None
    assert complaints == [
        "x.json: bukan hasil belajar maild; hapus berkas ini, atau buat lagi dengan: "
        "maild rules learn"
    ]


def test_a_model_of_another_table_is_refused() -> None:
    _, complaints = read_learnt(written(TAUGHT), "x.json", ("ekatalog",))
    assert "kategori 'sanggah' tidak ada dalam tabel" in complaints[0]


def test_learning_from_mails_tells_categories_apart(table: PriorityTable) -> None:
    pytest.importorskip("sklearn")
    from maild.rules.learning import Lesson, NothingToLearnError, learn

    def read(text: str) -> tuple[str, ...]:
        return table.normaliser.read("", text).bases

    rows = [
        Lesson(
            read("tombol sanggah abu-abu"), asked=False, category="sanggah", kind=Kind.COMPLAINT
        ),
        Lesson(
            read("produk batik lewat mana"), asked=True, category="ekatalog", kind=Kind.QUESTION
        ),
        Lesson(read("batik user4711"), asked=False, category="ekatalog"),
    ] * 8
    model = learn(rows)
    contested, traded = read("sanggahnya abu"), read("produk batik")
    assert model.likely_categories(contested, asked=False)["sanggah"] > 0.9
    assert model.likely_kinds(contested, asked=False)[Kind.COMPLAINT] > 0.9
    assert model.likely_categories(traded, asked=True)["ekatalog"] > 0.9
    assert model.likely_kinds(traded, asked=True)[Kind.QUESTION] > 0.9
    assert not any(map(str.isdigit, "".join(model.words)))
    assert learn(rows) == model
    assert read_learnt(written(model), "x.json", model.categories) == (model, [])
    with pytest.raises(NothingToLearnError):
        learn(rows[:3])


def test_the_model_that_ships_belongs_to_the_table_that_ships(table: PriorityTable) -> None:
    path = ROOT / "sop" / "kategori-belajar.json"
    model, complaints = read_learnt(path.read_text("utf-8"), path.name, table.categories)
    assert model is not None
    assert not complaints


def test_a_mail_that_says_nothing_is_asked_of_nobody(
    table: PriorityTable, worktime: WorkTime
) -> None:
    taught = replace(TAUGHT, bias=(0.0, 9.0, 0.0, 9.0))
    found = _assessed("pak gimana ini ya", replace(table, learnt=taught), worktime)
    assert found.category == "lainnya"
