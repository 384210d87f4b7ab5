"""Words are kept with the wording of the question that they answer."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of earlier words the wording stays unknown."""
    for table in ("answers", "remarks"):
        op.add_column(table, sa.Column("asked", sa.Text))


def downgrade() -> None:
    """Drop the columns."""
    for table in ("remarks", "answers"):
        op.drop_column(table, "asked")
