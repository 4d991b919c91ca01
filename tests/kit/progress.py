"""A pytest plugin for runs that take hours: what has passed is written down and not run again.

    pytest -p kit.progress --progress build/crashes.txt tests/crashes

One line a test: version of what was tested, result, test, and what `record_property` counted. A
test that another version passed is run again; so is one that failed.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLAYED = ("maild/**/*.py", "tests/**/*.py", "sop/*", "templates/*", "config.toml")


@cache
def version(patterns: tuple[str, ...] = PLAYED) -> str:
    """Names what is tested: what another version has shown is nothing about this one."""
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@dataclass
class Done:
    """What the file holds of this version: the tests passed and failed, and what they counted."""

    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    counted: Counter[str] = field(default_factory=Counter)


def line(result: str, test: str, properties: Iterable[tuple[str, object]]) -> str:
    """A test's line; a property counts as often as it was recorded, a number adds itself."""
    counted: Counter[str] = Counter()
    for name, value in properties:
        counted[name] += value if isinstance(value, int) else 1
    told = ",".join(f"{name}={number}" for name, number in counted.items())
    return f"{version()}\t{result}\t{test}\t{told}\n"


def read(path: Path) -> Done:
    """The last line of each test counts; a line cut short by a kill is none."""
    last: dict[str, tuple[str, str]] = {}
    for text in path.read_text("utf-8").splitlines(keepends=True) if path.exists() else ():
        match text.split("\t"):
            case [tested, result, test, told] if tested == version() and told.endswith("\n"):
                last[test] = result, told.strip()
            case _:
                pass
    done = Done()
    for test, (result, told) in last.items():
        (done.passed if result == "passed" else done.failed).add(test)
        for item in filter(None, told.split(",")):
            name, _, number = item.partition("=")
            done.counted[name] += int(number)
    return done


class Progress:
    """The plugin, for one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leaves out what has passed."""
        passed = read(self._path).passed
        config.hook.pytest_deselected(items=[i for i in items if i.nodeid in passed])
        items[:] = [item for item in items if item.nodeid not in passed]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Writes down how a test ended, as soon as it has."""
        if report.skipped or (report.when != "call" and report.passed):
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line(report.outcome, report.nodeid, report.user_properties))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Nothing left to run is a good end."""
        if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and read(self._path).passed:
            session.exitstatus = pytest.ExitCode.OK


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--progress FILE`."""
    parser.addoption("--progress", type=Path, help="file of tests passed; these are not repeated")


def pytest_configure(config: pytest.Config) -> None:
    """Works only where a file is named."""
    if path := config.getoption("--progress"):
        config.pluginmanager.register(Progress(path))
