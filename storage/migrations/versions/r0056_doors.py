"""By which channel somebody answered is a group of the digest, so kept figures depend on it."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0058"
branch_labels = None
depends_on = None

SNAPSHOT = "person_id, definition_id, manager_id, segment, touchpoint"
MOVED = (
    "DELETE FROM kept_figures WHERE EXISTS (SELECT 1 FROM answers WHERE "
    "answers.invitation_id = NEW.id"
    " AND start_at <= answers.answered_at AND end_at > answers.answered_at)"
)


def upgrade() -> None:
    """Say of imported answers that no channel of ours brought them; forget what was counted."""
    op.execute(sa.text("UPDATE invitations SET channel = 'import' WHERE import_key IS NOT NULL"))
    op.execute(sa.text("DELETE FROM kept_figures"))
    _forget_after(f"{SNAPSHOT}, channel")


def downgrade() -> None:
    """Take both back."""
    op.execute(sa.text("UPDATE invitations SET channel = 'telegram' WHERE channel = 'import'"))
    op.execute(sa.text("DELETE FROM kept_figures"))
    _forget_after(SNAPSHOT)


def _forget_after(columns: str) -> None:
    """Let a change of these columns forget the figures of the invitation's answers."""
    after = f"AFTER UPDATE OF {columns} ON invitations"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER forget_snapshot")
        op.execute(f"CREATE TRIGGER forget_snapshot {after} BEGIN {MOVED}; END")
        return
    op.execute("DROP TRIGGER forget_snapshot ON invitations")
    op.execute(
        f"CREATE TRIGGER forget_snapshot {after} FOR EACH ROW EXECUTE FUNCTION forget_snapshot()"
    )
