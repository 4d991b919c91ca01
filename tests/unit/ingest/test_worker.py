"""The disposable reader: a mail that hangs or kills it harms only itself (R9, B006 to B008)."""

import operator
import sys
from pathlib import Path
from typing import Any, cast

import pytest

from kit.office import MONDAY, office
from maild.ingest import parse, worker
from maild.ingest.worker import Limits, Read, Reader, Unreadable
from maild.service.ahead import Ahead

MAIL = b"From: budi@x.example\nSubject: s%d\n\nisi\n"
# A child that answers as the real one does, but hangs, dies or lies when the file says so.
FAKE = """
import json, sys, time
sys.stdin.buffer.read(json.loads(sys.stdin.buffer.readline())["weigher"])
print("ready", flush=True)
for line in sys.stdin.buffer:
    word = open(json.loads(line)[0]).read()
    if word == "hang": time.sleep(60)
    if word == "die": sys.exit(3)
    print({"lie": '{"sender": 1}', "noise": "x" * 100}.get(word, "!" + word), flush=True)
"""


@pytest.fixture
def written(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.eml" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(MAIL % number)
    return paths


def files(folder: Path, *words: str) -> list[Path]:
    paths = [folder / f"{number}" for number in range(len(words))]
    for path, word in zip(paths, words, strict=True):
        path.write_text(word)
    return paths


def fake(wall_seconds: float = 10.0) -> Reader:
    return Reader(limits=Limits(wall_seconds=wall_seconds), command=(sys.executable, "-c", FAKE))


def test_mails_are_read_in_order_and_equal_those_read_here(written: list[Path]) -> None:
    with Reader("mx.example", frozenset({"h@x.example"})) as reader:
        found = reader.read_many(written)
    expected = [
        Read(parse.read(p.read_bytes(), "mx.example", frozenset({"h@x.example"}))) for p in written
    ]
    assert found == expected


def test_mails_are_weighed_where_they_are_read_and_weigh_the_same(tmp_path: Path) -> None:
    """A person's first mail only; of an answer, of a machine's mail, and of mail that came before
    the cut-over (without a time) nothing is told."""
    book = office().book
    weigher = Ahead(book.table, book.worktime)
    heads = (b"", b"Auto-Submitted: auto-replied\n", b"In-Reply-To: <a@x.example>\n", b"")
    text = b"Kami dari CV Maju tidak bisa unggah penawaran tender 12345678, tutup jam 10."
    paths = [tmp_path / f"{number}.eml" for number in range(len(heads))]
    for path, head in zip(paths, heads, strict=True):
        path.write_bytes(head + MAIL % 1 + text)
    with Reader() as reader:
        reader.weigh_by(weigher)
        found = reader.read_many(paths, [MONDAY, MONDAY, MONDAY, None])
    read = [one for one in found if isinstance(one, Read)]
    assert [one.assessment is None for one in read] == [False, True, True, True]
    assert read[0].assessment == weigher(read[0].mail, MONDAY)
    assert read[0].assessment is not None
    assert read[0].assessment.fields["kode_paket"] == "12345678"


def test_a_fault_in_weighing_costs_no_mail(written: list[Path]) -> None:
    with Reader() as reader:
        reader.weigh_by(cast(Any, operator.getitem))  # raises for any mail
        found = reader.read_many(written, [MONDAY] * 3)
    assert [isinstance(one, Read) and one.assessment is None for one in found] == [True] * 3


def test_a_child_is_kept_for_the_next_batch_and_restarted_after_close(written: list[Path]) -> None:
    with Reader() as reader:
        first = reader.read_many(written)
        assert reader.read_many(written) == first
        reader.close()
        assert reader.read_many(written[:1]) == first[:1]


def test_a_file_that_is_not_there_or_too_large_is_unreadable(written: list[Path]) -> None:
    with Reader(limits=Limits(octets=10)) as reader:
        found = reader.read_many([written[0].with_name("tidak-ada"), written[0]])
    assert found == [
        Unreadable("cannot open: No such file or directory"),
        Unreadable("larger than the limit"),
    ]


def test_a_mail_that_hangs_is_killed_and_the_others_go_on(tmp_path: Path) -> None:
    with fake(wall_seconds=0.5) as reader:
        found = reader.read_many(files(tmp_path, "satu", "hang", "dua"))
    assert found == [
        Unreadable("satu"),
        Unreadable("reading took longer than 0.5 s"),
        Unreadable("dua"),
    ]


def test_a_mail_that_kills_the_reader_costs_only_itself(tmp_path: Path) -> None:
    with fake() as reader:
        found = reader.read_many(files(tmp_path, "satu", "die", "dua", "die"))
    assert found == [
        Unreadable("satu"),
        Unreadable("the reader ended with code 3"),
        Unreadable("dua"),
        Unreadable("the reader ended with code 3"),
    ]


def test_an_answer_that_is_no_mail_is_not_believed(tmp_path: Path) -> None:
    with fake() as reader:
        found = reader.read_many(files(tmp_path, "lie", "noise", "satu"))
    assert [isinstance(one, Unreadable) for one in found] == [True, True, True]
    assert "faults" in str(found[0])
    assert found[2] == Unreadable("satu")


def test_a_batch_longer_than_the_pipe_is_read(tmp_path: Path) -> None:
    words = [f"kata{number}" for number in range(300)]
    with fake() as reader:
        assert reader.read_many(files(tmp_path, *words)) == [Unreadable(word) for word in words]


def test_a_reader_that_does_not_even_start_is_killed(
    written: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads nothing, so that what it is told, more than a pipe holds, cannot be written."""
    monkeypatch.setattr(worker, "_START_SECONDS", 0.3)
    asleep = (sys.executable, "-c", "import time; time.sleep(600)")
    book = office().book
    with Reader(command=asleep) as reader:
        reader.weigh_by(Ahead(book.table, book.worktime))
        found = reader.read_many(written[:1], [MONDAY])
    assert found == [Unreadable("the reader used up its processor time or was killed")]


def test_memory_has_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "besar.eml"
    with path.open("wb") as file:
        file.truncate(700_000_000)
    with Reader(limits=Limits(octets=1_000_000_000, memory_mb=256)) as reader:
        assert reader.read_many([path]) == [Unreadable("not enough memory")]


def test_a_reader_that_dies_between_two_answers_takes_no_further_mail_along(
    tmp_path: Path,
) -> None:
    """The child answers and dies at once; whether its end is seen before or after the next mail
    is asked for, only the mail that it was at is lost."""
    words = ["satu", "die"] * 6
    with fake() as reader:
        found = reader.read_many(files(tmp_path, *words))
    dead = Unreadable("the reader ended with code 3")
    assert found == [dead if word == "die" else Unreadable(word) for word in words]
