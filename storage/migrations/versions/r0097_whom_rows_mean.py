"""Only rows of a list that mean somebody who is here stand in the index of whom they mean.

On a first list none does, and the index was a fifth of what it took to put a row aside.
"""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

_INDEX, _TABLE = "ix_import_rows_person_id", "import_rows"
_MEANT = sa.text("person_id IS NOT NULL")


def upgrade() -> None:
    """Leave out the rows that mean nobody."""
    op.drop_index(_INDEX, _TABLE)
    op.create_index(_INDEX, _TABLE, ["person_id"], sqlite_where=_MEANT, postgresql_where=_MEANT)


def downgrade() -> None:
    """Index all rows again."""
    op.drop_index(_INDEX, _TABLE)
    op.create_index(_INDEX, _TABLE, ["person_id"])
