"""Alembic's entry: runs the migrations on the connection that `store.schema` hands over."""

from alembic import context
from sqlmodel import SQLModel

from store import (  # noqa: F401  # fill SQLModel.metadata
    conversation_tables,
    downstream_tables,
    mailbox_tables,
    search_tables,
    staff_tables,
    tables,
)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
