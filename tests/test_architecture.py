"""The house rules that a machine can check: floors, pure files, one door per library, size."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {
    "model": 1,
    **dict.fromkeys(("ingest", "rules", "replies", "recap", "store"), 2),
    "desk": 3,
    "service": 4,
    "report": 4,
    "cli": 5,
}
# The doors to the world; every other file below the service is pure.
IMAP = ("ingest/mailbox", "ingest/wire", "ingest/access")
_FORMATS = ("csv", "xlsx", "page", "pdf", "ods", "html", "file", "files")
WRITERS = (*(f"recap/{name}" for name in _FORMATS), "report/chart", "report/pdf")
SHELLS = (*IMAP, "ingest/worker", "replies/smtp", "store/", "service/", "cli/", *WRITERS)
DOORS = {
    "imapclient": ("ingest/mailbox",),
    "mailparser": ("ingest/parse",),
    "re2": ("rules/pattern",),
    "rapidfuzz": ("rules/", "ingest/command"),
    "snowballstemmer": ("rules/",),
    "sklearn": ("rules/learning",),
    "jinja2": ("replies/letter",),
    "aiosmtplib": ("replies/smtp",),
    "xlsxwriter": ("recap/page",),
    "stream_write_ods": ("recap/ods",),
    "typst": ("recap/pdf", "report/pdf"),
    "matplotlib": ("report/chart",),
    "sqlmodel": ("store/",),
    "sqlalchemy": ("store/",),
    "alembic": ("store/",),
    "pydantic": ("service/config", "service/keys", "ingest/worker"),
    "pydantic_core": ("store/memo",),
    "pydantic_settings": ("service/config",),
    "holidays": ("service/calendar",),
    "typer": ("cli/",),
    "pymap": ("service/embedded",),
    "aiosmtpd": ("service/embedded",),
}
# Modules that reach for the world, and calls that ask for the time, a file or chance.
_IMPURE = """
    asyncio glob http locale logging multiprocessing os pathlib random resource secrets select
    selectors shutil signal smtplib socket sqlite3 ssl subprocess sys tempfile threading time
    urllib.request uuid
"""
IMPURE_MODULES = frozenset(_IMPURE.split())
BUILTINS = frozenset({"open", "input", "print", "exec", "eval"})
CLOCKS = frozenset({"now", "utcnow", "today"})
# file: what it may use all the same, each with its reason beside it
PURE_EXCEPTIONS: dict[str, frozenset[str]] = {
    "ingest/parse.py": frozenset({"logging"}),  # switches the library's debug lines off
}
LONGEST = 400

FILES = {
    path.relative_to(ROOT / "maild").as_posix(): ast.parse(path.read_text("utf-8"))
    for path in sorted((ROOT / "maild").rglob("*.py"))
}


def imports(tree: ast.AST) -> Iterator[str]:
    """Every module that a file imports, wherever in it; `from a import b` gives `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(module: str, names: frozenset[str]) -> bool:
    parts = module.split(".")
    return any(".".join(parts[: n + 1]) in names for n in range(len(parts)))


def impurities(tree: ast.AST) -> set[str]:
    """What a pure file must not touch: shell modules by import, the world by a call."""
    found = {module for module in imports(tree) if is_in(module, IMPURE_MODULES)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
                found.add(f"{node.func.id}()")
            if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                found.add(f"{node.func.attr}()")
    return found


def is_shell(file: str) -> bool:
    return file.startswith(SHELLS)


def why_not_allowed(file: str, module: str) -> str:
    """Why a file may not import a module of maild, or an empty string."""
    folder, target = file.split("/")[0], module.split(".")[1]
    if folder not in FLOORS or target not in FLOORS:
        return ""
    if folder != target and FLOORS[target] >= FLOORS[folder]:
        return f"{folder} (floor {FLOORS[folder]}) imports {target} (floor {FLOORS[target]})"
    if not is_shell(file) and is_shell("/".join(module.split(".")[1:])):
        return "a pure file imports a shell"
    return ""


@pytest.mark.parametrize("file", FILES)
def test_arrows_run_down_only(file: str) -> None:
    wrong = {
        module: reason
        for module in imports(FILES[file])
        if module.startswith("maild.") and (reason := why_not_allowed(file, module))
    }
    assert not wrong


@pytest.mark.parametrize("file", [file for file in FILES if not is_shell(file)])
def test_pure_files_reach_for_nothing(file: str) -> None:
    assert impurities(FILES[file]) <= PURE_EXCEPTIONS.get(file, frozenset())


@pytest.mark.parametrize("file", FILES)
def test_each_library_has_one_door(file: str) -> None:
    for module in imports(FILES[file]):
        library = module.split(".")[0]
        if library == "maild" or library in sys.stdlib_module_names:
            continue
        assert library in DOORS, f"{library} has no door yet; add it to DOORS"
        assert file.startswith(DOORS[library]), f"{library} is imported past its door"


@pytest.mark.parametrize(
    ("library", "door"), [(library, door) for library, doors in DOORS.items() for door in doors]
)
def test_every_door_is_used(library: str, door: str) -> None:
    files = [file for file in FILES if file.startswith(door)]
    assert any(module.split(".")[0] == library for f in files for module in imports(FILES[f]))


# A migration is history: once run somewhere it is never shortened or split.
@pytest.mark.parametrize("file", [file for file in FILES if "/versions/" not in file])
def test_a_file_is_one_subject(file: str) -> None:
    lines = (ROOT / "maild" / file).read_text("utf-8").count("\n")
    assert lines <= LONGEST, f"{lines} lines; perhaps two subjects"


def test_every_folder_stands_on_a_floor() -> None:
    folders = {file.split("/")[0] for file in FILES if "/" in file}
    assert folders == set(FLOORS)


def test_exceptions_are_still_needed() -> None:
    for file, allowed in PURE_EXCEPTIONS.items():
        assert allowed <= impurities(FILES[file]), f"{file} no longer needs its exception"


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("model/mail.py", "maild.ingest.parse"),
        ("rules/assess.py", "maild.ingest.parse.read"),
        ("desk/decide.py", "maild.service.daemon"),
        ("service/daemon.py", "maild.cli.main"),
        ("ingest/parse.py", "maild.ingest.mailbox.Mailbox"),
        ("desk/decide.py", "maild.store.store.Store"),
        ("recap/rows.py", "maild.recap.xlsx"),
    ],
)
def test_the_checker_sees_a_forbidden_arrow(file: str, module: str) -> None:
    assert why_not_allowed(file, module)


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("desk/decide.py", "maild.rules.assess"),
        ("recap/xlsx.py", "maild.recap.rows.Row"),
        ("service/daemon.py", "maild.store.store"),
        ("cli/main.py", "maild.__version__"),
    ],
)
def test_the_checker_lets_arrows_run_down(file: str, module: str) -> None:
    assert not why_not_allowed(file, module)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os.path", {"os.path"}),
        ("def f():\n    from random import choice", {"random.choice"}),
        ("from datetime import datetime\ndatetime.now()", {"now()"}),
        ("open('x')", {"open()"}),
        ("self.open('x')", set()),
        ("from pathlib import Path", {"pathlib.Path"}),
        ("import urllib.parse, datetime, re", set()),
    ],
)
def test_the_checker_sees_what_reaches_for_the_world(source: str, found: set[str]) -> None:
    assert impurities(ast.parse(source)) == found
