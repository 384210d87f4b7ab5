"""Low scores become cases, with a history of what was done about them."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG, MOMENT, key, one_of

revision = "0064"
down_revision = "0066"
branch_labels = None
depends_on = None

STATES = ("open", "taken", "resolved")
OUTCOMES = ("put_right", "not_put_right", "not_reached")
EVENTS = (
    "opened",
    "answer_changed",
    "assigned",
    "taken",
    "note",
    "call_at",
    "resolved",
    "reopened",
    "nagged",
    "escalated",
)


def upgrade() -> None:
    """Make the tables; low scores of earlier versions open no cases."""
    op.create_table(
        "cases",
        key(),
        sa.Column("invitation_id", BIG, sa.ForeignKey("invitations.id"), nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("assignee_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("about_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("first_response_at", MOMENT),
        sa.Column("call_at", MOMENT),
        sa.Column("resolved_at", MOMENT),
        sa.Column("outcome", sa.Text()),
        sa.Column("nagged_at", MOMENT),
        sa.Column("escalated_at", MOMENT),
        sa.UniqueConstraint("invitation_id"),
        one_of("state", *STATES),
        one_of("outcome", *OUTCOMES),
        sa.CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved"),
        sqlite_autoincrement=True,
        comment="A low score and what is done about it; at most one an invitation.",
    )
    op.create_index("ix_cases_person_id", "cases", ["person_id"])
    op.create_index("ix_cases_assignee_id", "cases", ["assignee_id"])
    op.create_index("ix_cases_state_due_at", "cases", ["state", "due_at"])
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"])
    op.create_table(
        "case_events",
        key(),
        sa.Column("case_id", BIG, sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("person_id", BIG, sa.ForeignKey("people.id")),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("details", sa.Text()),
        sa.Column("happened_at", MOMENT, nullable=False),
        one_of("kind", *EVENTS),
        sqlite_autoincrement=True,
        comment="The history of cases; nothing in it changes.",
    )
    op.create_index("ix_case_events_case_id", "case_events", ["case_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("case_events")
    op.drop_table("cases")
