"""Brings a database to the schema of this program, or refuses (F022).

An empty database is made in one transaction; an older one is migrated in one transaction, so a
kill leaves the old or the new schema and nothing between.
"""

from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect
from sqlmodel import SQLModel

from maild.store import similar, tables
from maild.store.database import Database, serialise
from maild.store.errors import SchemaTooNew, StoreError

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic's own table; made here so that an up-to-date database opens without loading Alembic.
_VERSION: Final = Table(
    "alembic_version", MetaData(), Column("version_num", String(32), primary_key=True)
)
_LOCK: Final = 1


def prepare(database: Database) -> None:
    """Makes or migrates the schema; SchemaTooNew when a newer maild wrote it."""
    with database.read() as connection:
        version = _version_of(connection)
    if version == tables.SCHEMA:
        return
    with database.write() as connection:
        serialise(connection, _LOCK)
        version = _version_of(connection)
        if version is None:
            _create(connection)
        elif version != tables.SCHEMA:
            _migrate(connection, version)


def _version_of(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(_VERSION.select()).scalar()


def _create(connection: Connection) -> None:
    if inspect(connection).get_table_names():
        raise StoreError("The database holds other tables than maild's: give maild its own.")
    SQLModel.metadata.create_all(connection)
    similar.make(connection)
    _VERSION.create(connection)
    connection.execute(_VERSION.insert().values(version_num=tables.SCHEMA))


def _migrate(connection: Connection, version: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config(connection)
    known = {
        revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()
    }
    if version not in known:
        raise SchemaTooNew(
            f"The database has schema {version}; this maild knows up to {tables.SCHEMA}. "
            "Start the maild that wrote it, or a newer one, or restore a backup."
        )
    command.upgrade(config, "head")


def alembic_config(connection: Connection) -> "Config":
    """Alembic's settings for a connection that is already in a transaction."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "maild.store:migrations")
    config.attributes["connection"] = connection
    return config
