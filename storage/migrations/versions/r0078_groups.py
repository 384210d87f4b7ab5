"""Groups in a messenger to which an admin's planned digests go as well."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key

revision = "0078"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "groups",
        key(),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("linked_at", MOMENT),
        sa.UniqueConstraint("channel", "address"),
        comment="Groups that an admin put the bot into; it writes there once they are linked.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_groups_person_id", "groups", ["person_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("groups")
