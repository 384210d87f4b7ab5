"""Who answered all items alike is kept by firm: what was kept without is forgotten."""

from alembic import op

revision = "0066"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget the figure that is not counted any more; it is counted anew under another name."""
    op.execute("DELETE FROM kept_figures WHERE figure = 'alike'")


def downgrade() -> None:
    """Forget the other one: an earlier version cannot count it."""
    op.execute("DELETE FROM kept_figures WHERE figure = 'firms_alike'")
