"""Messages of one priority stand in the index in the order in which they go out.

Those that are due at one moment were sorted by their number at each claim: after a launch these are
all of it.
"""

from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

FORMER = "ix_outbox_state_priority_due_at"
LATER = "ix_outbox_state_priority_due_at_id"


def upgrade() -> None:
    """Add the number to the index."""
    op.drop_index(FORMER, "outbox")
    op.create_index(LATER, "outbox", ["state", "priority", "due_at", "id"])


def downgrade() -> None:
    """Leave it out again."""
    op.drop_index(LATER, "outbox")
    op.create_index(FORMER, "outbox", ["state", "priority", "due_at"])
