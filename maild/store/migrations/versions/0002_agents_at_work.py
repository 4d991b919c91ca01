"""What agents need: orders taken back, tickets merged, marks revoked, absences, solved tickets.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SOLVED = {
    "sqlite": (
        "CREATE VIRTUAL TABLE solved USING fts5(words, tokenize='unicode61 remove_diacritics 2')",
    ),
    "postgresql": (
        "CREATE TABLE solved (ticket BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX solved_words ON solved USING gin (words)",
    ),
}


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column(
        "mail", sa.Column("vouched", AutoString(), nullable=False, server_default=sa.text("''"))
    )
    for name, kind, default in (
        ("merged", big, "0"),
        ("revoked_version", sa.Integer(), "0"),
        ("before", AutoString(), "''"),
    ):
        op.add_column(
            "ticket", sa.Column(name, kind, nullable=False, server_default=sa.text(default))
        )
    op.create_table(
        "absence",
        sa.Column("person", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    for statement in SOLVED[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the migration")
