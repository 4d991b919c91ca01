"""The documents name what exists, say what maild says, and claim nothing that was not measured."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from kit.office import book, letters
from maild.cli.main import app
from maild.desk import sheet
from maild.desk.rehearsal import Rehearsal
from maild.ingest.command import WORDS
from maild.replies import vocabulary
from maild.rules import procedure

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text("utf-8")
OPERATIONS = (DOCS / "operations.md").read_text("utf-8")
LETTERS = (DOCS / "templates.md").read_text("utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
FILES = re.compile(
    r"`((?:maild|tests|bench|docs|sop|templates|cli|service|desk|ingest|rules|replies|recap"
    r"|store|model)/[\w./-]+\.\w+)`"
)
FIGURE = re.compile(
    r"\b\d[\d.,]* ?(?:ms|MB/s|%|(?:mails?|letters?|surel|surat|commits?|tickets?)(?:/s|"
    r" (?:a|per) (?:second|detik)))(?!\w)"
)


def commands(group: Any, path: str = "maild") -> Iterator[str]:
    """Every command of the command line as it is typed."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def named(command: str, page: str) -> bool:
    """Whether a page has the command: as it is typed, or as `group a`, `b`, `c` in one cell."""
    first, _, last = command.rpartition(" ")
    if re.search(rf"\b{re.escape(command)}\b", page):
        return True
    return any(f"`{first} " in line and f"`{last}`" in line for line in page.splitlines())


COMMANDS: Any = get_command(app)
EVERY = list(commands(COMMANDS))


# A mail too large to fetch has no bytes to show and nothing to decide again.
EMPTY = {"maild oversize show", "maild oversize release"}


@pytest.mark.parametrize("command", [c for c in EVERY if c not in EMPTY])
def test_a_command_is_named_where_people_look(command: str):
    assert named(command, README) or named(command, OPERATIONS)


@pytest.mark.parametrize("name", sorted(COMMANDS.commands))
def test_a_command_or_its_group_is_named_in_the_readme(name: str):
    assert f"`maild {name}" in README


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_page_names_no_command_that_does_not_exist(page: Path):
    groups = {name.split()[1] for name in EVERY}
    text = page.read_text("utf-8")
    typed = re.findall(r"(?m)(?:`|^ {4}(?:sudo -u maild )?)maild ([a-z]+)", text)
    assert set(typed) - groups == set()


@pytest.mark.parametrize("word", sorted(WORDS))
def test_a_word_of_command_is_told_to_the_office(word: str):
    assert f"`#{word}" in OPERATIONS


def test_every_key_of_the_settings_says_what_it_means():
    """Behind it, or in a comment above: of the whole file (where passwords come from) or of its
    block. What a second block repeats has been explained in the first."""
    lines = (ROOT / "config.toml").read_text("utf-8").splitlines()
    head = "\n".join(lines[: next(n for n, line in enumerate(lines) if line.startswith("["))])
    explained = set(re.findall(r"(?m)^# +(\w+) *= ", head))
    above, silent = "", []
    for number, line in enumerate(lines):
        if line.startswith("["):
            above = lines[number - 1]
        if match := re.match(r"([a-z_]+) *=", line):
            if "#" in line or above.startswith("#"):
                explained.add(match[1])
            elif match[1] not in explained:
                silent.append(f"{number + 1}: {line}")
    assert silent == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").glob("*.txt")), ids=lambda p: p.stem)
def test_a_letter_is_named_for_offices(path: Path):
    assert f"`{path.stem}`" in LETTERS


@pytest.mark.parametrize("word", sorted(vocabulary.ALL))
def test_a_word_that_letters_may_use_is_explained(word: str):
    assert f"`{word}`" in LETTERS


def test_no_word_is_explained_that_no_letter_may_use():
    words = set(re.findall(r"`((?:tiket|kantor)\.\w+)`", LETTERS))
    assert words - vocabulary.ALL == set()


def test_the_sop_page_is_the_sop():
    data = tomllib.loads((ROOT / "sop" / "penanganan-email.toml").read_text("utf-8"))
    sop, _ = procedure.read(data, "penanganan-email.toml")
    page = (DOCS / "sop" / "penanganan-email.md").read_text("utf-8")
    assert page == sheet.as_markdown(sop)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_page_names_only_files_that_are_there(page: Path):
    found = FILES.findall(page.read_text("utf-8"))
    assert [f for f in found if not any((r / f).exists() for r in (ROOT, ROOT / "maild"))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_a_link_between_pages_leads_somewhere(page: Path):
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))], ids=str
)
def test_a_figure_of_speed_stands_where_it_was_measured(page: Path):
    measured = DOCS / "performance.md"
    known = measured.read_text("utf-8") if measured.exists() else ""
    if page not in (measured, DOCS / "accuracy.md"):
        claimed = [match[0] for match in FIGURE.finditer(page.read_text("utf-8"))]
        assert [figure for figure in claimed if figure not in known] == []


def said_in_the_readme() -> list[str]:
    """The indented blocks of the README's conversation, mails and letters in their order."""
    part = README.partition("## One conversation\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"(?m)(?:^(?: {4}.*)?\n)+", part)
    return [re.sub(r"(?m)^ {4}", "", b).strip() for b in blocks if b.strip()]


def test_the_conversation_of_the_readme_is_what_maild_says():
    asked, request, data, answer, letter = said_in_the_readme()
    sender = "Dari: Rudi Hartono <rudi@karya.example>"

    def turn(time: str, who: str, *texts: str) -> str:
        body = "\n".join(f"  | {line}" for text in texts for line in text.splitlines())
        return f"pukul 2026-02-02 {time}\n{who}\n{body}\n"

    def write(name: str, words) -> str:
        written = letters().render(name, words)
        return f"Perihal: {written.subject}\n{written.text}"

    rehearsal = Rehearsal(book(), write)
    rehearsal.play(
        turn("08:10", "pengguna mengirim", sender, asked)
        + turn("08:55", "pengguna membalas", sender, data)
        + turn("09:20", "helpdesk membalas", answer)
        + "pukul 2026-02-05 09:20\ntiket berstatus selesai\n"
    )
    sent = {p.letter.template: write(p.letter.template, p.letter.words) for p in rehearsal.posted}
    assert not [f for f in rehearsal.failures if "tiket berstatus" in f]
    for name, quoted in (("minta_data", request), ("jawaban", letter)):
        whole = " ".join(sent[name].split())
        for piece in quoted.split("[...]"):
            assert " ".join(piece.split()) in whole


PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DEPENDENCIES = sorted(
    re.split(r"[\[<>=~]", text)[0]
    for group in (PYPROJECT["dependencies"], *PYPROJECT["optional-dependencies"].values())
    for text in group
    if not text.startswith("maild")
)
MODULES = {
    "email-reply-parser": "email_reply_parser",
    "google-re2": "re2",
    "mail-parser": "mailparser",
    "mail-parser-reply": "mailparser_reply",
    "pydantic-settings": "pydantic_settings",
    "scikit-learn": "sklearn",
    "stream-write-ods": "stream_write_ods",
}
# Data, a driver that SQLAlchemy loads by name, two plugins, and two programs.
NOT_IMPORTED = {"tzdata", "psycopg", "pytest-randomly", "pytest-xdist", "mypy", "ruff"}


@pytest.mark.parametrize("name", DEPENDENCIES)
def test_a_dependency_has_its_reason_and_its_user(name: str):
    assert name in (DOCS / "decisions" / "0008-dependencies.md").read_text("utf-8")
    importing = re.compile(rf"(?m)^\s*(?:import|from) {MODULES.get(name, name)}\b")
    files = (p for room in ("maild", "tests", "measure") for p in (ROOT / room).rglob("*.py"))
    assert name in NOT_IMPORTED or any(importing.search(p.read_text("utf-8")) for p in files)
