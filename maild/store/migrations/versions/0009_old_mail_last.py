"""Mail from before the cut-over is decided last: the order of what waits in the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_UNDECIDED = "state IN ('fetched', 'deciding')"


def upgrade() -> None:
    op.drop_index("mail_undecided", "mail")
    op.create_index(
        "mail_undecided",
        "mail",
        ["old", "id"],
        sqlite_where=sa.text(_UNDECIDED),
        postgresql_where=sa.text(_UNDECIDED),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the migration")
