"""Who may still get a message when it goes out; people of a list who have left."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is queued for staff is the admins', but for alerts to managers.

    A column's own rule stands in its definition, so that SQLite need not copy the table.
    """
    op.execute(
        "ALTER TABLE outbox ADD COLUMN for_role TEXT "
        "CONSTRAINT ck_outbox_for_role CHECK (for_role IN ('admin', 'staff'))"
    )
    op.execute("UPDATE outbox SET for_role = 'admin' WHERE audience = 'staff'")
    op.execute("UPDATE outbox SET for_role = 'staff' WHERE audience = 'staff' AND key LIKE 'low:%'")
    op.add_column(
        "import_rows",
        sa.Column("has_left", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("import_rows", "has_left")
    op.execute("ALTER TABLE outbox DROP COLUMN for_role")
