"""What answers and returned letters need"""

import sqlalchemy as sa
from alembic import op

import store.tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "address_blocks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("at", store.tables.UtcTime(), nullable=False),
        sa.Column("until", store.tables.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.add_column("messages", sa.Column("labels", sa.JSON(), server_default="[]", nullable=False))
    op.create_index(
        "messages_message_id",
        "messages",
        ["message_id"],
        unique=False,
        sqlite_where=sa.text("message_id <> ''"),
        postgresql_where=sa.text("message_id <> ''"),
    )
