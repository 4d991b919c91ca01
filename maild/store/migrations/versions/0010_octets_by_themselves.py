"""The octets of letters stand apart from their rows, which change at every step of the courier."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "octets",
        sa.Column("letter", AutoString(), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letter.name"]),
        sa.PrimaryKeyConstraint("letter"),
    )
    op.execute("INSERT INTO octets (letter, octets) SELECT name, octets FROM letter")
    op.drop_column("letter", "octets")


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the migration")
