"""Which low score the staff was told of, so that a changed answer changes what they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier alerts nobody knows the score."""
    op.add_column("invitations", sa.Column("alerted_score", sa.Integer))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("invitations", "alerted_score")
