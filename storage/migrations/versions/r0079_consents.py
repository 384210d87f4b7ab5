"""What people are asked to agree to, word for word, and what each of them said to it."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key, one_of

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables. Consents given before keep the version that stands with the person."""
    op.add_column("workspace", sa.Column("operator", sa.Text))
    op.create_table(
        "own_consents",
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("language", "audience", name="pk_own_consents"),
        one_of("language", "ru", "en"),
        one_of("audience", "customers", "staff"),
        comment="What the company has people agree to, where that is not the usual text.",
    )
    op.create_table(
        "consent_texts",
        key(),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.UniqueConstraint("digest", name="uq_consent_texts_digest"),
        one_of("language", "ru", "en"),
        one_of("audience", "customers", "staff"),
        comment="The texts that anybody was asked to agree to, word for word; none ever changes.",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consents",
        key(),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text_id", BIG, sa.ForeignKey("consent_texts.id"), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        one_of("kind", "given", "declined", "withdrawn"),
        comment="What each person said to which text; the present state stands with the person.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consents_person_id", "consents", ["person_id"])
    op.create_index("ix_consents_text_id", "consents", ["text_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("consents")
    op.drop_table("consent_texts")
    op.drop_table("own_consents")
    op.drop_column("workspace", "operator")
