"""Where a PostgreSQL database stands, by which a dump that was put back is told from it."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a database that has it empty stands where it stood."""
    op.add_column("installation", sa.Column("home", sa.Text()))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("installation", "home")
