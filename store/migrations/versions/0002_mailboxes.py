"""Mailboxes: their leases, their folders, and what became of each mail"""

import sqlalchemy as sa
from alembic import op

import store.tables

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "mailbox_leases",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", store.tables.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )

    op.create_table(
        "mailbox_folders",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_uid", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", store.tables.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "uidvalidity"),
    )

    op.create_table(
        "mailbox_mails",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("uid", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("at", store.tables.UtcTime(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", "uidvalidity", "uid"),
    )
    op.create_index(
        "mailbox_owed",
        "mailbox_mails",
        ["source", "uidvalidity", "uid"],
        unique=False,
        sqlite_where=sa.text("after = 'owed'"),
        postgresql_where=sa.text("after = 'owed'"),
    )
