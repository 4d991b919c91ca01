"""A ticket tells which other office has or last had it."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ticket", sa.Column("outside", AutoString(), nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the migration")
