"""Whom a company calls loyal."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; promoters are loyal until a company says otherwise."""
    op.add_column("workspace", sa.Column("loyal_repeats", sa.Integer))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("workspace", "loyal_repeats")
