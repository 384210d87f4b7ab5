"""The company's monthly facts: money, customers, deals."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key, one_of

revision = "0033"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; nothing is known yet."""
    op.create_table(
        "facts",
        key(),
        sa.Column("month", sa.Text, nullable=False),
        sa.Column("fact", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("recorded_at", MOMENT, nullable=False),
        one_of("source", "file", "chat"),
        comment="What was told of a month; a fact's latest row counts, one without value is none.",
    )
    op.create_index("ix_facts_month_fact", "facts", ["month", "fact"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("facts")
