"""The collections under tests/mails: each mail stands with a line that says what it proves.

Written before maild was run on them; the first, blind scores stand in docs/accuracy.md.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from kit import collection
from kit.collection import Sample
from maild.ingest import parse
from maild.model.mail import ParsedMail

FOLDER = Path(__file__).parents[2] / "mails"
NATURES = {"balasan": "human", "otomatis": "auto_reply", "manusia": "human"}
SAMPLES = [
    pytest.param(sample, sample.nature or nature, id=f"{path.stem}: {sample.proves}")
    for folder, nature in NATURES.items()
    for path in sorted((FOLDER / folder).glob("*.mails"))
    for sample in collection.load(path)
]


def words(text: str) -> list[str]:
    """White space is the mail program's, not the writer's."""
    return text.split()


def reading(octets: bytes) -> ParsedMail:
    """A mail as it is read; files are compared by name, since their octets hold line ends too."""
    mail = parse.read(octets)
    files = tuple(replace(file, size=0, sha256="") for file in mail.attachments)
    return replace(mail, attachments=files, content_hash="")


@pytest.mark.parametrize(("sample", "nature"), SAMPLES)
def test_a_collected_mail_has_its_nature_and_the_words_of_its_writer(
    sample: Sample, nature: str
) -> None:
    found = parse.read(sample.octets)
    assert found.nature.value == nature, found.nature_reason
    if sample.answer is not None:
        assert words(found.reply_text) == words(sample.answer)


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
def test_a_collected_mail_is_the_same_with_other_line_ends(ending: bytes) -> None:
    for sample in (param.values[0] for param in SAMPLES):
        octets = sample.octets
        assert reading(octets.replace(b"\n", ending)) == reading(octets), sample.proves


def test_the_html_of_a_reply_alone_says_the_same_as_its_plain_text() -> None:
    both = [
        param.values[0] for param in SAMPLES if param.values[0].html and param.values[0].answer
    ]
    assert len(both) >= 15
    for sample in both:
        found = parse.read_body(sample.html, is_html=True)
        assert words(found.reply_text) == words(sample.answer), sample.proves


@pytest.mark.parametrize(
    ("folder", "least"), [("balasan", 60), ("otomatis", 40), ("manusia", 100)]
)
def test_a_collection_has_its_size_and_no_mail_twice(folder: str, least: int) -> None:
    paths = sorted((FOLDER / folder).glob("*.mails"))
    samples = [sample for path in paths for sample in collection.load(path)]
    assert len({sample.octets for sample in samples}) == len(samples) >= least
    assert len({sample.proves for sample in samples}) == len(samples)
