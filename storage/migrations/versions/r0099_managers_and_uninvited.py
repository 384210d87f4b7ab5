"""Managers, and those whom a wave did not ask, are found by indexes that hold them alone.

Each digest looked for fifty managers among all people, and for reasons through all of a month's
decisions, of which few have one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the few rows that are meant."""
    op.create_index(
        "ix_people_managers",
        "people",
        ["is_manager"],
        sqlite_where=sa.text("is_manager = 1"),
        postgresql_where=sa.text("is_manager"),
    )
    op.create_index(
        "ix_decisions_wave_id_reason",
        "decisions",
        ["wave_id", "reason"],
        sqlite_where=sa.text("reason IS NOT NULL"),
        postgresql_where=sa.text("reason IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_decisions_wave_id_reason", "decisions")
    op.drop_index("ix_people_managers", "people")
