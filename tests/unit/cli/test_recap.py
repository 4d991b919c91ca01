"""`maild recap` and the common manners of the command line."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from kit.entries import OPEN
from maild import __version__
from maild.cli import main
from maild.model.entry import Entry
from maild.store.errors import StoreUnavailable
from maild.store.register import Register

CONFIG = """
office = { name = "LPSE Contoh", institution = "Pemkab Contoh", city = "Contoh" }
mailbox = { address = "helpdesk@lpse.example.id", host = "imap.example" }
smtp = { host = "smtp.example" }
hours = { monday = ["07:30-16:00"] }
[[people]]
id = "sari"
number = 1
name = "Sari"
address = "sari@example.id"
party = "helpdesk"
"""
CLOSED = OPEN._replace(
    number="LPSE-2026-000002",
    state="selesai",
    solution="Sudah kami perbaiki.",
    finished_on=date(2026, 1, 6),
)


class FewTickets:
    """A register of two tickets; it remembers for which time it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[datetime, datetime]] = []
        self.count = 2
        self.ways = False

    def entries(
        self, start: datetime, end: datetime, *, full: bool, ways: bool
    ) -> Iterator[Entry]:
        self.asked.append((start, end))
        self.ways = ways
        return iter([OPEN, CLOSED._replace(problem="Isi lengkap") if full else CLOSED])

    def number_between(self, start: datetime, end: datetime) -> int:
        return self.count

    def is_ready(self) -> bool:
        return True

    def close(self) -> None:
        pass


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> FewTickets:
    few = FewTickets()
    monkeypatch.setattr(Register, "open", lambda *_: few)
    return few


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAILD_MAILBOX__PASSWORD", "x")
    monkeypatch.delenv("MAILD_CONFIG", raising=False)
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, "utf-8")
    return path


def maild(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main.app, [str(argument) for argument in arguments])


def test_the_version_is_told() -> None:
    assert maild("version").output == f"maild {__version__}\n"


def test_no_command_is_wrong_use() -> None:
    assert maild().exit_code == 2
    assert maild("rekap-rekapan").exit_code == 2


def test_the_screen_shows_heading_office_period_and_rows(config: Path, store: FewTickets) -> None:
    result = maild("--config", config, "recap", "--month", "2026-01")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "Rekap Penanganan Permasalahan Melalui E-mail"
    assert lines[1] == "LPSE Contoh, Januari 2026"
    assert max(map(len, lines)) <= 100
    assert "Sudah kami" in result.output


def test_a_month_runs_from_midnight_to_midnight_of_the_office(
    config: Path, store: FewTickets
) -> None:
    maild("--config", config, "recap", "--bulan", "2026-01")
    assert store.asked == [
        (datetime(2025, 12, 31, 17, tzinfo=UTC), datetime(2026, 1, 31, 17, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("arguments", "first", "last"),
    [
        (["--from", "2026-01-05", "--to", "2026-01-05"], "2026-01-04", "2026-01-05"),
        (["--month", "2028-02"], "2028-01-31", "2028-02-29"),
        (["--tahun", "2026"], "2025-12-31", "2026-12-31"),
    ],
)
def test_both_ends_of_a_period_are_included(
    config: Path, store: FewTickets, arguments: list[str], first: str, last: str
) -> None:
    assert maild("--config", config, "recap", *arguments).exit_code == 0
    ((begins, ends),) = store.asked
    assert (begins.date(), ends.date()) == (date.fromisoformat(first), date.fromisoformat(last))
    assert begins.hour == ends.hour == 17


@pytest.mark.parametrize(
    "arguments",
    [
        ["--from", "2026-01-05"],
        ["--to", "2026-01-05"],
        ["--from", "2026-02-01", "--to", "2026-01-01"],
        ["--month", "2026-01", "--year", "2026"],
        ["--month", "Januari"],
        ["--month", "2026-01", "--format", "csv"],
        ["--month", "2026-01", "--format", "doc"],
        ["--month", "2026-01", "--output", "rekap.doc"],
        ["--month", "2026-01", "--format", "csv", "--format", "xlsx", "--output", "satu.csv"],
        ["--month", "2026-01", "--delimiter", "ab"],
        ["--month", "2026-01", "--format", "csv", "--output", "rekap.xlsx"],
        ["--month", "2026-01", "--json", "--output", "rekap.csv"],
        ["--month", "2026-01", "--format", "csv,pdf", "--output", "tidak-ada/"],
        ["--from", "9999-12-01", "--to", "9999-12-31"],
        ["--tahun", "0001"],
    ],
)
def test_wrong_use_ends_with_two_and_says_why(
    config: Path, store: FewTickets, arguments: list[str]
) -> None:
    result = maild("--config", config, "recap", *arguments)
    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_month_is_told_with_an_example(config: Path, store: FewTickets) -> None:
    result = maild("--config", config, "recap", "--bulan", "Januari")
    assert "'Januari' is no month; write it like 2026-01" in result.stderr


def test_the_files_name_tells_its_format(config: Path, store: FewTickets, tmp_path: Path) -> None:
    for name in ("a.csv", "a.xlsx"):
        result = maild(
            "--config", config, "recap", "--month", "2026-01", "--output", tmp_path / name
        )
        assert result.output == f"Wrote {tmp_path / name}\n"
    assert (tmp_path / "a.csv").read_text("utf-8-sig").startswith("No;Nama;")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet["A4"].value == "Periode: Januari 2026"


def test_a_folder_gets_every_format_named_by_the_period(
    config: Path, store: FewTickets, tmp_path: Path
) -> None:
    folder = tmp_path / "arsip"
    folder.mkdir()
    maild("--config", config, "recap", "--month", "2026-01", "--output", folder)
    maild(
        *("--config", config, "recap", "--from", "2026-01-05", "--to", "2026-01-09"),
        *("--format", "csv", "--output", folder),
    )
    assert sorted(path.name for path in folder.iterdir()) == [
        "rekap-2026-01-05_2026-01-09.csv",
        "rekap-2026-01.csv",
        "rekap-2026-01.xlsx",
    ]


def test_several_formats_at_once(config: Path, store: FewTickets, tmp_path: Path) -> None:
    result = maild(
        *("--config", config, "recap", "--tahun", "2026"),
        *("--format", "csv,pdf", "--format", "html", "--output", tmp_path),
    )
    assert result.exit_code == 0
    assert {path.name for path in tmp_path.glob("rekap*")} == {
        "rekap-2026.csv",
        "rekap-2026.pdf",
        "rekap-2026.html",
    }


def test_a_long_file_shows_how_far_it_has_come(
    config: Path, store: FewTickets, tmp_path: Path
) -> None:
    store.count = 9_000
    path = tmp_path / "a.csv"
    result = maild("--config", config, "recap", "--month", "2026-01", "--output", path)
    assert result.output.splitlines() == ["a.csv", f"Wrote {path}"]


def test_names_are_hidden_and_whole_mails_shown_on_wish(config: Path, store: FewTickets) -> None:
    result = maild(
        "--config", config, "recap", "--month", "2026-01", "--json", "--mask", "--lengkap"
    )
    assert "budi" not in result.output.lower()
    assert "Isi lengkap" in result.output


def test_a_recap_needs_no_password(
    config: Path, store: FewTickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILD_MAILBOX__PASSWORD")
    assert maild("--config", config, "recap", "--month", "2026-01").exit_code == 0


def test_only_finished_tickets_on_wish(config: Path, store: FewTickets) -> None:
    result = maild(
        "--config", config, "recap", "--month", "2026-01", "--state", "selesai", "--json"
    )
    (row,) = [json.loads(line) for line in result.output.splitlines()]
    assert row["No"] == 1
    assert row["Keterangan"].startswith("LPSE-2026-000002")


def test_json_has_the_columns_as_keys(config: Path, store: FewTickets) -> None:
    result = maild("--config", config, "recap", "--month", "2026-01", "--json")
    first, second = (json.loads(line) for line in result.output.splitlines())
    assert first["Tgl diterima"] == "2026-01-05"
    assert first["Tgl Selesai"] is None
    assert second["Tgl Selesai"] == "2026-01-06"
    assert list(first) == [
        "No", "Nama", "E-mail", "Permasalahan", "Solusi", "Tgl diterima", "Tgl Selesai",
        "Keterangan",
    ]  # fmt: skip


def test_a_file_that_cannot_be_written_is_one_line(
    config: Path, store: FewTickets, tmp_path: Path
) -> None:
    result = maild(
        "--config", config, "recap", "--month", "2026-01", "--output", tmp_path / "x" / "a.csv"
    )
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "Choose another --output" in result.stderr


def test_faults_of_the_config_are_a_line_each(config: Path) -> None:
    config.write_text(CONFIG.replace("host =", "hots ="), "utf-8")
    result = maild("--config", config, "recap")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 4
    assert "kunci ini tidak dikenal" in result.stderr


def test_a_missing_config_tells_how_to_make_one(tmp_path: Path) -> None:
    result = maild("--config", tmp_path / "none.toml", "recap")
    assert result.exit_code == 1
    assert "maild init" in result.stderr


def test_the_config_may_be_named_by_the_environment(
    config: Path, store: FewTickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILD_CONFIG", str(config))
    assert maild("recap", "--month", "2026-01").exit_code == 0


def test_a_trouble_of_the_store_is_one_line(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(archive: object) -> None:
        raise StoreUnavailable("The database stays locked. Try again.")

    monkeypatch.setattr("maild.service.opening.open_store", unavailable)
    result = maild("--config", config, "recap")
    assert result.exit_code == 1
    assert result.stderr == "maild: The database stays locked. Try again.\n"


def test_a_new_office_has_an_empty_recap(config: Path) -> None:
    result = maild("--config", config, "recap", "--json")
    assert (result.exit_code, result.output) == (0, "")
    assert (config.parent / "data/maild.db").exists()


def test_the_days_of_each_party_are_read_for_as_many_tickets_as_people_read(
    store: FewTickets, config: Path
) -> None:
    for store.count, told in ((200_000, True), (200_001, False)):
        assert maild("--config", config, "recap", "--bulan", "2026-01", "--json").exit_code == 0
        assert store.ways is told


def test_a_month_without_problems_says_so_on_the_screen(
    config: Path, store: FewTickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "entries", lambda *_, full, ways: iter([]))
    shown = maild("--config", config, "recap", "--month", "2026-01").output
    assert shown.splitlines()[-1] == "Tidak ada permasalahan dalam periode ini."
