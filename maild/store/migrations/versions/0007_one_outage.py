"""Tickets of one outage: the mark by which they are known, and the ticket that one follows."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name, kind, default in (("parent", big, "0"), ("outage", AutoString(), "''")):
        op.add_column(
            "ticket", sa.Column(name, kind, nullable=False, server_default=sa.text(default))
        )
    for name, columns, where in (
        ("ticket_parent", ["parent"], "parent <> 0"),
        ("ticket_outage", ["outage", "received_at"], "outage <> ''"),
    ):
        op.create_index(
            name,
            "ticket",
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the migration")
