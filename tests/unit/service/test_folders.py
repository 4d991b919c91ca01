"""What `maild check` says of the Sent folder and the board, with the server's list of folders."""

from dataclasses import replace
from pathlib import Path

import pytest

from kit.service import Service, settings_in
from maild.ingest.mailbox import Folder
from maild.model.board import Column
from maild.service import folders
from maild.service.fault import Fault
from maild.store.board import renamed_columns

HERE = ("INBOX", "Ditangani", "Karantina", "Sent Items", *(c.value for c in Column))
OWN = {column: column.value for column in Column}


def found(
    tmp_path: Path, names=HERE, marked: str = "", columns=OWN, **keys: object
) -> list[Fault]:
    mailbox = replace(settings_in(tmp_path, "sqlite://").mailbox, **keys)
    there = [Folder(name, "Sent" if name == marked else "") for name in names]
    return list(folders.faults("config.toml", mailbox, there, columns))


def test_nothing_is_said_where_all_is_there(tmp_path: Path) -> None:
    assert found(tmp_path, marked="Sent Items", papan=True) == []
    assert found(tmp_path, sent="Sent Items", papan=True) == []
    assert found(tmp_path, sent="") == []


@pytest.mark.parametrize(
    ("sent", "marked", "remedy"),
    [
        ("Sent items", "", 'Mungkin maksudnya "Sent Items"'),
        ("Terkirim", "Sent Items", 'tulis sent = "auto"; server menandai folder Sent Items'),
    ],
)
def test_a_sent_folder_that_is_not_there_is_a_fault_with_its_remedy(
    tmp_path: Path, sent: str, marked: str, remedy: str
) -> None:
    [fault] = found(tmp_path, sent=sent, marked=marked)
    assert (fault.file, fault.key, fault.warning) == ("config.toml", "mailbox.sent", False)
    assert f"tidak ada folder {sent}" in fault.problem
    assert fault.remedy == remedy


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Sent Items", 'tulis sent = "Sent Items"'),
        ("INBOX.Terkirim", 'tulis sent = "INBOX.Terkirim"'),
        ("Arsip", 'tulis nama foldernya, atau sent = ""'),
    ],
)
def test_a_server_that_marks_no_sent_folder_is_told_and_the_likely_one_named(
    tmp_path: Path, name: str, remedy: str
) -> None:
    [fault] = found(tmp_path, ("INBOX", name))
    assert (fault.key, fault.warning, fault.remedy) == ("mailbox.sent", True, remedy)


def test_a_folder_of_the_board_that_is_missing_is_named(tmp_path: Path) -> None:
    names = [n for n in HERE if n != Column.WORKING.value]
    [fault] = found(tmp_path, names, "Sent Items", papan=True)
    assert (fault.file, fault.key) == ("config.toml", "mailbox.papan")
    assert fault.problem.endswith(": Diproses")
    assert "maild membuatnya sendiri" in fault.remedy
    assert found(tmp_path, names, "Sent Items", papan=False) == []


def test_a_renamed_folder_of_the_board_is_not_missed(
    tmp_path: Path, service: Service, database_url: str
) -> None:
    service.store.folder_renamed(Column.WORKING, "Diproses", "Sedang jalan")
    columns = renamed_columns(database_url)
    names = [n if n != "Diproses" else "Sedang jalan" for n in HERE]
    assert found(tmp_path, names, "Sent Items", columns, papan=True) == []


def test_the_look_for_renamed_folders_makes_no_database(tmp_path: Path) -> None:
    assert renamed_columns(f"sqlite:///{tmp_path}/ada/tidak.db") == OWN
    assert list(tmp_path.iterdir()) == []
