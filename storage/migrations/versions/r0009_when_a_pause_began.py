"""A pause keeps when it began: where the clock goes back, it lasts as long as was asked."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import MOMENT

revision = "0009"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of a pause that stands, nobody knows when it began."""
    op.add_column("outbox_pause", sa.Column("since", MOMENT))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("outbox_pause", "since")
