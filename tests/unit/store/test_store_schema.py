"""The schema is made, migrated or refused; models and migrations say the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from maild.store import schema, similar, tables
from maild.store.database import Database
from maild.store.errors import SchemaTooNew, StoreError
from maild.store.store import Store


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


def differences(connection: Connection) -> list[object]:
    # The index of solved tickets is each database's own; no model describes it.
    options = {"include_name": lambda name, *_: not str(name).startswith(similar.TABLE)}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, SQLModel.metadata))


def test_a_new_database_is_what_the_models_say(database: Database) -> None:
    schema.prepare(database)
    with database.read() as connection:
        assert differences(connection) == []


def test_the_migrations_lead_to_what_the_models_say(database: Database) -> None:
    with database.write() as connection:
        command.upgrade(schema.alembic_config(connection), "head")
    with database.read() as connection:
        assert differences(connection) == []
        migrated = set(inspect(connection).get_table_names())
    models = {name for name in migrated if not name.startswith(similar.TABLE)}
    assert models == {*SQLModel.metadata.tables, "alembic_version"}
    assert similar.TABLE in migrated


def test_indexes_are_the_same_either_way(database: Database) -> None:
    # compare_metadata does not look at the conditions of partial indexes.
    def indexes() -> dict[str, list[str]]:
        with database.read() as connection:
            found = inspect(connection)
            return {
                str(index["name"]): [
                    table,
                    *map(str, index["column_names"]),
                    *(f"{option}={value}" for option, value in index["dialect_options"].items()),
                ]
                for table in SQLModel.metadata.tables
                for index in found.get_indexes(table)
            }

    with database.write() as connection:
        command.upgrade(schema.alembic_config(connection), "head")
    migrated = indexes()
    with database.write() as connection:
        SQLModel.metadata.drop_all(connection)
        SQLModel.metadata.create_all(connection)
    assert indexes() == migrated
    assert any("automatic" in option for option in migrated["letter_lately"][3:])


def test_the_programs_schema_is_the_last_migration(database: Database) -> None:
    with database.write() as connection:
        scripts = ScriptDirectory.from_config(schema.alembic_config(connection))
    assert scripts.get_heads() == [tables.SCHEMA]


def test_an_older_program_refuses_a_newer_schema(
    empty_url: str, database: Database, tmp_path: Path
) -> None:
    schema.prepare(database)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew, match="9999"):
        Store.open(empty_url, tmp_path / "blobs")


def test_an_older_schema_is_migrated(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    schema.prepare(database)
    monkeypatch.setattr(tables, "SCHEMA", "9998")
    ran: list[str] = []
    monkeypatch.setattr(command, "upgrade", lambda _, target: ran.append(target))
    schema.prepare(database)
    assert ran == ["head"]


def test_a_killed_migration_leaves_the_old_schema(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.prepare(database)
    monkeypatch.setattr(tables, "SCHEMA", "9998")

    def dying(config: object, _: str) -> None:
        connection = config.attributes["connection"]  # type: ignore[attr-defined]
        connection.exec_driver_sql("ALTER TABLE setting ADD COLUMN half TEXT")
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", dying)
    with pytest.raises(KeyboardInterrupt):
        schema.prepare(database)
    with database.read() as connection:
        columns = [column["name"] for column in inspect(connection).get_columns("setting")]
    assert columns == ["key", "value"]


def test_a_database_of_somebody_else_is_left_alone(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE surat (id INTEGER)")
    with pytest.raises(StoreError, match="its own"):
        schema.prepare(database)


@pytest.mark.parametrize("url", ["oracle-of://x", "sqlite://", "bukan url"])
def test_a_wrong_url_is_answered_with_a_right_one(url: str) -> None:
    with pytest.raises(StoreError, match="sqlite:////path"):
        Database(url)
