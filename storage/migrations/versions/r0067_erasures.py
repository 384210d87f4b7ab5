"""That somebody's data was erased: a moment and two counts, and nobody's name."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import MOMENT, key

revision = "0067"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasures",
        key(),
        sa.Column("erased_at", MOMENT, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("remarks", sa.Integer, nullable=False),
        comment="One row for each person whose data was erased: when, and how much; never whose.",
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("erasures")
