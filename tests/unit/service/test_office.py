"""The office's own files: read from where config.toml says, and every fault told readably."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.office import ROOT, TODAY
from maild.cli.main import app
from maild.service import keyring
from maild.service.load import load
from maild.service.office import read_office
from maild.service.opening import open_store
from maild.service.settings import Settings
from maild.service.wiring import OfficeHolder


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new office without any password."""
    monkeypatch.delenv("MAILD_MAILBOX__PASSWORD", raising=False)
    shutil.copytree(ROOT / "sop", tmp_path / "aturan")
    shutil.copytree(ROOT / "templates", tmp_path / "surat")
    (tmp_path / "aturan" / "penanganan-email.toml").rename(tmp_path / "aturan" / "kami.toml")
    (tmp_path / "aturan" / "prioritas.toml").rename(tmp_path / "tabel.toml")
    text = (ROOT / "config.toml").read_text("utf-8")
    for old, new in (
        ('"penanganan-email" ', '"kami" '),
        ('= "sop" ', '= "aturan" '),
        ('"sop/prioritas.toml"', '"tabel.toml"'),
        ('= "templates" ', '= "surat" '),
        ('key_file = ""', 'key_file = "rahasia/kunci"'),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def settings(config: Path) -> Settings:
    found, faults = load(config, TODAY, secrets=False)
    assert found, faults
    return found


def test_sop_table_and_letters_are_read_from_where_the_config_says(settings: Settings) -> None:
    office, faults = read_office(settings)
    assert office, faults
    assert "10" in office.book.procedures[office.book.current].rows
    assert len(office.book.table.categories) == 35
    assert "tanda_terima" in office.letters.names


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("sop_file", "kami.toml"),
        ("priority_file", "tabel.toml"),
        ("templates_dir", "surat"),
    ],
)
def test_what_is_missing_there_is_a_fault_with_its_name(
    settings: Settings, file: str, name: str
) -> None:
    gone = replace(settings, **{file: settings.file.parent / "tidak" / name})
    office, faults = read_office(gone)
    assert office is None
    assert any(name in fault.file for fault in faults)


def test_the_signing_keys_are_where_the_config_says_and_private(settings: Settings) -> None:
    made = keyring.load(settings.key_file)
    path = settings.file.parent / "rahasia" / "kunci"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keyring.load(path) == made


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (  # a complaint without a place
            'no          = "8"',
            'no          = "7"',
            "kami.toml: langkah 7 ada dua kali. Beri nomor lain.",
        ),
        (  # a place that holds a colon, and a problem with a semicolon of its own
            'waktu       = "5 menit"',
            'waktu       = "lima; menit"',
            "kami.toml: langkah",
        ),
    ],
)
def test_a_complaint_becomes_one_readable_sentence_and_its_remedy(
    settings: Settings, old: str, new: str, told: str
) -> None:
    text = settings.sop_file.read_text("utf-8")
    assert old in text
    settings.sop_file.write_text(text.replace(old, new, 1), "utf-8")
    office, faults = read_office(settings)
    assert office is None
    lines = [str(fault) for fault in faults]
    assert any(line.startswith(told) for line in lines), lines
    assert not any(". ." in line or ": ." in line for line in lines)
    assert all(fault.problem for fault in faults)


@pytest.fixture
def holder(settings: Settings, database_url: str) -> Iterator[OfficeHolder]:
    """The book of a running service."""
    office, faults = read_office(settings)
    assert office, faults
    with open_store(replace(settings, database_url=database_url)) as store:
        yield OfficeHolder(settings, office, store)


OF_THE_OFFICE = ("aturan/kami.toml", "tabel.toml", "surat/jawaban.txt")


@pytest.mark.parametrize("name", OF_THE_OFFICE)
def test_the_running_service_takes_over_a_change(
    holder: OfficeHolder, settings: Settings, name: str
) -> None:
    before = holder.current()
    holder.refresh()
    assert holder.current() is before
    path = settings.file.parent / name
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    holder.refresh()
    assert holder.current() is not before


@pytest.mark.parametrize("name", OF_THE_OFFICE)
def test_a_bad_edit_leaves_the_book_in_force_and_the_service_running(
    holder: OfficeHolder, settings: Settings, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = holder.current()
    (settings.file.parent / name).write_bytes("Perihal: café".encode("latin-1"))
    holder.refresh()
    assert holder.current() is before
    assert f"{Path(name).name}: bukan teks UTF-8. Simpan kembali" in caplog.text


@pytest.mark.parametrize("words", [("check", "--offline"), ("rehearse",), ("sop", "check")])
def test_work_on_the_offices_files_needs_no_password(config: Path, words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, ["--config", str(config), *words])
    assert done.exit_code == 0, done.output
    assert "kata sandi" not in done.output


def test_the_service_does_need_it(config: Path) -> None:
    done = CliRunner().invoke(app, ["--config", str(config), "run", "--once"])
    assert done.exit_code == 1
    assert "mailbox.password" in done.output
