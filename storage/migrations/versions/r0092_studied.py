"""A fact may come from a time study, and says of how many answers."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what stands was told by somebody."""
    op.add_column("facts", sa.Column("answers", sa.Integer))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("facts", "answers")
