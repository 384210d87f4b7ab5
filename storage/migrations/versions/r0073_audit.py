"""What staff did, by whom and when."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; what was done before is not known."""
    op.create_table(
        "audit",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("details", sa.Text()),
        sa.Column("happened_at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
        comment="What staff did, written with the deed itself; nothing in it changes.",
    )
    op.create_index("ix_audit_happened_at", "audit", ["happened_at"])
    op.create_index("ix_audit_about_id", "audit", ["about_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("audit")
