"""Several replicas on one PostgreSQL database, of which one leads."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT

revision = "0087"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nobody leads yet."""
    op.create_table(
        "leadership",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("token", BIG, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("seal", sa.Text),
        sa.CheckConstraint("id = 1", name="only_one"),
        sa.PrimaryKeyConstraint("id", name="pk_leadership"),
        comment="Which replica sends, handles what came in and does what falls due: one at a time.",
    )
    op.create_table(
        "replicas",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_replicas"),
        comment="The replicas, and when each was last heard of.",
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("replicas")
    op.drop_table("leadership")
