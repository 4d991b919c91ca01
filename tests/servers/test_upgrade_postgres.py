"""T20, O06 on PostgreSQL: each older schema with its rows comes up to this one, also when the
program dies before the commit. The rows are those of the same office on SQLite."""

import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, select, text

sys.path.append(str(Path(__file__).parents[1] / "backup"))

from test_upgrade import OLD, nothing_is_lost, old_office

from maild.store import crash, schema, tables
from maild.store.database import Database
from maild.store.errors import StoreUnavailable
from maild.store.store import Store

pytestmark = pytest.mark.servers


def carried_over(path: Path, url: str) -> None:
    """The rows of an SQLite database to a PostgreSQL database of the same schema."""
    there, here = create_engine(f"sqlite:///{path}"), create_engine(url)
    old, new = MetaData(), MetaData()
    old.reflect(there, resolve_fks=False)
    new.reflect(here)
    with there.connect() as read, here.begin() as write:
        write.execute(text("SET LOCAL TIME ZONE 'UTC'"))
        write.execute(text("SET LOCAL session_replication_role = replica"))  # in any order
        for table in new.sorted_tables:
            # The version is there already; the index of solved tickets is of another kind.
            if table.name not in ("alembic_version", "solved"):
                lines = read.execute(select(old.tables[table.name])).mappings()
                if rows := [dict(line) for line in lines]:
                    write.execute(table.insert(), rows)
    there.dispose()
    here.dispose()


def version_of(engine: Engine) -> str:
    with engine.connect() as read:
        return str(read.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


@pytest.mark.parametrize("revision", OLD)
def test_an_older_office_on_postgresql_is_upgraded_whole(
    revision: str, postgres_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "lama.db"
    old_office(path, revision)
    database = Database(postgres_url)
    with database.write() as connection:
        command.upgrade(schema.alembic_config(connection), revision)
    database.close()
    carried_over(path, postgres_url)
    engine = create_engine(postgres_url)

    def refuse(step: str) -> None:
        if step == "prepare.before":
            raise StoreUnavailable("the program dies before the commit")

    crash.arm(crash.Armed(reached=refuse))
    try:
        with pytest.raises(StoreUnavailable):
            Store.open(postgres_url, tmp_path / "mail")
    finally:
        crash.arm(None)
    assert version_of(engine) == revision
    with Store.open(postgres_url, tmp_path / "mail") as store:
        nothing_is_lost(store)
    assert version_of(engine) == tables.SCHEMA
    engine.dispose()
