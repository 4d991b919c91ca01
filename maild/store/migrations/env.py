"""Runs migrations on the connection that `maild.store.schema` hands over, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

from maild.store import tables  # noqa: F401 (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
