"""The first schema."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "folder",
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("folder", AutoString(), nullable=False),
        sa.Column(
            "uidvalidity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "next_uid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("cut_over_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("account", "folder"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", AutoString(), nullable=False),
        sa.Column("folder", AutoString(), nullable=False),
        sa.Column(
            "uidvalidity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("uid", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("internal_at", UTCDateTime(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("old", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("note", AutoString(), nullable=False),
        sa.Column("message_id", AutoString(), nullable=True),
        sa.Column("content_hash", AutoString(), nullable=True),
        sa.Column("ticket", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("fetched_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("filed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account", "folder", "uidvalidity", "uid", name="mail_key"),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(
            "mail_message_id",
            ["message_id"],
            sqlite_where=sa.text("message_id IS NOT NULL"),
            postgresql_where=sa.text("message_id IS NOT NULL"),
        )
        batch_op.create_index(
            "mail_set_aside",
            ["state", "id"],
            sqlite_where=sa.text("state IN ('quarantined', 'parked', 'oversize')"),
            postgresql_where=sa.text("state IN ('quarantined', 'parked', 'oversize')"),
        )
        batch_op.create_index("mail_sha256", ["sha256"])
        batch_op.create_index(
            "mail_undecided",
            ["id"],
            sqlite_where=sa.text("state IN ('fetched', 'deciding')"),
            postgresql_where=sa.text("state IN ('fetched', 'deciding')"),
        )
        batch_op.create_index(
            "mail_unfiled",
            ["account", "id"],
            sqlite_where=sa.text("filed_at IS NULL AND decided_at IS NOT NULL"),
            postgresql_where=sa.text("filed_at IS NULL AND decided_at IS NOT NULL"),
        )

    op.create_table(
        "procedure",
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "serial",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.create_table(
        "setting",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("value", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "ticket",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("requester_name", AutoString(), nullable=False),
        sa.Column("requester_address", AutoString(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("summary", AutoString(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("sop", AutoString(), nullable=False),
        sa.Column("row", AutoString(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("category", AutoString(), nullable=False),
        sa.Column("priority", AutoString(), nullable=False),
        sa.Column("assessment", AutoString(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("officer", AutoString(), nullable=False),
        sa.Column("solution", AutoString(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("answered_version", sa.Integer(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("escalated_at", UTCDateTime(), nullable=True),
        sa.Column("outside_number", AutoString(), nullable=False),
        sa.Column("linked", AutoString(), nullable=False),
        sa.Column("telephoned", AutoString(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_requester_address"), ["requester_address"])
        batch_op.create_index(batch_op.f("ix_ticket_state"), ["state"])
        batch_op.create_index(
            "ticket_outside_number",
            ["outside_number"],
            sqlite_where=sa.text("outside_number <> ''"),
            postgresql_where=sa.text("outside_number <> ''"),
        )
        batch_op.create_index("ticket_received", ["received_at", "id"])

    op.create_table(
        "alarm",
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("row", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("ticket", "kind"),
    )
    with op.batch_alter_table("alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alarm_at"), ["at"])

    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mail", sa.BigInteger(), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("type", AutoString(), nullable=False),
        sa.Column("sha256", AutoString(), nullable=False),
        sa.Column("inline", sa.Boolean(), nullable=False),
        sa.Column("part", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail"],
            ["mail.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_mail"), ["mail"])

    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("row", AutoString(), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("reasons", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_ticket"), ["ticket"])

    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("template", AutoString(), nullable=False),
        sa.Column("party", AutoString(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("recipient", AutoString(), nullable=False),
        sa.Column("sender", AutoString(), nullable=False),
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("state_at", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.Integer(), nullable=False),
        sa.Column("claimed_by", AutoString(), nullable=False),
        sa.Column("lease_until", UTCDateTime(), nullable=True),
        sa.Column("first_try_at", UTCDateTime(), nullable=True),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("answer", AutoString(), nullable=False),
        sa.Column("resent", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_message_id"), ["message_id"])
        batch_op.create_index(batch_op.f("ix_letter_ticket"), ["ticket"])
        batch_op.create_index(
            "letter_automatic",
            ["created_at"],
            sqlite_where=sa.text("automatic"),
            postgresql_where=sa.text("automatic"),
        )
        batch_op.create_index(
            "letter_claimable",
            ["automatic", "due_at", "id"],
            sqlite_where=sa.text("state IN ('ready', 'retry')"),
            postgresql_where=sa.text("state IN ('ready', 'retry')"),
        )
        batch_op.create_index(
            "letter_lately",
            ["recipient", "created_at"],
            sqlite_where=sa.text("automatic"),
            postgresql_where=sa.text("automatic"),
        )
        batch_op.create_index(
            "letter_leased",
            ["lease_until"],
            sqlite_where=sa.text("state IN ('claimed', 'body_started')"),
            postgresql_where=sa.text("state IN ('claimed', 'body_started')"),
        )
        batch_op.create_index(
            "letter_stuck",
            ["state", "id"],
            sqlite_where=sa.text("state IN ('failed', 'uncertain', 'held')"),
            postgresql_where=sa.text("state IN ('failed', 'uncertain', 'held')"),
        )

    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("direction", AutoString(), nullable=False),
        sa.Column("party", AutoString(), nullable=False),
        sa.Column("author_name", AutoString(), nullable=False),
        sa.Column("author_address", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("subject", AutoString(), nullable=False),
        sa.Column("message_id", AutoString(), nullable=False),
        sa.Column("mail", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("text", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_ticket"), ["ticket"])
        batch_op.create_index(
            "message_message_id",
            ["message_id"],
            sqlite_where=sa.text("message_id <> ''"),
            postgresql_where=sa.text("message_id <> ''"),
        )

    op.create_table(
        "passage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.BigInteger(), nullable=False),
        sa.Column("row", AutoString(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=False),
        sa.Column("exit", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("passage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passage_ticket"), ["ticket"])
        batch_op.create_index("passage_entered", ["entered_at", "id"])


def downgrade() -> None:
    raise NotImplementedError("before the first schema there is nothing")
