"""What comments are counted by, where a company has themes of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; until a company has its own, the usual themes hold."""
    op.add_column("workspace", sa.Column("themes", sa.Text))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("workspace", "themes")
