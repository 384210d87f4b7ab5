"""The digest as a page: links that open it once, and the sessions that they open."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "web_sessions",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("link_hash", sa.Text, nullable=False),
        sa.Column("link_until", MOMENT, nullable=False),
        sa.Column("session_hash", sa.Text),
        sa.Column("opened_at", MOMENT),
        sa.Column("session_until", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.UniqueConstraint("link_hash", name="uq_web_sessions_link_hash"),
        sa.UniqueConstraint("session_hash", name="uq_web_sessions_session_hash"),
        sa.CheckConstraint("(opened_at IS NULL) = (session_hash IS NULL)", name="opened"),
        comment="Links to the digest as a page, and the sessions they opened; tokens as SHA-256.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_web_sessions_person_id", "web_sessions", ["person_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("web_sessions")
