"""Events that set campaigns off; admins' unfinished work."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text()
TABLES = ("events", "firings", "boards", "drafts")


def upgrade() -> None:
    """Make the tables."""
    _events()
    _admins_work()


def downgrade() -> None:
    """Drop them, the dependent ones first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _events() -> None:
    op.create_table(
        "events",
        key(),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("deal", TEXT, nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("manager_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("amount", TEXT),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.UniqueConstraint("name", "deal"),
        comment="What happened with a customer, told by the company's CRM; a deal happens once.",
    )
    op.create_index("ix_events_person_id", "events", ["person_id"])
    op.create_table(
        "firings",
        sa.Column("event_id", BIG, sa.ForeignKey("events.id"), nullable=False),
        sa.Column("campaign_id", BIG, sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("fired_at", MOMENT),
        sa.PrimaryKeyConstraint("event_id", "campaign_id"),
        comment="Events still to be followed by a campaign's invitation, each once.",
    )
    op.create_index("ix_firings_fired_at_due_at", "firings", ["fired_at", "due_at"])


def _admins_work() -> None:
    op.create_table(
        "boards",
        sa.Column("campaign_id", BIG, sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("chat_id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.Column("shown", TEXT, nullable=False),
        sa.Column("next_edit_at", MOMENT),
        sa.PrimaryKeyConstraint("campaign_id", "chat_id"),
        comment="The one message in which an admin watches a campaign.",
    )
    op.create_index("ix_boards_next_edit_at", "boards", ["next_edit_at"])
    op.create_table(
        "drafts",
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "topic"),
        comment="What an admin has begun in the chat and may go on with; content is JSON.",
    )
