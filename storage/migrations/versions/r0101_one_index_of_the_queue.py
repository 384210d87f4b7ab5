"""One index of the queue is enough: the first message of each priority is found in the other.

Every message stood in both, moved in both with each change of its state, and a launch writes them
by the hundred thousand.
"""

from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

UNUSED = "ix_outbox_state_due_at"


def upgrade() -> None:
    """Leave out the index of moments alone."""
    op.drop_index(UNUSED, "outbox")


def downgrade() -> None:
    """Put it back."""
    op.create_index(UNUSED, "outbox", ["state", "due_at"])
