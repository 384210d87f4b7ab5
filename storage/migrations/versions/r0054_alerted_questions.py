"""Which question's low answer the staff was told of: surveys without an NPS question alert too."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; earlier alerts were all about the question of recommending."""
    op.add_column("invitations", sa.Column("alerted_question", sa.Text))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("invitations", "alerted_question")
