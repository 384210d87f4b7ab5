"""How long each kind of data is kept."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import MOMENT

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; without a row the usual time holds."""
    op.create_table(
        "retention",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("days", sa.Integer),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_retention"),
        comment="How long a kind of data is kept, where the company chose another time than usual.",
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("retention")
