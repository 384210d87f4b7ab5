"""Experts compare criteria; the weights that an admin adopts from them are kept by version."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and a role of its own; nobody is an expert yet."""
    op.add_column(
        "people", sa.Column("is_expert", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.create_table(
        "experts",
        key(),
        sa.Column("questionnaire", sa.Text, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("invited_by", BIG, sa.ForeignKey("people.id")),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT),
        sa.Column("finished_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("is_kept", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("questionnaire", "person_id"),
        sqlite_autoincrement=True,
        comment="Who was asked to compare the criteria of a questionnaire.",
    )
    op.create_table(
        "judgements",
        key(),
        sa.Column("expert_id", BIG, sa.ForeignKey("experts.id"), nullable=False),
        sa.Column("first", sa.Text, nullable=False),
        sa.Column("second", sa.Text, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("judged_at", MOMENT, nullable=False),
        sa.UniqueConstraint("expert_id", "first", "second"),
        sqlite_autoincrement=True,
        comment="The latest judgement of each pair: 5, five times; -5, the second is five times.",
    )
    op.create_table(
        "weights",
        key(),
        sa.Column("adopted_by", BIG, sa.ForeignKey("people.id")),
        sa.Column("adopted_at", MOMENT, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sqlite_autoincrement=True,
        comment="Versions of the criteria's weights; the latest holds. Content is JSON.",
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("weights", "judgements", "experts"):
        op.drop_table(table)
    op.drop_column("people", "is_expert")
