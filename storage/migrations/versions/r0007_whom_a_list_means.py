"""Whom the rows of a list mean among those who are here."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.frozen import BIG

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("import_rows", sa.Column("person_id", BIG))
    op.create_index("ix_import_rows_person_id", "import_rows", ["person_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_import_rows_person_id", "import_rows")
    op.drop_column("import_rows", "person_id")
