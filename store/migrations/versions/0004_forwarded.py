"""Whose message a member of staff forwarded"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("messages", sa.Column("forwarded", sa.JSON(none_as_null=True), nullable=True))
