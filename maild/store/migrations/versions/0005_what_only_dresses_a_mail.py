"""A file tells whether it only dresses its mail; a picture is found again in other mails.

Until now no picture of a page was handed on; those of mails that were decided stay where they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attachment",
        sa.Column("decoration", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE attachment SET decoration = inline WHERE inline")
    op.create_index(
        "attachment_shown",
        "attachment",
        ["sha256", "mail"],
        sqlite_where=sa.text("inline"),
        postgresql_where=sa.text("inline"),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the migration")
