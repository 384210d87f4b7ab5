"""First names that a list tells, and where the button for sharing a phone number stands."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key

revision = "0030"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table; whose first name is which word, the next list says."""
    op.add_column("people", sa.Column("first_name", sa.Text))
    op.add_column("import_rows", sa.Column("first_name", sa.Text))
    op.create_table(
        "phone_buttons",
        key(),
        sa.Column("telegram_id", BIG, nullable=False, unique=True),
        sa.Column("shown_at", MOMENT, nullable=False),
        comment="Chats in which the button for sharing one's phone number stands.",
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("phone_buttons")
    op.drop_column("import_rows", "first_name")
    op.drop_column("people", "first_name")
