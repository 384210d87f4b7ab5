"""When people wanted no more invitations, and when they wanted them again."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key

revision = "0013"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; of earlier wishes only those that hold are known."""
    op.create_table(
        "wishes",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        comment="When somebody wanted no more invitations, or wanted them again.",
    )
    op.create_index("ix_wishes_person_id", "wishes", ["person_id"])
    op.execute(
        "INSERT INTO wishes (person_id, wanted, said_at)"
        " SELECT id, FALSE, opted_out_at FROM people WHERE opted_out_at IS NOT NULL ORDER BY id"
    )


def downgrade() -> None:
    """Drop the table; what holds stands with the person."""
    op.drop_table("wishes")
