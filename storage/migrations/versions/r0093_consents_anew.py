"""When people were last asked to agree anew; how long consent lasts is asked nowhere."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import MOMENT

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Exchange the columns."""
    op.add_column("workspace", sa.Column("customers_agree_anew_since", MOMENT))
    op.add_column("workspace", sa.Column("staff_agree_anew_since", MOMENT))
    op.drop_column("workspace", "consent_days")


def downgrade() -> None:
    """Exchange them back."""
    op.add_column(
        "workspace", sa.Column("consent_days", sa.Integer, nullable=False, server_default="1095")
    )
    with op.batch_alter_table("workspace") as workspace:
        workspace.alter_column("consent_days", server_default=None)
    op.drop_column("workspace", "staff_agree_anew_since")
    op.drop_column("workspace", "customers_agree_anew_since")
