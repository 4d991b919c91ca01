"""A ticket keeps an officer's remarks for the recap and its requester's rating."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty = sa.text("''")
    op.add_column(
        "ticket", sa.Column("remarks", AutoString(), nullable=False, server_default=empty)
    )
    op.add_column("ticket", sa.Column("rating", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the migration")
