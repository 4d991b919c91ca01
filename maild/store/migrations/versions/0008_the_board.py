"""The board: where its mails stand, and where each ticket's mail is to stand."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column("folder", AutoString(), primary_key=True),
        sa.Column("uidvalidity", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("uid", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("mail", sa.BigInteger(), nullable=False),
        sa.Column("handled", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "board",
        sa.Column("ticket", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("mail", sa.BigInteger(), nullable=False),
        sa.Column("column", AutoString(), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the migration")
