"""Lists say who leads which teams."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("import_rows", sa.Column("leads", sa.Text()))
    op.add_column(
        "import_rows",
        sa.Column("is_lead_only", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_column("import_rows", "is_lead_only")
    op.drop_column("import_rows", "leads")
