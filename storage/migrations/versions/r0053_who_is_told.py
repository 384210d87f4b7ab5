"""Admins and team leads are found by an index: each low answer asks for them among all people."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the few rows that are meant."""
    op.create_index(
        "ix_people_admins",
        "people",
        ["is_admin"],
        sqlite_where=sa.text("is_admin = 1"),
        postgresql_where=sa.text("is_admin"),
    )
    op.create_index(
        "ix_people_leads",
        "people",
        ["leads"],
        sqlite_where=sa.text("leads IS NOT NULL"),
        postgresql_where=sa.text("leads IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_people_leads", "people")
    op.drop_index("ix_people_admins", "people")
