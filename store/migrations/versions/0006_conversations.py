"""Conversations: whose turn it is, what their providers call our messages, files that are still to be fetched"""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # SQLite makes the table anew: it cannot take a NOT NULL back.
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("case_id", existing_type=sa.String(length=32), nullable=True)
        outbox.add_column(sa.Column("provider_id", sa.Text(), nullable=False, server_default=""))
        outbox.add_column(sa.Column("choices", sa.JSON(), nullable=False, server_default="[]"))
    _index("outbox_provider", "outbox", ["provider_id"], "provider_id <> ''")
    op.add_column("cases", sa.Column("joined_to", sa.String(length=32), nullable=False, server_default=""))
    _index("cases_joined", "cases", ["joined_to"], "joined_to <> ''")
    op.add_column("messages", sa.Column("contact", sa.Text(), nullable=False, server_default=""))
    op.add_column("messages", sa.Column("turn", sa.Integer(), nullable=False, server_default="0"))
    _index("messages_turn", "messages", ["contact", "turn"], "contact <> ''", unique=True)
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("first_at", UtcTime(), nullable=False),
        sa.Column("stopped_at", UtcTime(), nullable=True),
        sa.Column("last_command", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("value", "channel", name="contacts_once"),
    )
    op.create_table(
        "contact_links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("undone_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("contact_links_one", "contact_links", ["one"])
    op.create_index("contact_links_other", "contact_links", ["other"])
    op.create_table(
        "media",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_media_case_id", "media", ["case_id"])
    op.create_index("ix_media_message_id", "media", ["message_id"])
    _index("media_due", "media", ["due_at"], "state = 'waiting'")


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
