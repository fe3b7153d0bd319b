"""What sort of matter it is, who waits for an answer, and when a case is looked at next"""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for name in ("matter", "alarm"):
        op.add_column("cases", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("cases", sa.Column("sampled", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("told_at", "answered_at", "waiting_since", "clock_at"):
        # Cases from before have no clock: nobody was promised one, and late letters to all of them would be noise.
        op.add_column("cases", sa.Column(name, UtcTime(), nullable=True))
    op.create_index(
        "cases_clock",
        "cases",
        ["clock_at"],
        sqlite_where=sa.text("clock_at IS NOT NULL"),
        postgresql_where=sa.text("clock_at IS NOT NULL"),
    )
    op.create_index(
        "events_decisions",
        "events",
        ["id"],
        sqlite_where=sa.text("type IN ('case.accepted', 'case.moved', 'case.answered')"),
        postgresql_where=sa.text("type IN ('case.accepted', 'case.moved', 'case.answered')"),
    )
