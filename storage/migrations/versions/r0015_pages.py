"""Customers answer on a page: its address, and by which channel each invitation was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None

TEXT = sa.Text()


def upgrade() -> None:
    """Add the columns; what was answered before was answered in Telegram."""
    op.add_column("workspace", sa.Column("web_url", TEXT))
    op.add_column(
        "invitations",
        sa.Column("channel", TEXT, nullable=False, server_default=sa.text("'telegram'")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("invitations", "channel")
    op.drop_column("workspace", "web_url")
