"""The company's country, by which phone numbers are read that name none."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; as long as nobody says otherwise the country is that of the time zone."""
    op.add_column("workspace", sa.Column("country", sa.Text()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("workspace", "country")
