"""What earlier mails teach where the phrases leave doubt."""

import json
from dataclasses import replace

import pytest

from maild.model.ticket import Assessment, Kind
from maild.model.worktime import WorkTime
from maild.rules.assess import assess, telling
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
    faint = replace(TAUGHT, words={"tetangga": Word(1.0, (0.0, 5.0), (0.0, 0.3))})
    assert _assessed(VAGUE, replace(table, learnt=faint), worktime).kind is Kind.COMPLAINT


def test_words_that_were_never_met_say_nothing() -> None:
    assert TAUGHT.likely_categories(("kambing",)) == {}
    assert TAUGHT.likely_kinds(("kambing",)) == {}


def test_a_file_gives_back_what_was_written() -> None:
    assert read_learnt(written(TAUGHT), "x.json", ("ekatalog", "sanggah")) == (TAUGHT, [])


BROKEN = (
    *("", "[]", "{}", "[" * 10_000),
    written(replace(TAUGHT, bias=(0.0,))),
    written(TAUGHT).replace('"skema": 3', '"skema": 2'),
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
        Lesson(read("tombol sanggah abu-abu"), "sanggah", Kind.COMPLAINT),
        Lesson((*read("produk batik lewat mana"), "?"), "ekatalog", Kind.QUESTION),
        Lesson(read("batik user4711"), "ekatalog"),
    ] * 8
    model = learn(rows)
    contested, traded = read("sanggahnya abu"), (*read("produk batik"), "?")
    assert model.likely_categories(contested)["sanggah"] > 0.9
    assert model.likely_kinds(contested)[Kind.COMPLAINT] > 0.9
    assert model.likely_categories(traded)["ekatalog"] > 0.9
    assert model.likely_kinds(traded)[Kind.QUESTION] > 0.9
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


def test_the_subject_and_the_signs_of_the_table_are_learnt_from_too(
    table: PriorityTable, worktime: WorkTime
) -> None:
    line = {
        "subject": "Lupa sandi",
        "body": "Apa bisa direset?",
        "received_at": "2026-03-10T09:00Z",
    }
    (mail,), _ = read_mails(json.dumps(line), "surat.jsonl")
    said = telling(mail.problem, table, worktime)
    assert {"lupa", "^lupa", "?", "kategori.lupa_password++", "isyarat.kegagalan"} <= set(said)
    assert "^reset" not in said
    assert len(said) == len(set(said))


def test_what_earlier_mails_decide_names_the_words(
    table: PriorityTable, worktime: WorkTime
) -> None:
    found = _assessed(VAGUE, replace(table, learnt=TAUGHT), worktime)
    assert "99%: tetangga" in found.reasons[0].evidence
    assert "99%: tetangga" in found.reasons[1].evidence


def test_where_the_kind_is_in_doubt_only_what_both_require_is_asked(
    table: PriorityTable, worktime: WorkTime
) -> None:
    text = "tetangga: kami tidak bisa login SPSE memakai laptop kantor dan peramban lain"
    sure, torn = (
        replace(TAUGHT, words={"tetangga": Word(1.0, (0.0, 0.0), weights)})
        for weights in ((5.0, 0.0), (0.5, 0.0))
    )
    asked = _assessed(text, replace(table, learnt=sure, sure=0.3), worktime)
    spared = _assessed(text, replace(table, learnt=torn, sure=0.3), worktime)
    assert asked.kind is spared.kind is Kind.COMPLAINT
    assert {"bukti_error", "waktu_kejadian"} <= set(asked.missing)
    assert set(spared.missing) == set(asked.missing) - {"bukti_error", "waktu_kejadian"}
    assert not any(match.rule == "wajib" for match in asked.reasons)
    assert spared.reasons[-1].rule == "wajib"
    assert "konsultasi" in spared.reasons[-1].evidence


def test_a_category_that_was_never_learnt_has_the_share_of_its_phrases(
    table: PriorityTable, worktime: WorkTime
) -> None:
    text = "produk batik kami di katalog tidak tayang, tetangga; lupa password"
    found = _assessed(text, replace(table, learnt=TAUGHT, sure=1.0), worktime)
    assert found.category in ("lupa_password", "ekatalog", "sanggah")
    only = replace(TAUGHT, categories=("sanggah", "auditor"), words={})
    assert _assessed(text, replace(table, learnt=only, sure=1.0), worktime).category != "sanggah"


def test_who_says_that_nobody_answered_is_no_advertisement(
    table: PriorityTable, worktime: WorkTime
) -> None:
    text = "tetangga: menindaklanjuti email kami soal login, sampai sekarang belum ada tanggapan"
    weak = replace(
        TAUGHT, categories=("gagal_login", "bukan_permasalahan"), bias=(0.7, 0.0, 0.0, 0.0)
    )
    words = {"tetangga": Word(1.0, (0.0, 0.5), (0.0, 0.0))}
    taught = replace(table, learnt=replace(weak, words=words), sure=1.0)
    assert _assessed(text, taught, worktime).category == "gagal_login"
